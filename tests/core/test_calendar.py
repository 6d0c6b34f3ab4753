from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from core.build import day
from prorata.core.calendar import (
    Anchor,
    AnchorNotPossible,
    Grid,
    NotAPeriod,
    Period,
    business_date,
    every,
    grid,
    start_of_day,
)


def periods(start: str, length: str, *, anchor: Anchor = "start") -> Grid:
    return grid(day(start), every(length), anchor=anchor)


def starts(of: Grid, first: str, *, count: int) -> list[str]:
    """The start of the period that has the day `first`, and the ones after it."""
    found = [of.period(day(first)).start]
    while len(found) < count:
        found.append(of.next_boundary(found[-1]))
    return [on.isoformat() for on in found]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2026-01-29", ["2026-01-29", "2026-02-28", "2026-03-29", "2026-04-29"]),
        ("2026-01-30", ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]),
        ("2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2028-01-29", ["2028-01-29", "2028-02-29", "2028-03-29"]),
        ("2028-01-30", ["2028-01-30", "2028-02-29", "2028-03-30"]),
        ("2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("2026-02-28", ["2026-02-28", "2026-03-28", "2026-04-28"]),
    ],
)
def test_a_month_is_clamped_to_short_months_and_springs_back(first: str, expected: list[str]) -> None:
    assert starts(periods(first, "month"), first, count=len(expected)) == expected


def test_a_year_from_29_february_ends_on_28_february_but_in_leap_years() -> None:
    yearly = periods("2028-02-29", "year")
    assert starts(yearly, "2028-02-29", count=5) == [
        "2028-02-29",
        "2029-02-28",
        "2030-02-28",
        "2031-02-28",
        "2032-02-29",
    ]


def test_a_quarter_from_30_november_is_clamped_in_february() -> None:
    quarters = periods("2025-11-30", "quarter")
    assert starts(quarters, "2025-11-30", count=4) == ["2025-11-30", "2026-02-28", "2026-05-30", "2026-08-30"]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        ("30 days", ["2026-01-15", "2026-02-14", "2026-03-16"]),
        ("week", ["2026-01-15", "2026-01-22", "2026-01-29"]),
        ("2 weeks", ["2026-01-15", "2026-01-29", "2026-02-12"]),
        ("day", ["2026-01-15", "2026-01-16", "2026-01-17"]),
        ("2 years", ["2026-01-15", "2028-01-15", "2030-01-15"]),
        ("5 months", ["2026-01-15", "2026-06-15", "2026-11-15"]),
    ],
)
def test_any_number_of_units_makes_a_period(length: str, expected: list[str]) -> None:
    assert starts(periods("2026-01-15", length), "2026-01-15", count=3) == expected


def test_the_last_day_of_a_clamped_period_belongs_to_it() -> None:
    months = periods("2026-01-31", "month")
    assert months.period(day("2026-02-27")) == Period(day("2026-01-31"), day("2026-02-28"))
    assert months.period(day("2026-02-28")) == Period(day("2026-02-28"), day("2026-03-31"))
    assert months.period(day("2026-03-30")).days == 31


@pytest.mark.parametrize(
    ("first", "length", "expected"),
    [
        ("2026-01-15", "week", ["2026-01-12", "2026-01-19"]),  # 15 January 2026 is a Thursday
        ("2026-01-15", "day", ["2026-01-15", "2026-01-16"]),
        ("2026-05-15", "month", ["2026-05-01", "2026-06-01"]),
        ("2026-05-15", "quarter", ["2026-04-01", "2026-07-01"]),
        ("2026-05-15", "year", ["2026-01-01", "2027-01-01"]),
        ("2026-05-15", "2 years", ["2026-01-01", "2028-01-01"]),
    ],
)
def test_calendar_periods_begin_where_people_expect_them(first: str, length: str, expected: list[str]) -> None:
    assert starts(periods(first, length, anchor="calendar"), first, count=2) == expected


def test_the_start_before_the_anchor_day_lies_in_the_period_that_ends_on_it() -> None:
    # Bought on the 10th, billed on the 15th: 5 days of the 31 from 15 December.
    assert periods("2026-01-10", "month", anchor=15).period(day("2026-01-10")) == Period(
        day("2025-12-15"), day("2026-01-15")
    )


