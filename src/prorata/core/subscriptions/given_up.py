"""What stays charged when licences are given up, or a plan, under terms that give nothing back for it.

Everything is counted from how the day began: what comes and goes within a day never was, so that asking twice on a day
comes to what asking once would have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from prorata.core.calendar import Period
from prorata.core.catalog.plans import Part, parts
from prorata.core.licences.ledger import Forfeit, before_today, licences_on, take_up
from prorata.core.subscriptions.ledgers import PlanChange, PlanWhy, plan_on, rests_on
from prorata.core.subscriptions.model import Subscription

_CHOSEN: Final = frozenset[PlanWhy](("plan", "frequency", "anchor"))


def forfeits_after(subscription: Subscription, sold: PlanChange, *, licences: int, on: date) -> tuple[Forfeit, ...]:
    """The forfeits once there are so many licences from a day on, as something `sold`; `subscription` is as before.

    Seats of the plan that the day began with stay charged as such under another one. Under the same they are licences
    that can be taken up again.
    """
    morning = _in_the_morning(subscription, on)
    is_resting = rests_on(subscription.rests, on)
    # In a pause nothing is held that could be given up, or taken up again.
    forfeits = subscription.forfeits if is_resting else _as_the_day_began(subscription, morning, on=on)
    rise = licences - licences_on(subscription.changes, on - timedelta(days=1))
    if _is_same(morning, sold):
        if is_resting:
            return forfeits
        if rise > 0:
            return take_up(forfeits, rise, on=on)
        until = _charged_anyway(subscription, morning, on=on)
        return (*forfeits, Forfeit(Period(on, until), -rise)) if rise and until > on else forfeits
    left = (forfeit if forfeit.item else _cut(forfeit, on) for forfeit in forfeits)
    stay = _stay(subscription, morning, forfeits=forfeits, on=on, removed=-rise)
    return (*(forfeit for forfeit in left if forfeit.period.days > 0), *stay)


def charged_to(subscription: Subscription, sold: PlanChange, *, on: date) -> date:
    """The first day that no bill reaches with what is sold on a day. A plan before it may have been billed further."""
    plans = subscription.plans[: subscription.plans.index(sold) + 1]
    first = len(plans) - 1
    while first and plans[first - 1].plan.name == sold.plan.name:
        first -= 1
    if not first:
        return subscription.reach
    covered, unwritten = subscription.covered_to, subscription.unwritten
    is_billed = unwritten is None or unwritten.start > plans[first].effective
    ends = [covered if is_billed else min(covered, sold.grid.period(on).end)]
    for entry, until in zip(plans[first:], (*(later.effective for later in plans[first + 1 :]), on), strict=True):
        ends.append(entry.grid.period(max(entry.effective, until - timedelta(days=1))).end)
    return min(subscription.reach, max(ends))


def _is_same(one: PlanChange, other: PlanChange) -> bool:
    if (one.plan.name, one.plan.price.version) != (other.plan.name, other.plan.price.version):
        return False
    # Whoever takes up a plan again begins with its first phase.
    return not one.plan.phases or one.counted_from == other.counted_from


def _in_the_morning(subscription: Subscription, on: date) -> PlanChange:
    """What was sold when the day began; on the day of a sale, that."""
    known = [entry for entry in subscription.plans if entry.effective <= on]
    while len(known) > 1 and known[-1].effective == on and known[-1].why in _CHOSEN:
        known.pop()
    return known[-1] if known else plan_on(subscription.plans, on)


def _as_the_day_began(subscription: Subscription, sold: PlanChange, *, on: date) -> tuple[Forfeit, ...]:
    """The forfeits of the morning; what is used again since a pause that ended today is none."""
    forfeits = before_today(subscription.forfeits, sold.grid, today=on)
    if not any(rest.end == on for rest in subscription.rests):
        return forfeits
    return take_up(forfeits, licences_on(subscription.changes, on - timedelta(days=1)), on=on)


def _cut(forfeit: Forfeit, on: date) -> Forfeit:
    """Seats given up of the plan that goes are no licences of the one that comes."""
    start, end = forfeit.period.start, forfeit.period.end
    return replace(forfeit, period=Period(start, min(on, end))) if start <= on else forfeit


def _charged_anyway(subscription: Subscription, sold: PlanChange, *, on: date) -> date:
    """Up to where removed seats stay charged: nowhere where they are credited, or where a period only begins."""
    covered = min(subscription.covered_to, charged_to(subscription, sold, on=on))
    if subscription.terms.remove_licences == "kept":
        running = sold.grid.period(on)
        begins = running.start == on and covered <= on
        return on if begins else running.end
    return covered if subscription.terms.refund.change == "none" else on


def _stay(
    subscription: Subscription, sold: PlanChange, *, forfeits: Iterable[Forfeit], on: date, removed: int
) -> tuple[Forfeit, ...]:
    """What of the plan that goes was billed and is not given back, cut where the number or the phase changes."""
    levels, given_back = _levels(subscription, sold, forfeits=forfeits, on=on, removed=removed)
    end = min(max((level.period.end for level in levels), default=on), subscription.reach)
    starts = sold.phase_starts()
    edges = {day for day in (*starts, *(level.period.end for level in levels)) if on < day < end}
    found: list[Forfeit] = []
    for first, last in pairwise((on, *sorted(edges), end)) if on < end else ():
        phase = max(0, sum(1 for start in starts if start <= first) - 1)
        stays = sum(level.licences for level in levels if _runs(level, first))
        charged = parts(sold.plan, stays + given_back, phase=phase)
        found += [
            Forfeit(Period(first, last), count, part.item)
            for part, count in (_newest(charged, stays) if given_back else [(part, part.count) for part in charged])
        ]
    return tuple(found)


def _newest(charged: Sequence[Part], seats: int) -> list[tuple[Part, int]]:
    """As what the newest seats were charged; what is flat is of the plan, and goes with it."""
    found: list[tuple[Part, int]] = []
    for part in reversed([part for part in charged if not part.item.flat]):
        found.append((part, min(part.count, seats)))
        seats -= found[-1][1]
    return [(part, count) for part, count in found if count]


def _levels(
    subscription: Subscription, sold: PlanChange, *, forfeits: Iterable[Forfeit], on: date, removed: int
) -> tuple[list[Forfeit], int]:
    """How many seats of the plan that goes stay charged, each from the day on: those given up before, and now. And how
    many are given back.
    """
    found = [replace(one, period=Period(on, one.period.end)) for one in forfeits if not one.item and _runs(one, on)]
    if rests_on(subscription.rests, on):
        return found, 0
    held = licences_on(subscription.changes, on - timedelta(days=1))
    if on <= subscription.start:
        held = subscription.changes[0].licences
    if subscription.terms.refund.change == "none":
        return [*found, Forfeit(Period(on, charged_to(subscription, sold, on=on)), held)], 0
    if removed > 0:
        found.append(Forfeit(Period(on, _charged_anyway(subscription, sold, on=on)), removed))
    return found, held - max(removed, 0)


def _runs(forfeit: Forfeit, on: date) -> bool:
    return forfeit.period.start <= on < forfeit.period.end
