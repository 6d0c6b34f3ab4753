"""Bills & payments: what was issued, what is open, and what is owed in all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from prorata.core.documents.model import DocumentKind
from prorata.core.events import PaymentMode
from prorata.core.money import Money, total
from prorata.store import history
from prorata.store.screens import bills
from prorata.store.screens.bills import BillRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here
from prorata.usecases.pages.home import is_past_due

__all__ = ["BillState", "BillsPage", "bill_state", "bills_page", "is_past_due", "state_of"]

PER_PAGE = 25

BillState = Literal["open", "past_due", "paid", "settled", "credit_note"]
"""`paid`: money came in for all of it; `settled`: credit took all or a part of it, or there was nothing to pay."""


def state_of(row: BillRow, today: date) -> BillState:
    """How a document stands in a list."""
    late = is_past_due(row, today)
    return bill_state(row.kind, total=row.total, paid=row.paid, left=row.left, late=late)


def bill_state(kind: DocumentKind, *, total: Money, paid: Money, left: Money, late: bool) -> BillState:
    """How a document stands, by what came in for it and what is open."""
    if kind == "credit_note":
        return "credit_note"
    if left.minor > 0:
        return "past_due" if late else "open"
    return "paid" if paid == total and paid.minor > 0 else "settled"


@dataclass(frozen=True, slots=True)
class BillsPage:
    """One page of documents, newest first. `count`: how many there are on all pages; `page` counts from 1."""

    here: Here
    owed: Money
    past_due: Money
    credit: Money
    rows: tuple[BillRow, ...]
    open_only: bool
    page: int
    count: int
    payment: PaymentMode


def bills_page(services: Services, request: Request, *, open_only: bool = False, page: int = 1) -> BillsPage:
    """Read the list; a page beyond the last shows the last."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        tail = history.load(conn, request.account, on=place.today, lock=False)
        currency = tail.account.currency
        open_bills = bills.open_bills(conn, request.account)
        count = bills.count(conn, request.account, open_only=open_only)
        page = min(max(page, 1), max(1, -(-count // PER_PAGE)))
        return BillsPage(
            here=place,
            owed=total((row.left for row in open_bills), currency),
            past_due=total((row.left for row in open_bills if is_past_due(row, place.today)), currency),
            credit=total((lot.left for lot in tail.lots), currency),
            rows=bills.page(conn, request.account, open_only=open_only, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
            open_only=open_only,
            page=page,
            count=count,
            payment=tail.mode,
        )
