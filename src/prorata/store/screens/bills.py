"""Bills & payments: documents as a list, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from prorata.core.documents.model import DocumentKind
from prorata.core.money import Money, currency
from prorata.store.rows import Any, AnyRow

MOST_ROWS = 200
MOST_OPEN = 1000


@dataclass(frozen=True, slots=True)
class BillRow:
    """A document in a list. `id`: its place in the account's list; credit_used + paid + left = total."""

    id: int
    number: str
    kind: DocumentKind
    date: date
    due: date | None
    total: Money
    credit_used: Money
    paid: Money
    left: Money
    final: bool


def page(
    conn: Connection,
    account_id: int,
    *,
    open_only: bool = False,
    limit: int = 25,
    offset: int = 0,
    before: int | None = None,
) -> tuple[BillRow, ...]:
    """Documents, newest first, `limit` of them after the first `offset`; `open_only`: those with something to pay.

    `before`: only those of a lower place in the account's list.
    """
    asked: dict[str, Any] = {
        "account": account_id,
        "open": open_only,
        "limit": min(limit, MOST_ROWS),
        "offset": offset,
        "before": before,
    }
    return tuple(_bill_of(row) for row in conn.execute(_PAGE, asked))


def count(conn: Connection, account_id: int, *, open_only: bool = False) -> int:
    """How many documents the list has."""
    return conn.scalar(_COUNT, {"account": account_id, "open": open_only}) or 0


def open_bills(conn: Connection, account_id: int) -> tuple[BillRow, ...]:
    """Everything that is still to be paid, oldest due first."""
    return tuple(_bill_of(row) for row in conn.execute(_OPEN, {"account": account_id, "limit": MOST_OPEN}))


def _bill_of(row: AnyRow) -> BillRow:
    of = currency(row.currency)
    return BillRow(
        id=row.id,
        number=row.number,
        kind=row.kind,
        date=row.issued_on,
        due=row.due_on,
        total=Money(row.total, of),
        credit_used=Money(row.credit_used, of),
        paid=Money(row.paid, of),
        left=Money(row.left, of),
        final=row.final,
    )


_BILLS = """
    SELECT document.id, document.number, document.kind, document.issued_on, document.due_on, document.currency,
           document.total, document.final, standing.credit_used, standing.paid, standing."left"
    FROM documents AS document
    JOIN standings AS standing ON standing.account_id = :account AND standing.document_id = document.id
    WHERE document.account_id = :account
"""
_PAGE = text(
    _BILLS
    + """
    AND (NOT :open OR standing."left" > 0)
    AND document.id < coalesce(CAST(:before AS integer), CAST(2147483647 AS integer))
    ORDER BY document.id DESC LIMIT :limit OFFSET :offset
"""
)
_OPEN = text(_BILLS + 'AND standing."left" > 0 ORDER BY document.due_on, document.id LIMIT :limit')
_COUNT = text('SELECT count(*) FROM standings WHERE account_id = :account AND (NOT :open OR "left" > 0)')
