"""What a subscription is told to be from which day on: the ledgers of its plan and of the days that it rests.

Both are histories, like that of its licences: nothing in them is overwritten, what is entered late stands in its place
by its day, and what should be charged on a day follows from them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from prorata.core.actors import Side
from prorata.core.calendar import Grid, after_months
from prorata.core.catalog.plans import Item, Plan
from prorata.core.records import record

PlanWhy = Literal["purchase", "plan", "frequency", "price", "anchor", "reactivation", "trial"]
RestWhy = Literal["trial", "pause", "ended"]


@record
class PlanChange:
    """From `effective` on this plan is sold, its periods on this grid. Of several on one day the last counts.

    `counted_from`: the day from which its phases and its term count.
    """

    at: datetime
    effective: date
    plan: Plan
    grid: Grid
    counted_from: date
    by: Side
    why: PlanWhy

    def phase_starts(self) -> tuple[date, ...]:
        """The first day of each phase; empty for a plan without phases."""
        return phase_starts(self.plan, self.counted_from)


def phase_starts(plan: Plan, on: date) -> tuple[date, ...]:
    """The first day of each phase, counted from the first paid day; empty for a plan without phases.

    Lengths in months are added up before they are counted from that day, so that none drifts over a short month.
    """
    starts: list[date] = []
    months, days = 0, 0
    for phase in plan.phases:
        first = after_months(on, months)
        starts.append(first if not days else date.fromordinal(first.toordinal() + days))
        if phase.length:
            months, days = months + phase.length.months, days + phase.length.days
    return tuple(starts)


@record
class Rest:
    """Days on which nothing is charged: of a trial, of a pause, or between an end and the reactivation.

    `end` is the first day that is charged again; None while nobody knows. `at` and `ended_at`: the instants at which it
    was asked for and ended.
    """

    start: date
    end: date | None
    why: RestWhy
    at: datetime
    by: Side
    ended_at: datetime | None = None


def entered(changes: tuple[PlanChange, ...], change: PlanChange) -> tuple[PlanChange, ...]:
    """The ledger with one more change, behind those of its day."""
    place = sum(1 for other in changes if other.effective <= change.effective)
    return (*changes[:place], change, *changes[place:])


def plan_on(changes: Iterable[PlanChange], on: date) -> PlanChange:
    """What is sold on a day; before the first change, that one. `changes` are in the order of their days."""
    found: PlanChange | None = None
    for change in changes:
        if found is not None and change.effective > on:
            break
        found = change
    if found is None:
        raise ValueError(on)
    return found


def sold_as(changes: Sequence[PlanChange], item: Item, *, on: date) -> PlanChange | None:
    """As what an item was sold for a day: one of a plan that has been left, as it last was. None: as nothing."""
    sold = plan_on(changes, on)
    known = (sold, *(change for change in reversed(changes) if change.effective <= on))
    return next((one for one in known if (one.plan.name, one.plan.price.version) == (item.plan, item.version)), None)


def rests_on(rests: Iterable[Rest], on: date) -> bool:
    """Whether nothing is charged on a day."""
    return any(rest.start <= on and (rest.end is None or on < rest.end) for rest in rests)
