"""One document: all that it says, and every movement of money or credit that touched it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, select, text

from prorata.core.billing.pay import UnknownDocument
from prorata.core.documents.numbers import Issued
from prorata.core.money import Money, currency
from prorata.store import documents
from prorata.store.rows import AnyRow
from prorata.store.snapshots import Face
from prorata.store.tables.documents import DOCUMENTS

What = Literal["payment", "from_credit", "from_document", "to_document", "paid_back", "to_credit"]
"""On a bill: it was paid, took account credit, or was settled by a credit note. On a credit note: its worth settled
another document, went back to the method that had paid, or became account credit."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Something that happened to a document after it was issued; `amount` is above zero.

    `method` is that of a payment, or of the one that was paid back. `number` is the other document: the one that gave
    or took the worth, the one that an account credit came from, the one whose payment was paid back.
    """

    on: date
    what: What
    amount: Money
    method: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its face and its movements, in their order."""

    issued: Issued
    face: Face
    movements: tuple[Movement, ...]


def by_number(conn: Connection, account_id: int, *, number: str) -> DocumentView:
    """The document of a number; raises `UnknownDocument` where the account has none of it."""
    table = DOCUMENTS.c
    found = conn.scalar(select(table.id).where(table.account_id == account_id, table.number == number))
    if found is None:
        raise UnknownDocument(document=number)
    return by_id(conn, account_id, document=found)


def by_id(conn: Connection, account_id: int, *, document: int) -> DocumentView:
    """The document at a place in the account's list; raises `UnknownDocument`."""
    kept = documents.find(conn, account_id, document=document)
    return DocumentView(kept.issued, kept.face, movements_of(conn, account_id, document=document))


def movements_of(conn: Connection, account_id: int, *, document: int) -> tuple[Movement, ...]:
    """Every movement that touched a document, in their order."""
    rows = conn.execute(_MOVEMENTS, {"account": account_id, "document": document})
    return tuple(_movement_of(row) for row in rows)


def _movement_of(row: AnyRow) -> Movement:
    gives: dict[str, What] = {"cash": "payment", "customer_credit": "from_credit", "receivable": "from_document"}
    takes: dict[str, What] = {"cash": "paid_back", "customer_credit": "to_credit", "receivable": "to_document"}
    what = gives[row.other] if row.gives else takes[row.other]
    number = None if what in {"payment", "to_credit"} else row.number
    return Movement(row.on_date, what, Money(row.amount, currency(row.currency)), row.method, number)


_MOVEMENTS = text("""
    WITH moved AS (
        SELECT id, on_date, amount, currency, true AS gives, debit AS other, debit_of AS other_of
        FROM transfers
        WHERE account_id = :account AND credit = 'receivable' AND credit_of = :document
        UNION ALL
        SELECT id, on_date, amount, currency, false, credit, credit_of
        FROM transfers
        WHERE account_id = :account AND debit = 'receivable' AND debit_of = :document
    )
    SELECT moved.*, payment.method, document.number
    FROM moved
    LEFT JOIN payments AS payment
      ON payment.account_id = :account AND moved.other = 'cash' AND payment.id = moved.other_of
    LEFT JOIN credit_lots AS lot
      ON lot.account_id = :account AND moved.other = 'customer_credit' AND lot.id = moved.other_of
    LEFT JOIN documents AS document
      ON document.account_id = :account AND document.id = CASE moved.other
         WHEN 'receivable' THEN moved.other_of WHEN 'cash' THEN payment.document_id ELSE lot.document_id END
    WHERE moved.other NOT IN ('sales', 'tax')
    ORDER BY moved.id
""")
