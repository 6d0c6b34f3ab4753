"""What a change of licences brings, in words: now, on the next bill, and for the licences that nobody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prorata.core.documents.model import Document
from prorata.core.money import Money
from prorata.core.subscriptions.model import Subscription
from prorata.usecases.act import Preview
from prorata.usecases.pages.facts import SubscriptionFacts, facts_of
from prorata.web.center.words import (
    DocumentLedger,
    Names,
    amount,
    cost_each_period,
    document_ledger,
    licences,
)
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a change brings.

    `changes`: what becomes of the licences. `issued`: documents of this moment. `before` and `after`: the first bill to
    come that differs, as it is now and as it would be. `unused`: what nobody holds afterwards. `confirm`: the words of
    the button, None where there is nothing to do.
    """

    changes: tuple[str, ...]
    issued: tuple[DocumentLedger, ...]
    before: DocumentLedger | None
    after: DocumentLedger | None
    billed: str
    unused: str | None
    confirm: str | None


@dataclass(frozen=True, slots=True)
class BillChange:
    """A bill to come on a day, without a change and with it."""

    day: date
    before: Document | None
    after: Document | None


def first_changed(before: tuple[Document, ...], after: tuple[Document, ...]) -> BillChange | None:
    """The first day on which a bill to come is another one with the change."""
    was = {(d.date, d.profile): d for d in before}
    will = {(d.date, d.profile): d for d in after}
    for key in sorted(was.keys() | will.keys()):
        one, other = was.get(key), will.get(key)
        if _content(one) != _content(other):
            return BillChange(key[0], one, other)
    return None


def _content(document: Document | None) -> object:
    if document is None:
        return None
    return document.total, [(line.amount, line.period, line.licences, line.kind) for line in document.lines]


def consequences(w: Wording, shown: Preview, *, facts: SubscriptionFacts, unassign: int, names: Names) -> Consequences:
    """Word a preview of a change of licences of one subscription."""
    name = facts.subscription.name
    before, after = shown.decision.before.subscription(name), shown.decision.after.subscription(name)
    standings = {s.document: s for s in shown.decision.after.standings}
    issued, today = shown.decision.documents, shown.decision.today
    changed = first_changed(shown.coming_before, shown.coming)
    return Consequences(
        changes=_changes(w, before, after=after),
        issued=tuple(document_ledger(w, d, names=names, standing=standings.get(d.id)) for d in issued),
        before=document_ledger(w, changed.before, names=names) if changed and changed.before else None,
        after=document_ledger(w, changed.after, names=names) if changed and changed.after else None,
        billed=_billed(w, issued, changed=changed, today=today),
        unused=_unused(w, after, facts=facts, today=today),
        confirm=_confirm(
            w, before, after=after, unassign=unassign, bill=_figure(w, issued, changed=changed, today=today)
        ),
    )


def _changes(w: Wording, before: Subscription, *, after: Subscription) -> tuple[str, ...]:
    found: list[str] = []
    difference = after.licences - before.licences
    if difference > 0:
        found.append(
            w.n(
                "From today there are {total}, {count} more than now.",
                "From today there are {total}, {count} more than now.",
                difference,
                total=licences(w, after.licences),
            )
        )
    if difference < 0:
        found.append(
            w.n(
                "From today there are {total}, {count} fewer than now.",
                "From today there are {total}, {count} fewer than now.",
                -difference,
                total=licences(w, after.licences),
            )
        )
    if after.pending and after.pending != before.pending:
        found.append(
            w.t(
                "From {day} on there are {total}. Until then nothing changes.",
                day=after.pending.effective,
                total=licences(w, after.pending.licences),
            )
        )
    if before.pending and not after.pending:
        found.append(w.t("The change planned for {day} does not happen any more.", day=before.pending.effective))
    return tuple(found)


def _billed(w: Wording, issued: tuple[Document, ...], *, changed: BillChange | None, today: date) -> str:
    if issued:
        return w.t("It is billed at once.")
    if changed and changed.after and changed.day <= today:
        return w.t("It is billed with the daily run: {amount}, dated today.", amount=amount(w, changed.after.total))
    if changed and changed.before and changed.after:
        return w.t(
            "Nothing is billed today. The bill of {day} comes to {after} instead of {before}.",
            day=changed.day,
            after=amount(w, changed.after.total),
            before=amount(w, changed.before.total),
        )
    if changed and changed.after:
        total = amount(w, changed.after.total)
        return w.t("Nothing is billed today. On {day} a bill of {amount} comes.", day=changed.day, amount=total)
    return w.t("The next bills stay as they are.")


def _unused(w: Wording, after: Subscription, *, facts: SubscriptionFacts, today: date) -> str | None:
    then = facts_of(after, today=today, product=facts.product, past_due=False)
    if not then.unused:
        return None
    return w.n(
        "{count} licence is then held by nobody and costs {cost}.",
        "{count} licences are then held by nobody and cost {cost}.",
        then.unused,
        cost=cost_each_period(w, then.unused_cost, every=after.plan.every),
    )


def _figure(w: Wording, issued: tuple[Document, ...], *, changed: BillChange | None, today: date) -> str | None:
    """The figure of the button: what is billed now, else what the next bill comes to."""
    if issued:
        return w.t("{amount} now", amount=amount(w, _sum(issued)))
    if changed and changed.after and changed.day <= today:
        return w.t("{amount} today", amount=amount(w, changed.after.total))
    if changed and changed.after:
        return w.t("next bill {amount}", amount=amount(w, changed.after.total))
    return None


def _sum(issued: tuple[Document, ...]) -> Money:
    first, *rest = (document.total for document in issued)
    for one in rest:
        first += one
    return first


def _confirm(w: Wording, before: Subscription, *, after: Subscription, unassign: int, bill: str | None) -> str | None:
    deed = _deed(w, before, after=after)
    if deed is None:
        return None
    if unassign:
        deed = w.n("Unassign {count} member, {deed}", "Unassign {count} members, {deed}", unassign, deed=deed)
    elif deed:
        deed = deed[0].upper() + deed[1:]
    return w.t("{deed} ({figure})", deed=deed, figure=bill) if bill else deed


def _deed(w: Wording, before: Subscription, *, after: Subscription) -> str | None:
    difference = after.licences - before.licences
    if difference > 0:
        return w.n("buy {count} licence", "buy {count} licences", difference)
    if difference < 0:
        return w.n("remove {count} licence", "remove {count} licences", -difference)
    if after.pending and after.pending != before.pending:
        many = licences(w, after.pending.licences)
        return w.t("have {licences} from {day} on", licences=many, day=after.pending.effective)
    if before.pending and not after.pending:
        return w.t("take the planned change back")
    return None
