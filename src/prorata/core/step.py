"""The only orchestration: what follows from an event.

`step(history, event, at)` is pure. The story player folds it over a file; a use case loads a history, steps, and saves
the decision; a preview steps and saves nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from prorata.core.billing.pay import payments_for
from prorata.core.billing.settle import receive, use_credit
from prorata.core.billing.write import write_run, write_spot
from prorata.core.decision import Decision
from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    DayRun,
    Event,
    Pay,
    SetPayment,
    Subscribe,
    Together,
    Undo,
)
from prorata.core.history import History
from prorata.core.subscriptions.buy import NameTaken, bought
from prorata.core.subscriptions.cancel import decide_ending, ended, undo
from prorata.core.subscriptions.change import assign, change_licences
from prorata.core.subscriptions.lifecycle import on_day
from prorata.core.subscriptions.model import Subscription


def step(history: History, event: Event, at: datetime) -> Decision:  # noqa: PLR0917 -- read aloud it has one order
    """Decide what follows from an event at an instant (aware). Raises a `DomainError` where a rule refuses it.

    Purchases in advance and endings write their document at once, all of one instant together; a payment, a change of
    the payment mode and a run come after the documents of what was asked for before them.
    """
    decision = Decision(before=history, after=history, at=at)
    for single in _singles(event):
        if isinstance(single, Pay | SetPayment | Bill | DayRun):
            decision = write_spot(decision)
        decision = _apply(decision, single)
    return write_spot(decision)


def _singles(event: Event) -> tuple[Event, ...]:
    if isinstance(event, Together):
        return tuple(single for inner in event.events for single in _singles(inner))
    return (event,)


def _apply(decision: Decision, event: Event) -> Decision:
    match event:
        case Subscribe():
            return _subscribe(decision, event)
        case Cancel():
            return _cancel(decision, event)
        case ChangeLicences() | Assign() | Undo():
            return decision.with_subscription(_changed(decision, event))
        case _:
            return _apply_to_documents(decision, event)


def _apply_to_documents(decision: Decision, event: Event) -> Decision:
    manual = decision.after.account.billing == "manual"
    match event:
        case Pay():
            return _pay(decision, event)
        case SetPayment(mode):
            return replace(decision, after=replace(decision.after, mode=mode))
        case DayRun(as_of):
            on = min(as_of or decision.today, decision.today)
            decision = _take_effect(decision, on)
            return decision if manual else write_run(decision, on, everything=False)
        case Bill():
            on = decision.today
            return write_run(_take_effect(decision, on), on, everything=manual)
        case _:
            raise TypeError(event)


def _subscribe(decision: Decision, event: Subscribe) -> Decision:
    history = decision.after
    if any(s.name == event.name for s in history.subscriptions):
        raise NameTaken(subscription=event.name)
    new = bought(event, subscription=history.next.subscription, today=decision.today, at=decision.at)
    history = replace(history, next=replace(history.next, subscription=new.id + 1))
    decision = replace(decision, after=history).with_subscription(new)
    return _on_the_spot(decision, new) if new.in_advance else decision


def _changed(decision: Decision, event: ChangeLicences | Assign | Undo) -> Subscription:
    subscription = decision.after.subscription(event.subscription)
    today, at = decision.today, decision.at
    match event:
        case ChangeLicences(_, licences, when, by):
            return change_licences(subscription, licences, when=when, today=today, at=at, by=by)
        case Assign():
            return assign(subscription, event.assigned)
        case Undo():
            return undo(subscription, today=today)


def _cancel(decision: Decision, event: Cancel) -> Decision:
    subscription = decision.after.subscription(event.subscription)
    kind = decision.after.account.kind
    ending = decide_ending(subscription, event, kind=kind, today=decision.today, at=decision.at)
    subscription = replace(subscription, ending=ending)
    if ending.on > decision.today:
        return decision.with_subscription(subscription)
    decision = decision.with_subscription(ended(subscription, ending))
    return _on_the_spot(decision, subscription) if subscription.terms.final_document == "now" else decision


def _on_the_spot(decision: Decision, subscription: Subscription) -> Decision:
    if decision.after.account.billing == "manual" or subscription.id in decision.after.parked:
        return decision
    return replace(decision, spot=decision.spot | {subscription.id})


def _pay(decision: Decision, event: Pay) -> Decision:
    for document, amount in payments_for(decision.after, event):
        decision = receive(decision, document, amount=amount, method=event.method)
    return use_credit(decision)


def _take_effect(decision: Decision, on: date) -> Decision:
    for subscription in decision.after.running():
        later = on_day(subscription, on)
        if later != subscription:
            decision = decision.with_subscription(later)
    return decision
