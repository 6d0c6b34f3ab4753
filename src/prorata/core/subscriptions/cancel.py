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
from prorata.core.subscriptions.buy import term_ending
from prorata.core.subscriptions.change import apply_pending, check_running, unwritten_from
from prorata.core.subscriptions.change_plan import apply_pending_plan
from prorata.core.subscriptions.given_up import charged_to
from prorata.core.subscriptions.ledgers import plan_on, rests_on
from prorata.core.subscriptions.model import WITHOUT_GRACE, Ending, State, Subscription, Turn, Unwritten

FINAL_DOCUMENT_DAYS = 30
"""The final document is issued within so many days of the end at the latest (terms: `final_document`)."""

Choice = Literal["now", "period_end"]


class TooManyLicences(DomainError):
    """More licences than may be cancelled online; `remove` of them must go first."""

    code = "too_many_licences"


class AlreadyCancelled(DomainError):
    """The subscription is cancelled for a day to come: undo that first."""

    code = "already_cancelled"


class NothingToCancel(DomainError):
    """A trial is not cancelled: it lapses, or its conversion is stopped."""

    code = "nothing_to_cancel"


class EndInThePast(DomainError):
    """A cancellation for a day that is over."""

    code = "end_in_the_past"


class EndTooFar(DomainError):
    """A cancellation for a day beyond the calendar of the product."""

    code = "end_too_far"


class EndsBefore(DomainError):
    """A cancellation for a day after the end that is set already: nobody prolongs by cancelling."""

    code = "ends_before"


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
    check_running(subscription)
    if subscription.state == "trial":
        ends = subscription.trial.ends.isoformat() if subscription.trial else ""
        raise NothingToCancel(subscription=subscription.name, ends=ends)
    ending = subscription.ending
    if ending and ending.why == "cancelled":
        raise AlreadyCancelled(subscription=subscription.name, ends=ending.on.isoformat())
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
    renews = subscription.ending is None or subscription.ending.renews
    refund = event.refund or subscription.terms.refund.end
    if when == "period_end":
        end = subscription.grid.next_boundary(today)
        if subscription.ending:
            end = min(end, subscription.ending.on)
        return Ending(end, end, at, event.by, refund, subscription.version, "cancelled", renews)
    on = today if when == "now" else when
    _check_day(subscription, on, today=today)
    last_day_charged = int(subscription.terms.end_day == "charged")
    return Ending(
        on, on + timedelta(days=last_day_charged), at, event.by, refund, subscription.version, "cancelled", renews
    )


def _check_day(subscription: Subscription, on: date, *, today: date) -> None:
    if on < subscription.start:
        raise BeforeStart(subscription=subscription.name, starts=subscription.start.isoformat())
    if on < today:
        raise EndInThePast(end=on.isoformat(), today=today.isoformat())
    if on > LAST_DAY:
        raise EndTooFar(end=on.isoformat(), latest=LAST_DAY.isoformat())
    if subscription.ending and on > subscription.ending.on:
        raise EndsBefore(subscription=subscription.name, end=on.isoformat(), ends=subscription.ending.on.isoformat())


def final_due(subscription: Subscription, ending: Ending) -> date:
    """The day on which the final document is issued at the latest; an end on a billing date has its own."""
    on_billing_date = subscription.grid.period(ending.on).start == ending.on
    if subscription.terms.final_document == "now" or on_billing_date:
        return ending.on
    return min(subscription.grid.next_boundary(ending.on), ending.on + timedelta(days=FINAL_DOCUMENT_DAYS))


def ended(subscription: Subscription, ending: Ending) -> Subscription:
    """Let the ending take effect: members are out; the days after it that were billed are to be looked at again.

    What nobody has paid comes back once it is paid: the changes that wait there go on waiting.
    """
    pending, waits = subscription.pending, subscription.pending_plan
    if waits and waits.effective < ending.charged_to:
        subscription = apply_pending_plan(subscription)
    if pending and pending.effective < ending.charged_to:
        subscription = apply_pending(subscription)
    due = final_due(subscription, ending)
    unwritten = unwritten_from(subscription, ending.charged_to, due=due)
    if unwritten:
        # Changes that were waiting wait no longer: the end settles them.
        unwritten = replace(unwritten, due=min(unwritten.due, due))
    elif subscription.terms.proration == "second" and ending.why == "cancelled":
        # The hours of its last day may be on no bill, where all days before it are.
        unwritten = Unwritten(ending.charged_to, due)
    state: State = "disabled" if ending.why in WITHOUT_GRACE else "expired"
    is_unpaid = ending.why == "unpaid"
    return replace(
        subscription,
        state=state,
        ending=ending,
        pending=subscription.pending if is_unpaid else None,
        pending_plan=subscription.pending_plan if is_unpaid else None,
        forfeits=(*subscription.forfeits, *left_charged(subscription, ending)),
        unwritten=unwritten,
        turns=(*subscription.turns, Turn(ending.on, state, ending.at)),
    )


def left_charged(subscription: Subscription, ending: Ending) -> tuple[Forfeit, ...]:
    """The seats that stay charged after an end that gives nothing back."""
    sold = plan_on(subscription.plans, ending.charged_to)
    rest = Period(ending.charged_to, charged_to(subscription, sold, on=ending.charged_to))
    held = licences_on(subscription.changes, ending.charged_to)
    if ending.refund != "none" or rest.days <= 0 or not held or rests_on(subscription.rests, ending.charged_to):
        return ()
    return (Forfeit(rest, held),)


def undo(subscription: Subscription, *, today: date) -> Subscription:
    """Take back what is pending, whichever was asked for last: an end, a change, the stop of a conversion.

    Raises `AlreadyEnded`, `NothingToUndo`. A fixed term is not asked for, and stays.
    """
    check_running(subscription)
    trial = subscription.trial
    if subscription.state == "trial" and trial and not trial.converts:
        return replace(subscription, trial=replace(trial, converts=True))
    ending = subscription.ending if subscription.ending and subscription.ending.why != "term" else None
    found = [what for what in (ending, subscription.pending, subscription.pending_plan) if what]
    if not found:
        raise NothingToUndo(subscription=subscription.name)
    asked = max(what.asked for what in found)
    if ending and ending.asked == asked:
        if ending.on <= today:
            raise NothingToUndo(subscription=subscription.name)
        return without_ending(subscription, on=today)
    # A plan and a total that were asked for together are one change.
    pending, waits = subscription.pending, subscription.pending_plan
    return replace(
        subscription,
        pending=None if pending and pending.asked == asked else pending,
        pending_plan=None if waits and waits.asked == asked else waits,
    )


def without_ending(subscription: Subscription, *, on: date) -> Subscription:
    """The subscription without the end that was asked for: what it left out is due.

    A fixed term stays, and so does a renewal that was off before.
    """
    ending = subscription.ending
    if ending is None:
        return subscription
    last = subscription.plans[-1]
    stays = term_ending(subscription, last.counted_from, at=last.at)
    if stays is None and ending.why == "cancelled" and not ending.renews:
        end = subscription.grid.next_boundary(on)
        stays = replace(ending, on=end, charged_to=end, refund=subscription.terms.refund.end, why="renewal_off")
    again = replace(subscription, ending=stays)
    return replace(again, unwritten=unwritten_from(subscription, ending.charged_to, due=on))
