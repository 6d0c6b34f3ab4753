"""What a decision brings, in words and figures: the sentences, the documents, the days, the bills of a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from prorata.core.decision import Decision
from prorata.core.documents.model import Document
from prorata.core.history import History
from prorata.core.insights.changed_bill import BillChange, first_changed
from prorata.core.money import Money, total
from prorata.usecases.act import Preview
from prorata.web.center.upcoming import UpcomingBills, rests, upcoming_with
from prorata.web.center.words import DocumentLedger, Names, amount, document_ledger
from prorata.web.views import Action, Moment
from prorata.wording import Wording

_MOST_NAMED = 3
"""So many bills that do not come any more are told by their days; of more, only how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happens, for the page that asks for the confirmation.

    `points`: the sentences, the most important first. `issued`: documents of this moment. `before` and `after`: the
    first bill to come that differs, as it is now and as it would be. `moments`: what happens when. `button`: the act,
    with its figure. `seen`: the fingerprint of all this.
    """

    points: tuple[str, ...]
    issued: tuple[DocumentLedger, ...]
    before: DocumentLedger | None
    after: DocumentLedger | None
    moments: tuple[Moment, ...]
    year: UpcomingBills
    button: Action
    seen: str


def outcome(
    w: Wording,
    shown: Preview,
    *,
    names: Names,
    points: Iterable[str],
    deed: str,
    moments: Iterable[Moment] = (),
    kind: str = "primary",
) -> Outcome:
    """Word a preview. `points` say what becomes of the subscription, `deed` what the button does: "Pause it".

    What is billed, when, and where a credit goes is added here; bills of the `moments` need not be.
    """
    issued, today = shown.decision.documents, shown.decision.today
    standings = {s.document: s for s in shown.decision.after.standings}
    changed = first_changed(shown.coming_before, shown.coming)
    was = changed and (changed.before or next(iter(changed.gone), None))
    if issued and changed and not changed.before:
        was, changed = None, None  # what is written now stands for what does not come; later bills are of the year
    figure = figure_of(w, issued, changed=changed, today=today)
    return Outcome(
        points=(*points, *billed(w, shown, changed=changed)),
        issued=tuple(document_ledger(w, d, names=names, standing=standings.get(d.id), why=shown.why) for d in issued),
        before=document_ledger(w, was, names=names) if was else None,
        after=document_ledger(w, changed.after, names=names, why=shown.why) if changed and changed.after else None,
        moments=tuple(sorted(moments, key=lambda moment: moment.day)),
        year=upcoming_with(w, shown, names=names),
        button=Action(label=w.t("{deed} ({figure})", deed=deed, figure=figure) if figure else deed, kind=kind),
        seen=shown.fingerprint,
    )


# ------------------------------------------------------------------------------------------ bills


def billed(w: Wording, shown: Preview, *, changed: BillChange | None) -> tuple[str, ...]:
    """When it is written, what the next bill comes to, and where the worth of a credit goes."""
    decision = shown.decision
    issued = decision.documents
    said = [_at_once(w, issued)] if issued else []
    if changed and changed.after and changed.day <= decision.today:
        said.append(_today(w, changed.after))
    elif not issued and changed is None and rests(decision):
        said.append(w.t("Its billing is on hold: what this changes comes on a later bill."))
    elif not issued:
        said += _later(w, changed)
    if any(d.kind == "credit_note" for d in issued):
        said += _goes(w, decision)
    elif changed and changed.after and changed.after.kind == "credit_note":
        said.append(_will_go(w, changed.after, after=decision.after))
    return tuple(said)


def _at_once(w: Wording, issued: tuple[Document, ...]) -> str:
    is_credit = all(d.kind == "credit_note" for d in issued)
    return w.t("It is credited at once.") if is_credit else w.t("It is billed at once.")


def _today(w: Wording, document: Document) -> str:
    if document.kind == "credit_note":
        credit = amount(w, -document.total)
        return w.t("It is credited with the daily run: {amount}, dated today.", amount=credit)
    return w.t("It is billed with the daily run: {amount}, dated today.", amount=amount(w, document.total))


def _later(w: Wording, changed: BillChange | None) -> list[str]:
    """What comes on a later day, and what does not come any more."""
    if changed is None:
        return [w.t("The next bills stay as they are.")]
    before, after = changed.before, changed.after
    if before and after and after.kind != "credit_note":
        said = w.t(
            "Nothing is billed today. The bill of {day} comes to {after} instead of {before}.",
            day=changed.day,
            after=amount(w, after.total),
            before=amount(w, before.total),
        )
    elif after and after.kind == "credit_note":
        credit = amount(w, -after.total)
        said = w.t("Nothing is billed today. On {day} a credit note for {amount} comes.", day=after.date, amount=credit)
    elif after:
        worth = amount(w, after.total)
        said = w.t("Nothing is billed today. On {day} a bill of {amount} comes.", day=after.date, amount=worth)
    else:
        said = w.t("Nothing is billed today.")
    return [said, *_gone(w, changed)]


def _gone(w: Wording, changed: BillChange) -> list[str]:
    if not changed.gone:
        return []
    first, *more = changed.gone
    said = [w.t("The bill of {day} for {amount} does not come.", day=first.date, amount=amount(w, first.total))]
    if 0 < len(more) <= _MOST_NAMED:
        days = w.list([w.date(document.date) for document in more])
        said.append(w.n("Nor does the bill of {days}.", "Nor do the bills of {days}.", len(more), days=days))
    elif more:
        said.append(w.n("Nor does {count} bill after it.", "Nor do {count} bills after it.", len(more)))
    return said


def _goes(w: Wording, decision: Decision) -> list[str]:
    """Where the worth of a credit note of this moment goes: what is paid back, what is kept, what lowers open bills."""
    back = _received(decision.before) - _received(decision.after)
    kept = _lots(decision.after) - _lots(decision.before)
    said: list[str] = []
    if back.minor > 0:
        said.append(w.t("{amount} goes back to the method that paid.", amount=amount(w, back)))
    if kept.minor > 0:
        said.append(w.t("{amount} is kept as account credit and pays the next bills.", amount=amount(w, kept)))
    return said or [w.t("The credit lowers what is still to be paid.")]


def _received(history: History) -> Money:
    return total((payment.left for payment in history.payments), history.account.currency)


def _lots(history: History) -> Money:
    return total((lot.left for lot in history.lots), history.account.currency)


def _will_go(w: Wording, credit: Document, *, after: History) -> str:
    """The same of a credit note that is still to come, as the terms have it."""
    found = {line.subscription for line in credit.lines}
    policies = {s.terms.refund.change for s in after.subscriptions if s.id in found}
    if policies == {"to_method"}:
        return w.t("Its worth lowers open bills first; the rest goes back to the method that paid.")
    return w.t("Its worth lowers open bills first; the rest is kept as account credit and pays the next ones.")


def figure_of(w: Wording, issued: tuple[Document, ...], *, changed: BillChange | None, today: date) -> str | None:
    """The figure of the button: what is billed now, else what the next bill comes to."""
    if issued:
        worth = total((d.total for d in issued), issued[0].total.currency)
        if worth.minor < 0:
            return w.t("{amount} credited now", amount=amount(w, -worth))
        return w.t("{amount} now", amount=amount(w, worth))
    if changed and changed.after and changed.day <= today:
        return w.t("{amount} today", amount=amount(w, changed.after.total))
    if changed and changed.after and changed.after.kind == "credit_note":
        return w.t("credit note of {amount}", amount=amount(w, -changed.after.total))
    if changed and changed.after:
        return w.t("next bill {amount}", amount=amount(w, changed.after.total))
    return None
