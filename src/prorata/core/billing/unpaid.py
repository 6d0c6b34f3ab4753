"""Ending what nobody has paid, and letting it back once it is paid."""

from __future__ import annotations

from datetime import date, timedelta

from prorata.core.books import Books
from prorata.core.calendar import start_of_day
from prorata.core.errors import DomainError
from prorata.core.money import total
from prorata.core.subscriptions.lifecycle import Around, on_day
from prorata.core.subscriptions.model import Subscription
from prorata.core.subscriptions.renewal import reactivate
from prorata.core.subscriptions.unpaid import comes_back, ended_unpaid, is_unpaid, past_due, unpaid_from


class StillUnpaid(DomainError):
    """The subscription is disabled because bills are not paid: they are to be paid first."""

    code = "still_unpaid"


def end_unpaid(books: Books, on: date, *, around: Around) -> None:
    """End what nobody has paid by a day. Members have used it up to then, however late that is found."""
    for one, day in unpaid_from(books.standings.values(), books.subscriptions.values()).items():
        if day <= on:
            at = start_of_day(on, books.account.zone)
            books.change(on_day(ended_unpaid(books.subscriptions[one], on, at=at), on, around=around))


def owing(books: Books) -> frozenset[int]:
    """The subscriptions, by id, that come back as soon as what is past due of them is paid."""
    unpaid = [s.id for s in books.subscriptions.values() if is_unpaid(s)]
    return past_due(books.standings.values(), today=books.today).intersection(unpaid) if unpaid else frozenset()


def paid_up(books: Books, of: frozenset[int], *, around: Around) -> list[Subscription]:
    """Let those of the subscriptions back of which nothing is past due any more; returns them.

    One whose end would have come by itself meanwhile stays ended, and so does one whose data is to be deleted today.
    """
    late = past_due(books.standings.values(), today=books.today)
    back: list[Subscription] = []
    for one in sorted(of - late):
        subscription = on_day(books.subscriptions[one], books.today, around=around)
        if comes_back(subscription, books.today):
            again = reactivate(subscription, on=books.today, at=books.at, by="system")
            again = on_day(again, books.today, around=around)
            books.change(again)
            back.append(again)
    return back


def check_paid(books: Books, subscription: Subscription) -> None:
    """Refuse to begin again what is not paid: what was disabled for it, and what would be the same day."""
    grace = 0 if is_unpaid(subscription) else max(subscription.terms.grace_days, 1)
    before = books.today - timedelta(days=grace)
    late = past_due(books.standings.values(), today=before if grace == 0 else before + timedelta(days=1))
    if subscription.id not in late:
        return
    mine = (s for s in books.standings.values() if subscription.id in s.subscriptions)
    owed = total((s.left for s in mine if s.due and s.due < books.today), books.account.currency)
    raise StillUnpaid(subscription=subscription.name, open=str(owed), currency=owed.currency.code)
