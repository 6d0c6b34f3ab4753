"""Whether a member may use what a subscription sells, on a day, and why not.

Source: the table of states. Members use it in a trial, while it is active and in the grace after its end; not while it
is paused, nor once it is disabled. What a day brings is told by the day and not by the run of that day, which may
still be to come.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from prorata.core.records import record
from prorata.core.subscriptions.ledgers import Rest
from prorata.core.subscriptions.model import WITHOUT_GRACE, EndWhy, State

Allowed = Literal["trial", "active", "expired"]
Refused = Literal[
    "unknown_member",
    "member_left",
    "no_subscription",
    "no_licence",
    "not_started",
    "paused",
    "disabled",
    "deleted",
]


@record
class Sold:
    """What is asked of a subscription: `ends` and `why` of its end, where one is set; `expired_days` of its terms."""

    name: str
    state: State
    start: date
    ends: date | None
    why: EndWhy | None
    rests: tuple[Rest, ...]
    expired_days: int


@record
class Use:
    """The answer. `why`: the state that lets them, or what stands in the way; `subscription` the one that counts.

    `until`: the first day on which they may not any more, as things stand; None where there is none, or they may not.
    """

    allowed: bool
    why: Allowed | Refused
    subscription: str | None = None
    until: date | None = None


def state_on(sold: Sold, today: date) -> State:
    """The state on a day: an end that has come counts, whether the run of the day was there already or not."""
    stops = use_ends(sold)
    if sold.state in {"disabled", "deleted"}:
        return sold.state
    if stops is not None and stops <= today:
        return "disabled"
    return "expired" if sold.ends and sold.ends <= today else sold.state


def use_ends(sold: Sold) -> date | None:
    """The first day without use: the end of what was cancelled or not paid, else that of the grace after the end."""
    if sold.ends is None:
        return None
    return sold.ends if sold.why in WITHOUT_GRACE else sold.ends + timedelta(days=sold.expired_days)


def use_of(sold: Sold, *, holds: bool, today: date) -> Use:
    """Whether somebody who `holds` a licence of a subscription, or none, may use it on a day."""
    state = state_on(sold, today)
    if state in {"disabled", "deleted"}:
        return Use(allowed=False, why="deleted" if state == "deleted" else "disabled", subscription=sold.name)
    if today < sold.start:
        return Use(allowed=False, why="not_started", subscription=sold.name)
    if not holds:
        return Use(allowed=False, why="no_licence", subscription=sold.name)
    if _pauses(sold, today):
        return Use(allowed=False, why="paused", subscription=sold.name)
    allowed: Allowed = "trial" if state == "trial" else "expired" if state == "expired" else "active"
    return Use(allowed=True, why=allowed, subscription=sold.name, until=use_ends(sold))


def _pauses(sold: Sold, today: date) -> bool:
    return any(
        rest.why == "pause" and rest.start <= today and (rest.end is None or today < rest.end) for rest in sold.rests
    )


# Of several subscriptions of one product the one counts that lets them, else that which is nearest to it.
_NEAREST = ("trial", "active", "expired", "paused", "not_started", "no_licence", "disabled", "deleted")


def best(uses: tuple[Use, ...]) -> Use:
    """The answer of several subscriptions of one product; without any there is nothing to use."""
    if not uses:
        return Use(allowed=False, why="no_subscription")
    return min(uses, key=lambda use: _NEAREST.index(use.why))
