"""What waits for the renewal and was asked for after the day that something is entered for: it goes on waiting.

Had that been known on its day, what was asked for afterwards would have been asked for all the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from prorata.core.calendar import Grid, business_date
from prorata.core.licences.ledger import licences_on
from prorata.core.records import record
from prorata.core.subscriptions.ledgers import plan_on
from prorata.core.subscriptions.model import PendingLicences, PendingPlan, Subscription


@record
class Later:
    """A total and a plan that wait, and the last day on which one of them was asked for."""

    pending: PendingLicences | None
    plan: PendingPlan | None
    on: date


def asked_later(subscription: Subscription, on: date, *, zone: ZoneInfo) -> Later | None:
    """What waits and was asked for after a day; None where nothing was."""
    pending, plan = subscription.pending, subscription.pending_plan
    pending = pending if pending and business_date(pending.at, zone) > on else None
    plan = plan if plan and business_date(plan.at, zone) > on else None
    days = [business_date(one.at, zone) for one in (pending, plan) if one]
    return Later(pending, plan, max(days)) if days else None


def asked_for(before: Subscription, after: Subscription, *, at: datetime, then: datetime) -> Subscription:
    """The subscription after something was entered at an instant as of `then`: what waits of it waits since then."""
    pending, plan = after.pending, after.pending_plan
    if pending and pending.at == at and pending != before.pending:
        pending = replace(pending, at=then)
    if plan and plan.at == at and plan != before.pending_plan:
        plan = replace(plan, at=then)
    return replace(after, pending=pending, pending_plan=plan)


def without(subscription: Subscription, later: Later) -> Subscription:
    """The subscription before that was asked for."""
    return replace(
        subscription,
        pending=None if later.pending else subscription.pending,
        pending_plan=None if later.plan else subscription.pending_plan,
    )


def asked_again(after: Subscription, later: Later, *, grid_before: Grid) -> Subscription:
    """The subscription with what was asked for later, for the renewal of the grid that there is now.

    It takes the place of what waits by then, and waits no longer where it is in force already.
    """
    last = max(later.on, after.plans[-1].effective)
    boundary = after.grid.next_boundary(last) if after.grid != grid_before else None
    pending, plan = later.pending, later.plan
    if plan:
        plan = replace(plan, effective=boundary or plan.effective)
        sold = plan_on(after.plans, plan.effective).plan
        is_sold = (sold.name, sold.price.version) == (plan.plan.name, plan.plan.price.version)
        after = replace(after, pending_plan=None if is_sold and plan.anchor == "keep" else plan)
    if pending:
        pending = replace(pending, effective=boundary or pending.effective)
        is_held = licences_on(after.changes, pending.effective) == pending.licences
        after = replace(after, pending=None if is_held else pending)
    return after
