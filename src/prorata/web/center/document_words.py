"""A document as its reader sees it: its face, what has become of it, how each amount was made, and why it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from prorata.core.calendar import Period
from prorata.core.documents.model import Document, Line, LineRef, Statement
from prorata.core.documents.numbers import Issued
from prorata.core.money import total
from prorata.store.screens.document import DocumentView as StoredView
from prorata.store.screens.document import Movement
from prorata.usecases.pages.bills import BillState
from prorata.usecases.pages.document import DocumentPage
from prorata.web.center import paths
from prorata.web.center.words import Names, amount, licences, price, rate, tax_rows
from prorata.web.documents import Detail, DocumentLine, DocumentView, LineGroup, Party, SumLine, TaxRow
from prorata.web.views import LedgerLine
from prorata.wording import Wording, mark
from prorata.wording.explain import formula, says, why
from prorata.wording.reasons import sentences, summary
from prorata.wording.terms import document_kind_word, document_state_word

METHODS: Mapping[str, str] = MappingProxyType(
    {
        "saved": mark("the saved method"),
        "transfer": mark("bank transfer"),
        "sandbox": mark("the sandbox method"),
    }
)


def method_word(w: Wording, method: str | None) -> str:
    """The word for a method of payment; one that has none is called what it is called."""
    known = METHODS.get(method or "")
    return w.t(known) if known else method or ""


def bill_state_word(w: Wording, state: BillState) -> str:
    """The word for how a document stands: a credit note is called what it is."""
    return document_kind_word(w, state) if state == "credit_note" else document_state_word(w, state)


# ------------------------------------------------------------------------------------------ the face


class OnPaper(Protocol):
    """A document as far as its face, its movements and its amounts need it: that of its page, or of a file."""

    @property
    def view(self) -> StoredView:
        """The document with its movements."""
        ...

    @property
    def corrected(self) -> Mapping[int, Issued]:
        """The documents whose lines it takes back, by their ids."""
        ...

    @property
    def state(self) -> BillState:
        """How it stands."""
        ...

    @property
    def test(self) -> bool:
        """Whether it is of a test account."""
        ...


def paper(w: Wording, page: OnPaper, *, names: Names) -> DocumentView:
    """The document as `ui.document` shows it."""
    issued, face = page.view.issued, page.view.face
    document = issued.document
    label, headline, note = _headline(w, page)
    return DocumentView(
        seller=face.seller.name,
        seller_line=", ".join((face.seller.name, *face.seller.address.splitlines())),
        kind=document_kind_word(w, document.kind),
        number=issued.number,
        headline_label=label,
        headline=headline,
        headline_note=note,
        buyer=Party(label=w.t("To"), name=face.customer.name, lines=tuple(face.customer.address.splitlines())),
        vendor=Party(
            label=w.t("From"),
            name=face.seller.name,
            lines=(*face.seller.address.splitlines(), *face.seller.tax_ids),
        ),
        details=_details(w, document, order=face.customer.purchase_order),
        groups=_groups(w, page, names=names),
        sums=_sums(w, document),
        taxes=tuple(
            TaxRow(rate=rate(w, group.rate), net=amount(w, group.base), tax=amount(w, group.tax))
            for group in document.taxes
        ),
        statement=statement(w, document.statement) if document.statement else (),
        payment=_payment(w, page),
        test_document=page.test,
    )


def _headline(w: Wording, page: OnPaper) -> tuple[str, str, str | None]:
    """What the reader looks for first: what it is called, how much, and what more there is to it."""
    document, standing = page.view.issued.document, page.view.issued.standing
    if document.kind == "credit_note":
        return _credit_headline(w, document)
    used = standing.credit_used
    note = w.t("After {amount} of credit", amount=amount(w, used)) if used.minor > 0 else None
    if standing.left.minor > 0 and standing.due:
        said = mark("Was due on {day}") if page.state == "past_due" else mark("To pay by {day}")
        return w.t(said, day=standing.due), amount(w, standing.left), note
    if standing.paid.minor > 0:
        return w.t("Paid"), amount(w, standing.paid), note
    return w.t("Nothing to pay"), amount(w, standing.left), note


def _credit_headline(w: Wording, document: Document) -> tuple[str, str, str | None]:
    worth = amount(w, -document.total)
    face = document.statement
    if face and face.still_to_pay.minor > 0:
        return w.t("Credit"), worth, w.t("{amount} is still to be paid", amount=amount(w, face.still_to_pay))
    if face and face.paid_back == -document.total:
        return w.t("Paid back"), worth, None
    return w.t("Credit"), worth, None


def _details(w: Wording, document: Document, *, order: str | None) -> tuple[Detail, ...]:
    found = [Detail(label=w.t("Date"), value=w.date(document.date))]
    if document.due:
        found.append(Detail(label=w.t("Due"), value=w.date(document.due)))
    charged = [line.period for line in document.lines if line.kind == "recurring"]
    if charged:
        whole = Period(min(p.start for p in charged), max(p.end for p in charged))
        found.append(Detail(label=w.t("Service period"), value=w.period(whole.start, whole.end)))
    if order:
        found.append(Detail(label=w.t("Your order"), value=order))
    return tuple(found)


def _groups(w: Wording, page: OnPaper, *, names: Names) -> tuple[LineGroup, ...]:
    """Lines by what they are: new charges, what takes back, what changed. One group alone needs no title."""
    places = tuple(enumerate(page.view.issued.document.lines, start=1))
    sorted_lines = {
        w.t("New charges"): [(n, line) for n, line in places if _sort(line) == "new"],
        w.t("Corrections"): [(n, line) for n, line in places if _sort(line) == "correction"],
        w.t("Changes"): [(n, line) for n, line in places if _sort(line) == "change"],
    }
    groups = [(title, found) for title, found in sorted_lines.items() if found]
    return tuple(
        LineGroup(
            title=title if len(groups) > 1 else None,
            lines=tuple(_line(w, line, place=n, page=page, names=names) for n, line in found),
        )
        for title, found in groups
    )


def _sort(line: Line) -> str:
    if line.cause.why == "licences":
        return "change"
    return "correction" if line.kind == "credit" else "new"


def _line(w: Wording, line: Line, *, place: int, page: OnPaper, names: Names) -> DocumentLine:
    takes = line.corrects if line.corrects and line.corrects.document in page.corrected else None
    return DocumentLine(
        name=names.get(line.subscription) or w.t("Licences"),
        why=why(line, w),
        formula=says(line, w),
        quantity="–" if line.licences is None else w.number(line.licences),
        unit_price=price(w, line.price) if line.price else "–",
        amount=amount(w, line.amount),
        corrects=_takes_back(w, takes, page=page) if takes else None,
        corrects_href=f"{paths.bill(page.corrected[takes.document].number)}#line-{takes.line}" if takes else None,
        anchor=f"line-{place}",
    )


def _takes_back(w: Wording, ref: LineRef, *, page: OnPaper) -> str:
    issued = page.corrected[ref.document]
    line = issued.document.lines[ref.line - 1]
    facts = {
        "number": issued.number,
        "period": w.period(line.period.start, line.period.end),
        "amount": amount(w, line.amount),
    }
    if line.licences is None:
        return w.t("Taken from {number}: {period}, {amount}", **facts)
    return w.t("Taken from {number}: {licences}, {period}, {amount}", licences=licences(w, line.licences), **facts)


def _sums(w: Wording, document: Document) -> tuple[SumLine, ...]:
    whole = SumLine(label=w.t("Total"), amount=amount(w, document.total), strong=True)
    if not document.taxes:
        return (whole,)
    taxes = (SumLine(label=row.label, amount=row.amount) for row in tax_rows(w, document))
    return SumLine(label=w.t("Net"), amount=amount(w, document.net)), *taxes, whole


def statement(w: Wording, face: Statement) -> tuple[SumLine, ...]:
    """Open before, what this document adds or takes, and what becomes of it; what is zero by nature is left out."""
    taken = ((mark("From account credit"), face.from_credit), (mark("Paid now"), face.paid_now))
    given = ((mark("Paid back"), face.paid_back), (mark("Kept as account credit"), face.to_credit))
    return (
        SumLine(label=w.t("Open before"), amount=amount(w, face.open_before)),
        SumLine(label=_added(w, face), amount=amount(w, face.this_document)),
        *(SumLine(label=w.t(label), amount=amount(w, -money)) for label, money in taken if money),
        *(SumLine(label=w.t(label), amount=amount(w, money), strong=True) for label, money in given if money),
        SumLine(
            label=w.t("Still to pay"),
            amount=amount(w, face.still_to_pay),
            strong=not (face.paid_back or face.to_credit),
        ),
    )


def _added(w: Wording, face: Statement) -> str:
    return w.t("Credited now") if face.this_document.minor < 0 else w.t("Charged now")


def _payment(w: Wording, page: OnPaper) -> tuple[str, ...]:
    standing = page.view.issued.standing
    if standing.left.minor <= 0 or standing.due is None:
        return ()
    said = (
        mark("Please pay {amount} now, naming {number}. It was due on {day}.")
        if page.state == "past_due"
        else mark("Please pay {amount} by {day}, naming {number}.")
    )
    return (w.t(said, amount=amount(w, standing.left), day=standing.due, number=page.view.issued.number),)


# ------------------------------------------------------------------------------------------ what has become of it


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementRow:
    """A movement in words; `number` is the other document, `href` leads there."""

    day: date
    text: str
    amount: str
    number: str | None = None
    href: str | None = None


_MOVED: Mapping[str, str] = MappingProxyType(
    {
        "payment": mark("Paid by {method}"),
        "from_credit": mark("Paid from account credit"),
        "from_document": mark("Settled by a credit note"),
        "to_document": mark("Settles another bill"),
        "paid_back": mark("Paid back to {method}"),
        "to_credit": mark("Kept as account credit"),
    }
)


def movements(w: Wording, page: OnPaper) -> tuple[MovementRow, ...]:
    """The document's own total, then each movement with the sign that it has for what is open."""
    document = page.view.issued.document
    first = MovementRow(day=document.date, text=w.t("Issued"), amount=amount(w, document.total))
    sign = -1 if document.kind == "invoice" else 1
    return first, *(_movement(w, movement, sign=sign) for movement in page.view.movements)


