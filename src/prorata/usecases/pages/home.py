"""Home: what is owed, what comes next, how the subscriptions are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.model import Document
from prorata.core.insights.forecast import next_documents
from prorata.core.money import Money, total
from prorata.store import history
from prorata.store.screens import bills
from prorata.store.screens.bills import BillRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here

LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page. `next_bill`: the next document that comes if nothing else happens, unnumbered."""

    here: Here
    owed: Money
    credit: Money
    open_bills: tuple[BillRow, ...]
    past_due: tuple[BillRow, ...]
    next_bill: Document | None
    subscriptions: tuple[SubscriptionFacts, ...]


def home(services: Services, request: Request) -> HomePage:
    """Read the page."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        tail = history.load(conn, request.account, on=place.today, lock=False)
        open_bills = bills.open_bills(conn, request.account)
        coming = next_documents(tail, place.today - timedelta(days=1), until=place.today + LOOK_AHEAD)
        currency = tail.account.currency
        return HomePage(
            here=place,
            owed=total((row.left for row in open_bills), currency),
            credit=total((lot.left for lot in tail.lots), currency),
            open_bills=open_bills,
            past_due=tuple(row for row in open_bills if is_past_due(row, place.today)),
            next_bill=coming[0] if coming else None,
            subscriptions=all_facts(conn, place),
        )


def is_past_due(row: BillRow, today: date) -> bool:
    """Open after its due date."""
    return row.left.minor > 0 and row.due is not None and row.due < today
