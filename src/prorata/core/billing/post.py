"""Posting transfers: every movement of money goes through here, and all balances follow from it.

What is new begins with its balance (a document's total, a payment, a credit lot); the transfers that bring it about
move only what was there before.
"""

from __future__ import annotations

from prorata.core.books import Books
from prorata.core.credits.model import CreditLot
from prorata.core.documents.model import Document, LineRef, Standing
from prorata.core.ledger.transfers import SALES, TAX, LedgerAccount, Transfer, cash, customer_credit, receivable
from prorata.core.money import Money
from prorata.core.payments.model import Payment


def post(
    books: Books, debit: LedgerAccount, *, credit: LedgerAccount, amount: Money, document: int | None = None
) -> None:
    """Move an amount from the credit account to the debit account. Zero moves nothing; less is a mistake of ours."""
    if amount.minor < 0:
        raise ValueError(amount)
    if not amount.minor:
        return
    books.transfers.append(Transfer(books.next_transfer, books.today, debit, credit, amount, document))
    _move(books, debit, by=amount, other=credit)
    _move(books, credit, by=-amount, other=debit)


def post_document(books: Books, document: Document) -> None:
    """The transfers that issue a document: each line between its receivable and sales, each tax group and tax."""
    owed = receivable(document.id)
    for place, line in enumerate(document.lines, start=1):
        _issue(books, owed, other=SALES, amount=line.amount, line=LineRef(document.id, place))
    for group in document.taxes:
        _issue(books, owed, other=TAX, amount=group.tax)


def post_payment(books: Books, payment: Payment) -> None:
    """The transfer that brings in a payment for its document."""
    account, paid = cash(payment.id), receivable(payment.document)
    books.transfers.append(Transfer(books.next_transfer, books.today, account, paid, payment.amount, payment.document))
    _move(books, paid, by=-payment.amount, other=account)


def post_lot(books: Books, lot: CreditLot, *, document: int) -> None:
    """The transfer that makes a credit lot of what a credit note is worth."""
    worth, account = receivable(document), customer_credit(lot.id)
    books.transfers.append(Transfer(books.next_transfer, books.today, worth, account, lot.amount, document))
    _move(books, worth, by=lot.amount, other=account)


def post_goodwill(books: Books, lot: CreditLot) -> None:
    """The transfer that gives an account credit without a document: it comes off what was sold."""
    books.transfers.append(Transfer(books.next_transfer, books.today, SALES, customer_credit(lot.id), lot.amount))


def _issue(
    books: Books, owed: LedgerAccount, *, other: LedgerAccount, amount: Money, line: LineRef | None = None
) -> None:
    if amount.minor > 0:
        books.transfers.append(Transfer(books.next_transfer, books.today, owed, other, amount, owed.of, line))
    elif amount.minor < 0:
        books.transfers.append(Transfer(books.next_transfer, books.today, other, owed, -amount, owed.of, line))


def _move(books: Books, account: LedgerAccount, *, by: Money, other: LedgerAccount) -> None:
    """Let the balance that a ledger account stands for follow a debit (a credit is negative)."""
    of = account.of
    if of is None:
        return
    if account.name == "receivable":
        books.standings[of] = _stand(books.standings[of], by=by, other=other)
    elif account.name == "cash":
        payment = books.payments[of]
        books.payments[of] = payment.with_left(payment.left + by)
    else:
        lot = books.lots[of]
        books.lots[of] = lot.with_left(lot.left - by)


def _stand(standing: Standing, *, by: Money, other: LedgerAccount) -> Standing:
    """What is left grows with a debit. Cash pays a document; account credit and other documents settle it."""
    paid, credit_used = standing.paid, standing.credit_used
    if other.name == "cash":
        paid -= by
    else:
        credit_used -= by
    return standing.with_balances(credit_used=credit_used, paid=paid, left=standing.left + by)
