from core.build import day
from prorata.core.billing.difference import Level, cut, difference, layers
from prorata.core.calendar import Period


def level(start: int, end: int, licences: int) -> Level:
    """Days of March 2026."""
    return Level(Period(day(f"2026-03-{start:02}"), day(f"2026-03-{end:02}")), licences)


def test_added_licences_are_one_rectangle_on_top() -> None:
    assert layers([level(1, 20, 10), level(20, 31, 12)]) == (level(1, 31, 10), level(20, 31, 2))


def test_the_newest_seats_leave_first() -> None:
    assert layers([level(1, 10, 2), level(10, 20, 5), level(20, 31, 3)]) == (
        level(1, 31, 2),
        level(10, 31, 1),
        level(10, 20, 2),
    )


def test_a_gap_ends_every_seat() -> None:
    assert layers([level(1, 10, 2), level(10, 20, 0), level(20, 31, 2)]) == (level(1, 10, 2), level(20, 31, 2))
    assert layers([level(1, 10, 2), level(20, 31, 2)]) == (level(1, 10, 2), level(20, 31, 2))


def test_days_of_one_height_are_one_rectangle() -> None:
    assert layers([level(1, 10, 2), level(10, 20, 2)]) == (level(1, 20, 2),)


def test_nothing_makes_no_rectangle() -> None:
    assert layers([]) == ()
    assert layers([level(1, 10, 0)]) == ()


def test_a_difference_is_cut_where_either_side_changes() -> None:
    wanted = [level(1, 10, 10), level(10, 31, 12)]
    march = level(1, 31, 0).period
    # There are 11 from the first on, one more from the 20th, and none from the 31st. Where they agree there is nothing.
    rises = {day("2026-03-01"): 11, day("2026-03-20"): 1, day("2026-03-31"): -12}
    assert difference(wanted, rises, days=march) == (level(1, 10, -1), level(10, 20, 1))


def test_a_difference_is_of_the_days_in_question_only() -> None:
    wanted = [level(1, 31, 12)]
    rises = {day("2026-03-01"): 10, day("2026-03-31"): -10}
    assert difference(wanted, rises, days=level(5, 9, 0).period) == (level(5, 9, 2),)


def test_days_are_cut_only_inside() -> None:
    march = level(1, 31, 0).period
    edges = [day("2026-02-01"), day("2026-03-01"), day("2026-03-10"), day("2026-03-31")]
    assert cut(march, edges) == (level(1, 10, 0).period, level(10, 31, 0).period)
    assert cut(Period(day("2026-03-10"), day("2026-03-10")), edges) == ()
