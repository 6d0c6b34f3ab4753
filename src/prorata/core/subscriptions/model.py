"""A subscription as data, and its timetable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Literal

from prorata.core.actors import Side
from prorata.core.calendar import Anchor, Grid
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import AnchorChange, Refund, Terms
from prorata.core.licences.ledger import Forfeit, LicenceChange
from prorata.core.money import Money
from prorata.core.records import record
from prorata.core.subscriptions.ledgers import PlanChange, Rest

State = Literal["trial", "active", "expired", "disabled", "deleted"]
Overlay = Literal["past due", "paused", "cancels", "change"]
EndWhy = Literal["cancelled", "renewal_off", "term", "lapsed", "unpaid"]

RUNNING: Final = frozenset[State](("trial", "active"))
"""The states in which members use the service because it is sold to them, not as a grace."""
WITHOUT_GRACE: Final = frozenset[EndWhy](("cancelled", "unpaid"))
"""The ends after which members use it no longer: it is disabled and not expired first."""


@record
class PendingLicences:
    """A new total that waits for a boundary of the grid; `asked`: which version of the subscription it was asked of."""

    effective: date
    licences: int
    at: datetime
    by: Side
    asked: int


@record
class PendingPlan:
    """Another plan that waits for a boundary of the grid, and what it does to the grid."""

    effective: date
    plan: Plan
    anchor: AnchorChange
    at: datetime
    by: Side
    asked: int


@record
class Trial:
    """A trial of which the first day that is not free is `ends`. `converts`: nobody has stopped that it is then sold.

    `anchor`: where its periods are to begin once it is sold.
    """

    ends: date
    anchor: Anchor
    converts: bool = True
    extended: bool = False


@record
class Ending:
    """An end. `on`: the day members lose access, or their grace begins; `charged_to`: the first day not charged.

    `at` is the instant it was asked for, `asked` the version of the subscription that it was asked of; `refund` where
    the worth of its credits goes. `why`: a cancellation disables, and so does what nobody has paid; a term that is
    over, a renewal that is off and a trial that lapsed leave it expired first. `renews`: the renewal is on, and goes on
    once the end is taken back.
    """

    on: date
    charged_to: date
    at: datetime
    by: Side
    refund: Refund
    asked: int
    why: EndWhy = "cancelled"
    renews: bool = True


@record
class Conflict:
    """More licences are assigned than there are, since a day; on the day `until` the newest holders lose theirs."""

    since: date
    until: date


@record
class Setup:
    """An amount that is charged once, on a day, and not written yet."""

    on: date
    amount: Money
    plan: str


@record
class Unwritten:
    """Days from `start` on may differ from what was billed; `due` is the day on which that is written at the latest."""

    start: date
    due: date


@record
class Turn:
    """A day on which a subscription enters a state; `at`: the instant that it was asked for."""

    on: date
    state: State
    at: datetime


@record
class Subscription:
    """An account's purchase of a plan with a number of licences, under the terms of its day.

    `changes` is the licence ledger, `plans` that of what is sold, `rests` the days on which nothing is charged (in
    memory whole, from the store only what can still matter; both in the order of their days). `assigned` counts the
    members who hold a licence. `covered_to`: every day before it has been compared with what was billed, but for those
    of `unwritten`. `billed_to`: the first day that no document covers, None until a line exists. `turns`: the states it
    has been in. `conflict`: more are assigned than there are. `foreseen`: the end that was to come when it was ended
    because nobody had paid. `version` counts the changes of the subscription.
    """

    id: int
    name: str
    profile: int
    terms: Terms
    start: date
    started_at: datetime
    plans: tuple[PlanChange, ...]
    changes: tuple[LicenceChange, ...]
    covered_to: date
    assigned: int = 0
    state: State = "active"
    pending: PendingLicences | None = None
    pending_plan: PendingPlan | None = None
    ending: Ending | None = None
    trial: Trial | None = None
    rests: tuple[Rest, ...] = ()
    setups: tuple[Setup, ...] = ()
    forfeits: tuple[Forfeit, ...] = ()
    unwritten: Unwritten | None = None
    billed_to: date | None = None
    turns: tuple[Turn, ...] = ()
    conflict: Conflict | None = None
    foreseen: Ending | None = None
    version: int = 1

    def compared(self, covered_to: date, *, billed_to: date | None) -> Subscription:
        """The subscription once its days have been compared with what was billed: one version further."""
        return Subscription(
            self.id,
            self.name,
            self.profile,
            self.terms,
            self.start,
            self.started_at,
            self.plans,
            self.changes,
            covered_to,
            self.assigned,
            self.state,
            self.pending,
            self.pending_plan,
            self.ending,
            self.trial,
            self.rests,
            self.setups,
            self.forfeits,
            None,
            billed_to,
            self.turns,
            self.conflict,
            self.foreseen,
            self.version + 1,
        )

    @property
    def reach(self) -> date:
        """The first day that no bill reaches. A line written for a longer grid may lie beyond `covered_to`."""
        return max(self.covered_to, self.billed_to) if self.billed_to else self.covered_to

    @property
    def plan(self) -> Plan:
        """What is sold now; after an end, what was sold last."""
        return self.plans[-1].plan

    @property
    def grid(self) -> Grid:
        """Where its periods begin now."""
        return self.plans[-1].grid

    @property
    def licences(self) -> int:
        """How many licences there are now; after an end, how many there were."""
        return self.changes[-1].licences

    @property
    def in_advance(self) -> bool:
        """Whether periods are billed before they are used."""
        return self.terms.billed == "advance"

    @property
    def is_running(self) -> bool:
        """Whether it is sold: in a trial or active, paused or not."""
        return self.state == "active" or self.state in RUNNING

    @property
    def paused(self) -> Rest | None:
        """The pause that nobody has ended."""
        return next((rest for rest in self.rests if rest.why == "pause" and rest.end is None), None)


def certain_end(subscription: Subscription) -> tuple[date, datetime] | None:
    """The day on which it ends as things stand, and the instant at which that was asked for; None while it goes on.

    A trial whose conversion was stopped ends too.
    """
    ending, trial = subscription.ending, subscription.trial
    if ending:
        return ending.on, ending.at
    if subscription.state == "trial" and trial and not trial.converts:
        return trial.ends, subscription.started_at
    return None


def timetable(subscription: Subscription) -> tuple[Turn, ...]:
    """Every change of state that was and that is certain to come, in order.

    Source of the lengths: the terms of the subscription (`expired_days`, 30; `disabled_days`, 90 in most countries).
    """
    ending, terms = certain_end(subscription), subscription.terms
    has_no_grace = subscription.ending is not None and subscription.ending.why in WITHOUT_GRACE
    turns = list(subscription.turns)
    if ending and subscription.state != "deleted":
        on, at = ending
        entered = len(_AFTER) if subscription.is_running else _AFTER.index(subscription.state)
        for place, state in enumerate(_AFTER):
            if state == "expired" and has_no_grace:
                continue
            if subscription.is_running or place > entered:
                turns.append(Turn(on, state, at))
            on += timedelta(days={"expired": terms.expired_days, "disabled": terms.disabled_days}.get(state, 0))
    return tuple(turns)


_AFTER: Final[tuple[State, ...]] = ("expired", "disabled", "deleted")


def overlays(subscription: Subscription, *, past_due: bool) -> tuple[Overlay, ...]:
    """What lies over the state while it runs: a bill past due, a pause, an end or a change to come."""
    if not subscription.is_running:
        return ()
    found: list[Overlay] = []
    if past_due:
        found.append("past due")
    if subscription.paused:
        found.append("paused")
    if subscription.ending and subscription.ending.why == "cancelled":
        found.append("cancels")
    if subscription.pending or subscription.pending_plan:
        found.append("change")
    return tuple(found)
