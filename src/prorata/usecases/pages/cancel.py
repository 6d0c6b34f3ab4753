"""Cancelling a subscription: what must be known before, and what is known afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.insights.forecast import next_documents
from prorata.core.insights.life import first_unpaid
from prorata.core.retention import Retention, rule_of
from prorata.core.subscriptions.cancel import Choice, OverLimit, over_limit, usual_choice
from prorata.core.subscriptions.change import total_now
from prorata.core.subscriptions.model import Subscription
from prorata.store import history, members, retention, sellers, subscriptions
from prorata.store.engine import Connection
from prorata.store.members import MemberRow
from prorata.store.screens import bills, cancellations, document, references
from prorata.store.screens.bills import BillRow
from prorata.store.screens.document import DocumentView
from prorata.usecases.act import Request, Services, year_from
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here

FARTHEST = timedelta(days=3660)
"""A cancellation is planned at most about ten years ahead."""
MOST_COMING = 14


@dataclass(frozen=True, slots=True)
class Above:
    """What stands in the way of cancelling online, and what can be done about it on the spot.

    `unassign` members give their licence back first; `licences` is the total that is set, None where it stays.
    `waits`: fewer licences begin on that day only, so nothing can be done before.
    """

    over: OverLimit
    unassign: int
    licences: int | None
    waits: date | None


@dataclass(frozen=True, slots=True)
class CancelPage:
    """A subscription that is to be cancelled, or was.

    `usual`: when it ends if nothing else is chosen; `period_end` the next end of a period; `latest` the last day that
    can be chosen. `above`: what the online limit asks for first. `newest`: who holds a licence of it, who got theirs
    last first. `numbers`: of the documents that are open or can still be credited, by place. `final`: its final
    document, once there is one. `coming`: while a cancellation is planned, the next documents, as far as they have
    lines of it. `kept`: how long the law keeps what is issued now. `unpaid_on`: the day on which it ends before that,
    unless what is past due is paid.
    """

    here: Here
    facts: SubscriptionFacts
    usual: Choice
    period_end: date
    latest: date
    above: Above | None
    members: tuple[MemberRow, ...]
    newest: tuple[int, ...]
    open_bills: tuple[BillRow, ...]
    numbers: Mapping[int, str]
    final: DocumentView | None
    coming: tuple[Document, ...]
    kept: Retention
    unpaid_on: date | None

    @property
    def holders(self) -> frozenset[int]:
        """Who holds a licence of it."""
        return frozenset(self.newest)


def cancel_page(services: Services, request: Request, *, name: str) -> CancelPage:
    """Read the page; raises `UnknownSubscription`."""
    account = request.account
    with services.database.account(account, read_only=True) as conn:
        place = here(conn, request, services=services)
        subscription = subscriptions.by_name(conn, account, name=name)
        tail = history.load(conn, account, on=place.today, lock=False)
        final = references.final_document(conn, account, subscription=subscription.id)
        over = over_limit(subscription, kind=place.account.kind, by=request.actor.side)
        return CancelPage(
            here=place,
            facts=next(f for f in all_facts(conn, place) if f.subscription.id == subscription.id),
            usual=usual_choice(subscription, today=place.today),
            period_end=subscription.grid.next_boundary(place.today),
            latest=place.today + FARTHEST,
            above=_above(subscription, over, today=place.today) if over else None,
            members=members.all_of(conn, account),
            newest=cancellations.newest_first(conn, account, subscription=subscription.id),
            open_bills=bills.open_bills(conn, account),
            numbers=references.numbers(conn, account, documents=[s.document for s in tail.standings]),
            final=document.by_id(conn, account, document=final) if final else None,
            coming=_coming(tail, subscription.id, today=place.today) if subscription.ending else (),
            kept=_kept(conn, place),
            unpaid_on=_unpaid_on(tail, subscription, today=place.today),
        )


def _unpaid_on(tail: History, subscription: Subscription, *, today: date) -> date | None:
    first = first_unpaid(subscription, tail.standings, today=today)
    return first[0] if first else None


def _kept(conn: Connection, place: Here) -> Retention:
    seller = sellers.find(conn, place.account.seller_id)
    return rule_of(retention.of_documents(conn), seller.country, issued=place.today)


def _above(subscription: Subscription, over: OverLimit, *, today: date) -> Above:
    unassign = max(subscription.assigned - over.limit, 0)
    if over.counts == "assigned":
        return Above(over, unassign, None, None)
    # What the terms do with fewer licences decides whether it helps today.
    at_once = total_now(subscription, over.limit, when=None, today=today) <= over.limit
    waits = None if at_once else subscription.grid.next_boundary(today)
    return Above(over, unassign, max(over.limit, subscription.terms.licences.fewest), waits)


def _coming(tail: History, subscription: int, *, today: date) -> tuple[Document, ...]:
    found = next_documents(tail, today, until=year_from(today), most=MOST_COMING)
    return tuple(one for one in found if any(line.subscription == subscription for line in one.lines))
