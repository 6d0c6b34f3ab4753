"""The ledger against what it stands for: every document posted line by line, every balance the sum of its transfers.

Transfers balance by their form: a debit and a credit of one amount. What can go wrong is that one is too many, missing,
or about something else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from prorata.core.ledger.transfers import LEDGER
from prorata.core.money import Currency
from prorata.store.verifying.finding import Finding, unlike
from prorata.store.verifying.reading import Whole
from prorata.store.verifying.rows import MoneyRow, TransferRow

_NAMES: Final = frozenset(LEDGER)

Key = tuple[str, int | None]


def _count() -> dict[Key, int]:
    return defaultdict(int)


@dataclass(slots=True)
class _Moved:
    """What an account's transfers come to, in minor units.

    `by_other`: what came to a document's receivable (debits positive), by the name of the other account and the
    document. `posted`: what each line brought to its document's. `gained` and `spent`: debits and credits of each
    payment and lot; `first`: what it was first gained by.
    """

    by_other: dict[Key, int] = field(default_factory=_count)
    posted: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    gained: dict[Key, int] = field(default_factory=_count)
    spent: dict[Key, int] = field(default_factory=_count)
    first: dict[Key, TransferRow] = field(default_factory=dict[Key, TransferRow])

    def add(self, transfer: TransferRow) -> bool:
        """Count one transfer; False where the rules make none like it."""
        _, _, _, debit, debit_of, credit, credit_of, amount, _, document, line = transfer
        if debit == "receivable":
            self.by_other[credit, debit_of] += amount
        if credit == "receivable":
            self.by_other[debit, credit_of] -= amount
        if line is not None and document is not None:
            self.posted[document, line] += amount if debit == "receivable" else -amount
            mine, other = (debit_of, credit) if debit == "receivable" else (credit_of, debit)
            return mine == document and other == "sales" and amount > 0
        if debit in _MONEY or credit in _MONEY:
            # Cash grows by a debit; what we owe a customer grows by a credit.
            self.gained[debit, debit_of] += amount
            self.spent[credit, credit_of] += amount
            if debit == "cash":
                self.first.setdefault((debit, debit_of), transfer)
            if credit == "customer_credit":
                self.first.setdefault((credit, credit_of), transfer)
        return amount > 0 and debit in _NAMES and credit in _NAMES


_MONEY: Final = frozenset(("cash", "customer_credit"))
_OF_DOCUMENTS: Final = frozenset(("cash", "tax"))


def check_ledger(whole: Whole) -> Iterator[Finding]:
    """All transfers of an account against its documents, payments and credit."""
    moved = _Moved()
    days = {row.id: row.issued_on for row in whole.documents}
    code = whole.rules.currency.code
    for transfer in whole.transfers:
        is_made, document = moved.add(transfer), transfer.document_id
        if not is_made:
            yield _odd(transfer, "it is none that the rules make")
        elif transfer.currency != code:
            yield _odd(transfer, f"it is in {transfer.currency}, the account is not")
        elif document is None or days.get(document) != transfer.on_date:
            yield from _check_document(transfer, days)
    yield from _check_documents(whole, moved)
    yield from _check_lines(whole, moved)
    for row in whole.payments:
        yield from _check_balance(whole, row, moved, of=("cash", row.id))
    for row in whole.lots:
        yield from _check_balance(whole, row, moved, of=("customer_credit", row.id))


def _check_document(transfer: TransferRow, days: Mapping[int | None, date]) -> Iterator[Finding]:
    """What issues a document is of its day; money comes and goes on any day, but for a document."""
    document, names = transfer.document_id, (transfer.debit, transfer.credit)
    if document is not None and document not in days:
        yield Finding("row_without_owner", f"transfer {transfer.id}", f"there is no document {document}")
    elif transfer.line is None and not _OF_DOCUMENTS.intersection(names):
        return
    elif document is None:
        yield _odd(transfer, "it is for no document")
    elif "cash" not in names:
        yield _odd(transfer, "it is not of the day of its document")


def _odd(transfer: TransferRow, why: str) -> Finding:
    return Finding("odd_transfer", f"transfer {transfer.id}", why)


def _check_documents(whole: Whole, moved: _Moved) -> Iterator[Finding]:
    """What was posted of each document, and what became of it."""
    came = moved.by_other
    for row in whole.documents:
        if row.id is None or row.standing is None:
            continue
        net, tax = came.get(("sales", row.id), 0), came.get(("tax", row.id), 0)
        cash, credit = came.get(("cash", row.id), 0), came.get(("customer_credit", row.id), 0)
        other = came.get(("receivable", row.id), 0)
        left = net + tax + cash + credit + other
        found = (net, tax, -cash, -credit - other, left)
        stored = (row.net, row.tax, row.paid, row.credit_used, row.left)
        if found == stored:
            continue
        for name, is_stored, in_ledger in zip(_STANDING, stored, found, strict=True):
            if in_ledger != is_stored:
                where = f"{row.number} {name}"
                yield _differs(where, is_stored, in_ledger=in_ledger, of=whole.rules.currency)


_STANDING: Final = ("posted net", "posted tax", "paid", "credit used", "left")


def _check_lines(whole: Whole, moved: _Moved) -> Iterator[Finding]:
    """Each line's own transfer; one of nothing has none."""
    posted = moved.posted
    for line in whole.lines:
        in_ledger = posted.pop((line.document_id, line.line), 0)
        if in_ledger != line.amount:
            where = f"document {line.document_id} line {line.line}"
            yield _differs(where, line.amount, in_ledger=in_ledger, of=whole.rules.currency)
    for document, line in posted:
        yield Finding("ledger_differs", f"document {document} line {line}", "it was posted, and is not there")


