"""Lines into a document: its order, its tax, its kind and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from prorata.core.billing.lines import Drafted
from prorata.core.documents.model import Document, Line, LineRef, Standing
from prorata.core.history import Charge, History
from prorata.core.money import total, zero
from prorata.core.subscriptions.model import Subscription
from prorata.core.tax.groups import tax_lines


def draft(
    history: History, parts: Sequence[tuple[Subscription, Drafted]], *, today: date
) -> tuple[Document, tuple[Charge, ...]]:
    """Make one document of the drafted lines of one billing profile, and the charges as it leaves them.

    Lines stand by subscription, credits before charges, by date. It is an invoice if it comes to zero or more, else a
    credit note. Due at once where a saved method pays, else after the longest payment terms among its subscriptions.
    """
    of = history.account.currency
    corrected = _corrected_documents(history, parts)
    taxed = tax_lines([line for _, part in parts for line in part.lines], corrected, currency=of)
    net = total((line.amount for line in taxed.lines), of)
    tax = total((group.tax for group in taxed.groups), of)
    due_in = 0 if history.mode == "automatic" else max(s.terms.payment_terms for s, _ in parts)
    is_invoice = (net + tax).minor >= 0
    document = Document(
        id=history.next.document,
        profile=parts[0][0].profile,
        kind="invoice" if is_invoice else "credit_note",
        date=today,
        due=today + timedelta(days=due_in) if is_invoice else None,
        lines=taxed.lines,
        taxes=taxed.groups,
        net=net,
        tax=tax,
        total=net + tax,
        final=any(line.cause.why == "ending" for line in taxed.lines) or any(s.state != "active" for s, _ in parts),
    )
    return document, (*_with_tax(corrected, document), *_new_charges(document))


def _corrected_documents(history: History, parts: Sequence[tuple[Subscription, Drafted]]) -> tuple[Charge, ...]:
    """All charges of the documents that are corrected, with the credits of this one already taken."""
    changed = {charge.ref: charge for _, part in parts for charge in part.charges}
    documents = {ref.document for ref in changed}
    return tuple(changed.get(c.ref, c) for c in history.charges if c.ref.document in documents)


def _with_tax(charges: Sequence[Charge], document: Document) -> tuple[Charge, ...]:
    """Note on each corrected charge the tax that this document gives back."""
    given: dict[LineRef, int] = {}
    for line in document.lines:
        if line.corrects and line.tax:
            given[line.corrects] = given.get(line.corrects, 0) - line.tax.minor
    return tuple(
        replace(c, tax_credited=replace(c.tax_credited, minor=c.tax_credited.minor + given.get(c.ref, 0)))
        for c in charges
    )


def _new_charges(document: Document) -> tuple[Charge, ...]:
    lines = enumerate(document.lines, start=1)
    return tuple(_charge(LineRef(document.id, place), line) for place, line in lines if line.kind != "credit")


def _charge(ref: LineRef, line: Line) -> Charge:
    nothing = zero(line.amount.currency)
    return Charge(
        ref=ref,
        subscription=line.subscription,
        period=line.period,
        licences=line.licences,
        price=line.price,
        price_version=line.price_version,
        of_days=line.of_days,
        amount=line.amount,
        tax_rate=line.tax_rate,
        tax=line.tax or nothing,
        taken=(),
        credited=nothing,
        tax_credited=nothing,
    )


def standing_of(document: Document) -> Standing:
    """What has become of a document that was just issued: nothing yet, all of it is left."""
    nothing = zero(document.total.currency)
    corrects = sorted({line.corrects.document for line in document.lines if line.corrects})
    return Standing(document.id, document.profile, document.due, nothing, nothing, nothing, corrects=tuple(corrects))
