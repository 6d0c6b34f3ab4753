"""What each event does to the subscription that it names: one line for each verb."""

from __future__ import annotations

from dataclasses import replace

from prorata.core.billing.unpaid import check_paid
from prorata.core.books import Books
from prorata.core.events import (
    Assign,
    Cancel,
    ChangeLicences,
    ChangePlan,
    ExtendTrial,
    MoveAnchor,
    OfSubscription,
    Pause,
    Reactivate,
    Resume,
    SetRenewal,
    StopConversion,
    Undo,
)
from prorata.core.subscriptions.cancel import decide_ending, ended, undo
from prorata.core.subscriptions.change import assign, change_licences
from prorata.core.subscriptions.change_plan import at_newest, change_plan, move_anchor
from prorata.core.subscriptions.ledgers import plan_on
from prorata.core.subscriptions.model import Subscription
from prorata.core.subscriptions.pause import pause, resume
from prorata.core.subscriptions.renewal import reactivate, set_renewal
from prorata.core.subscriptions.trials import converted, extend_trial, stop_conversion


def changed(books: Books, subscription: Subscription, *, event: OfSubscription) -> Subscription:  # noqa: C901, PLR0911
    """The subscription after the event. Raises what the verb's own function raises."""
    on, at = books.on, books.at
    # As branched as there are verbs: a line for each.
    match event:
        case ChangeLicences(_, licences, when, by):
            return change_licences(subscription, licences, when=when, today=on, at=at, by=by)
        case ChangePlan():
            return _with_plan(books, subscription, event=event)
        case MoveAnchor():
            return move_anchor(subscription, event, on=on, at=at)
        case Assign():
            return assign(subscription, event.assigned)
        case Cancel():
            return _cancelled(books, subscription, event=event)
        case Undo():
            return undo(subscription, today=on)
        case Pause():
            return pause(subscription, on=on, at=at, by=event.by)
        case Resume():
            return resume(subscription, on=on, at=at)
        case SetRenewal():
            return set_renewal(subscription, renews=event.renews, on=on, at=at, by=event.by)
        case Reactivate():
            return _reactivated(books, subscription, event=event)
        case ExtendTrial():
            return extend_trial(subscription, on=on)
        case StopConversion():
            return stop_conversion(subscription)


def _with_plan(books: Books, subscription: Subscription, *, event: ChangePlan) -> Subscription:
    sold = plan_on(subscription.plans, books.on).plan
    # The plan that it has keeps its price until the notice of a new one is over.
    plan = sold if event.plan.name == sold.name else at_newest(event.plan, books.prices, on=books.on)
    event = replace(event, plan=plan)
    later = change_plan(subscription, event, on=books.on, at=books.at)
    trial = later.trial
    if later.state == "trial" and trial and trial.ends <= books.on:
        return converted(later, books.on, at=books.at)
    return later


def _cancelled(books: Books, subscription: Subscription, *, event: Cancel) -> Subscription:
    ending = decide_ending(subscription, event, kind=books.account.kind, today=books.on, at=books.at)
    if ending.on > books.today:
        return replace(subscription, ending=ending)
    return ended(subscription, ending)


def _reactivated(books: Books, subscription: Subscription, *, event: Reactivate) -> Subscription:
    if event.by != "vendor":
        check_paid(books, subscription)
    return reactivate(subscription, on=books.on, at=books.at, by=event.by)


def writes_at_once(before: Subscription, after: Subscription, *, event: OfSubscription) -> bool:
    """Whether a document is written at the instant of the event; changes of licences and plans wait for a run."""
    match event:
        case Cancel():
            return not after.is_running and after.terms.final_document == "now"
        case Pause():
            return True
        case Resume() | Reactivate():
            return after.in_advance
        case ChangePlan():
            return before.state == "trial" and after.state == "active" and after.in_advance
        case _:
            return False
