"""Home: what is owed, what comes next, how the subscriptions are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.model import Document
from prorata.core.insights.forecast import next_documents
from prorata.core.insights.life import Life, life_of
from prorata.core.insights.unused import Unused, unused
from prorata.core.money import Money, total
from prorata.store import closures, history
from prorata.store.screens import bills
from prorata.store.screens.bills import BillRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here

LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page. `next_bill`: the next document that comes if nothing else happens, unnumbered. `unused`: what
    licences cost that nobody holds, and `lives` what is to come, by the subscription's id. `closing`: the day on which
    the account is to be closed.
    """

    here: Here
    owed: Money
    credit: Money
    open_bills: tuple[BillRow, ...]
    past_due: tuple[BillRow, ...]
    next_bill: Document | None
    subscriptions: tuple[SubscriptionFacts, ...]
    unused: Mapping[int, Unused]
    lives: Mapping[int, Life]
    closing: date | None


def home(services: Services, request: Request) -> HomePage:
    """Read the page."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        tail = history.load(conn, request.account, on=place.today, lock=False)
        open_bills = bills.open_bills(conn, request.account)
        coming = next_documents(tail, place.today - timedelta(days=1), until=place.today + LOOK_AHEAD)
        currency = tail.account.currency
        found = all_facts(conn, place)
        return HomePage(
            here=place,
            owed=total((row.left for row in open_bills), currency),
            credit=total((lot.left for lot in tail.lots), currency),
            open_bills=open_bills,
            past_due=tuple(row for row in open_bills if is_past_due(row, place.today)),
            next_bill=coming[0] if coming else None,
            subscriptions=found,
            unused={f.subscription.id: unused(f.subscription, place.today, discounts=tail.discounts) for f in found},
            closing=planned.on if (planned := closures.pending(conn, request.account)) else None,
            lives={f.subscription.id: life_of(f.subscription, place.today, history=tail) for f in found},
        )


def is_past_due(row: BillRow, today: date) -> bool:
    """Open after its due date."""
    return row.left.minor > 0 and row.due is not None and row.due < today
