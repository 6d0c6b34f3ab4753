"""Phrases that several screens share: amounts, prices, names, lines of documents.

Everything here takes the reader's wording first and gives finished text, or views that hold finished text. Facts come
from `usecases.pages`; nothing is worked out here that a rule decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from prorata.core.calendar import Every
from prorata.core.catalog.plans import Plan
from prorata.core.documents.model import Document, Line, Standing
from prorata.core.money import Money, UnitPrice
from prorata.store.exporting.papers import SubscriptionName
from prorata.usecases.explained import BillWhy
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.titles import titles_of
from prorata.web.views import LedgerLine
from prorata.wording import Wording
from prorata.wording.explain import says, why
from prorata.wording.prices import short
from prorata.wording.reasons import sentences, summary
from prorata.wording.terms import per_period

Names = Mapping[int, str]
"""What subscriptions are called to this reader, by their id: see `titles`."""

# ------------------------------------------------------------------------------------------ amounts and prices


def amount(w: Wording, money: Money) -> str:
    """Money as the reader writes it: €12.50, € 12,50, 12,50 €; a minus is the minus sign."""
    return w.money(money.minor, money.currency.code, exponent=money.currency.exponent)


def price(w: Wording, unit: UnitPrice) -> str:
    """A price for one, with every decimal that it has."""
    return w.unit_price(unit.amount, unit.currency.code, exponent=unit.currency.exponent)


def each_period(w: Wording, every: Every) -> str:
    """How often: "per month", "per 30 days"."""
    return per_period(w, every.unit, count=every.count)


def price_each(w: Wording, plan: Plan, *, phase: int = 0) -> str:
    """What a plan costs in one line, in a phase of it: "€12.50 per licence per month"."""
    return short(w, plan, phase=phase)


def cost_each_period(w: Wording, cost: Money, *, every: Every) -> str:
    """What something costs for a period: "€125.00 per month"."""
    return w.t("{amount} {period}", amount=amount(w, cost), period=each_period(w, every))


def licences(w: Wording, count: int) -> str:
    """A number of licences: "1 licence", "10 licences"."""
    return w.n("{count} licence", "{count} licences", count)


def rate(w: Wording, percent: Fraction) -> str:
    """A rate of tax: "21%"."""
    return w.percent(Decimal(percent.numerator) / Decimal(percent.denominator))


# ------------------------------------------------------------------------------------------ names and people


def own_text(w: Wording, by_language: Mapping[str, str], *, otherwise: str = "") -> str:
    """A text that the seller wrote in several languages: the reader's, else English, else any, else `otherwise`."""
    return by_language.get(w.language.value) or by_language.get("en") or next(iter(by_language.values()), otherwise)


def product_name(w: Wording, facts: SubscriptionFacts) -> str:
    """What is sold, as the catalogue names it for this reader; the plan's own name where there is none."""
    return own_text(w, facts.product, otherwise=facts.subscription.plan.name)


def titles(w: Wording, subscriptions: Iterable[SubscriptionFacts]) -> dict[int, str]:
    """What to call each subscription of an account, by id: its product; where two have the product, what tells their
    plans apart ("Kadans Team Premium"); where nothing does, its name too.
    """
    found = ((f.subscription, f.product) for f in subscriptions)
    return called(w, (SubscriptionName(s.id, s.name, s.plan.name, product) for s, product in found))


def called(w: Wording, subscriptions: Iterable[SubscriptionName]) -> dict[int, str]:
    """The same where no more is known of them than their names."""
    return titles_of([(s, own_text(w, s.product, otherwise=s.plan)) for s in subscriptions])


# ------------------------------------------------------------------------------------------ states


def chip_kinds(facts: SubscriptionFacts) -> tuple[str, ...]:
    """The chips of a subscription for `ui.chip`: its state, then what lies over it (past_due, cancels, change)."""
    return (facts.subscription.state, *(overlay.replace(" ", "_") for overlay in facts.overlays))


def resting_sentence(w: Wording, *, seller: str, count: int = 1) -> str:
    """What a customer is told while the billing of subscriptions rests: why, and that nothing is lost by it."""
    why = w.n(
        "{seller} is looking into something before this subscription is billed again.",
        "{seller} is looking into something before these {count} subscriptions are billed again.",
        count,
        seller=seller,
    )
    rest = w.t(
        "Nothing is lost and nothing is charged twice: what is due until then comes on a later bill. Cancelling still "
        "works; the final document follows then."
    )
    return f"{why} {rest}"


