"""Changing the number of licences: now, or at the next boundary of the grid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from prorata.core.actors import Side
from prorata.core.catalog.terms import When
from prorata.core.errors import DomainError
from prorata.core.licences.assignment import check_assigned, check_total
from prorata.core.licences.ledger import LicenceChange, bought_since, entered, licences_on
from prorata.core.subscriptions.buy import check_total_of, check_worth
from prorata.core.subscriptions.given_up import forfeits_after
from prorata.core.subscriptions.ledgers import plan_on
from prorata.core.subscriptions.model import Conflict, PendingLicences, Subscription, Unwritten

CHANGES_WAIT_DAYS = 30
"""Changes that wait for the next bill are written after so many days at the latest (terms: `invoice_changes`)."""


class AlreadyEnded(DomainError):
    """The subscription has ended: it must be reactivated first."""

    code = "already_ended"


class NoRenewalInTrial(DomainError):
    """A trial has no renewal, to switch on or off or to wait for."""

    code = "no_renewal_in_trial"


class AlreadyDeleted(DomainError):
    """The subscription is deleted for good: only a new one can be bought."""

    code = "already_deleted"


def check_running(subscription: Subscription) -> None:
    """Refuse what only a subscription can do that has not ended."""
    if not subscription.is_running:
        ended = subscription.ending.on.isoformat() if subscription.ending else ""
        if subscription.state == "deleted":
            raise AlreadyDeleted(subscription=subscription.name, ended=ended)
        raise AlreadyEnded(subscription=subscription.name, ended=ended)


def unwritten_from(subscription: Subscription, start: date, *, due: date) -> Unwritten | None:
    """What is unwritten once days from `start` on may differ from what was billed; unbilled days need no mark."""
    if start >= subscription.reach:
        return subscription.unwritten
    before = subscription.unwritten
    return Unwritten(min(before.start, start), min(before.due, due)) if before else Unwritten(start, due)


def assign(subscription: Subscription, assigned: int) -> Subscription:
    """So many members hold a licence from now on, also in the grace after a term; fewer whatever the state.

    Raises `AlreadyEnded`, `NotEnoughLicences`.
    """
    if assigned >= subscription.assigned:
        if subscription.state != "expired":
            check_running(subscription)
        check_assigned(assigned, licences=subscription.licences)
    return _in_conflict(replace(subscription, assigned=assigned), since=None)


def _in_conflict(subscription: Subscription, *, since: date | None) -> Subscription:
    """Note that more licences are assigned than there are, since a day; or that they are not, any more.

    Source: the terms (`conflict_days`, 90): so long nobody loses anything.
    """
    if subscription.assigned <= subscription.licences:
        return replace(subscription, conflict=None) if subscription.conflict else subscription
    if subscription.conflict or since is None:
        return subscription
    until = since + timedelta(days=subscription.terms.conflict_days)
    return replace(subscription, conflict=Conflict(since, until))


def change_licences(
    subscription: Subscription, licences: int, *, when: When | None, today: date, at: datetime, by: Side
) -> Subscription:
    """Set a new total under the subscription's terms; `when` overrides them.

    Raises `AlreadyEnded`, `NoRenewalInTrial`, `LicencesOutOfBounds`, `AmountTooLarge`, `BelowAssigned`. A change that
    waits for the renewal replaces the one that waited before; the same total as now takes a waiting one back. While
    more are assigned than there are, any further licence is welcome.
    """
    check_running(subscription)
    if subscription.state == "trial" and when == "renewal":
        raise NoRenewalInTrial(subscription=subscription.name)
    check_total_of(licences, subscription.terms, in_trial=subscription.state == "trial")
    check_worth(licences, subscription.plan)
    if not (subscription.conflict and licences >= subscription.licences):
        check_total(licences, assigned=subscription.assigned)
    if subscription.pending and subscription.pending.effective <= today:
        subscription = apply_pending(subscription)
    now = total_now(subscription, licences, when=when, today=today)
    if now != licences_on(subscription.changes, today):
        subscription = _set_now(subscription, now, today=today, at=at, by=by)
    boundary = subscription.grid.next_boundary(today)
    waits = PendingLicences(boundary, licences, at, by, subscription.version) if licences != now else None
    return replace(subscription, pending=waits)


def total_now(subscription: Subscription, licences: int, *, when: When | None, today: date) -> int:
    """How much of a new total takes effect at once; the rest waits for the renewal.

    Compared with the total of the day, which is not the last one where a change is entered late.
    """
    has = licences_on(subscription.changes, today)
    terms = subscription.terms
    if subscription.state == "trial":
        return licences
    if when is not None:
        return licences if when == "now" else has
    if licences >= has:
        return licences if terms.add_licences == "now" else has
    if terms.remove_licences == "renewal":
        return has
    if terms.remove_licences == "window":
        since = today - timedelta(days=terms.window_days)
        return max(licences, has - bought_since(subscription.changes, since))
    return licences


def _set_now(subscription: Subscription, licences: int, *, today: date, at: datetime, by: Side) -> Subscription:
    in_trial = subscription.state == "trial"
    sold = plan_on(subscription.plans, today)
    forfeits = subscription.forfeits if in_trial else forfeits_after(subscription, sold, licences=licences, on=today)
    change = LicenceChange(at, today, licences, by)
    changed = replace(
        subscription,
        changes=entered(subscription.changes, change),
        forfeits=forfeits,
        unwritten=unwritten_from(subscription, today, due=today + timedelta(days=wait_days(subscription))),
    )
    return _in_conflict(changed, since=None)


def wait_days(subscription: Subscription) -> int:
    """For how many days a change may wait for the profile's next bill."""
    return CHANGES_WAIT_DAYS if subscription.terms.invoice_changes == "next" else 0


def apply_pending(subscription: Subscription) -> Subscription:
    """Let a waiting total take effect on its day. Where members hold more by then, a conflict begins."""
    pending = subscription.pending
    if pending is None:
        return subscription
    if pending.licences == licences_on(subscription.changes, pending.effective):
        return replace(subscription, pending=None)
    change = LicenceChange(pending.at, pending.effective, pending.licences, pending.by)
    changed = replace(
        subscription,
        pending=None,
        changes=entered(subscription.changes, change),
        unwritten=unwritten_from(subscription, pending.effective, due=pending.effective),
    )
    return _in_conflict(changed, since=pending.effective)
