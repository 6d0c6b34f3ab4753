"""Payments and credit lots as rows, and back."""

from __future__ import annotations

from prorata.core.credits.model import CreditLot
from prorata.core.money import Currency, Money
from prorata.core.payments.model import Payment
from prorata.store.rows import Any, AnyRow


def payment_row(payment: Payment) -> dict[str, Any]:
    """What of a payment never changes."""
    return {
        "id": payment.id,
        "document_id": payment.document,
        "on_date": payment.on,
        "method": payment.method,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency.code,
    }


def payment_of(row: AnyRow, of: Currency) -> Payment:
    """A row of `payments` joined with its balance."""
    return Payment(row.id, row.document_id, row.on_date, row.method, Money(row.amount, of), Money(row.left, of))


def lot_row(lot: CreditLot) -> dict[str, Any]:
    """What of a credit lot never changes."""
    return {
        "id": lot.id,
        "origin": lot.origin,
        "document_id": lot.document,
        "on_date": lot.on,
        "amount": lot.amount.minor,
        "currency": lot.amount.currency.code,
    }


def lot_of(row: AnyRow, of: Currency) -> CreditLot:
    """A row of `credit_lots` joined with its balance."""
    return CreditLot(row.id, row.origin, row.document_id, row.on_date, Money(row.amount, of), Money(row.left, of))