# ------------------------------------------------------------------------------------------ documents as ledgers


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyAmount:
    """Why a bill that is shown beforehand comes to what it does: the difference in all, and the sentences behind it."""

    said: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLedger:
    """A document as a small ledger, for `ui.ledger(x.lines, x.total_label, x.total, caption, x.total_note, x.tone)`.

    `title` names it with its date: "Bill of 15 February 2026", "Credit note of 20 January 2026". `why` stands folded
    below it.
    """

    title: str
    day: date
    lines: tuple[LedgerLine, ...]
    total_label: str
    total: str
    total_note: str | None = None
    tone: str | None = None
    why: WhyAmount | None = None


def document_ledger(
    w: Wording, document: Document, *, names: Names, standing: Standing | None = None, why: BillWhy | None = None
) -> DocumentLedger:
    """Each line with its sentence in grey, each tax, and the total with tax.

    With a `standing` (of `decision.after.standings`) the total's note says what becomes of it: paid at once, or due.
    `why` is what the preview explains; another document than that has no explanation.
    """
    credit = document.kind == "credit_note"
    return DocumentLedger(
        title=document_title(w, document),
        day=document.date,
        lines=(*line_rows(w, document.lines, names=names), *tax_rows(w, document)),
        total_label=w.t("Credit in all") if credit else w.t("Total with tax") if document.taxes else w.t("Total"),
        total=amount(w, document.total),
        total_note=settled_note(w, standing) if standing else None,
        tone="good" if credit else None,
        why=_why_amount(w, why, names=names) if why and why.document == document else None,
    )


def _why_amount(w: Wording, found: BillWhy, *, names: Names) -> WhyAmount:
    """In the very sentences that the page of the document has once it is issued."""
    document, explanation = found.document, found.explanation
    number = found.before.number if found.before else None
    return WhyAmount(
        said=summary(document, explanation, w=w, number=number),
        sentences=sentences(document, explanation, w=w, names=names),
    )


def document_title(w: Wording, document: Document) -> str:
    """What an unnumbered document is called: "Bill of 15 February 2026"."""
    if document.kind == "credit_note":
        return w.t("Credit note of {day}", day=document.date)
    return w.t("Bill of {day}", day=document.date)


def line_rows(w: Wording, lines: Iterable[Line], *, names: Names) -> tuple[LedgerLine, ...]:
    """Lines of a document: why each is there, the sentence with its arithmetic in grey, its net amount.

    Where the lines are of several subscriptions, each subscription's name stands above its own.
    """
    rows = tuple(lines)
    several = len({line.subscription for line in rows}) > 1
    before: int | None = None
    found: list[LedgerLine] = []
    for line in rows:
        heading = names.get(line.subscription) if several and line.subscription != before else None
        found.append(LedgerLine(label=why(line, w), note=says(line, w), amount=amount(w, line.amount), heading=heading))
        before = line.subscription
    return tuple(found)


def tax_rows(w: Wording, document: Document) -> tuple[LedgerLine, ...]:
    """The taxes of a document: "Tax 21%", on what, how much. None where there is no tax."""
    return tuple(
        LedgerLine(
            label=w.t("Tax {rate}", rate=rate(w, group.rate)),
            note=w.t("on {amount}", amount=amount(w, group.base)),
            amount=amount(w, group.tax),
        )
        for group in document.taxes
    )


def settled_note(w: Wording, standing: Standing) -> str | None:
    """What becomes of a document by itself: taken from credit, paid at once, still due."""
    said: list[str] = []
    if standing.credit_used.minor > 0:
        said.append(w.t("{amount} from credit", amount=amount(w, standing.credit_used)))
    if standing.paid.minor > 0:
        said.append(w.t("{amount} paid at once with the saved method", amount=amount(w, standing.paid)))
    if standing.left.minor > 0 and standing.due:
        left = amount(w, standing.left)
        said.append(w.t("{amount} to pay by {day}", amount=left, day=standing.due))
    return ", ".join(said) or None


def owed_sentence(w: Wording, *, owed: Money, past_due: Money) -> str:
    """What is open in all, and how much of it is late."""
    if not owed:
        return w.t("Nothing is open.")
    if past_due == owed:
        return w.t("{amount} is past due.", amount=amount(w, owed))
    if past_due:
        late = amount(w, past_due)
        return w.t("{owed} is still to be paid, of which {late} is past due.", owed=amount(w, owed), late=late)
    return w.t("{amount} is still to be paid.", amount=amount(w, owed))
