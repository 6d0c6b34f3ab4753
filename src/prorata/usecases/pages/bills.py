"""Bills & payments: what was issued, what is open, and what is owed in all."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.core.events import PaymentMode
from prorata.core.money import Money, total
from prorata.store import history
from prorata.store.screens import bills
from prorata.store.screens.bills import BillRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here
from prorata.usecases.pages.home import is_past_due

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class BillsPage:
    """One page of documents, newest first. `page` counts from 1; `pages` is at least 1."""

    here: Here
    owed: Money
    past_due: Money
    credit: Money
    rows: tuple[BillRow, ...]
    open_only: bool
    page: int
    pages: int
    payment: PaymentMode


def bills_page(services: Services, request: Request, *, open_only: bool = False, page: int = 1) -> BillsPage:
    """Read the list; a page beyond the last shows the last."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        tail = history.load(conn, request.account, on=place.today, lock=False)
        currency = tail.account.currency
        open_bills = bills.open_bills(conn, request.account)
        pages = max(1, -(-bills.count(conn, request.account, open_only=open_only) // PER_PAGE))
        page = min(max(page, 1), pages)
        return BillsPage(
            here=place,
            owed=total((row.left for row in open_bills), currency),
            past_due=total((row.left for row in open_bills if is_past_due(row, place.today)), currency),
            credit=total((lot.left for lot in tail.lots), currency),
            rows=bills.page(conn, request.account, open_only=open_only, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
            open_only=open_only,
            page=page,
            pages=pages,
            payment=tail.mode,
        )
