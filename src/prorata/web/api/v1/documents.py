"""The account's documents: as a list, and each with its lines, its tax and how every amount was made."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from prorata.core.documents.model import Document, DocumentKind, Line, LineKind, Statement, TaxGroup, Why
from prorata.store.snapshots import Face
from prorata.usecases.pages.bills import BillState
from prorata.usecases.pages.listed import DocumentEntry, DocumentRead, document_list, document_read
from prorata.web.api.v1.amounts import Amount, Answer, Price, amount_or_none, exact
from prorata.web.api.v1.asking import ListQuery, NoQuery, Reader, Text, cursor_of, refusals
from prorata.web.api.v1.proofs import Proof, TaxProof, proof_of, tax_proof_of

ROUTER = APIRouter(tags=["documents"])


class DocumentListQuery(ListQuery):
    """Which part of the list of documents."""

    open: bool = Field(default=False, description="Only those on which something is still to be paid.")


class DocumentHead(Answer):
    """A document and what has become of it: credit_used + paid + left = total."""

    number: str = Field(examples=["2026-000001"])
    kind: DocumentKind
    state: BillState
    issued_on: date
    due_on: date | None = Field(description="Null for credit notes.")
    total: Amount = Field(description="With tax; below zero for credit notes.")
    credit_used: Amount
    paid: Amount
    left: Amount = Field(description="Still to be paid.")
    final: bool = Field(description="Whether it settles a cancellation.")


class DocumentPart(Answer):
    """A part of a list."""

    items: tuple[DocumentHead, ...]
    next: str | None = Field(description="What the next part is asked for with, as `cursor`; null: this was the last.")


class PartyRead(Answer):
    """Who sells or who buys, as on the day of issue."""

    name: str
    address: str = Field(description="In lines.")
    country: str = Field(description="ISO 3166.", examples=["NL"])


class CorrectedLine(Answer):
    """The line that a credit takes back."""

    document: str = Field(description="The number of its document.")
    line: int = Field(description="Its place there, from 1.")


class CauseRead(Answer):
    """Why a line is there."""

    why: Why
    on: date


class LineRead(Answer):
    """Money owed, or given back, for a service period."""

    line: int = Field(description="Its place in the document, from 1.")
    subscription: str = Field(description="By its name.")
    kind: LineKind
    from_date: date = Field(description="The first day that it pays for.")
    to_date: date = Field(description="The first day that it does not pay for.")
    licences: int | None
    price: Price | None = Field(description="For each licence and period.")
    plan: str
    price_version: int
    amount: Amount = Field(description="Without tax.")
    tax_rate: str | None = Field(description="In percent.", examples=["21"])
    tax: Amount | None = Field(description="Its part of the document’s tax.")
    cause: CauseRead
    corrects: CorrectedLine | None
    proof: Proof = Field(description="The figures that its amount is made of.")


class TaxRead(Answer):
    """The tax of one rate on all lines of that rate."""

    rate: str = Field(description="In percent.", examples=["21"])
    base: Amount
    tax: Amount
    proof: TaxProof


class StatementRead(Answer):
    """The face of a final document: what was open before, what it adds or takes, and what becomes of it."""

    open_before: Amount
    this_document: Amount
    from_credit: Amount
    paid_now: Amount
    paid_back: Amount
    to_credit: Amount
    still_to_pay: Amount


class DocumentWhole(DocumentHead):
    """A document with everything that it says."""

    seller: PartyRead
    customer: PartyRead
    purchase_order: str | None
    net: Amount
    tax: Amount
    lines: tuple[LineRead, ...]
    taxes: tuple[TaxRead, ...]
    statement: StatementRead | None = Field(description="Null where it is not final.")


@ROUTER.get("/documents", summary="Every document", responses=refusals())
def list_documents(caller: Reader, query: Annotated[DocumentListQuery, Query()]) -> DocumentPart:
    """Invoices and credit notes, the newest first."""
    found = document_list(caller.services, caller.request, part=query.part, open_only=query.open)
    return DocumentPart(items=tuple(_head(one) for one in found.items), next=cursor_of(found.after))


@ROUTER.get("/documents/{number}", summary="One document", responses=refusals(404))
def read_document(
    caller: Reader,
    number: Annotated[Text, Path(max_length=100, examples=["2026-000001"])],
    _: Annotated[NoQuery, Query()],
) -> DocumentWhole:
    """One document by its number, with its lines, its tax and how each amount was made."""
    return _whole(document_read(caller.services, caller.request, number=number))


def _head(entry: DocumentEntry) -> DocumentHead:
    row = entry.row
    return DocumentHead(
        number=row.number,
        kind=row.kind,
        state=entry.state,
        issued_on=row.date,
        due_on=row.due,
        total=Amount.of(row.total),
        credit_used=Amount.of(row.credit_used),
        paid=Amount.of(row.paid),
        left=Amount.of(row.left),
        final=row.final,
    )


def _whole(read: DocumentRead) -> DocumentWhole:
    issued, face = read.view.issued, read.view.face
    document, standing = issued.document, issued.standing
    seller, customer = _parties(face)
    return DocumentWhole(
        number=issued.number,
        kind=document.kind,
        state=read.state,
        issued_on=document.date,
        due_on=document.due,
        total=Amount.of(document.total),
        credit_used=Amount.of(standing.credit_used),
        paid=Amount.of(standing.paid),
        left=Amount.of(standing.left),
        final=document.final,
        seller=seller,
        customer=customer,
        purchase_order=face.customer.purchase_order,
        net=Amount.of(document.net),
        tax=Amount.of(document.tax),
        lines=_lines(document, read),
        taxes=tuple(_tax(group) for group in document.taxes),
        statement=_statement(document.statement) if document.statement else None,
    )


def _parties(face: Face) -> tuple[PartyRead, PartyRead]:
    seller, customer = face.seller, face.customer
    return (
        PartyRead(name=seller.name, address=seller.address, country=seller.country),
        PartyRead(name=customer.name, address=customer.address, country=customer.country),
    )


def _lines(document: Document, read: DocumentRead) -> tuple[LineRead, ...]:
    return tuple(_line(line, place, read=read) for place, line in enumerate(document.lines, start=1))


def _line(line: Line, place: int, *, read: DocumentRead) -> LineRead:
    ref = line.corrects
    return LineRead(
        line=place,
        subscription=read.called[line.subscription].name,
        kind=line.kind,
        from_date=line.period.start,
        to_date=line.period.end,
        licences=line.licences,
        price=Price.of(line.price) if line.price else None,
        plan=line.item.plan,
        price_version=line.price_version,
        amount=Amount.of(line.amount),
        tax_rate=None if line.tax_rate is None else exact(line.tax_rate),
        tax=amount_or_none(line.tax),
        cause=CauseRead(why=line.cause.why, on=line.cause.on),
        corrects=CorrectedLine(document=read.numbers[ref.document], line=ref.line) if ref else None,
        proof=proof_of(line.proof),
    )


def _tax(group: TaxGroup) -> TaxRead:
    return TaxRead(
        rate=exact(group.rate),
        base=Amount.of(group.base),
        tax=Amount.of(group.tax),
        proof=tax_proof_of(group.proof),
    )


def _statement(statement: Statement) -> StatementRead:
    return StatementRead(
        open_before=Amount.of(statement.open_before),
        this_document=Amount.of(statement.this_document),
        from_credit=Amount.of(statement.from_credit),
        paid_now=Amount.of(statement.paid_now),
        paid_back=Amount.of(statement.paid_back),
        to_credit=Amount.of(statement.to_credit),
        still_to_pay=Amount.of(statement.still_to_pay),
    )
