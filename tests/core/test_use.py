"""Whether somebody may use what a subscription sells, day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from prorata.core.subscriptions.ledgers import Rest
from prorata.core.subscriptions.model import EndWhy, State
from prorata.core.subscriptions.use import Allowed, Refused, Sold, Use, best, use_of

SOLD = Sold("team", "active", date(2026, 1, 15), None, None, (), 30)
NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


def on(sold: Sold, day: str, *, holds: bool = True) -> tuple[bool, str, str | None]:
    use = use_of(sold, holds=holds, today=date.fromisoformat(day))
    return use.allowed, use.why, use.until.isoformat() if use.until else None


def test_it_is_used_from_its_first_day_on():
    assert on(SOLD, "2026-01-14") == (False, "not_started", None)
    assert on(SOLD, "2026-01-15") == (True, "active", None)
    assert on(replace(SOLD, state="trial"), "2026-01-15") == (True, "trial", None)
    assert on(SOLD, "2026-01-15", holds=False) == (False, "no_licence", None)


@pytest.mark.parametrize("why", ["cancelled", "unpaid"])
def test_what_is_cancelled_or_not_paid_ends_on_its_day(why: EndWhy):
    sold = replace(SOLD, ends=date(2026, 2, 15), why=why)
    assert on(sold, "2026-02-14") == (True, "active", "2026-02-15")
    assert on(sold, "2026-02-15") == (False, "disabled", None)


@pytest.mark.parametrize("why", ["renewal_off", "term", "lapsed"])
def test_what_ends_by_itself_is_used_for_its_days_of_grace(why: EndWhy):
    sold = replace(SOLD, ends=date(2026, 2, 15), why=why)
    assert on(sold, "2026-02-14") == (True, "active", "2026-03-17")
    # Thirty days: 15 February to 16 March.
    assert on(sold, "2026-02-15") == (True, "expired", "2026-03-17")
    assert on(replace(sold, state="expired"), "2026-03-16") == (True, "expired", "2026-03-17")
    assert on(sold, "2026-03-17") == (False, "disabled", None)


@pytest.mark.parametrize("state", ["disabled", "deleted"])
def test_what_is_disabled_or_deleted_stays_so_whatever_its_days_say(state: State):
    sold = replace(SOLD, state=state, ends=date(2026, 2, 15), why="term")
    assert on(sold, "2026-01-20") == (False, state, None)


def test_a_pause_counts_on_its_days_and_a_trial_is_no_pause():
    pause = Rest(date(2026, 1, 20), date(2026, 1, 30), "pause", NOON, "admin")
    paused = replace(SOLD, rests=(pause,))
    assert [on(paused, day)[1] for day in ("2026-01-19", "2026-01-20", "2026-01-29", "2026-01-30")] == [
        "active",
        "paused",
        "paused",
        "active",
    ]
    assert on(replace(SOLD, rests=(replace(pause, end=None),)), "2026-12-31") == (False, "paused", None)
    assert on(replace(SOLD, rests=(replace(pause, why="trial"),)), "2026-01-20") == (True, "active", None)


def test_of_several_the_one_counts_that_lets_them_else_what_is_nearest_to_it():
    def use(why: Allowed | Refused, *, allowed: bool = False) -> Use:
        return Use(allowed=allowed, why=why, subscription=why)

    assert best(()) == Use(allowed=False, why="no_subscription")
    assert best((use("disabled"), use("expired", allowed=True), use("no_licence"))).why == "expired"
    assert best((use("deleted"), use("no_licence"), use("disabled"))).why == "no_licence"
