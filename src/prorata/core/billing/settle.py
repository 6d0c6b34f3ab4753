"""Settling: what becomes of a document when it is issued, and of money when it comes in.

An invoice takes account credit, then is paid by the saved method where there is one. What a credit note is worth goes,
in this order: to the open part of the documents it corrects; to other open documents of the profile, oldest due first;
back to the methods that paid the corrected documents, newest payment first, never more than was received and not yet
returned; the rest to account credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prorata.core.billing.post import post, post_lot, post_payment
from prorata.core.books import Books
from prorata.core.credits.model import CreditLot
from prorata.core.documents.model import Document, Standing
from prorata.core.history import History
from prorata.core.ledger.transfers import cash, customer_credit, receivable
from prorata.core.money import Money, total, zero
from prorata.core.payments.model import Payment


def settle(books: Books, document: Document) -> None:
    """Settle a document that was just issued."""
    use_credit(books)
    if document.kind == "credit_note":
        _settle_credit_note(books, document)
        use_credit(books)
        return
    left = books.standings[document.id].left
    if books.mode == "automatic" and left.minor > 0:
        receive(books, document.id, amount=left, method="saved")


def receive(books: Books, document: int, *, amount: Money, method: str) -> None:
    """Take in money for a document."""
    payment = Payment(books.next_payment, document, books.today, method, amount, amount)
    books.received.append(payment)
    books.payments[payment.id] = payment
    post_payment(books, payment)


def use_credit(books: Books) -> None:
    """Let account credit pay open documents, oldest due first; what was a gift is used before what was money."""
    credit = [lot for lot in books.lots.values() if lot.left.minor > 0]
    if not credit:
        return
    credit.sort(key=lambda lot: (lot.origin != "goodwill", lot.id), reverse=True)
    for standing in books.open_documents():
        while credit and books.standings[standing.document].left.minor > 0:
            _use_lot(books, credit[-1].id, document=standing.document)
            if not books.lots[credit[-1].id].left:
                credit.pop()


def _use_lot(books: Books, lot: int, *, document: int) -> None:
    amount = min(books.lots[lot].left, books.standings[document].left)
    post(books, customer_credit(lot), credit=receivable(document), amount=amount, document=document)


def _settle_credit_note(books: Books, note: Document) -> None:
    corrected = {line.corrects.document for line in note.lines if line.corrects}
    still_open = books.open_documents()
    own = [s for s in still_open if s.document in corrected]
    others = [s for s in still_open if s.document not in corrected and s.profile == note.profile]
    for standing in (*own, *others):
        amount = min(_worth(books, note), standing.left)
        post(books, receivable(note.id), credit=receivable(standing.document), amount=amount, document=note.id)
    _pay_back(books, note, corrected=corrected)
    _to_account_credit(books, note)


def _worth(books: Books, note: Document) -> Money:
    """What of a credit note is not settled yet, as a positive amount."""
    return -books.standings[note.id].left


def _pay_back(books: Books, note: Document, *, corrected: Iterable[int]) -> None:
    """Pay back to the methods, at most what the lines with that policy are worth."""
    nothing = zero(note.total.currency)
    to_method = (line for line in note.lines if line.refund == "to_method")
    allowed = -total((line.amount + (line.tax or nothing) for line in to_method), note.total.currency)
    sources = _came_from(books.standings, corrected)
    payments = [p for p in books.payments.values() if p.document in sources and p.left.minor > 0]
    for payment in sorted(payments, key=lambda p: p.id, reverse=True):
        amount = min(allowed, _worth(books, note), payment.left)
        post(books, receivable(note.id), credit=cash(payment.id), amount=amount, document=note.id)
        allowed -= amount


def behind(history: History, documents: Iterable[int]) -> frozenset[int]:
    """The documents themselves and those whose lines they took back, and so on: where their money came from."""
    return _came_from({s.document: s for s in history.standings}, documents)


def _came_from(standings: Mapping[int, Standing], documents: Iterable[int]) -> frozenset[int]:
    found: set[int] = set()
    todo = list(documents)
    while todo:
        document = todo.pop()
        if document not in found:
            found.add(document)
            if document in standings:
                todo.extend(standings[document].corrects)
    return frozenset(found)


def _to_account_credit(books: Books, note: Document) -> None:
    amount = _worth(books, note)
    if not amount:
        return
    lot = CreditLot(books.next_lot, "paid", note.id, books.today, amount, left=amount)
    books.credited.append(lot)
    books.lots[lot.id] = lot
    post_lot(books, lot, document=note.id)
