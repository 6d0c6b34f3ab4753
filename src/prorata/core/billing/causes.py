"""Why a line exists: what happened on its first day."""

from __future__ import annotations

from datetime import date
from typing import Final

from prorata.core.documents.model import Cause, Why
from prorata.core.subscriptions.ledgers import PlanChange, PlanWhy, plan_on
from prorata.core.subscriptions.model import Subscription

_OF_PLAN: Final[dict[PlanWhy, Why]] = {
    "plan": "plan",
    "frequency": "frequency",
    "price": "price",
    "anchor": "anchor",
    "reactivation": "reactivation",
    "trial": "trial",
}


def cause_of(subscription: Subscription, start: date) -> Cause:
    """What happened on the first day of a line: the end, a change, a pause, the purchase, or just a new period."""
    ending = subscription.ending
    if ending and not subscription.is_running and start >= ending.charged_to:
        return Cause("ending", ending.on, ending.by)
    return (
        (_of_rest(subscription, start) if subscription.rests else None)
        or (_of_plan(subscription, start) if len(subscription.plans) > 1 or subscription.plan.phases else None)
        or _of_licences(subscription, start)
        or Cause("period", start, "system")
    )


def _of_rest(subscription: Subscription, start: date) -> Cause | None:
    for rest in subscription.rests:
        if rest.why == "pause" and rest.start == start:
            return Cause("pause", start, rest.by)
        if rest.end == start and rest.why != "trial":
            return Cause("resume" if rest.why == "pause" else "reactivation", start, rest.by)
    return None


def _of_plan(subscription: Subscription, start: date) -> Cause | None:
    found: PlanChange | None = None
    for entry in subscription.plans:
        if entry.effective == start and entry.why in _OF_PLAN:
            found = entry
    if found:
        return Cause(_OF_PLAN[found.why], start, found.by)
    if start in plan_on(subscription.plans, start).phase_starts()[1:]:
        return Cause("phase", start, "system")
    return None


def _of_licences(subscription: Subscription, start: date) -> Cause | None:
    changes = [change for change in subscription.changes if change.effective == start]
    if not changes:
        return None
    if start == subscription.start and len(changes) == 1:
        return Cause("purchase", start, changes[0].by)
    grid = plan_on(subscription.plans, start).grid
    if not (start >= subscription.covered_to and grid.period(start).start == start):
        return Cause("licences", start, changes[-1].by)
    return None