def test_the_start_after_the_anchor_day_lies_in_the_period_that_began_on_it() -> None:
    assert periods("2026-01-20", "month", anchor=15).period(day("2026-01-20")) == Period(
        day("2026-01-15"), day("2026-02-15")
    )


def test_anchor_31_is_the_last_day_of_each_month() -> None:
    of = periods("2026-02-10", "month", anchor=31)
    assert starts(of, "2026-02-10", count=4) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_an_anchor_day_of_a_year_keeps_the_month_of_the_start() -> None:
    of = periods("2026-03-20", "year", anchor=1)
    assert starts(of, "2026-03-20", count=2) == ["2026-03-01", "2027-03-01"]


def test_a_whole_date_is_itself_a_boundary() -> None:
    assert starts(periods("2026-01-10", "quarter", anchor=day("2025-12-05")), "2026-01-10", count=2) == [
        "2025-12-05",
        "2026-03-05",
    ]
    assert starts(periods("2026-01-10", "week", anchor=day("2026-01-14")), "2026-01-10", count=2) == [
        "2026-01-07",
        "2026-01-14",
    ]


@pytest.mark.parametrize(
    ("length", "anchor"), [("week", 15), ("30 days", 1), ("month", 0), ("month", 32), ("30 days", "calendar")]
)
def test_an_anchor_that_does_not_go_with_the_length_is_refused(length: str, anchor: Anchor) -> None:
    with pytest.raises(AnchorNotPossible):
        periods("2026-01-15", length, anchor=anchor)


@pytest.mark.parametrize("text", ["", "months 2", "0 days", "1001 days", "fortnight", "-1 days", "1.5 months"])
def test_a_length_is_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(NotAPeriod):
        every(text)


def test_every_day_lies_in_exactly_one_period_and_periods_join() -> None:
    for anchor in (1, 15, 28, 29, 30, 31):
        of = periods("2026-01-20", "month", anchor=anchor)
        on = date(2026, 1, 1)
        while on < date(2029, 1, 1):
            period = of.period(on)
            assert period.start <= on < period.end
            assert of.period(period.end).start == period.end
            on += timedelta(days=1)


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-01-14T22:59:59+00:00", "2026-01-14"),  # winter: one hour ahead
        ("2026-01-14T23:00:00+00:00", "2026-01-15"),
        ("2026-07-14T21:59:59+00:00", "2026-07-14"),  # summer: two hours ahead
        ("2026-07-14T22:00:00+00:00", "2026-07-15"),
        ("2026-03-28T23:00:00+00:00", "2026-03-29"),  # the night before the clocks go forward
        ("2026-03-29T21:59:59+00:00", "2026-03-29"),
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),
        ("2026-10-25T22:59:59+00:00", "2026-10-25"),  # the clocks went back that night
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),
    ],
)
def test_a_business_day_begins_at_midnight_of_the_zone(instant: str, expected: str) -> None:
    assert business_date(datetime.fromisoformat(instant), AMSTERDAM) == day(expected)


def test_the_zone_of_the_instant_does_not_matter() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert business_date(datetime(2026, 1, 15, 7, 30, tzinfo=tokyo), AMSTERDAM) == day("2026-01-14")


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2026"):
        business_date(datetime(2026, 1, 15, 12), AMSTERDAM)  # noqa: DTZ001 -- that is what is refused


def test_a_day_begins_at_its_first_instant() -> None:
    assert start_of_day(day("2026-03-29"), AMSTERDAM) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert start_of_day(day("2026-03-30"), AMSTERDAM) == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_a_day_whose_midnight_is_left_out_begins_at_one() -> None:
    # In São Paulo the clocks went from 4 November 2018, 0:00 to 1:00, which was 3:00 in UTC.
    assert start_of_day(day("2018-11-04"), ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_two_periods_meet_in_the_days_that_both_have() -> None:
    january = Period(day("2026-01-01"), day("2026-02-01"))
    assert january.meet(Period(day("2026-01-15"), day("2026-02-15"))).days == 17
    assert january.meet(Period(day("2026-03-01"), day("2026-04-01"))).days <= 0
