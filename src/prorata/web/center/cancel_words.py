"""A cancellation in words: what it would do, by the figures and the dates, and what it has done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from prorata.core.documents.model import Document, Statement
from prorata.core.subscriptions.model import Subscription, timetable
from prorata.store.screens.bills import BillRow
from prorata.usecases.act import Preview
from prorata.usecases.explained import BillWhy
from prorata.usecases.pages.cancel import CancelPage
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center.states import timetable_moments
from prorata.web.center.upcoming import UpcomingBills, upcoming_with
from prorata.web.center.words import DocumentLedger, Names, amount, document_ledger
from prorata.web.views import LedgerLine, Moment, Option
from prorata.wording import Wording

MOST_IN_FULL = 3
"""So many bills up to a later end are shown line by line; all of them stand in the table of the year."""
_DAY = timedelta(days=1)


def nothing_lead(w: Wording, facts: SubscriptionFacts) -> str:
    """Why there is nothing to cancel."""
    if facts.subscription.state == "trial":
        return w.t("There is nothing to cancel: this is a free trial, and nothing is charged in it.")
    return w.t("There is nothing to cancel: the subscription has ended, and nothing more is charged.")


def choices(w: Wording, page: CancelPage) -> tuple[Option, ...]:
    """When it can end: what the terms have first, a day of one's own last."""
    paused = page.facts.subscription.paused
    already, until_resumed = _without_access(w)
    now = Option(value="now", label=w.t("Now"), hint=already if paused else w.t("Members lose access today."))
    at_end = Option(
        value="period_end",
        label=w.t("At the end of the period, on {day}", day=page.period_end),
        hint=until_resumed if paused else w.t("Members keep access until then."),
    )
    first, second = (now, at_end) if page.usual == "now" else (at_end, now)
    on_date = Option(value="date", label=w.t("On a date"), hint=w.t("Today or any later day."))
    return first, second, on_date


def _without_access(w: Wording) -> tuple[str, str]:
    """What an end means to the members of what is paused: today, and on a later day."""
    return (
        w.t("It is paused: members have no access already."),
        w.t("It is paused: members have no access unless it is resumed."),
    )


# ------------------------------------------------------------------------------------------ figures


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
    w: Wording, document: Document, *, names: Names, page: CancelPage, why: BillWhy | None = None
) -> DocumentLedger:
    """A final document as a ledger: each credit says which bill it is taken from."""
    ledger = document_ledger(w, document, names=names, why=why)
    rows = list(ledger.lines)
    for place, line in enumerate(document.lines):
        number = page.numbers.get(line.corrects.document) if line.corrects else None
        if number:
            rows[place] = replace(rows[place], label=w.t("Credit on bill {number}", number=number))
    return replace(ledger, lines=tuple(rows))


def coming(
    w: Wording, document: Document, *, names: Names, page: CancelPage, why: BillWhy | None = None
) -> DocumentLedger:
    """A document that is still to come, as a ledger that says so."""
    ledger = final_ledger(w, document, names=names, page=page, why=why)
    if document.final:
        return replace(ledger, title=w.t("Final document to come: {title}", title=ledger.title))
    return replace(ledger, title=w.t("Still to come: {title}", title=ledger.title))


# ------------------------------------------------------------------------------------------ dates


def dates(
    w: Wording, subscription: Subscription, *, today: date, coming: Iterable[Document] = ()
) -> tuple[Moment, ...]:
    """What happens when: bills to come, the last day to undo, the end of access, the data gone."""
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
    found += timetable_moments(w, timetable(subscription), today=today, paused=subscription.paused is not None)
    return tuple(sorted(found, key=lambda moment: moment.day))


def _bill(w: Wording, document: Document) -> Moment:
    total = amount(w, document.total)
    if document.final:
        return Moment(day=document.date, title=w.t("The final document: {amount}", amount=total))
    return Moment(day=document.date, title=w.t("A bill: {amount}", amount=total))


# ------------------------------------------------------------------------------------------ what would happen


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelForecast:
    """What a cancellation would do: the most important in a sentence or two, then the figures and the dates.

    `note` says something about a final document that comes later, or never.
    """

    summary: str
    final: DocumentLedger | None
    becomes: Becomes | None
    note: str | None
    undo: str
    bills: tuple[DocumentLedger, ...]
    moments: tuple[Moment, ...]
    year: UpcomingBills
    button: str
    seen: str


