"""How the days of a part are counted under each proration."""

import pytest

from core.build import Life, a_plan, an_account, classic, day, lines
from prorata.core.billing.shares import shares, thirty
from prorata.core.calendar import Period
from prorata.core.events import ChangeLicences, Late, Subscribe


def period(start: str, end: str) -> Period:
    return Period(day(start), day(end))


FEBRUARY = period("2026-02-15", "2026-03-15")


def test_days_are_those_that_there_are() -> None:
    assert shares(period("2026-02-20", "2026-03-15"), FEBRUARY, proration="day", months=1) == (23, 28)


def test_without_proration_a_part_is_a_whole() -> None:
    assert shares(period("2026-02-20", "2026-03-15"), FEBRUARY, proration="none", months=1) == (28, 28)


def test_each_month_has_thirty_days_where_the_terms_say_so() -> None:
    # 30 × 1 + 15 - 20 = 25 of 30; a whole period is a whole.
    assert shares(period("2026-02-20", "2026-03-15"), FEBRUARY, proration="thirty", months=1) == (25, 30)
    assert shares(FEBRUARY, FEBRUARY, proration="thirty", months=1) == (30, 30)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2026-01-31", "2026-02-28", 28), ("2026-02-28", "2026-03-31", 32), ("2026-03-30", "2026-03-31", 0)],
)
def test_the_31st_counts_as_the_30th(start: str, end: str, days: int) -> None:
    assert thirty(day(start), day(end)) == days


def test_a_period_from_a_short_months_end_has_thirty_days_all_the_same() -> None:
    running = period("2026-02-28", "2026-03-31")
    # 30 × 1 + 30 - 10 = 50, less the 30 of the month: 20 of 30, not of the 32 between the two dates.
    assert shares(period("2026-03-10", "2026-03-31"), running, proration="thirty", months=1) == (20, 30)
    # 32 would be more than there are.
    assert shares(period("2026-02-28", "2026-03-30"), running, proration="thirty", months=1) == (30, 30)


def test_periods_in_days_have_no_month_of_thirty() -> None:
    life = an_account("2026-03-30")
    life.buy("a", a_plan("2.00", "day"), terms=classic(proration="thirty"))
    life.days("2026-04-01")
    # The 30th and the 31st are a day each, though between them 30-day months count none.
    assert life.totals == ["2.00", "2.00"]


def test_a_day_that_counts_for_nothing_can_be_given_back() -> None:
    life = an_account("2026-03-30")
    life.buy("a", a_plan("30.00", "month"), terms=classic(proration="thirty"), anchor=31)
    # From the 30th to the 31st there are no days of thirty: 0 of 30.
    assert lines(life.documents[0]) == [("recurring", "2026-03-30", "2026-03-31", 1, "0.00")]
    life.cancel("a")
    assert life.totals[0] == "0.00"
    assert life.credit == "0.00"


@pytest.mark.parametrize("anchor", [28, 29, 30, 31])
def test_the_same_days_of_thirty_cost_what_they_give_back_on_each_day_of_fourteen_months(anchor: int) -> None:
    life = an_account("2026-01-28")
    life.buy("a", a_plan("30.00", "month"), terms=classic(proration="thirty", invoice_changes="now"), anchor=anchor)
    for _ in range(14 * 30):
        life.evening()
        if life.subscription("a").grid.period(life.today).start == life.today:
            continue
        added, removed = (Life(life.history, life.today, life.at) for _ in range(2))
        added.licences("a", 2)
        added.evening()
        removed.cancel("a", "now")
        (more,), (less,) = ([line.amount for line in one.documents[0].lines] for one in (added, removed))
        assert more == -less, life.today


def test_by_the_second_what_came_and_went_within_a_day_is_not_charged_again() -> None:
    terms = classic(proration="second", invoice_changes="now")
    life = an_account("2026-01-15")
    life.ask(Subscribe("a", a_plan("535.68", "month", setup="5.00"), terms))
    life.licences("a", 3)
    life.licences("a", 1)
    life.evening()
    # 31 days less 541 minutes are 2645940 of 2678400 seconds: 535.68 × 2645940 ÷ 2678400 = 529.188. Two more licences
    # for a minute: 535.68 × 2 × 60 ÷ 2678400 = 0.024.
    assert amounts(life) == [["5.00", "529.19"], ["0.02"]]
    life.days("2026-01-20")
    life.ask(Late(ChangeLicences("a", 2), day("2026-01-15")))
    life.evening()
    # Of several totals of a day the last entered counts: there were two from the purchase on. Of the minute's two one
    # is taken back; one is missing for the minute before it, 0.012, and for the 2645820 seconds after it: 529.164.
    assert amounts(life)[2] == ["-0.01", "0.01", "529.16"]


def amounts(life: Life) -> list[list[str]]:
    return [[str(line.amount) for line in document.lines] for document in life.documents]
