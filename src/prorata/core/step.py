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
from prorata.core.books import Books
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

_AFTER_WHAT_WAS_ASKED = (Pay, SetPayment, Bill, DayRun)


def step(history: History, event: Event, at: datetime) -> Decision:  # noqa: PLR0917 -- read aloud it has one order
    """Decide what follows from an event at an instant (aware). Raises a `DomainError` where a rule refuses it.

    Purchases in advance and endings write their document at once, all of one instant together; a payment, a change of
    the payment mode and a run come after the documents of what was asked for before them.
    """
    books = Books(history, at)
    for single in _singles(event):
        if isinstance(single, _AFTER_WHAT_WAS_ASKED):
            write_spot(books)
        _apply(books, single)
    write_spot(books)
    return books.close()


def _singles(event: Event) -> tuple[Event, ...]:
    if isinstance(event, Together):
        return tuple(single for inner in event.events for single in _singles(inner))
    return (event,)


def _apply(books: Books, event: Event) -> None:
    match event:
        case Subscribe():
            _subscribe(books, event)
        case Cancel():
            _cancel(books, event)
        case ChangeLicences() | Assign() | Undo():
            books.change(_changed(books, event))
        case _:
            _apply_to_documents(books, event)


def _apply_to_documents(books: Books, event: Event) -> None:
    is_manual = books.account.billing == "manual"
    match event:
        case Pay():
            _pay(books, event)
        case SetPayment(mode):
            books.mode = mode
        case DayRun(as_of):
            on = min(as_of or books.today, books.today)
            _take_effect(books, on)
            if not is_manual:
                write_run(books, on, everything=False)
        case Bill():
            _take_effect(books, books.today)
            write_run(books, books.today, everything=is_manual)
        case _:
            raise TypeError(event)


def _subscribe(books: Books, event: Subscribe) -> None:
    if event.name in books.ids:
        raise NameTaken(subscription=event.name)
    new = bought(event, subscription=books.next_subscription, today=books.today, at=books.at)
    books.add(new)
    if new.in_advance:
        _on_the_spot(books, new)


def _changed(books: Books, event: ChangeLicences | Assign | Undo) -> Subscription:
    subscription = books.subscription(event.subscription)
    match event:
        case ChangeLicences(_, licences, when, by):
            return change_licences(subscription, licences, when=when, today=books.today, at=books.at, by=by)
        case Assign():
            return assign(subscription, event.assigned)
        case Undo():
            return undo(subscription, today=books.today)


def _cancel(books: Books, event: Cancel) -> None:
    subscription = books.subscription(event.subscription)
    ending = decide_ending(subscription, event, kind=books.account.kind, today=books.today, at=books.at)
    subscription = replace(subscription, ending=ending)
    if ending.on > books.today:
        books.change(subscription)
        return
    books.change(ended(subscription, ending))
    if subscription.terms.final_document == "now":
        _on_the_spot(books, subscription)


def _on_the_spot(books: Books, subscription: Subscription) -> None:
    if books.account.billing == "daily" and subscription.id not in books.before.parked:
        books.spot.add(subscription.id)


def _pay(books: Books, event: Pay) -> None:
    for document, amount in payments_for(books, event):
        receive(books, document, amount=amount, method=event.method)
    use_credit(books)


def _take_effect(books: Books, on: date) -> None:
    """Let states change that are due; also where billing is stopped, for an end is an end."""
    for subscription in tuple(books.subscriptions.values()):
        later = on_day(subscription, on)
        if later is not subscription:
            books.change(later)
