"""Payments with the documents that they paid, as those stand now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from prorata.core.money import Money, currency
from prorata.store.rows import AnyRow


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that was received for a document; `left` is what is still open of that document now."""

    id: int
    number: str
    on: date
    method: str
    amount: Money
    left: Money


def payments(conn: Connection, account_id: int, *, ids: Collection[int]) -> tuple[PaymentRow, ...]:
    """The payments of these ids that the account has, in their order."""
    rows = conn.execute(_PAYMENTS, {"account": account_id, "ids": sorted(ids)})
    return tuple(_payment_of(row) for row in rows)


def _payment_of(row: AnyRow) -> PaymentRow:
    of = currency(row.currency)
    return PaymentRow(row.id, row.number, row.on_date, row.method, Money(row.amount, of), Money(row.open, of))


_PAYMENTS = text("""
    SELECT payment.id, payment.on_date, payment.method, payment.amount, payment.currency, document.number,
           standing."left" AS open
    FROM payments AS payment
    JOIN documents AS document ON document.account_id = :account AND document.id = payment.document_id
    JOIN standings AS standing ON standing.account_id = :account AND standing.document_id = payment.document_id
    WHERE payment.account_id = :account AND payment.id = ANY(CAST(:ids AS integer[]))
    ORDER BY payment.id
""")


def returnable(conn: Connection, account_id: int) -> frozenset[int]:
    """The documents for which money was received that was not all given back."""
    return frozenset(conn.scalars(_RETURNABLE, {"account": account_id}))


_RETURNABLE = text("""
    SELECT DISTINCT payment.document_id
    FROM payment_balances AS balance
    JOIN payments AS payment ON payment.account_id = balance.account_id AND payment.id = balance.payment_id
    WHERE balance.account_id = :account AND balance."left" > 0
""")
