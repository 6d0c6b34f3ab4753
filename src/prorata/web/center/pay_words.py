"""Paying in words: what there is to choose, what a payment would do, and what it did."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.core.money import Money
from prorata.store.accounts import AccountRow
from prorata.usecases.act import Preview
from prorata.usecases.pages.pay import PaidPage, PayPage
from prorata.usecases.pay_document import pays_by_transfer
from prorata.web.center import paths
from prorata.web.center.document_words import method_word
from prorata.web.center.words import amount
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
    """What a payment would do, for `ui.ledger`, and what the button says and sends."""

    lines: tuple[LedgerLine, ...]
    total: str
    left: str
    button: str
    pay: str
    seen: str


def forecast(w: Wording, page: PayPage, *, wanted: Money, shown: Preview) -> PayForecast:
    """Each document that is paid, how much of it, and what is open afterwards."""
    numbers = {row.id: row for row in page.open_bills}
    left = {standing.document: standing.left for standing in shown.decision.after.standings}
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
        button=w.t("Pay {amount}", amount=amount(w, wanted)),
        pay=str(wanted),
        seen=shown.fingerprint,
    )


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


def paid_lead(w: Wording, page: PaidPage) -> str:
    """What was paid, when and how, and what is owed now."""
    last = page.payments[-1]
    done = w.t(
        "{amount} was paid on {day} by {method}.",
        amount=amount(w, page.paid),
        day=last.on,
        method=method_word(w, last.method),
    )
    still = w.t("{amount} is still to be paid.", amount=amount(w, page.owed)) if page.owed else w.t("Nothing is open.")
    return f"{done} {still}"
