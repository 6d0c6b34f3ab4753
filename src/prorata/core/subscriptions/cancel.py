"""Cancelling: now, at the end of the period, or on a day; and taking it back.

Source: the sellers' promise that a business with up to 25 assigned licences cancels online, that what is not used is
credited, and that the subscription is then disabled for 90 days in most countries. The numbers are terms.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from prorata.core.actors import Side
from prorata.core.calendar import LAST_DAY, Period
from prorata.core.catalog.terms import Terms
from prorata.core.errors import DomainError
from prorata.core.events import Cancel
from prorata.core.licences.ledger import Forfeit, licences_on
from prorata.core.records import record
from prorata.core.subscriptions.change import apply_pending, check_active, unwritten_from
from prorata.core.subscriptions.model import Ending, Subscription

FINAL_DOCUMENT_DAYS = 30
"""The final document is issued within so many days of the end at the latest (terms: `final_document`)."""

Choice = Literal["now", "period_end"]


class TooManyLicences(DomainError):
    """More licences than may be cancelled online; `remove` of them must go first."""

    code = "too_many_licences"


class AlreadyCancelled(DomainError):
    """The subscription is cancelled for a day to come: undo that first."""

    code = "already_cancelled"


class EndInThePast(DomainError):
    """A cancellation for a day that is over."""

    code = "end_in_the_past"


class EndTooFar(DomainError):
    """A cancellation for a day beyond the calendar of the product."""

    code = "end_too_far"


class BeforeStart(DomainError):
    """A cancellation for a day before the subscription began, or of one that has not begun."""

    code = "before_start"


class NothingToUndo(DomainError):
    """Neither a cancellation nor a change is pending."""

    code = "nothing_to_undo"


@record
class OverLimit:
    """The online limit is exceeded: there are `counted` licences, `limit` are allowed, `remove` must go first."""

    counted: int
    limit: int
    counts: Literal["assigned", "purchased"]

    @property
    def remove(self) -> int:
        """How many must go before the cancellation can go on."""
        return self.counted - self.limit


def over_limit(subscription: Subscription, *, kind: str, by: Side) -> OverLimit | None:
    """Whether the online limit stands in the way: for businesses, not for consumers, nor for the vendor's staff."""
    limit = subscription.terms.online_cancel_limit
    if limit is None or kind == "consumer" or by == "vendor":
        return None
    counted = subscription.assigned if limit.counts == "assigned" else subscription.licences
    return OverLimit(counted, limit.licences, limit.counts) if counted > limit.licences else None


def check_can_cancel(subscription: Subscription, *, kind: str, by: Side) -> None:
    """Refuse what stands in the way of any cancellation."""
    check_active(subscription)
    if subscription.ending:
        raise AlreadyCancelled(subscription=subscription.name, ends=subscription.ending.on.isoformat())
    over = over_limit(subscription, kind=kind, by=by)
    if over:
        raise TooManyLicences(licences=over.counted, limit=over.limit, remove=over.remove, counts=over.counts)


def usual_choice(subscription: Subscription, *, today: date) -> Choice:
    """When a cancellation without a chosen day takes effect under the terms."""
    terms = subscription.terms
    if terms.cancel == "window":
        return "now" if _in_window(subscription, terms, today=today) else "period_end"
    return terms.cancel


def _in_window(subscription: Subscription, terms: Terms, *, today: date) -> bool:
    begun = max(subscription.start, subscription.grid.period(today).start)
    return (today - begun).days <= terms.window_days


def decide_ending(subscription: Subscription, event: Cancel, *, kind: str, today: date, at: datetime) -> Ending:
    """When and how the subscription ends. Raises every refusal of this module."""
    check_can_cancel(subscription, kind=kind, by=event.by)
    when = event.when or usual_choice(subscription, today=today)
    refund = event.refund or subscription.terms.refund.end
    if when == "period_end":
        end = subscription.grid.next_boundary(today)
        return Ending(end, end, at, event.by, refund, subscription.version)
    on = today if when == "now" else when
    if on < subscription.start:
        raise BeforeStart(subscription=subscription.name, starts=subscription.start.isoformat())
    if on < today:
        raise EndInThePast(end=on.isoformat(), today=today.isoformat())
    if on > LAST_DAY:
        raise EndTooFar(end=on.isoformat(), latest=LAST_DAY.isoformat())
    last_day_charged = int(subscription.terms.end_day == "charged")
    return Ending(on, on + timedelta(days=last_day_charged), at, event.by, refund, subscription.version)


def final_due(subscription: Subscription, ending: Ending) -> date:
    """The day on which the final document is issued at the latest; an end on a billing date has its own."""
    on_billing_date = subscription.grid.period(ending.on).start == ending.on
    if subscription.terms.final_document == "now" or on_billing_date:
        return ending.on
    return min(subscription.grid.next_boundary(ending.on), ending.on + timedelta(days=FINAL_DOCUMENT_DAYS))


def ended(subscription: Subscription, ending: Ending) -> Subscription:
    """Let the ending take effect: members are out; the days after it that were billed are to be looked at again."""
    pending = subscription.pending
    if pending and pending.effective < ending.charged_to:
        subscription = apply_pending(subscription)
    forfeits = subscription.forfeits
    rest = Period(ending.charged_to, subscription.covered_to)
    held = licences_on(subscription.changes, ending.charged_to)
    if ending.refund == "none" and rest.days > 0 and held:
        forfeits = (*forfeits, Forfeit(rest, held))
    due = final_due(subscription, ending)
    unwritten = unwritten_from(subscription, ending.charged_to, due=due)
    if unwritten:
        # Changes that were waiting wait no longer: the end settles them.
        unwritten = replace(unwritten, due=min(unwritten.due, due))
    return replace(subscription, state="disabled", pending=None, forfeits=forfeits, unwritten=unwritten)


def undo(subscription: Subscription, *, today: date) -> Subscription:
    """Take back the pending cancellation or change, whichever was asked for last. Raises `NothingToUndo`."""
    ending, pending = subscription.ending, subscription.pending
    if subscription.state != "active" or not (ending or pending):
        raise NothingToUndo(subscription=subscription.name)
    if pending and (not ending or pending.asked > ending.asked):
        return replace(subscription, pending=None)
    if ending is None or ending.on <= today:
        raise NothingToUndo(subscription=subscription.name)
    return replace(subscription, ending=None, unwritten=unwritten_from(subscription, ending.charged_to, due=today))
