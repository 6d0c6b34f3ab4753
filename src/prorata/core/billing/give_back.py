"""Given back by hand: goodwill to the account or on a line, and money that was paid.

Source of the rules: the contract of stories. Goodwill on a line is a credit note of that instant; it pays what is open
and stays account credit. A refund gives money back and leaves the document open, or lowers what was charged as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from prorata.core.billing.draft import draft
from prorata.core.billing.issue import issue
from prorata.core.billing.lines import Drafted
from prorata.core.billing.pay import UnknownDocument
from prorata.core.billing.post import post, post_goodwill
from prorata.core.billing.settle import use_credit
from prorata.core.books import Books
from prorata.core.credits.model import CreditLot
from prorata.core.documents.model import Cause, Document, Line, LineRef, Why
from prorata.core.errors import DomainError
from prorata.core.events import GiveBack, GiveCredit
from prorata.core.history import Charge
from prorata.core.ledger.transfers import cash, receivable
from prorata.core.money import Money, half_up_ratio, total
from prorata.core.payments.model import Payment
from prorata.core.proof import GivenProof, prove


class UnknownLine(DomainError):
    """The document has no such line that charges something."""

    code = "unknown_line"


class MoreThanLeft(DomainError):
    """More would be given back than is left of the line, or of the document."""

    code = "more_than_left"


class MoreThanReceived(DomainError):
    """More would be paid back than was received for the document and not yet returned."""

    code = "more_than_received"


class NothingToGive(DomainError):
    """An amount of zero or less gives nothing back."""

    code = "nothing_to_give"


def give_credit(books: Books, event: GiveCredit) -> None:
    """Give goodwill. Raises `NothingToGive`, `UnknownLine`, `MoreThanLeft`."""
    if event.amount.minor <= 0:
        raise NothingToGive(amount=str(event.amount))
    if event.document is None:
        _to_the_account(books, event.amount)
        return
    charge = _charge(books, LineRef(event.document, event.line or 1))
    left = _left(books, charge)
    if left < event.amount:
        raise MoreThanLeft(amount=str(event.amount), left=str(left), currency=left.currency.code)
    line, after = _given(books, charge, amount=event.amount, cause=("goodwill", event))
    _issue_note(books, [(line, after)])


def _to_the_account(books: Books, amount: Money) -> None:
    lot = CreditLot(books.next_lot, "goodwill", None, books.today, amount, left=amount)
    books.credited.append(lot)
    books.lots[lot.id] = lot
    post_goodwill(books, lot)
    use_credit(books)


def give_back(books: Books, event: GiveBack) -> None:
    """Give back money that was paid for a document, the newest payment first.

    Raises `UnknownDocument`, `NothingToGive`, `MoreThanReceived`, and with `adjust` `MoreThanLeft`.
    """
    if not 1 <= event.document < books.next_document:
        raise UnknownDocument(document=event.document)
    payments = [p for p in books.payments.values() if p.document == event.document and p.left.minor > 0]
    received = total((payment.left for payment in payments), books.account.currency)
    amount = event.amount or received
    if amount.minor < 0 or (event.amount is not None and not amount):
        raise NothingToGive(amount=str(amount))
    if received < amount or not received:
        raise MoreThanReceived(amount=str(amount), received=str(received), currency=received.currency.code)
    payments.sort(key=lambda payment: payment.id, reverse=True)
    if event.adjust:
        _lower(books, event, amount=amount, payments=payments)
    else:
        _pay_out(books, event.document, amount=amount, payments=payments)
        books.standings[event.document] = books.standings[event.document].not_to_be_asked_for()
        use_credit(books)


def _pay_out(books: Books, document: int, *, amount: Money, payments: Sequence[Payment]) -> None:
    for payment in payments:
        part = min(amount, payment.left)
        post(books, receivable(document), credit=cash(payment.id), amount=part, document=document)
        amount -= part


def _lower(books: Books, event: GiveBack, *, amount: Money, payments: Sequence[Payment]) -> None:
    """A credit note takes the amount, tax included, from the lines, first to last; it is paid back."""
    mine = [c for c in books.charges if c.ref.document == event.document and c.reduces is None and not c.is_gone]
    gross = total((_gross_left(books, charge) for charge in mine), amount.currency)
    if gross < amount:
        raise MoreThanLeft(amount=str(amount), left=str(gross), currency=gross.currency.code)
    given: list[tuple[Line, Charge]] = []
    tax = left = amount
    for charge in mine:
        whole = _gross_left(books, charge)
        part = min(left, whole)
        if part.minor > 0:
            net = _left(books, charge) if part == whole else _net(charge, part, most=_left(books, charge))
            given.append(_given(books, charge, amount=net, cause=("refund", event)))
            left -= part
            tax -= net
    _issue_note(books, given, tax_at_most=tax, payments=payments)


def _left(books: Books, charge: Charge) -> Money:
    """What is left of a charge less its discounts."""
    return total((one.left for one in _with_discounts(books, charge)), charge.amount.currency)


def _gross_left(books: Books, charge: Charge) -> Money:
    parts = (one.left + one.tax - one.tax_credited for one in _with_discounts(books, charge))
    return total(parts, charge.amount.currency)


def _with_discounts(books: Books, charge: Charge) -> list[Charge]:
    return [charge, *(one for one in books.charges if one.reduces == charge.ref)]


def _net(charge: Charge, gross: Money, *, most: Money) -> Money:
    """The net part of a gross amount, at most what is left: the rest is at least as much as its tax."""
    if charge.tax_rate is None:
        return gross
    rate = charge.tax_rate
    net = half_up_ratio(100 * rate.denominator * gross.minor, 100 * rate.denominator + rate.numerator)
    while net + half_up_ratio(net * rate.numerator, 100 * rate.denominator) < gross.minor:
        net += 1
    return replace(gross, minor=min(net, most.minor))


def _charge(books: Books, ref: LineRef) -> Charge:
    if not 1 <= ref.document < books.next_document:
        raise UnknownDocument(document=ref.document)
    found = [charge for charge in books.charges if charge.ref == ref and charge.reduces is None]
    if not found:
        raise UnknownLine(document=ref.document, line=ref.line)
    return found[0]


def _given(
    books: Books, charge: Charge, *, amount: Money, cause: tuple[Why, GiveCredit | GiveBack]
) -> tuple[Line, Charge]:
    why, event = cause
    proof = GivenProof(amount, _left(books, charge))
    line = Line(
        subscription=charge.subscription,
        kind="credit",
        period=charge.period,
        licences=None,
        price=None,
        item=charge.item,
        days=None,
        of_days=None,
        amount=prove(proof),
        tax_rate=charge.tax_rate,
        proof=proof,
        cause=Cause(why, books.today, event.by),
        corrects=charge.ref,
        refund="credit" if why == "goodwill" else "to_method",
    )
    return line, replace(charge, adjusted=charge.adjusted + amount)


def _issue_note(
    books: Books,
    given: Sequence[tuple[Line, Charge]],
    *,
    tax_at_most: Money | None = None,
    payments: Sequence[Payment] = (),
) -> None:
    parts = [(books.subscriptions[line.subscription], Drafted((line,), (charge,))) for line, charge in given]
    note, corrected = draft(books, parts, tax_at_most=tax_at_most)
    books.put_charges(corrected)
    if not payments:
        issue(books, note)
        return

    def paid_back(books: Books, note: Document) -> None:
        _pay_out(books, note.id, amount=-note.total, payments=payments)

    issue(books, note, then=paid_back)
