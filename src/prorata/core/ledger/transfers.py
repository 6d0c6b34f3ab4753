"""A transfer moves an amount above zero from one ledger account to another: balanced by its form.

`receivable` is kept by document, `cash` by payment, `customer_credit` by credit lot, so that what is left of each is a
balance and nothing else. `sales` is revenue, earned and deferred together, less credits.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, Literal

from prorata.core.documents.model import LineRef
from prorata.core.money import Money
from prorata.core.records import record

LedgerName = Literal["receivable", "cash", "customer_credit", "sales", "tax"]
LEDGER: tuple[LedgerName, ...] = ("receivable", "cash", "customer_credit", "sales", "tax")


@record
class LedgerAccount:
    """A ledger account; `of` is the document, payment or lot that it is kept for, None for `sales` and `tax`."""

    name: LedgerName
    of: int | None = None


@record
class Transfer:
    """`amount` (above zero) is added to the `debit` account and taken from the `credit` account on a day.

    `document` (and `line`) name what it was made for.
    """

    id: int
    on: date
    debit: LedgerAccount
    credit: LedgerAccount
    amount: Money
    document: int | None = None
    line: LineRef | None = None


SALES = LedgerAccount("sales")
TAX = LedgerAccount("tax")

# Accounts count their documents and payments from 1: a run names the same few again and again.
_AT_HAND: Final = 4096


@lru_cache(_AT_HAND)
def receivable(document: int) -> LedgerAccount:
    """What a document leaves open."""
    return LedgerAccount("receivable", document)


@lru_cache(_AT_HAND)
def cash(payment: int) -> LedgerAccount:
    """What was received with a payment and not yet returned."""
    return LedgerAccount("cash", payment)


@lru_cache(_AT_HAND)
def customer_credit(lot: int) -> LedgerAccount:
    """What we owe the customer out of one credit lot."""
    return LedgerAccount("customer_credit", lot)
