"""What a cancellation would do, in words and figures, from the decision that it would be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.model import Document, Statement
from prorata.usecases.act import Preview
from prorata.usecases.pages.cancel import CancelPage
from prorata.web.center.cancel_figures import Becomes, becomes, coming, dates, final_ledger
from prorata.web.center.cancel_wish import Wish
from prorata.web.center.cancel_words import (
    kept_by_law,
    later_final,
    statement_sentence,
    undo_sentence,
    without_access,
)
from prorata.web.center.states import unless_paid
from prorata.web.center.upcoming import UpcomingBills, upcoming_with
from prorata.web.center.words import DocumentLedger, Names, amount
from prorata.web.views import Moment
from prorata.wording import Wording

MOST_IN_FULL = 3
"""So many bills up to a later end are shown line by line; all of them stand in the table of the year."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelForecast:
    """What a cancellation would do: the most important in a sentence or two, then the figures and the dates.

    `first`: what is done about the online limit before, and to whom. `note` says something about a final document that
    comes later, or never. `kept`: what the law keeps.
    """

    summary: str
    first: str | None
    first_names: tuple[str, ...]
    final: DocumentLedger | None
    becomes: Becomes | None
    note: str | None
    undo: str
    kept: str
    bills: tuple[DocumentLedger, ...]
    moments: tuple[Moment, ...]
    year: UpcomingBills
    button: str
    seen: str


def forecast(w: Wording, page: CancelPage, *, shown: Preview, names: Names, wish: Wish) -> CancelForecast:
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
        first=_first(w, page, wish=wish),
        first_names=_names(page, wish),
        final=final_ledger(w, final, names=names, numbers=page.numbers, why=shown.why) if final else None,
        becomes=becomes(w, face, open_before=page.open_bills if now else ()) if face else None,
        note=later_final(w, page) if final is None else _final_note(w, final, today=today),
        undo=undo_sentence(w, after, today=today),
        kept=kept_by_law(w, page),
        bills=tuple(coming(w, d, names=names, numbers=page.numbers, why=shown.why) for d in soon if not d.final),
        moments=(
            *_first_moments(w, page, wish=wish),
            *dates(w, after, today=today, coming=soon, unpaid_on=page.unpaid_on),
        ),
        year=upcoming_with(w, shown, names=names),
        button=_button(w, ends, today=today, face=face if now else None),
        seen=shown.fingerprint,
    )


def _first(w: Wording, page: CancelPage, *, wish: Wish) -> str | None:
    """What is done first, so that it can be cancelled online: to whom, and how many licences are given up."""
    above = page.above
    if above is None:
        return None
    said: list[str] = []
    if wish.gone:
        said.append(
            w.n(
                "{count} member gives their licence back first and loses access today.",
                "{count} members give their licence back first and lose access today.",
                len(wish.gone),
            )
        )
    if above.licences is not None:
        licences = page.facts.subscription.licences - above.licences
        said.append(
            w.n(
                "{count} licence is given up first, so that {left} are left.",
                "{count} licences are given up first, so that {left} are left.",
                licences,
                left=above.licences,
            )
        )
    return " ".join(said) or None


def _names(page: CancelPage, wish: Wish) -> tuple[str, ...]:
    if page.above is None:
        return ()
    return tuple(sorted((m.name for m in page.members if m.id in wish.gone), key=str.casefold))


def _first_moments(w: Wording, page: CancelPage, *, wish: Wish) -> tuple[Moment, ...]:
    if page.above is None or not wish.gone:
        return ()
    title = w.n("{count} member loses access", "{count} members lose access", len(wish.gone))
    return (Moment(day=page.here.today, title=title, note=w.t("Their licence is taken back."), state="now"),)


def _summary(w: Wording, page: CancelPage, *, ends: date, face: Statement | None) -> str:
    """When access ends, and what it means in money."""
    access = _access(w, page, ends=ends)
    if page.unpaid_on and page.unpaid_on < ends:
        access = f"{access} {unless_paid(w, page.unpaid_on)}"
    if face:
        return f"{access} {statement_sentence(w, face)}"
    rows = page.open_bills
    if not rows:
        return access
    owed = sum((row.left for row in rows[1:]), start=rows[0].left)
    still = w.t("{amount} of earlier bills is open, and stays so until it is paid.", amount=amount(w, owed))
    return f"{access} {still}"


def _access(w: Wording, page: CancelPage, *, ends: date) -> str:
    already, until_resumed = without_access(w)
    is_now = ends <= page.here.today
    if page.facts.subscription.paused:
        return already if is_now else until_resumed
    if is_now:
        return w.t("Members lose access today.")
    return w.t("Members keep access until {day}.", day=ends - _DAY)


def _final_note(w: Wording, final: Document, *, today: date) -> str | None:
    if final.date > today:
        return w.t("It comes on {day}; these are its figures if nothing else changes until then.", day=final.date)
    return None


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
