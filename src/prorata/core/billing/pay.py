"""Paying what is open."""

from __future__ import annotations

from prorata.core.books import Books
from prorata.core.errors import DomainError
from prorata.core.events import Pay
from prorata.core.money import Money, total


class UnknownDocument(DomainError):
    """The account has no such document."""

    code = "unknown_document"


class AlreadyPaid(DomainError):
    """Nothing of the document is open."""

    code = "already_paid"


class Overpaid(DomainError):
    """More than is open, or nothing at all."""

    code = "overpaid"


def payments_for(books: Books, event: Pay) -> tuple[tuple[int, Money], ...]:
    """Divide a payment over documents: one document, or all that is open, oldest due first.

    Raises `UnknownDocument`, `AlreadyPaid`, `Overpaid`. Paying all where nothing is open pays nothing.
    """
    if event.document is None:
        still_open = [(s.document, s.left) for s in books.open_documents()]
    else:
        still_open = [(event.document, _left(books, event.document))]
    if event.amount is None:
        return tuple(still_open)
    owed = total((left for _, left in still_open), books.account.currency)
    if event.amount.minor <= 0 or owed < event.amount:
        raise Overpaid(amount=str(event.amount), open=str(owed), currency=owed.currency.code)
    return _in_turn(still_open, event.amount)


def _left(books: Books, document: int) -> Money:
    if not 1 <= document < books.next_document:
        raise UnknownDocument(document=document)
    standing = books.standings.get(document)
    if standing is None or standing.left.minor <= 0:
        raise AlreadyPaid(document=document)
    return standing.left


def _in_turn(still_open: list[tuple[int, Money]], amount: Money) -> tuple[tuple[int, Money], ...]:
    found: list[tuple[int, Money]] = []
    for document, left in still_open:
        part = min(left, amount)
        if part:
            found.append((document, part))
        amount -= part
    return tuple(found)
