"""The figures and the dates of a cancellation: final documents as ledgers, what becomes of them, what happens when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from prorata.core.documents.model import Document, Statement
from prorata.core.subscriptions.model import Subscription, timetable
from prorata.store.screens.bills import BillRow
from prorata.usecases.explained import BillWhy
from prorata.web.center.states import timetable_moments, unless_paid_moment
from prorata.web.center.words import DocumentLedger, Names, amount, document_ledger
from prorata.web.views import LedgerLine, Moment
from prorata.wording import Wording

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Becomes:
    """What is open before, what the final document does to it, and what comes of it: for `ui.ledger`."""

    lines: tuple[LedgerLine, ...]
    total_label: str
    total: str
    total_note: str | None
    tone: str


def becomes(w: Wording, face: Statement, *, open_before: Sequence[BillRow] = ()) -> Becomes:
    """The statement of a final document, ending in the one amount that matters: what comes back, or what is to pay."""
    added = w.t("Credited now") if face.this_document.minor < 0 else w.t("Charged now")
    lines = (
        LedgerLine(label=w.t("Open before"), note=_bills(w, open_before), amount=amount(w, face.open_before)),
        LedgerLine(label=added, amount=amount(w, face.this_document)),
        *(
            (LedgerLine(label=w.t("From account credit"), amount=amount(w, -face.from_credit)),)
            * bool(face.from_credit)
        ),
        *((LedgerLine(label=w.t("Paid now"), amount=amount(w, -face.paid_now)),) * bool(face.paid_now)),
    )
    kept = (LedgerLine(label=w.t("Kept as account credit"), amount=amount(w, face.to_credit)),) * bool(face.to_credit)
    if face.paid_back:
        note = w.t("to the method that paid")
        total = amount(w, face.paid_back)
        return Becomes(
            lines=(*lines, *kept), total_label=w.t("You get back"), total=total, total_note=note, tone="good"
        )
    if face.to_credit and not face.still_to_pay:
        total, note = amount(w, face.to_credit), w.t("It pays the next bills by itself.")
        return Becomes(
            lines=lines, total_label=w.t("Kept as account credit"), total=total, total_note=note, tone="good"
        )
    return Becomes(
        lines=(*lines, *kept),
        total_label=w.t("Still to pay"),
        total=amount(w, face.still_to_pay),
        total_note=None,
        tone="due",
    )


_MOST_NUMBERS = 3


def _bills(w: Wording, rows: Sequence[BillRow]) -> str | None:
    if not rows:
        return None
    if len(rows) > _MOST_NUMBERS:
        return w.n("{count} bill", "{count} bills", len(rows))
    return w.list([row.number for row in rows])


def final_ledger(
    w: Wording, document: Document, *, names: Names, numbers: Mapping[int, str], why: BillWhy | None = None
) -> DocumentLedger:
    """A final document as a ledger: each credit says which bill it is taken from."""
    ledger = document_ledger(w, document, names=names, why=why)
    rows = list(ledger.lines)
    for place, line in enumerate(document.lines):
        number = numbers.get(line.corrects.document) if line.corrects else None
        if number:
            rows[place] = replace(rows[place], label=w.t("Credit on bill {number}", number=number))
    return replace(ledger, lines=tuple(rows))


def coming(
    w: Wording, document: Document, *, names: Names, numbers: Mapping[int, str], why: BillWhy | None = None
) -> DocumentLedger:
    """A document that is still to come, as a ledger that says so."""
    ledger = final_ledger(w, document, names=names, numbers=numbers, why=why)
    if document.final:
        return replace(ledger, title=w.t("Final document to come: {title}", title=ledger.title))
    return replace(ledger, title=w.t("Still to come: {title}", title=ledger.title))


def dates(
    w: Wording,
    subscription: Subscription,
    *,
    today: date,
    coming: Iterable[Document] = (),
    unpaid_on: date | None = None,
) -> tuple[Moment, ...]:
    """What happens when: bills to come, the last day to undo, the end of access, the data gone. `unpaid_on`: the day on
    which access ends before that, unless what is past due is paid.
    """
    found = [_bill(w, document) for document in coming]
    ending = subscription.ending
    if ending and ending.on > today:
        last = ending.on - _DAY
        found.append(
            Moment(
                day=last,
                title=w.t("Last day to undo the cancellation"),
                note=w.t("Until then it goes on as before."),
                state="now" if last == today else "next",
            )
        )
    if ending and unpaid_on and unpaid_on < ending.on:
        found.append(unless_paid_moment(w, unpaid_on, paused=subscription.paused is not None))
    found += timetable_moments(w, timetable(subscription), today=today, paused=subscription.paused is not None)
    return tuple(sorted(found, key=lambda moment: moment.day))


def _bill(w: Wording, document: Document) -> Moment:
    total = amount(w, document.total)
    if document.final:
        return Moment(day=document.date, title=w.t("The final document: {amount}", amount=total))
    return Moment(day=document.date, title=w.t("A bill: {amount}", amount=total))
