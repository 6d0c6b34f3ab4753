"""How often a key may be used, by the clock."""

from datetime import UTC, datetime, timedelta

from prorata.web.api.v1.limits import A_MINUTE, Buckets
from support.clocks import TestClock

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def test_six_hundred_at_once_and_then_ten_each_second():
    clock = TestClock(NOON)
    buckets = Buckets(clock.now)
    assert A_MINUTE == 600
    assert [buckets.take((1, 1)) for _ in range(601)] == [0] * 600 + [1]
    clock.at = NOON + timedelta(seconds=1)
    assert [buckets.take((1, 1)) for _ in range(11)] == [0] * 10 + [1]
    clock.at = NOON + timedelta(hours=1)
    assert [buckets.take((1, 1)) for _ in range(601)] == [0] * 600 + [1]


def test_each_key_has_its_own():
    buckets = Buckets(TestClock(NOON).now, most=1)
    assert [buckets.take(key) for key in ((1, 1), (1, 2), (2, 1), (1, 1))] == [0, 0, 0, 60]


def test_a_clock_that_is_set_back_gives_and_takes_nothing():
    clock = TestClock(NOON)
    buckets = Buckets(clock.now, most=2)
    assert buckets.take((1, 1)) == 0
    clock.at = NOON - timedelta(days=1)
    assert [buckets.take((1, 1)), buckets.take((1, 1))] == [0, 30]


def test_what_is_remembered_has_an_end():
    buckets = Buckets(TestClock(NOON).now, most=1)
    assert {buckets.take((account, 1)) for account in range(10_001)} == {0}
    # The first was forgotten, the last was not.
    assert [buckets.take((10_000, 1)), buckets.take((0, 1))] == [60, 0]
