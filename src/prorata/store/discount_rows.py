"""A core `Discount` as a row, and back."""

from __future__ import annotations

from prorata.core.history import Discount
from prorata.core.money import Currency, Money
from prorata.store.rows import Any, AnyRow, decimal_of, fraction_of


def discount_row(discount: Discount) -> dict[str, Any]:
    """The columns of a discount; ValueError for a percentage that no decimal says."""
    return {
        "id": discount.id,
        "subscription_id": discount.subscription,
        "percent": decimal_of(discount.percent),
        "amount": discount.amount.minor if discount.amount is not None else None,
        "starts_on": discount.start,
        "until": discount.until,
        "at": discount.at,
        "by_side": discount.by,
    }


def discount_of(row: AnyRow, of: Currency) -> Discount:
    """A row of `discounts`; its amount is in the currency `of`."""
    return Discount(
        id=row.id,
        subscription=row.subscription_id,
        percent=fraction_of(row.percent),
        amount=None if row.amount is None else Money(row.amount, of),
        start=row.starts_on,
        until=row.until,
        at=row.at,
        by=row.by_side,
    )
