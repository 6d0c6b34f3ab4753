"""Lines into a document: its order, its tax, its kind and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from prorata.core.billing.discounts import placed
from prorata.core.billing.lines import Drafted
from prorata.core.books import Books
from prorata.core.documents.model import Document, Line, LineRef, Standing
from prorata.core.history import Charge
from prorata.core.money import Money, total, zero
from prorata.core.subscriptions.model import Subscription
from prorata.core.tax.groups import tax_lines


def draft(
    books: Books, parts: Sequence[tuple[Subscription, Drafted]], *, tax_at_most: Money | None = None
) -> tuple[Document, tuple[Charge, ...]]:
    """Make one document of the drafted lines of one billing profile, and the charges it corrects as it leaves them.

    Lines stand by subscription, credits before charges, by date. It is an invoice if it comes to zero or more, else a
    credit note. Due at once where a saved method pays, else after the longest payment terms among its subscriptions.
    `tax_at_most`: so much tax is given back and no more.
    """
    of, today = books.account.currency, books.today
    corrected = _corrected_documents(books, parts)
    drafted = [line for _, part in parts for line in part.lines]
    lines, taxes = tax_lines(
        placed(drafted) if books.discounts else drafted, corrected, currency=of, at_most=tax_at_most
    )
    net = total([line.amount for line in lines], of)
    tax = total([group.tax for group in taxes], of)
    owed = net + tax
    due_in = 0 if books.mode == "automatic" else max(s.terms.payment_terms for s, _ in parts)
    is_invoice = owed.minor >= 0
    document = Document(
        books.next_document,
        parts[0][0].profile,
        "invoice" if is_invoice else "credit_note",
        today,
        today + timedelta(days=due_in) if is_invoice else None,
        lines,
        taxes,
        net,
        tax,
        owed,
        _is_final(parts),
    )
    return document, _with_tax(corrected, document)


def _is_final(parts: Sequence[tuple[Subscription, Drafted]]) -> bool:
    """Whether a document settles an end; what is given back by hand settles nothing."""
    for s, part in parts:
        for line in part.lines:
            if line.cause.why == "ending" or not (s.is_running or line.cause.why in {"goodwill", "refund"}):
                return True
    return False


def _corrected_documents(books: Books, parts: Sequence[tuple[Subscription, Drafted]]) -> tuple[Charge, ...]:
    """All charges of the documents that are corrected, with the credits of this one already taken."""
    changed = {charge.ref: charge for _, part in parts for charge in part.charges}
    if not changed:
        return ()
    documents = {ref.document for ref in changed}
    return tuple(changed.get(c.ref, c) for c in books.charges if c.ref.document in documents)


def _with_tax(charges: Sequence[Charge], document: Document) -> tuple[Charge, ...]:
    """Note on each corrected charge the tax that this document gives back."""
    if not charges:
        return ()
    given: dict[LineRef, int] = {}
    for line in document.lines:
        if line.corrects and line.tax:
            given[line.corrects] = given.get(line.corrects, 0) - line.tax.minor
    return tuple(
        replace(c, tax_credited=replace(c.tax_credited, minor=c.tax_credited.minor + given.get(c.ref, 0)))
        for c in charges
    )


def new_charges(document: Document) -> list[Charge]:
    """The charged lines of a document that was just issued: nothing is taken back of them yet."""
    lines = enumerate(document.lines, start=1)
    return [_charge(LineRef(document.id, place), line) for place, line in lines if line.is_charge]


def _charge(ref: LineRef, line: Line) -> Charge:
    nothing = zero(line.amount.currency)
    return Charge(
        ref,
        line.subscription,
        line.item,
        line.period,
        seats_of(line),
        line.price,
        line.days or 0,
        line.of_days or 0,
        line.amount,
        line.tax_rate,
        line.tax or nothing,
        (),
        nothing,
        nothing,
        nothing,
        LineRef(ref.document, line.reduces) if line.reduces else None,
        line.discount,
        line.exact,
    )


def seats_of(line: Line) -> int:
    """How many a line charges on each of its days: its licences, 1 of what is flat, none of what has no days."""
    if line.licences is not None:
        return line.licences
    return 1 if line.days else 0


def standing_of(document: Document) -> Standing:
    """What has become of a document that was just issued: nothing yet, all of it is left."""
    nothing = zero(document.total.currency)
    corrects = {line.corrects.document for line in document.lines if line.corrects}
    owing = {line.subscription for line in document.lines} if document.total.minor > 0 else ()
    return Standing(
        document.id,
        document.profile,
        document.due,
        nothing,
        nothing,
        document.total,
        tuple(sorted(corrects)) if corrects else (),
        tuple(sorted(owing)),
    )
