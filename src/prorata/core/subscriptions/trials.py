"""Trials: extended, stopped, and what becomes of them at their end.

Source: the terms (`trial`, `extend_trial`). With a payment method a trial converts, and the first bill is issued;
without one it lapses, unbilled. There is nothing to cancel in it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from prorata.core.errors import DomainError
from prorata.core.events import PaymentMode
from prorata.core.subscriptions.buy import begun, first_plan
from prorata.core.subscriptions.change import check_running
from prorata.core.subscriptions.ledgers import entered
from prorata.core.subscriptions.model import Ending, Subscription, Trial, Turn


class NotInTrial(DomainError):
    """The subscription is not in a trial."""

    code = "not_in_trial"


class TrialNotExtendable(DomainError):
    """The terms know no extension of a trial."""

    code = "trial_not_extendable"


class TrialAlreadyExtended(DomainError):
    """A trial is extended once, and this one was."""

    code = "trial_already_extended"


class TooEarlyToExtend(DomainError):
    """A trial is extended in its last days only."""

    code = "too_early_to_extend"


class AlreadyStopped(DomainError):
    """The trial lapses at its end already."""

    code = "already_stopped"


def _trial_of(subscription: Subscription) -> Trial:
    check_running(subscription)
    if subscription.state != "trial" or subscription.trial is None:
        raise NotInTrial(subscription=subscription.name)
    return subscription.trial


def extend_trial(subscription: Subscription, *, on: date) -> Subscription:
    """Give the trial the days of the terms more. Raises each refusal of this module but the last."""
    trial, rule = _trial_of(subscription), subscription.terms.extend_trial
    if rule is None:
        raise TrialNotExtendable(subscription=subscription.name)
    if rule.once and trial.extended:
        raise TrialAlreadyExtended(subscription=subscription.name, ends=trial.ends.isoformat())
    first = trial.ends - timedelta(days=rule.within_days)
    if on < first:
        raise TooEarlyToExtend(subscription=subscription.name, first=first.isoformat(), days=rule.within_days)
    ends = trial.ends + timedelta(days=rule.days)
    rests = tuple(replace(rest, end=ends) if rest.why == "trial" else rest for rest in subscription.rests)
    return replace(subscription, trial=replace(trial, ends=ends, extended=True), rests=rests)


def stop_conversion(subscription: Subscription) -> Subscription:
    """Let the trial lapse at its end. Raises `NotInTrial`, `AlreadyStopped`."""
    trial = _trial_of(subscription)
    if not trial.converts:
        raise AlreadyStopped(subscription=subscription.name, ends=trial.ends.isoformat())
    return replace(subscription, trial=replace(trial, converts=False))


def converts(subscription: Subscription, mode: PaymentMode) -> bool:
    """Whether a trial is sold at its end, as things stand."""
    trial = subscription.trial
    return bool(trial and trial.converts) and (mode != "none" or subscription.terms.trial.converts == "always")


def converted(subscription: Subscription, on: date, *, at: datetime) -> Subscription:
    """The trial as it is sold, from its first paid day on: periods, phases, the term and what is charged once."""
    trial = subscription.trial
    if trial is None:
        raise ValueError(subscription)
    entry = first_plan(subscription, on, at=at, anchor=trial.anchor, why="trial")
    return begun(
        replace(
            subscription,
            state="active",
            plans=entered(subscription.plans, entry),
            covered_to=on,
            turns=(*subscription.turns, Turn(on, "active", at)),
        ),
        on,
        at=at,
        setups=True,
    )


def lapse(subscription: Subscription, on: date, *, at: datetime) -> Ending:
    """How a trial ends that is not sold."""
    return Ending(on, on, at, "system", subscription.terms.refund.end, subscription.version, "lapsed")
