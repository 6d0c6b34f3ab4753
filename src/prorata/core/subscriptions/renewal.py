"""Renewal on and off, and beginning again after an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from prorata.core.actors import Side
from prorata.core.errors import DomainError
from prorata.core.licences.ledger import licences_on, take_up
from prorata.core.subscriptions.buy import begun, first_plan, term_ending
from prorata.core.subscriptions.cancel import AlreadyCancelled, without_ending
from prorata.core.subscriptions.change import AlreadyDeleted, NoRenewalInTrial, apply_pending, check_running
from prorata.core.subscriptions.change_plan import apply_pending_plan
from prorata.core.subscriptions.ledgers import Rest, entered
from prorata.core.subscriptions.model import Ending, EndWhy, Subscription, Turn
from prorata.core.subscriptions.pause import written_now

_OF_ITSELF: Final = frozenset[EndWhy](("renewal_off", "term", "lapsed"))


class AlreadyOff(DomainError):
    """The renewal is off already: it ends by itself."""

    code = "renewal_already_off"


class AlreadyOn(DomainError):
    """The subscription renews already."""

    code = "renewal_already_on"


class FixedTerm(DomainError):
    """The plan has a fixed term: it ends with it, and neither sooner nor later by its renewal."""

    code = "fixed_term"


class NotEnded(DomainError):
    """The subscription has not ended: there is nothing to begin again."""

    code = "not_ended"


def set_renewal(subscription: Subscription, *, renews: bool, on: date, at: datetime, by: Side) -> Subscription:
    """Let the subscription end with its term, or not. Raises `AlreadyEnded`, `NoRenewalInTrial`, `AlreadyCancelled`,
    `FixedTerm`, `AlreadyOff`, `AlreadyOn`.
    """
    check_running(subscription)
    ending = subscription.ending
    if subscription.state == "trial":
        raise NoRenewalInTrial(subscription=subscription.name)
    if ending and ending.why == "cancelled":
        raise AlreadyCancelled(subscription=subscription.name, ends=ending.on.isoformat())
    if subscription.plan.term:
        raise FixedTerm(subscription=subscription.name, ends=ending.on.isoformat() if ending else "")
    if renews:
        if ending is None or ending.why != "renewal_off":
            raise AlreadyOn(subscription=subscription.name)
        return without_ending(subscription, on=on)
    end = subscription.grid.next_boundary(on)
    if ending and (ending.why == "renewal_off" or ending.on <= end):
        raise AlreadyOff(subscription=subscription.name, ends=ending.on.isoformat())
    refund = subscription.terms.refund.end
    return replace(
        subscription, ending=Ending(end, end, at, by, refund, subscription.version, "renewal_off", renews=False)
    )


def reactivate(subscription: Subscription, *, on: date, at: datetime, by: Side) -> Subscription:
    """Begin again from a day on: what has expired with a new term, what was cancelled or not paid on its old grid.

    What was not paid has all that waited there, and the end that was to come, if it still is; if it comes back by
    itself, also its pause. Raises `NotEnded`, `AlreadyDeleted`. The days since the end are not charged.
    """
    ending = subscription.ending
    if subscription.is_running or ending is None:
        raise NotEnded(subscription=subscription.name)
    if subscription.state == "deleted":
        raise AlreadyDeleted(subscription=subscription.name, ended=ending.on.isoformat())
    subscription = _with_what_waited(subscription, on)
    held = licences_on(subscription.changes, on)
    # Whoever only pays has not asked to go on.
    stays_paused = by == "system" and subscription.paused is not None
    again = replace(
        subscription,
        state="active",
        ending=None,
        foreseen=None,
        rests=subscription.rests if stays_paused else _rests(subscription, ending, on=on, at=at, by=by),
        forfeits=subscription.forfeits if stays_paused else take_up(subscription.forfeits, held, on=on),
        turns=(*subscription.turns, Turn(on, "active", at)),
    )
    term = term_ending(again, again.plans[-1].counted_from, at=at)
    if ending.why in _OF_ITSELF or (term and term.on <= on):
        again = _new_term(again, on, at=at, by=by, is_first=ending.why == "lapsed")
    else:
        foreseen = subscription.foreseen
        again = replace(again, ending=foreseen if foreseen and foreseen.on > on else term)
    return replace(again, unwritten=written_now(again, on))


def _with_what_waited(subscription: Subscription, on: date) -> Subscription:
    """Let changes take effect whose day came while it was ended because nobody had paid."""
    pending, waits = subscription.pending, subscription.pending_plan
    if waits and waits.effective <= on:
        subscription = apply_pending_plan(subscription)
    if pending and pending.effective <= on:
        subscription = apply_pending(subscription)
    return subscription


def _rests(subscription: Subscription, ending: Ending, *, on: date, at: datetime, by: Side) -> tuple[Rest, ...]:
    """The days since the end are not charged; a pause that lay over the end is over with it."""
    first = min(ending.charged_to, on)
    rests = [
        replace(rest, end=max(first, rest.start), ended_at=at) if rest.end is None else rest
        for rest in subscription.rests
    ]
    if first < on:
        rests.append(Rest(first, on, "ended", ending.at, by, at))
    return tuple(rest for rest in rests if rest.end is None or rest.start < rest.end)


def _new_term(subscription: Subscription, on: date, *, at: datetime, by: Side, is_first: bool) -> Subscription:
    """Periods count from the day; of a trial that lapsed also its phases, and what is charged once."""
    anchor = subscription.trial.anchor if is_first and subscription.trial else subscription.terms.anchor
    if isinstance(anchor, date):
        anchor = "start"
    entry = replace(first_plan(subscription, on, at=at, anchor=anchor, why="reactivation"), by=by)
    if not is_first:
        entry = replace(entry, counted_from=subscription.plans[-1].counted_from)
    laid = replace(subscription, plans=entered(subscription.plans, entry))
    return begun(laid, on, at=at, setups=is_first)
