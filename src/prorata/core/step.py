"""The only orchestration: what follows from an event.

`step(history, event, at)` is pure. The story player folds it over a file; a use case loads a history, steps, and saves
the decision; a preview steps and saves nothing. What an event does to one subscription is in `verbs.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Final, cast, get_args

from prorata.core.billing.discounts import discount_of
from prorata.core.billing.entered_late import as_was_charged, given_up_once
from prorata.core.billing.give_back import give_back, give_credit
from prorata.core.billing.pay import payments_for
from prorata.core.billing.settle import receive, use_credit
from prorata.core.billing.unpaid import end_unpaid, owing, paid_up
from prorata.core.billing.write import write_run, write_spot
from prorata.core.books import Books
from prorata.core.calendar import start_of_day
from prorata.core.catalog.plans import NewPrice
from prorata.core.closing import AccountClosed, Facts, close, ready
from prorata.core.decision import Decision
from prorata.core.errors import DomainError
from prorata.core.events import (
    Bill,
    ChangeLicences,
    ChangePlan,
    CloseAccount,
    DayRun,
    Event,
    GiveBack,
    GiveCredit,
    GiveDiscount,
    Late,
    OfSubscription,
    Pay,
    SetPayment,
    SetPrice,
    Subscribe,
    singles_of,
)
from prorata.core.history import History
from prorata.core.subscriptions.asked_later import asked_again, asked_for, asked_later, without
from prorata.core.subscriptions.buy import NameTaken, bought
from prorata.core.subscriptions.cancel import BeforeStart, left_charged
from prorata.core.subscriptions.change_plan import at_newest
from prorata.core.subscriptions.lifecycle import Around, on_day
from prorata.core.subscriptions.model import Subscription
from prorata.core.verbs import changed, writes_at_once

_AFTER_WHAT_WAS_ASKED: Final = (Pay, SetPayment, Bill, DayRun, GiveBack, GiveCredit, CloseAccount)
_OF_SUBSCRIPTION: Final = get_args(OfSubscription)
_OF_ITS_DAYS: Final = (ChangeLicences, ChangePlan)
"""What can be entered late for days before its state changed."""


class TooFarBack(DomainError):
    """An event that is entered late counts from too long ago."""

    code = "too_far_back"


class EffectiveInTheFuture(DomainError):
    """An event cannot count from a day that has not come."""

    code = "effective_in_the_future"


class ChangedSince(DomainError):
    """The state of a subscription has changed since the day that a late event counts from."""

    code = "changed_since"


class PriceNotPossible(DomainError):
    """A plan whose price has phases or steps takes no new amount for each licence."""

    code = "price_not_possible"


def step(history: History, event: Event, at: datetime) -> Decision:  # noqa: PLR0917 -- read aloud it has one order
    """Decide what follows from an event at an instant (aware). Raises a `DomainError` where a rule refuses it.

    Purchases in advance, endings, pauses and their like write their document at once, all of one instant together; a
    payment, a change of the payment mode, what is given back and a run come after the documents of what was asked for
    before them. Whatever pays what was past due brings back at once what had ended for it.
    """
    books = Books(history, at)
    unpaid = owing(books)
    for single, on in _singles(event, books.today):
        if isinstance(single, _AFTER_WHAT_WAS_ASKED):
            _write_spot(books, unpaid)
        books.on = on
        _apply(books, single)
        books.on = books.today
        if unpaid:
            _let_back(books, unpaid)
    _write_spot(books, unpaid)
    return books.close()


def _write_spot(books: Books, unpaid: frozenset[int]) -> None:
    write_spot(books)
    # A credit of these documents may have paid what was past due.
    if unpaid and _let_back(books, unpaid):
        write_spot(books)


def _let_back(books: Books, unpaid: frozenset[int]) -> bool:
    """Let those back of which nothing is past due any more. Whether any has come."""
    back = paid_up(books, unpaid, around=_around(books))
    for subscription in back:
        if subscription.in_advance:
            _on_the_spot(books, subscription)
    return bool(back)


def closing_facts(history: History, at: datetime) -> Facts:
    """What stands between the account and its end at an instant; `CloseAccount` finds the same."""
    books = Books(history, at)
    _take_effect(books, books.today)
    return ready(books)


def _singles(event: Event, on: date) -> list[tuple[Event, date]]:
    """Single events, each with the day that it counts from."""
    found: list[tuple[Event, date]] = []
    for single in singles_of(event):
        if isinstance(single, Late):
            if single.effective > on:
                raise EffectiveInTheFuture(effective=single.effective.isoformat(), today=on.isoformat())
            found += ((inner, single.effective) for inner in singles_of(single.event))
        else:
            found.append((single, on))
    return found


def _apply(books: Books, event: Event) -> None:
    if isinstance(event, DayRun):
        _run(books, event)
    elif books.account.closed:
        raise AccountClosed
    elif isinstance(event, CloseAccount):
        _take_effect(books, books.today)
        close(books)
    elif isinstance(event, Subscribe):
        _subscribe(books, event)
    elif isinstance(event, _OF_SUBSCRIPTION):
        _change(books, cast("OfSubscription", event))
    else:
        _apply_to_documents(books, event)


def _run(books: Books, event: DayRun) -> None:
    on = min(event.as_of or books.today, books.today)
    _take_effect(books, on)
    if books.account.billing != "manual":
        write_run(books, on, everything=False)


def _apply_to_documents(books: Books, event: Event) -> None:
    match event:
        case Pay():
            _pay(books, event)
        case SetPayment(mode):
            books.mode = mode
        case Bill():
            _take_effect(books, books.today)
            write_run(books, books.today, everything=books.account.billing == "manual")
        case SetPrice():
            _set_price(books, event)
        case GiveDiscount():
            books.add_discount(discount_of(books, event))
        case GiveCredit():
            give_credit(books, event)
        case GiveBack():
            give_back(books, event)
        case _:
            raise TypeError(event)


def _subscribe(books: Books, event: Subscribe) -> None:
    if event.name in books.ids:
        raise NameTaken(subscription=event.name)
    if books.on < books.today:
        _check_not_too_far(books, event.terms.backdate_days)
    event = replace(event, plan=at_newest(event.plan, books.prices, on=books.on))
    new = bought(event, subscription=books.next_subscription, on=books.on, at=books.at, mode=books.mode)
    if books.on < books.today:
        new = on_day(new, books.today, around=_around(books))
    books.add(new)
    if new.in_advance and new.state == "active":
        _on_the_spot(books, new)


def _change(books: Books, event: OfSubscription) -> None:
    before = on_day(books.subscription(event.subscription), books.today, around=_around(books))
    if books.on < books.today:
        _check_late(books, before, event=event)
        after = _entered_late(books, before, event=event)
    else:
        after = changed(books, before, event=event)
    books.change(after)
    if writes_at_once(before, after, event=event):
        _on_the_spot(books, after)


def _entered_late(books: Books, before: Subscription, *, event: OfSubscription) -> Subscription:
    around = _around(books)
    may_wait = before.is_running and isinstance(event, _OF_ITS_DAYS)
    later = asked_later(before, books.on, zone=books.account.zone) if may_wait else None
    after = _as_of_then(books, without(before, later) if later else before, event=event)
    after = asked_for(before, after, at=books.at, then=start_of_day(books.on, books.account.zone))
    if after.forfeits:
        after = given_up_once(before, after, on=books.on)
    after = _waiting_from_today(before, after, late_by=books.today - books.on)
    if later:
        after = on_day(after, later.on, around=around)
    if later and after.is_running:
        after = asked_again(after, later, grid_before=before.grid)
    # What it brings may have come since.
    after = on_day(after, books.today, around=around)
    return as_was_charged(before, after, on=books.on) if after.forfeits else after


def _as_of_then(books: Books, before: Subscription, *, event: OfSubscription) -> Subscription:
    """The subscription after an event; one that is entered late meets it as it was on its day."""
    ending = before.ending
    if before.is_running or ending is None or books.on >= ending.on or not isinstance(event, _OF_ITS_DAYS):
        return changed(books, before, event=event)
    left = left_charged(before, ending)
    forfeits = tuple(forfeit for forfeit in before.forfeits if forfeit not in left)
    then = changed(books, replace(before, state="active", forfeits=forfeits), event=event)
    if len(forfeits) < len(before.forfeits):
        then = replace(then, forfeits=(*then.forfeits, *left_charged(then, ending)))
    # The end that has come stays, also where the other plan would have had another term.
    return replace(then, state=before.state, ending=ending, pending=before.pending, pending_plan=before.pending_plan)


def _waiting_from_today(before: Subscription, after: Subscription, *, late_by: timedelta) -> Subscription:
    """What is entered late waits no longer and no shorter than what is entered today."""
    waits, waited = after.unwritten, before.unwritten
    if waits is None or (waited and waited.due == waits.due):
        return after
    due = waits.due + late_by
    return replace(after, unwritten=replace(waits, due=min(due, waited.due) if waited else due))


def _check_late(books: Books, subscription: Subscription, *, event: OfSubscription) -> None:
    if books.on < subscription.start:
        raise BeforeStart(subscription=subscription.name, starts=subscription.start.isoformat())
    last = subscription.turns[-1].on
    if books.on < last and not isinstance(event, _OF_ITS_DAYS):
        raise ChangedSince(subscription=subscription.name, since=last.isoformat())
    _check_not_too_far(books, subscription.terms.backdate_days)


def _check_not_too_far(books: Books, days: int) -> None:
    earliest = books.today - timedelta(days=days)
    if books.on < earliest:
        raise TooFarBack(effective=books.on.isoformat(), earliest=earliest.isoformat(), days=days)


def _on_the_spot(books: Books, subscription: Subscription) -> None:
    if books.account.billing == "daily" and subscription.id not in books.before.parked:
        books.spot.add(subscription.id)


def _pay(books: Books, event: Pay) -> None:
    for document, amount in payments_for(books, event):
        receive(books, document, amount=amount, method=event.method)
    use_credit(books)


def _set_price(books: Books, event: SetPrice) -> None:
    plan = event.plan
    if plan.phases or plan.price.tiers:
        raise PriceNotPossible(plan=plan.name)
    known = [plan.price, *(new.price for new in books.prices if new.plan == plan.name)]
    newest = max(known, key=attrgetter("version"))
    price = replace(newest, version=newest.version + 1, amount=event.amount)
    books.add_price(NewPrice(plan.name, price, books.on))


def _around(books: Books) -> Around:
    return Around(books.mode, books.prices, books.at)


def _take_effect(books: Books, on: date) -> None:
    """Let states change that are due; also where billing is stopped, for an end is an end."""
    around = _around(books)
    for subscription in tuple(books.subscriptions.values()):
        later = on_day(subscription, on, around=around)
        if later is not subscription:
            books.change(later)
    end_unpaid(books, on, around=around)