def _check_balance(whole: Whole, row: MoneyRow, moved: _Moved, *, of: Key) -> Iterator[Finding]:  # noqa: PLR0917 - three
    """How much a payment or a lot was, and what is left of it."""
    is_cash = of[0] == "cash"
    came, went = moved.gained.get(of, 0), moved.spent.get(of, 0)
    if not is_cash:
        came, went = went, came
    first = moved.first.get(of)
    kind = "payment" if is_cash else "credit"
    if row.id is None:
        yield Finding("row_without_owner", f"{kind} {row.balance}", "there is a balance of it, and nothing else")
        return
    currency = whole.rules.currency
    if (row.amount, row.noted, row.left) != (came, came, came - went):
        yield from _unlike_ledger(f"{kind} {row.id}", row, came=came, left=came - went, of=currency)
    if first:
        yield from _check_first(f"{kind} {row.id}", row, first=first)
    if row.currency != currency.code:
        yield Finding("other_currency", f"{kind} {row.id}", f"it is in {row.currency}, the account is not")


def _unlike_ledger(where: str, row: MoneyRow, *, came: int, left: int, of: Currency) -> Iterator[Finding]:
    """What of a payment or a lot, and of its balance, is not what its transfers come to."""
    for name, stored, in_ledger in (("", row.amount, came), (" noted", row.noted, came), (" left", row.left, left)):
        if stored is None:
            yield Finding("ledger_differs", f"{where}{name}", "its balance is not there")
        elif stored != in_ledger:
            yield _differs(f"{where}{name}", stored, in_ledger=in_ledger, of=of)


def _check_first(where: str, row: MoneyRow, *, first: TransferRow) -> Iterator[Finding]:
    """What brought a payment or a lot about: for its document, on its day."""
    other = first.credit_of if first.debit == "cash" else first.debit_of
    if {other, first.document_id} != {row.document_id}:
        yield Finding("ledger_differs", where, f"it is noted for document {row.document_id}, and moved for another")
    if first.on_date != row.on_date:
        yield Finding("ledger_differs", where, f"it is of {row.on_date}, and was moved on {first.on_date}")
    if first.debit == "receivable" and row.origin != "paid":
        yield Finding("origin_differs", where, "a credit note made it of what was paid, and it is noted as a gift")


def _differs(where: str, stored: int, *, in_ledger: int, of: Currency) -> Finding:
    return Finding("ledger_differs", where, unlike(stored, should=in_ledger, of=of))
