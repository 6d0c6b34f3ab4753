"""Cancelling a subscription: what must be known before, and what is known afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.insights.forecast import next_documents
from prorata.core.subscriptions.cancel import Choice, OverLimit, over_limit, usual_choice
from prorata.store import assignments, history, members, subscriptions
from prorata.store.members import MemberRow
from prorata.store.screens import bills, document, references
from prorata.store.screens.bills import BillRow
from prorata.store.screens.document import DocumentView
from prorata.usecases.act import Request, Services, year_from
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here

FARTHEST = timedelta(days=3660)
"""A cancellation is planned at most about ten years ahead."""
MOST_COMING = 14


@dataclass(frozen=True, slots=True)
class CancelPage:
    """A subscription that is to be cancelled, or was.

    `usual`: when it ends if nothing else is chosen; `period_end` the next end of a period; `latest` the last day that
    can be chosen. `over_limit`: what stands in the way of cancelling online. `holders` hold a licence of it. `numbers`:
    of the documents that are open or can still be credited, by place. `final`: its final document, once there is one.
    `coming`: while a cancellation is planned, the next documents, as far as they have lines of it.
    """

    here: Here
    facts: SubscriptionFacts
    usual: Choice
    period_end: date
    latest: date
    over_limit: OverLimit | None
    members: tuple[MemberRow, ...]
    holders: frozenset[int]
    open_bills: tuple[BillRow, ...]
    numbers: Mapping[int, str]
    final: DocumentView | None
    coming: tuple[Document, ...]


def cancel_page(services: Services, request: Request, *, name: str) -> CancelPage:
    """Read the page; raises `UnknownSubscription`."""
    account = request.account
    with services.database.account(account, read_only=True) as conn:
        place = here(conn, request, services=services)
        subscription = subscriptions.by_name(conn, account, name=name)
        tail = history.load(conn, account, on=place.today, lock=False)
        final = references.final_document(conn, account, subscription=subscription.id)
        return CancelPage(
            here=place,
            facts=next(f for f in all_facts(conn, place) if f.subscription.id == subscription.id),
            usual=usual_choice(subscription, today=place.today),
            period_end=subscription.grid.next_boundary(place.today),
            latest=place.today + FARTHEST,
            over_limit=over_limit(subscription, kind=place.account.kind, by=request.actor.side),
            members=members.all_of(conn, account),
            holders=assignments.holders(conn, account, subscription=name),
            open_bills=bills.open_bills(conn, account),
            numbers=references.numbers(conn, account, documents=[s.document for s in tail.standings]),
            final=document.by_id(conn, account, document=final) if final else None,
            coming=_coming(tail, subscription.id, today=place.today) if subscription.ending else (),
        )


def _coming(tail: History, subscription: int, *, today: date) -> tuple[Document, ...]:
    found = next_documents(tail, today, until=year_from(today), most=MOST_COMING)
    return tuple(one for one in found if any(line.subscription == subscription for line in one.lines))