def _movement(w: Wording, movement: Movement, *, sign: int) -> MovementRow:
    return MovementRow(
        day=movement.on,
        text=w.t(_MOVED[movement.what], method=method_word(w, movement.method)),
        amount=amount(w, -movement.amount if sign < 0 else movement.amount),
        number=movement.number,
        href=paths.bill(movement.number) if movement.number else None,
    )


# ------------------------------------------------------------------------------------------ how and why


def arithmetic(w: Wording, page: OnPaper, *, names: Names) -> tuple[LedgerLine, ...]:
    """How each amount was made: why the line is there, its formula, its amount; then each tax."""
    document = page.view.issued.document
    several = len({line.subscription for line in document.lines}) > 1
    rows = (
        LedgerLine(
            label=f"{names.get(line.subscription, '')}: {why(line, w)}" if several else why(line, w),
            note=formula(line, w),
            amount=amount(w, line.amount),
        )
        for line in document.lines
    )
    return *rows, *tax_rows(w, document)


def different(w: Wording, page: DocumentPage, *, names: Names) -> tuple[str, tuple[str, ...]]:
    """Why the document is another one than the last: what it comes to against that, then a sentence for each reason."""
    document, number = page.view.issued.document, page.before.number if page.before else None
    return (
        summary(document, page.explanation, w=w, number=number),
        sentences(document, page.explanation, w=w, names=names),
    )


