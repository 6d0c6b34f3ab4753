"""Pausing and resuming: no use and no charge for a while, the data kept, the renewal date where it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from prorata.core.actors import Side
from prorata.core.calendar import Period
from prorata.core.errors import DomainError
from prorata.core.licences.ledger import Forfeit, before_today, licences_on, take_up
from prorata.core.subscriptions.change import check_running, unwritten_from
from prorata.core.subscriptions.given_up import charged_to
from prorata.core.subscriptions.ledgers import Rest, plan_on
from prorata.core.subscriptions.model import Subscription, Unwritten


class AlreadyPaused(DomainError):
    """The subscription is paused."""

    code = "already_paused"


class NotPaused(DomainError):
    """The subscription is not paused."""

    code = "not_paused"


class NothingToPause(DomainError):
    """In a trial nothing is charged that a pause would stop."""

    code = "nothing_to_pause"


def pause(subscription: Subscription, *, on: date, at: datetime, by: Side) -> Subscription:
    """Pause from a day on. Raises `AlreadyEnded`, `NothingToPause`, `AlreadyPaused`."""
    check_running(subscription)
    if subscription.state == "trial":
        raise NothingToPause(subscription=subscription.name)
    if subscription.paused:
        raise AlreadyPaused(subscription=subscription.name, since=subscription.paused.start.isoformat())
    forfeits = subscription.forfeits
    rest = Period(on, charged_to(subscription, plan_on(subscription.plans, on), on=on))
    held = _held_since_morning(subscription, on)
    if subscription.terms.refund.change == "none" and rest.days > 0 and held:
        forfeits = (*forfeits, Forfeit(rest, held))
    return replace(
        subscription,
        rests=(*subscription.rests, Rest(on, None, "pause", at, by)),
        forfeits=forfeits,
        unwritten=written_now(subscription, on),
    )


def _held_since_morning(subscription: Subscription, on: date) -> int:
    """How many seats are held that may have been charged for the day: what came on it is on no bill yet."""
    held, unwritten = licences_on(subscription.changes, on), subscription.unwritten
    before = on - timedelta(days=1)
    if unwritten is None or unwritten.start > on or before < subscription.start:
        return held
    then, now = (plan_on(subscription.plans, day) for day in (before, on))
    if (then.plan.name, then.plan.price.version) != (now.plan.name, now.plan.price.version):
        return 0
    this_morning = before_today(subscription.forfeits, then.grid, today=on)
    given_up = _running(this_morning, on) - _running(subscription.forfeits, on)
    return min(held, licences_on(subscription.changes, before) + given_up)


def _running(forfeits: Iterable[Forfeit], on: date) -> int:
    return sum(f.licences for f in forfeits if f.item is None and f.period.start <= on < f.period.end)


def written_now(subscription: Subscription, on: date) -> Unwritten | None:
    """What is unwritten once days from a day on may differ; what was waiting comes along."""
    unwritten = unwritten_from(subscription, on, due=on)
    return replace(unwritten, due=min(unwritten.due, on)) if unwritten else None


def resume(subscription: Subscription, *, on: date, at: datetime) -> Subscription:
    """Go on from a day on. Raises `AlreadyEnded`, `NotPaused`."""
    check_running(subscription)
    paused = subscription.paused
    if paused is None:
        raise NotPaused(subscription=subscription.name)
    rests = [rest for rest in subscription.rests if rest is not paused]
    if paused.start < on:
        rests.append(replace(paused, end=on, ended_at=at))
    held = licences_on(subscription.changes, on)
    return replace(
        subscription,
        rests=tuple(rests),
        forfeits=take_up(subscription.forfeits, held, on=on),
        unwritten=written_now(subscription, min(on, paused.start) if paused.start == on else on),
    )
