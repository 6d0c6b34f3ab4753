"""Issuing: a document is entered in the books, posted and settled; a final one says what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from prorata.core.billing.draft import new_charges, standing_of
from prorata.core.billing.post import post_document
from prorata.core.billing.settle import settle
from prorata.core.books import Books
from prorata.core.documents.model import Document, Statement
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import Money, total, zero


def issue(books: Books, document: Document, *, then: Callable[[Books, Document], None] = settle) -> None:
    """Issue a document: post it, settle it (`then`), and if it is a final one write on it what becomes of it."""
    open_before = _open(books, document) if document.final else None
    before = len(books.transfers)
    books.standings[document.id] = standing_of(document)
    for charge in new_charges(document):
        books.add_charge(charge)
    post_document(books, document)
    then(books, document)
    if open_before is not None:
        mine = [t for t in books.transfers[before:] if t.document == document.id]
        document = replace(document, statement=_statement(books, document, open_before=open_before, transfers=mine))
    books.documents.append(document)


def _open(books: Books, document: Document) -> Money:
    """What is to be paid on all documents of a document's profile."""
    return total((s.left for s in books.open_documents() if s.profile == document.profile), document.total.currency)


def _statement(books: Books, document: Document, *, open_before: Money, transfers: Sequence[Transfer]) -> Statement:
    of = document.total.currency
    is_note = document.kind == "credit_note"
    return Statement(
        open_before=open_before,
        this_document=document.total,
        from_credit=total((t.amount for t in transfers if t.debit.name == "customer_credit"), of),
        paid_now=total((t.amount for t in transfers if t.debit.name == "cash"), of),
        paid_back=-books.standings[document.id].paid if is_note else zero(of),
        to_credit=total((t.amount for t in transfers if t.credit.name == "customer_credit"), of),
        still_to_pay=_open(books, document),
    )