def forecast(w: Wording, page: CancelPage, *, shown: Preview, names: Names) -> CancelForecast:
    """Everything that is shown before the confirmation, from the decision that it would be."""
    today = shown.decision.today
    after = shown.decision.after.subscription(page.facts.subscription.name)
    ahead = [d for d in shown.coming if any(line.subscription == after.id for line in d.lines)]
    soon = [d for place, d in enumerate(ahead) if d.final or place < MOST_IN_FULL]
    now = [d for d in shown.decision.documents if d.final]
    final = next(iter([*now, *(d for d in ahead if d.final)]), None)
    ends = after.ending.on if after.ending else today
    face = final.statement if final else None
    return CancelForecast(
        summary=_summary(w, page, ends=ends, face=face if now else None),
        final=final_ledger(w, final, names=names, page=page, why=shown.why) if final else None,
        becomes=becomes(w, face, open_before=page.open_bills if now else ()) if face else None,
        note=later_final(w, page) if final is None else _final_note(w, final, today=today),
        undo=_undo(w, ends, today=today),
        bills=tuple(coming(w, d, names=names, page=page, why=shown.why) for d in soon if not d.final),
        moments=dates(w, after, today=today, coming=soon),
        year=upcoming_with(w, shown, names=names),
        button=_button(w, ends, today=today, face=face if now else None),
        seen=shown.fingerprint,
    )


def _summary(w: Wording, page: CancelPage, *, ends: date, face: Statement | None) -> str:
    """When access ends, and what it means in money."""
    access = _access(w, page, ends=ends)
    if face:
        return f"{access} {statement_sentence(w, face)}"
    rows = page.open_bills
    if not rows:
        return access
    owed = sum((row.left for row in rows[1:]), start=rows[0].left)
    still = w.t("{amount} of earlier bills is open, and stays so until it is paid.", amount=amount(w, owed))
    return f"{access} {still}"


def _access(w: Wording, page: CancelPage, *, ends: date) -> str:
    already, until_resumed = _without_access(w)
    is_now = ends <= page.here.today
    if page.facts.subscription.paused:
        return already if is_now else until_resumed
    if is_now:
        return w.t("Members lose access today.")
    return w.t("Members keep access until {day}.", day=ends - _DAY)


def statement_sentence(w: Wording, face: Statement) -> str:
    """What comes of a final document, in one sentence."""
    if face.paid_back:
        return w.t("{amount} goes back to the method that paid.", amount=amount(w, face.paid_back))
    if face.still_to_pay:
        return w.t("{amount} stays to be paid.", amount=amount(w, face.still_to_pay))
    if face.to_credit:
        return w.t("{amount} is kept as account credit and pays the next bills.", amount=amount(w, face.to_credit))
    return w.t("Nothing stays to be paid.")


def later_final(w: Wording, page: CancelPage) -> str:
    """Why no final document is shown: it comes later, or never."""
    if page.facts.parked:
        return w.t(
            "Billing of this subscription is on hold while {seller} looks into something. The dates are as shown; the "
            "final document follows once that is settled, as of the day of the end.",
            seller=page.here.seller,
        )
    return w.t("Everything up to that day is on the bills before it, so no final document follows.")


def _final_note(w: Wording, final: Document, *, today: date) -> str | None:
    if final.date > today:
        return w.t("It comes on {day}; these are its figures if nothing else changes until then.", day=final.date)
    return None


def _undo(w: Wording, ends: date, *, today: date) -> str:
    if ends <= today:
        return w.t("A cancellation that takes effect at once cannot be undone.")
    return w.t("It can be undone until {day}.", day=ends - _DAY)


def _button(w: Wording, ends: date, *, today: date, face: Statement | None) -> str:
    """The act with its figure."""
    if ends > today:
        return w.t("Cancel on {day}", day=ends)
    if face and face.paid_back:
        return w.t("Cancel and get {amount} back", amount=amount(w, face.paid_back))
    if face and face.still_to_pay:
        return w.t("Cancel, {amount} stays to be paid", amount=amount(w, face.still_to_pay))
    if face and face.to_credit:
        return w.t("Cancel and keep {amount} as credit", amount=amount(w, face.to_credit))
    if face and face.paid_now:
        return w.t("Cancel and pay {amount}", amount=amount(w, face.paid_now))
    return w.t("Cancel now")


# ------------------------------------------------------------------------------------------ what has happened


def done_lead(w: Wording, page: CancelPage) -> str:
    """How a cancelled subscription is: when it ended or ends, and what is with the money."""
    subscription, today = page.facts.subscription, page.here.today
    ending = subscription.ending
    if ending is None:
        return ""
    paused = subscription.paused
    if subscription.state == "active" and paused:
        cancelled = w.t("It is cancelled and ends on {day}.", day=ending.on)
        return f"{cancelled} {_without_access(w)[1]}"
    if subscription.state == "active":
        return w.t("Cancelled with effect from {day}. Members keep access until then.", day=ending.on)
    since = paused.start if paused else ending.on
    access = (
        w.t("Members have no access from today on.")
        if since == today
        else w.t("Members have no access since {day}.", day=since)
    )
    return f"{access} {_money(w, page)}"


def _money(w: Wording, page: CancelPage) -> str:
    """What is still owed today; else what the final document did."""
    rows = page.open_bills
    if rows:
        owed = sum((row.left for row in rows[1:]), start=rows[0].left)
        return w.t("{amount} is still to be paid.", amount=amount(w, owed))
    if page.facts.parked and not page.final:
        return w.t("The final document follows.")
    face = page.final.issued.document.statement if page.final else None
    return statement_sentence(w, face) if face and not face.still_to_pay else w.t("Nothing is open.")
