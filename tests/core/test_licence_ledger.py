from datetime import UTC, datetime

from core.build import day
from prorata.core.calendar import Period
from prorata.core.licences.ledger import Forfeit, LicenceChange, bought_since, licences_on, take_up


def ledger(*totals: tuple[str, int]) -> list[LicenceChange]:
    return [LicenceChange(datetime(2026, 1, 1, tzinfo=UTC), day(on), licences, "admin") for on, licences in totals]


def seats(start: str, end: str, licences: int) -> Forfeit:
    return Forfeit(Period(day(start), day(end)), licences)


def test_a_total_holds_from_its_day_on() -> None:
    changes = ledger(("2026-01-15", 10), ("2026-02-03", 12))
    assert [licences_on(changes, day(on)) for on in ("2026-01-14", "2026-01-15", "2026-02-02", "2026-02-03")] == [
        0,
        10,
        10,
        12,
    ]


def test_of_several_totals_of_a_day_the_last_counts() -> None:
    assert licences_on(ledger(("2026-01-15", 10), ("2026-01-15", 12), ("2026-01-15", 9)), day("2026-01-15")) == 9


def test_the_newest_seats_leave_first() -> None:
    # 10, then 5 more on 3 February, then 3 fewer: 2 of the 5 are left.
    changes = ledger(("2026-01-15", 10), ("2026-02-03", 15), ("2026-02-10", 12))
    assert bought_since(changes, day("2026-02-03")) == 2
    assert bought_since(changes, day("2026-02-04")) == 0
    assert bought_since(changes, day("2026-01-15")) == 12


def test_seats_bought_again_are_new() -> None:
    changes = ledger(("2026-01-15", 10), ("2026-02-03", 8), ("2026-02-10", 10))
    assert bought_since(changes, day("2026-02-04")) == 2


def test_what_comes_and_goes_within_a_day_never_was() -> None:
    changes = ledger(("2026-01-15", 10), ("2026-02-03", 4), ("2026-02-03", 10))
    assert bought_since(changes, day("2026-02-03")) == 0


def test_seats_given_up_are_taken_up_again_from_the_day_on() -> None:
    given_up = (seats("2026-02-01", "2026-03-01", 5),)
    assert take_up(given_up, 2, on=day("2026-02-10")) == (
        seats("2026-02-01", "2026-02-10", 2),
        seats("2026-02-01", "2026-03-01", 3),
    )


def test_all_seats_given_up_are_used_before_new_ones_are_charged() -> None:
    given_up = (seats("2026-02-01", "2026-03-01", 1), seats("2026-02-05", "2026-03-01", 1))
    assert take_up(given_up, 5, on=day("2026-02-05")) == (seats("2026-02-01", "2026-02-05", 1),)


def test_seats_given_up_in_a_period_that_is_over_are_not_taken_up() -> None:
    given_up = (seats("2026-01-01", "2026-02-01", 5),)
    assert take_up(given_up, 2, on=day("2026-02-01")) == given_up
