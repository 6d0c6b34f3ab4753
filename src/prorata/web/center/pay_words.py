"""Paying in words: what there is to choose, what a payment would do, and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from prorata.core.decision import Decision
from prorata.core.money import Money
from prorata.core.subscriptions.model import Subscription
from prorata.store.accounts import AccountRow
from prorata.usecases.act import Preview
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.pages.pay import PaidPage, PayPage
from prorata.usecases.pay_document import pays_by_transfer
from prorata.web.center import paths
from prorata.web.center.document_words import method_word
from prorata.web.center.words import DocumentLedger, Names, amount, document_ledger, titles
from prorata.web.views import LedgerLine, Option
from prorata.web.visits import Visit
from prorata.wording import Wording
from prorata.wording.opening import BY_TRANSFER
from prorata.wording.roles import refused_to


def choices(w: Wording, page: PayPage) -> tuple[Option, ...]:
    """What of the balance can be paid: what is past due, everything, a part. Empty for one document."""
    if page.issued:
        return ()
    everything = Option(value="all", label=w.t("Everything that is open: {amount}", amount=amount(w, page.owed)))
    part = Option(value="part", label=w.t("Another amount"), hint=w.t("It pays what is due first."))
    if not page.past_due or page.past_due == page.owed:
        return everything, part
    late = w.t("What is past due: {amount}", amount=amount(w, page.past_due))
    return Option(value="past_due", label=late), everything, part


@dataclass(frozen=True, slots=True, kw_only=True)
class PayForecast:
    """What a payment would do, for `ui.ledger`, and what the button says and sends.

    `back`: what becomes of subscriptions that were disabled because nobody had paid; `issued`: what is billed for them.
    """

    lines: tuple[LedgerLine, ...]
    total: str
    left: str
    back: tuple[str, ...]
    issued: tuple[DocumentLedger, ...]
    button: str
    pay: str
    seen: str


def forecast(w: Wording, page: PayPage, *, wanted: Money, shown: Preview, names: Names) -> PayForecast:
    """Each document that is paid, how much of it, what is open afterwards, and what comes back."""
    numbers = {row.id: row for row in page.open_bills}
    standings = {standing.document: standing for standing in shown.decision.after.standings}
    left = {document: standing.left for document, standing in standings.items()}
    afterwards = (page.issued.standing.left if page.issued else page.owed) - wanted
    return PayForecast(
        lines=tuple(
            LedgerLine(
                label=w.t("Bill {number}", number=numbers[payment.document].number),
                note=_note(w, open_now=numbers[payment.document].left, left=left[payment.document]),
                amount=amount(w, payment.amount),
            )
            for payment in shown.decision.payments
            if payment.document in numbers
        ),
        total=amount(w, wanted),
        left=w.t("{amount} stays open.", amount=amount(w, afterwards)) if afterwards else w.t("Nothing stays open."),
        back=tuple(_back(w, s, name=names[s.id]) for s in _come_back(shown.decision)),
        issued=tuple(
            document_ledger(w, one, names=names, standing=standings.get(one.id)) for one in shown.decision.documents
        ),
        button=w.t("Pay {amount}", amount=amount(w, wanted)),
        pay=str(wanted),
        seen=shown.fingerprint,
    )


def _come_back(decision: Decision) -> Iterable[Subscription]:
    ended = {s.id for s in decision.before.subscriptions if not s.is_running}
    return (s for s in decision.after.subscriptions if s.is_running and s.id in ended)


def _back(w: Wording, subscription: Subscription, *, name: str) -> str:
    if subscription.paused:
        return w.t("{product} comes back paused, as it was: nothing is charged until it is resumed.", product=name)
    if subscription.in_advance:
        return w.t("{product} is active again at once, and what is left of its period is billed.", product=name)
    return w.t("{product} is active again at once. It is billed when the period is over.", product=name)


def _note(w: Wording, *, open_now: Money, left: Money) -> str:
    if left:
        return w.t("{open} is open, {left} stays", open=amount(w, open_now), left=amount(w, left))
    return w.t("{open} is open, nothing stays", open=amount(w, open_now))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidRow:
    """A payment that was made."""

    number: str
    href: str
    paid: str
    left: str


def paid_rows(w: Wording, page: PaidPage) -> tuple[PaidRow, ...]:
    """Each payment with its document and what is open of that now."""
    return tuple(
        PaidRow(number=p.number, href=paths.bill(p.number), paid=amount(w, p.amount), left=amount(w, p.left))
        for p in page.payments
    )


def pay_refused(w: Wording, here: Visit, *, account: AccountRow) -> str | None:
    """Why the reader can pay nothing of an account here, and who could; None where they can."""
    refused = refused_to(w, here.actor, permission="pay")
    return refused or (w.t(BY_TRANSFER) if pays_by_transfer(account, here.actor.side) else None)


def paid_lead(w: Wording, page: PaidPage, *, subscriptions: Sequence[SubscriptionFacts]) -> str:
    """What was paid, when and how, what is owed now, and what came back that day."""
    last = page.payments[-1]
    done = w.t(
        "{amount} was paid on {day} by {method}.",
        amount=amount(w, page.paid),
        day=last.on,
        method=method_word(w, last.method),
    )
    still = w.t("{amount} is still to be paid.", amount=amount(w, page.owed)) if page.owed else w.t("Nothing is open.")
    names = titles(w, subscriptions)
    back = (s for s in (f.subscription for f in subscriptions) if s.is_running and _came_back(s, last.on))
    return " ".join((done, still, *(w.t("{product} is active again.", product=names[s.id]) for s in back)))


def _came_back(subscription: Subscription, day: date) -> bool:
    *before, last = subscription.turns
    return last.on == day and bool(before) and before[-1].state == "disabled" and not subscription.paused
