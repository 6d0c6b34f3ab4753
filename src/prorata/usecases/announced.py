"""What the mail of an announcement tells, in no language yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from prorata.core.calendar import start_of_day
from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.insights.announcements import Announced, Announcement
from prorata.core.insights.forecast import next_documents
from prorata.core.insights.life import Entry, Life
from prorata.core.insights.regular import sort_lines
from prorata.core.insights.steps import charged
from prorata.core.subscriptions.lifecycle import Around, on_day
from prorata.core.subscriptions.model import Subscription
from prorata.store.engine import Connection
from prorata.store.outbox import Fact
from prorata.store.screens import bills
from prorata.usecases.act import MOST_COMING
from prorata.usecases.mail import MailKind

KINDS: Final[Mapping[Announced, MailKind]] = {
    "lapses": "trial_lapses",
    "converts": "trial_converts",
    "expires": "expires",
    "disabled": "disabled",
    "deleted": "deleted",
    "unpaid": "unpaid",
    "conflict": "conflict",
    "renews": "renews",
}
"""Which letter tells those who look after the account."""

_PRODUCTS: Final = "/products"
_BILLS: Final = "/bills"
_BACK_UP: Final = "/back-up"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class About:
    """What an announcement is about: a subscription on a day, in its account's history."""

    conn: Connection
    account: int
    history: History
    subscription: Subscription
    life: Life


def facts_of(about: About, announcement: Announcement) -> dict[str, Fact]:
    """The facts of the letter, but for the names of the account and of the product."""
    entry = announcement.entry
    found: dict[str, Fact] = {"on": entry.day.isoformat(), "link": _link(about, announcement)}
    match announcement.what:
        case "lapses":
            found |= {"disabled": _day_of(about, "disabled", after=entry)}
        case "expires":
            found |= {"disabled": _day_of(about, "disabled", after=entry), "why": entry.why or "term"}
            found |= _rests(about)
        case "disabled":
            found |= {"deleted": _day_of(about, "deleted", after=entry), "why": entry.why or "term"}
            found |= _rests(about)
        case "deleted":
            found |= {"back_up": _BACK_UP}
        case "unpaid":
            found |= {"deleted": _day_of(about, "deleted", after=entry), **_bill(about, entry.document)}
        case "conflict":
            found |= {"licences": entry.licences or 0}
        case "converts" | "renews":
            licences = entry.licences or about.subscription.licences
            found |= {"licences": licences, "last": (entry.day - _DAY).isoformat(), **_costs(about, announcement)}
    return found


def _rests(about: About) -> Mapping[str, Fact]:
    """That it is paused: then members have no access that they could lose."""
    return {"paused": 1} if about.subscription.paused else {}


def _link(about: About, announcement: Announcement) -> str:
    """The page on which what is announced can be turned away, or the subscription's own."""
    page = f"{_PRODUCTS}/{quote(about.subscription.name, safe='')}"
    why = announcement.entry.why
    match announcement.what:
        case "converts":
            return f"{page}/trial"
        case "expires" if why == "renewal_off":
            return f"{page}/renewal"
        case "disabled":
            return f"{page}/undo" if why == "cancelled" else f"{page}/reactivate"
        case "conflict":
            return f"{page}/licences"
        case "unpaid":
            return f"{_BILLS}/pay"
        case _:
            return page


def _day_of(about: About, what: str, *, after: Entry) -> str:
    """The day on which this follows what is announced, as certain as that is."""
    days = (e.day for e in about.life.entries if e.what == what and e.how == after.how and e.day >= after.day)
    return min(days).isoformat()


def _bill(about: About, document: int | None) -> dict[str, Fact]:
    row = next(row for row in bills.open_bills(about.conn, about.account) if row.id == document)
    return {
        "bill": row.number,
        "due": (row.due or row.date).isoformat(),
        "left": row.left.minor,
        "currency": row.left.currency.code,
    }


def _costs(about: About, announcement: Announcement) -> dict[str, Fact]:
    """What the period that begins then costs, and the bill of that day, as the runs up to it would write them. Where
    periods are billed when they are over, that bill is of the one before: then the day of the bill that is meant.
    """
    if about.subscription.terms.billed == "arrears":
        return _costs_afterwards(about, announcement)
    day, of = announcement.entry.day, about.subscription.id
    coming = next_documents(about.history, about.life.on - _DAY, until=day, most=MOST_COMING)
    for document in coming:
        if document.date == day and any(line.subscription == of for line in document.lines):
            return {"currency": document.total.currency.code, "total": document.total.minor} | _period(
                document, announcement, of=of
            )
    return {}


def _costs_afterwards(about: About, announcement: Announcement) -> dict[str, Fact]:
    day, s, history = announcement.entry.day, about.subscription, about.history
    begun = on_day(s, day, around=Around(history.mode, history.prices, start_of_day(day, history.account.zone)))
    alone = replace(history, subscriptions=(s,))
    coming = next_documents(alone, about.life.on - _DAY, until=begun.grid.period(day).end, most=MOST_COMING)
    for document in coming:
        found = _period(document, announcement, of=s.id)
        if found:
            return {"currency": document.total.currency.code, "billed": document.date.isoformat()} | found
    return {}


def _period(document: Document, announcement: Announcement, *, of: int) -> dict[str, Fact]:
    lines = [line for line in document.lines if line.subscription == of]
    slots = [slot for slot in sort_lines(lines).slots if slot.period.start == announcement.entry.day]
    if not slots:
        return {}
    what = charged(slots)
    price: dict[str, Fact] = {"price": str(what.price.amount)} if what.price and what.licences else {}
    return {"cost": what.amount.minor, "until": slots[-1].period.end.isoformat()} | price
