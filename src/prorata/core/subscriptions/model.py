"""A subscription as data, and its timetable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from prorata.core.actors import Side
from prorata.core.calendar import Grid
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Refund, Terms
from prorata.core.licences.ledger import Forfeit, LicenceChange
from prorata.core.records import record

State = Literal["active", "disabled", "deleted"]
Overlay = Literal["past due", "cancels", "change"]


@record
class PendingLicences:
    """A new total that waits for a boundary of the grid; `asked`: which version of the subscription it was asked of."""

    effective: date
    licences: int
    at: datetime
    by: Side
    asked: int


@record
class Ending:
    """A cancellation. `on`: the day members lose access; `charged_to`: the first day that is not charged.

    `at` is the instant it was asked for, `asked` the version of the subscription that it was asked of; `refund` where
    the worth of its credits goes.
    """

    on: date
    charged_to: date
    at: datetime
    by: Side
    refund: Refund
    asked: int


@record
class Unwritten:
    """Days from `start` on may differ from what was billed; `due` is the day on which that is written at the latest."""

    start: date
    due: date


@record
class Subscription:
    """An account's purchase of a plan with a number of licences, under the terms of its day.

    `changes` is the licence ledger (in memory whole, from the store only what can still matter). `assigned` counts the
    members who hold a licence. `covered_to`: every day before it has been compared with what was billed, but for those
    of `unwritten`. `billed_to`: the first day that no document covers, None until a line exists. `version` counts the
    changes of the subscription.
    """

    id: int
    name: str
    profile: int
    plan: Plan
    terms: Terms
    grid: Grid
    start: date
    started_at: datetime
    changes: tuple[LicenceChange, ...]
    covered_to: date
    assigned: int = 0
    state: State = "active"
    pending: PendingLicences | None = None
    ending: Ending | None = None
    forfeits: tuple[Forfeit, ...] = ()
    unwritten: Unwritten | None = None
    billed_to: date | None = None
    version: int = 1

    def compared(self, covered_to: date, *, billed_to: date | None) -> Subscription:
        """The subscription once its days have been compared with what was billed: one version further."""
        return Subscription(
            self.id,
            self.name,
            self.profile,
            self.plan,
            self.terms,
            self.grid,
            self.start,
            self.started_at,
            self.changes,
            covered_to,
            self.assigned,
            self.state,
            self.pending,
            self.ending,
            self.forfeits,
            None,
            billed_to,
            self.version + 1,
        )

    @property
    def licences(self) -> int:
        """How many licences there are now; after an end, how many there were."""
        return self.changes[-1].licences

    @property
    def in_advance(self) -> bool:
        """Whether periods are billed before they are used."""
        return self.terms.billed == "advance"


@record
class Turn:
    """A day on which a subscription enters a state."""

    on: date
    state: State


def timetable(subscription: Subscription) -> tuple[Turn, ...]:
    """Every change of state that was and that is certain to come, in order.

    Source of the lengths: the terms of the subscription (`disabled_days`, 90 in most countries).
    """
    turns = [Turn(subscription.start, "active")]
    if subscription.ending:
        on = subscription.ending.on
        turns.append(Turn(on, "disabled"))
        turns.append(Turn(on + timedelta(days=subscription.terms.disabled_days), "deleted"))
    return tuple(turns)


def state_on(subscription: Subscription, on: date) -> State:
    """The state that the timetable says for a day (not before the start)."""
    state: State = "active"
    for turn in timetable(subscription):
        if turn.on <= on:
            state = turn.state
    return state


def overlays(subscription: Subscription, *, past_due: bool) -> tuple[Overlay, ...]:
    """What lies over the state while the subscription is active: a bill past due, an end or a change to come."""
    if subscription.state != "active":
        return ()
    found: list[Overlay] = []
    if past_due:
        found.append("past due")
    if subscription.ending:
        found.append("cancels")
    if subscription.pending:
        found.append("change")
    return tuple(found)