def reasons(w: Wording, page: DocumentPage) -> tuple[str, ...]:
    """Why there is a document after a cancellation, and what it does, in this account's own numbers."""
    document = page.view.issued.document
    if not document.final or document.statement is None:
        return ()
    first = w.t(
        "After a cancellation there is one more document, and this is it: what was not billed before, "
        "less the prorated credit for days that were charged and are no longer used."
    )
    return first, _sum_of(w, document), *_what_becomes(w, document.statement)


def _sum_of(w: Wording, document: Document) -> str:
    """The two parts of a final document, net, and what they come to with tax."""
    of = document.total.currency
    charged = total((line.amount for line in document.lines if line.kind != "credit"), of)
    credited = total((-line.amount for line in document.lines if line.kind == "credit"), of)
    said = (
        mark("Here that is {charged} not billed before, less {credited} of credit; with tax it makes {total}.")
        if document.taxes
        else mark("Here that is {charged} not billed before, less {credited} of credit, which makes {total}.")
    )
    return w.t(said, charged=amount(w, charged), credited=amount(w, credited), total=amount(w, document.total))


def _what_becomes(w: Wording, face: Statement) -> tuple[str, ...]:
    said: list[str] = []
    if face.open_before:
        said.append(
            w.t(
                "{amount} of earlier bills was open. They are not repeated here, since an amount is billed only once.",
                amount=amount(w, face.open_before),
            )
        )
    if face.paid_back:
        said.append(w.t("{amount} goes back to the method that paid.", amount=amount(w, face.paid_back)))
    if face.to_credit:
        said.append(
            w.t("{amount} is kept as account credit and pays the next bills.", amount=amount(w, face.to_credit))
        )
    if face.still_to_pay:
        said.append(w.t("After it, {amount} was still to be paid.", amount=amount(w, face.still_to_pay)))
    return tuple(said)
