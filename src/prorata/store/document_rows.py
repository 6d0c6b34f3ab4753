"""A core `Document` as rows of its tables, and back; charges and transfers likewise."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from prorata.core.calendar import Period
from prorata.core.catalog.plans import Item
from prorata.core.documents.model import Cause, Document, Line, LineRef, Standing, TaxGroup
from prorata.core.history import Charge, Taken
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import Currency, Money, UnitPrice, currency
from prorata.store import codec
from prorata.store.rows import Any, AnyRow, decimal_of, fraction_of


def line_rows(document: Document) -> list[dict[str, Any]]:
    """The lines of a document, in their order, from 1."""
    return [
        {"document_id": document.id, "line": place, **_line_row(line)}
        for place, line in enumerate(document.lines, start=1)
    ]


def _line_row(line: Line) -> dict[str, Any]:
    item = line.item
    return {
        "subscription_id": line.subscription,
        "kind": line.kind,
        "from_date": line.period.start,
        "to_date": line.period.end,
        "licences": line.licences,
        "price": line.price.amount if line.price is not None else None,
        "plan": item.plan,
        "price_version": item.version,
        "phase": item.phase,
        "step": item.step,
        "flat": item.flat,
        "days": line.days,
        "of_days": line.of_days,
        "exact_from": line.exact.start if line.exact else None,
        "exact_to": line.exact.end if line.exact else None,
        "amount": line.amount.minor,
        "tax_rate": decimal_of(line.tax_rate),
        "tax": line.tax.minor if line.tax is not None else None,
        "proof": codec.PROOF.text(line.proof),
        "cause": line.cause.why,
        "cause_on": line.cause.on,
        "cause_by": line.cause.by,
        "corrects_document": line.corrects.document if line.corrects else None,
        "corrects_line": line.corrects.line if line.corrects else None,
        "refund": line.refund,
        "reduces": line.reduces,
        "discount_id": line.discount,
    }


def tax_rows(document: Document) -> list[dict[str, Any]]:
    """The tax groups of a document, in their order, from 1."""
    return [
        {
            "document_id": document.id,
            "place": place,
            "rate": decimal_of(group.rate),
            "base": group.base.minor,
            "tax": group.tax.minor,
            "proof": codec.TAX_PROOF.text(group.proof),
        }
        for place, group in enumerate(document.taxes, start=1)
    ]


def transfer_row(transfer: Transfer) -> dict[str, Any]:
    """A transfer; its line, where it has one, is of its own document."""
    if transfer.line and transfer.line.document != transfer.document:
        raise ValueError(transfer)
    return {
        "id": transfer.id,
        "on_date": transfer.on,
        "debit": transfer.debit.name,
        "debit_of": transfer.debit.of,
        "credit": transfer.credit.name,
        "credit_of": transfer.credit.of,
        "amount": transfer.amount.minor,
        "currency": transfer.amount.currency.code,
        "document_id": transfer.document,
        "line": transfer.line.line if transfer.line else None,
    }


def document_of(row: AnyRow, *, lines: Iterable[AnyRow], taxes: Iterable[AnyRow]) -> Document:
    """The document of a row, with its lines and taxes in their order."""
    of = currency(row.currency)
    return Document(
        id=row.id,
        profile=row.profile_id,
        kind=row.kind,
        date=row.issued_on,
        due=row.due_on,
        lines=tuple(line_of(line, of) for line in lines),
        taxes=tuple(_tax_of(group, of) for group in taxes),
        net=Money(row.net, of),
        tax=Money(row.tax, of),
        total=Money(row.total, of),
        final=row.final,
        statement=codec.STATEMENT.read(row.statement) if row.statement is not None else None,
    )


def line_of(row: AnyRow, of: Currency) -> Line:
    """A row of `document_lines`; its document is in the currency `of`."""
    return Line(
        subscription=row.subscription_id,
        kind=row.kind,
        period=Period(row.from_date, row.to_date),
        licences=row.licences,
        price=_price_of(row, of),
        item=_item_of(row),
        days=row.days,
        of_days=row.of_days,
        amount=Money(row.amount, of),
        tax_rate=fraction_of(row.tax_rate),
        proof=codec.PROOF.read(row.proof),
        cause=Cause(row.cause, row.cause_on, row.cause_by),
        corrects=LineRef(row.corrects_document, row.corrects_line) if row.corrects_document else None,
        refund=row.refund,
        tax=Money(row.tax, of) if row.tax is not None else None,
        reduces=row.reduces,
        discount=row.discount_id,
        exact=_exact_of(row),
    )


def _exact_of(row: AnyRow) -> Period | None:
    return Period(row.exact_from, row.exact_to) if row.exact_from else None


def _item_of(row: AnyRow) -> Item:
    return Item(row.plan, row.price_version, row.phase, row.step, row.flat)


def _price_of(row: AnyRow, of: Currency) -> UnitPrice | None:
    return None if row.price is None else UnitPrice(row.price, of)


def _tax_of(row: AnyRow, of: Currency) -> TaxGroup:
    return TaxGroup(
        rate=Fraction(row.rate),
        base=Money(row.base, of),
        tax=Money(row.tax, of),
        proof=codec.TAX_PROOF.read(row.proof),
    )


OWING: Final = """
    CASE WHEN standing."left" > 0 AND NOT EXISTS (
        SELECT FROM transfers AS back
        WHERE back.account_id = standing.account_id AND back.debit = 'receivable'
          AND back.debit_of = standing.document_id AND back.credit = 'cash'
    ) THEN ARRAY(
        SELECT DISTINCT line.subscription_id FROM document_lines AS line
        WHERE line.account_id = standing.account_id AND line.document_id = standing.document_id
    ) ELSE '{}' END AS subscriptions"""
"""What a query over `standings AS standing` selects for `standing_of`: whose lines are on what is open, unless money
was given back for it."""


def standing_of(row: AnyRow, *, of: Currency) -> Standing:
    """A row of `standings` joined with its document (`profile_id`, `due_on`, `corrects`, `subscriptions`)."""
    return Standing(
        document=row.document_id,
        profile=row.profile_id,
        due=row.due_on,
        credit_used=Money(row.credit_used, of),
        paid=Money(row.paid, of),
        left=Money(row.left, of),
        corrects=tuple(sorted(row.corrects)),
        subscriptions=tuple(sorted(row.subscriptions)),
    )


def charge_of(row: AnyRow, *, of: Currency, credits_: Iterable[AnyRow]) -> Charge:
    """A charged line with what later lines took back of it, in the order in which they did."""
    taken: list[Taken] = []
    credited = tax_credited = adjusted = 0
    for credit in credits_:
        tax_credited -= credit.tax or 0
        if credit.days is None:
            # What somebody chose to give back goes without seats.
            adjusted -= credit.amount
        else:
            credited -= credit.amount
            licences = 1 if credit.licences is None else credit.licences
            taken.append(Taken(Period(credit.from_date, credit.to_date), licences, credit.days, _exact_of(credit)))
    return Charge(
        ref=LineRef(row.document_id, row.line),
        subscription=row.subscription_id,
        item=_item_of(row),
        period=Period(row.from_date, row.to_date),
        licences=_count(row.licences, row.days),
        price=_price_of(row, of),
        days=row.days or 0,
        of_days=row.of_days or 0,
        amount=Money(row.amount, of),
        tax_rate=fraction_of(row.tax_rate),
        tax=Money(row.tax or 0, of),
        taken=tuple(taken),
        credited=Money(credited, of),
        tax_credited=Money(tax_credited, of),
        adjusted=Money(adjusted, of),
        reduces=LineRef(row.document_id, row.reduces) if row.reduces else None,
        discount=row.discount_id,
        exact=_exact_of(row),
    )


def _count(licences: int | None, days: int | None) -> int:
    """How many a line counts on each of its days: what is flat is one, what has no days none."""
    if licences is not None:
        return licences
    return 1 if days else 0
