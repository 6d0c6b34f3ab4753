"""What programs read of an account: its subscriptions and documents, a part at a time, and one by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from prorata.core.subscriptions.model import Subscription
from prorata.store import documents, entitlements, subscriptions
from prorata.store.engine import Connection
from prorata.store.entitlements import Called
from prorata.store.screens import bills, document
from prorata.store.screens.bills import BillRow
from prorata.store.screens.document import DocumentView
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.bills import BillState, bill_state, state_of
from prorata.usecases.pages.facts import Here, SubscriptionFacts, facts_of_some, here

MOST_LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Bought:
    """A subscription; `code` is that of its product, None where the catalogue has it no more."""

    facts: SubscriptionFacts
    code: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of a list begins: behind the entry of an id (None: at the start); at most a hundred of them."""

    after: int | None = None
    limit: int = MOST_LISTED


@dataclass(frozen=True, slots=True)
class SubscriptionList:
    """A part of the account's subscriptions, in order of purchase. `after`: where the next part begins, None: none."""

    items: tuple[Bought, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document in a list, and how it stands."""

    row: BillRow
    state: BillState


@dataclass(frozen=True, slots=True)
class DocumentList:
    """A part of the account's documents, newest first. `after`: where the next part begins, None: none."""

    items: tuple[DocumentEntry, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document; `numbers`: those of the documents whose lines it takes back, by their place; `called`: its account's
    subscriptions, by their id.
    """

    view: DocumentView
    state: BillState
    numbers: Mapping[int, str]
    called: Mapping[int, Called]


def whose(services: Services, request: Request) -> Here:
    """Which account it is, and which day it is there."""
    with services.database.account(request.account, read_only=True) as conn:
        return here(conn, request, services=services)


def subscription_list(services: Services, request: Request, *, part: Part) -> SubscriptionList:
    """Read a part of the list; those that are deleted too."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        found, after = subscriptions.part_of(conn, request.account, after=part.after or 0, most=_limit(part))
        return SubscriptionList(_bought(conn, place, found=found), after)


def subscription_read(services: Services, request: Request, *, name: str) -> Bought:
    """One subscription; raises `UnknownSubscription`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        return _bought(conn, place, found=(subscriptions.by_name(conn, request.account, name=name),))[0]


def document_list(services: Services, request: Request, *, part: Part, open_only: bool = False) -> DocumentList:
    """Read a part of the list; `open_only`: what is still to be paid."""
    limit = _limit(part)
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        rows = bills.page(conn, request.account, open_only=open_only, limit=limit + 1, before=part.after)
    items = tuple(DocumentEntry(row, state_of(row, place.today)) for row in rows[:limit])
    return DocumentList(items, rows[limit - 1].id if len(rows) > limit else None)


def document_read(services: Services, request: Request, *, number: str) -> DocumentRead:
    """One document with its lines, taxes and proofs; raises `UnknownDocument`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        view = document.by_number(conn, request.account, number=number)
        of, standing = view.issued.document, view.issued.standing
        corrected = documents.some_of(conn, request.account, ids=standing.corrects)
        called = entitlements.called(conn, request.account)
    late = standing.left.minor > 0 and standing.due is not None and standing.due < place.today
    state = bill_state(of.kind, total=of.total, paid=standing.paid, left=standing.left, late=late)
    return DocumentRead(view, state, {kept.issued.document.id: kept.issued.number for kept in corrected}, called)


def _bought(conn: Connection, place: Here, *, found: Sequence[Subscription]) -> tuple[Bought, ...]:
    names = entitlements.called(conn, place.account.account_id)
    return tuple(
        Bought(facts, names[facts.subscription.id].product) for facts in facts_of_some(conn, place, found=found)
    )


def _limit(part: Part) -> int:
    return min(max(part.limit, 1), MOST_LISTED)
