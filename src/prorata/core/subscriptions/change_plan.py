"""Another plan, another billing frequency, another day on which periods begin: at once or at the next boundary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from prorata.core.actors import Side
from prorata.core.calendar import after, grid
from prorata.core.catalog.plans import NewPrice, Plan, parts
from prorata.core.catalog.terms import AnchorChange, When
from prorata.core.errors import DomainError
from prorata.core.events import ChangePlan, MoveAnchor
from prorata.core.licences.ledger import licences_on
from prorata.core.subscriptions.buy import check_total_of, check_worth, phase_setups, term_ending
from prorata.core.subscriptions.change import (
    NoRenewalInTrial,
    change_licences,
    check_running,
    unwritten_from,
    wait_days,
)
from prorata.core.subscriptions.entering import enter, moved
from prorata.core.subscriptions.given_up import forfeits_after
from prorata.core.subscriptions.ledgers import PlanChange, PlanWhy, entered, plan_on
from prorata.core.subscriptions.model import PendingPlan, Setup, Subscription, Unwritten

_SALES: Final = frozenset[PlanWhy](("purchase", "trial"))
_DAYS_OF_MONTH = Fraction(1461, 48)
"""A month has 365.25 / 12 days where plans counted in days are compared with others."""


class SamePlan(DomainError):
    """The subscription has that plan, and nothing waits that could be taken back."""

    code = "same_plan"


def change_plan(subscription: Subscription, event: ChangePlan, *, on: date, at: datetime) -> Subscription:
    """Go over to another plan under the subscription's terms; the event's `when` and `anchor` override them.

    Raises `AlreadyEnded`, `NoRenewalInTrial`, `SamePlan`, `AnchorNotPossible`, and what a change of licences raises. A
    change that waits for the renewal replaces the one that waited before; the plan in force takes a waiting one back.
    """
    check_running(subscription)
    held = licences_on(subscription.changes, on)
    total = held if event.licences is None else event.licences
    in_trial = subscription.state == "trial"
    if in_trial and event.when == "renewal":
        raise NoRenewalInTrial(subscription=subscription.name)
    check_total_of(total, subscription.terms, in_trial=in_trial and event.plan.trial is not None)
    check_worth(total, event.plan)
    terms, sold = subscription.terms, plan_on(subscription.plans, on)
    has_other_length = event.plan.every != sold.plan.every
    anchor: AnchorChange = event.anchor or (terms.change_anchor if has_other_length else "keep")
    if _is_same(sold.plan, event.plan) and anchor == "keep":
        if subscription.pending_plan is None:
            raise SamePlan(subscription=subscription.name, plan=event.plan.name)
        changed = replace(subscription, pending_plan=None)
    elif in_trial:
        changed = _in_trial(subscription, event, on=on, at=at)
    elif (event.when or when_of(subscription, event.plan, licences=total, on=on)) == "now":
        why: PlanWhy = "frequency" if has_other_length else "plan"
        changed = _set_plan(subscription, event.plan, anchor=anchor, change=(on, at), by=event.by, why=why)
    else:
        boundary = sold.grid.next_boundary(on)
        waits = PendingPlan(boundary, event.plan, anchor, at, event.by, subscription.version)
        moved(sold.grid, event.plan.every, anchor=anchor, on=boundary, terms=terms)
        changed = replace(subscription, pending_plan=waits)
    if total == held:
        return changed
    when: When = "renewal" if changed.pending_plan else "now"
    return change_licences(changed, total, when=when, today=on, at=at, by=event.by)


def _is_same(now: Plan, plan: Plan) -> bool:
    return (now.name, now.price.version) == (plan.name, plan.price.version)


def when_of(subscription: Subscription, plan: Plan, *, licences: int, on: date) -> When:
    """When a change to a plan takes effect by the terms; equal per month counts as dearer."""
    terms, now = subscription.terms, plan_on(subscription.plans, on).plan
    rule = terms.change_frequency if plan.every != now.every else terms.change_plan
    if rule != "by_direction":
        return rule
    held = licences_on(subscription.changes, on)
    return "now" if per_month(plan, licences) >= per_month(now, held) else "renewal"


def per_month(plan: Plan, licences: int) -> Fraction:
    """What so many licences of a plan cost for a month, in minor units; of its first phase."""
    cost = sum((part.price.minor * part.count for part in parts(plan, licences)), Fraction(0))
    length = plan.every
    return cost / length.months if length.months else cost * _DAYS_OF_MONTH / length.days


def _set_plan(
    subscription: Subscription,
    plan: Plan,
    *,
    anchor: AnchorChange,
    change: tuple[date, datetime],
    by: Side,
    why: PlanWhy,
) -> Subscription:
    on, at = change
    # What is entered late meets the grid of its day.
    grid_then = plan_on(subscription.plans, on).grid
    laid = moved(grid_then, plan.every, anchor=anchor, on=on, terms=subscription.terms)
    entry = PlanChange(at, on, plan, laid, on, by, why)
    wait = 0 if anchor == "restart" else wait_days(subscription)
    held = licences_on(subscription.changes, on)
    changed = replace(
        subscription,
        plans=enter(subscription.plans, entry, terms=subscription.terms),
        pending_plan=None,
        setups=_setups(subscription, plan, on=on),
        forfeits=forfeits_after(subscription, entry, licences=held, on=on),
        unwritten=unwritten_from(subscription, on, due=on + timedelta(days=wait)),
    )
    return _marked(_relaid(_with_term(changed, at=at), on), on, wait=wait)


def _setups(subscription: Subscription, plan: Plan, *, on: date) -> tuple[Setup, ...]:
    """The phases to come of the old plan never begin; those of the new one do, but for its first: nothing is set up."""
    owed = [setup for setup in subscription.setups if setup.on <= on]
    return (*owed, *(setup for setup in phase_setups(plan, on) if setup.on > on))


def _relaid(subscription: Subscription, on: date) -> Subscription:
    """What waits for the renewal waits for that of the new grid."""
    boundary = subscription.grid.next_boundary(on)
    pending, waits = subscription.pending, subscription.pending_plan
    return replace(
        subscription,
        pending=replace(pending, effective=boundary) if pending and pending.effective > on else pending,
        pending_plan=replace(waits, effective=boundary) if waits and waits.effective > on else waits,
    )


def _with_term(subscription: Subscription, *, at: datetime) -> Subscription:
    """A fixed term of the old plan is over with it, that of the new one begins; an end asked for stays if first."""
    ending, last = subscription.ending, subscription.plans[-1]
    term = term_ending(subscription, last.counted_from, at=at)
    if ending and ending.why != "term" and not (term and term.on < ending.on):
        return subscription
    return replace(subscription, ending=term)


def _marked(subscription: Subscription, on: date, *, wait: int) -> Subscription:
    """Days that the new grid covers and no bill does yet wait like any change."""
    covered = subscription.covered_to
    if subscription.unwritten or not subscription.in_advance or covered <= on:
        return subscription
    if subscription.grid.period(on).end <= covered:
        return subscription
    return replace(subscription, unwritten=Unwritten(covered, on + timedelta(days=wait)))


def _in_trial(subscription: Subscription, event: ChangePlan, *, on: date, at: datetime) -> Subscription:
    """Another plan in a trial, free as before: the trial ends its length after the first start, at the earliest now."""
    trial = subscription.trial
    if trial is None:
        raise ValueError(subscription)
    length = event.plan.trial
    ends = max(on, after(subscription.start, length)) if length else on
    laid = grid(on, event.plan.every, anchor=trial.anchor)
    entry = PlanChange(at, on, event.plan, laid, on, event.by, "plan")
    rests = tuple(replace(rest, end=ends) if rest.why == "trial" else rest for rest in subscription.rests)
    return replace(
        subscription,
        plans=entered(subscription.plans, entry),
        trial=replace(trial, ends=ends, converts=trial.converts or ends == on),
        rests=rests,
    )


def move_anchor(subscription: Subscription, event: MoveAnchor, *, on: date, at: datetime) -> Subscription:
    """Move the day on which periods begin, from a day on; what is billed stays. Raises `AlreadyEnded`,
    `AnchorNotPossible`.
    """
    check_running(subscription)
    last = plan_on(subscription.plans, on)
    laid = moved(last.grid, last.plan.every, anchor=event.anchor, on=on, terms=subscription.terms)
    entry = PlanChange(at, on, last.plan, laid, last.counted_from, event.by, "anchor")
    trial = subscription.trial
    if trial and subscription.state == "trial":
        trial = replace(trial, anchor=event.anchor)
    plans = enter(subscription.plans, entry, terms=subscription.terms)
    changed = _relaid(replace(subscription, plans=plans, trial=trial), on)
    return _marked(changed, on, wait=wait_days(subscription))


def apply_pending_plan(subscription: Subscription) -> Subscription:
    """Let a waiting plan take effect on its day."""
    pending = subscription.pending_plan
    if pending is None:
        return subscription
    why: PlanWhy = "plan" if pending.plan.every == subscription.plan.every else "frequency"
    change = (pending.effective, pending.at)
    changed = _set_plan(subscription, pending.plan, anchor=pending.anchor, change=change, by=pending.by, why=why)
    return replace(changed, unwritten=_due_now(changed.unwritten, pending.effective))


def _due_now(unwritten: Unwritten | None, on: date) -> Unwritten | None:
    return replace(unwritten, due=min(unwritten.due, on)) if unwritten else None


def new_price(subscription: Subscription, prices: Iterable[NewPrice], *, today: date, at: datetime) -> Subscription:
    """Let a newer price of the plan begin at the first boundary on or after the end of its notice, up to a day.

    Source: the terms (`price_change_notice`, 30 days). A sale is no renewal: the first paid period has the price of the
    sale, after a trial too.
    """
    for new in prices:
        last = subscription.plans[-1]
        if new.plan != last.plan.name or new.price.version <= last.plan.price.version:
            continue
        notice = new.valid_from + timedelta(days=subscription.terms.price_change_notice)
        begins = max(last.grid.next_boundary(notice - timedelta(days=1)), last.effective)
        if begins == last.effective and last.why in _SALES:
            begins = last.grid.next_boundary(begins)
        if begins > today:
            continue
        plan = replace(last.plan, price=new.price)
        entry = PlanChange(at, begins, plan, last.grid, last.counted_from, "system", "price")
        subscription = replace(
            subscription,
            plans=entered(subscription.plans, entry),
            unwritten=unwritten_from(subscription, begins, due=begins),
        )
    return subscription


def at_newest(plan: Plan, prices: Iterable[NewPrice], *, on: date) -> Plan:
    """A plan at the newest price that is valid on a day: what a new sale costs."""
    for new in prices:
        if new.plan == plan.name and new.valid_from <= on and new.price.version > plan.price.version:
            plan = replace(plan, price=new.price)
    return plan
