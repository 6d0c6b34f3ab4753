"""The ledger: transfers, and the payments and credit lots that it keeps balances of."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table, text

from prorata.store.tables.columns import (
    METADATA,
    account_key,
    amount,
    belongs_to,
    check,
    currency_code,
    day,
    one_of,
    words,
)

_NAMES: Final = ("receivable", "cash", "customer_credit", "sales", "tax")
_WITHOUT_OF: Final = "('sales', 'tax')"


def _id(name: str = "id") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


TRANSFERS: Final = Table(
    "transfers",
    METADATA,
    account_key(),
    _id(),
    day("on_date"),
    words("debit"),
    Column("debit_of", Integer),
    words("credit"),
    Column("credit_of", Integer),
    amount("amount"),
    currency_code(),
    Column("document_id", Integer),
    Column("line", Integer),
    belongs_to("accounts", key=()),
    belongs_to("documents", "document_id", deferred=True),
    belongs_to("document_lines", "document_id", "line", key=("document_id", "line"), deferred=True),
    one_of("debit", *_NAMES),
    one_of("credit", *_NAMES),
    check("amount", "amount > 0"),
    check("two_accounts", "(debit, debit_of) IS DISTINCT FROM (credit, credit_of)"),
    check("debit_of", f"(debit IN {_WITHOUT_OF}) = (debit_of IS NULL)"),
    check("credit_of", f"(credit IN {_WITHOUT_OF}) = (credit_of IS NULL)"),
    check("line", "line IS NULL OR document_id IS NOT NULL"),
    Index("transfers_document_idx", "account_id", "document_id"),
    Index("transfers_debit_idx", "account_id", "debit", "debit_of"),
    Index("transfers_credit_idx", "account_id", "credit", "credit_of"),
)
"""`debit_of` and `credit_of`: the document of a receivable, the payment of cash, the lot of customer credit."""

PAYMENTS: Final = Table(
    "payments",
    METADATA,
    account_key(),
    _id(),
    Column("document_id", Integer, nullable=False),
    day("on_date"),
    words("method"),
    amount("amount"),
    currency_code(),
    belongs_to("documents", "document_id", deferred=True),
    check("amount", "amount > 0"),
    Index("payments_document_idx", "account_id", "document_id"),
)

PAYMENT_BALANCES: Final = Table(
    "payment_balances",
    METADATA,
    account_key(),
    _id("payment_id"),
    amount("amount"),
    amount("left"),
    belongs_to("payments", "payment_id"),
    check("left", '"left" BETWEEN 0 AND amount'),
    Index("payment_balances_left_idx", "account_id", "payment_id", postgresql_where=text('"left" > 0')),
)
"""What of a payment was not given back."""

CREDIT_LOTS: Final = Table(
    "credit_lots",
    METADATA,
    account_key(),
    _id(),
    words("origin"),
    Column("document_id", Integer),
    day("on_date"),
    amount("amount"),
    currency_code(),
    belongs_to("accounts", key=()),
    belongs_to("documents", "document_id", deferred=True),
    one_of("origin", "paid", "goodwill"),
    check("amount", "amount > 0"),
)

LOT_BALANCES: Final = Table(
    "lot_balances",
    METADATA,
    account_key(),
    _id("lot_id"),
    amount("amount"),
    amount("left"),
    belongs_to("credit_lots", "lot_id"),
    check("left", '"left" BETWEEN 0 AND amount'),
    Index("lot_balances_left_idx", "account_id", "lot_id", postgresql_where=text('"left" > 0')),
)
"""What of account credit is unused."""
