"""What a story tells, on paper: the result as JSON, or an account that a person reads."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from prorata.core.documents.model import Document, TaxGroup
from prorata.core.documents.numbers import Issued
from prorata.core.money import Money
from prorata.core.stories.model import Story
from prorata.core.stories.result import Json, past_due, timeline
from prorata.core.stories.told import Told
from prorata.core.subscriptions.model import Subscription, overlays
from prorata.wording import Wording
from prorata.wording.explain import says
from prorata.wording.terms import document_kind_word, overlay_word, state_word

_LABEL, _AMOUNT = 78, 14
_WIDTH = _LABEL + _AMOUNT

Row = tuple[str, str]


def as_json(result: Mapping[str, Json]) -> bytes:
    """The result in UTF-8, the same bytes everywhere."""
    return f"{json.dumps(result, ensure_ascii=False, indent=2)}\n".encode()


def as_text(story: Story, told: Told, *, w: Wording) -> bytes:
    """The documents as small bills, what became of the subscriptions, and what is left, in UTF-8."""
    names = {subscription.id: subscription.name for subscription in told.subscriptions}
    blocks = [[story.title]]
    blocks += [_bill(issued, names, w=w) for issued in told.documents]
    if not told.documents:
        blocks.append([w.t("No document was issued.")])
    for shown in told.previews:
        heading, *rest = _bill(shown.issued, shown.names, w=w)
        blocks.append([w.t("Preview: {document}", document=heading), *rest])
    blocks += [_subscriptions(told, w), _timeline(told, w), _account(told, w)]
    return "".join("\n".join(block) + "\n\n" for block in blocks).rstrip("\n").encode() + b"\n"


def _bill(issued: Issued, names: Mapping[int, str], *, w: Wording) -> list[str]:
    document = issued.document
    heading = f"{document_kind_word(w, document.kind)} {issued.number}, {w.date(document.date)}"
    if document.due:
        heading = w.t("{document}, due on {day}", document=heading, day=document.due)
    rows = [*_lines(document, names, w=w), *_taxes(document, w)]
    rule = "  " + "-" * (_WIDTH - 2)
    return [heading, *_rows(rows), rule, *_rows(_settled(issued, w))]


def _lines(document: Document, names: Mapping[int, str], *, w: Wording) -> Iterator[Row]:
    """Each line in words; only where an account has several subscriptions it says whose the line is."""
    for line in document.lines:
        said = says(line, w)
        yield f"{names[line.subscription]}: {said}" if len(names) > 1 else said, _money(line.amount, w)


def _taxes(document: Document, w: Wording) -> Iterator[Row]:
    if document.taxes:
        yield w.t("Net"), _money(document.net, w)
    for group in document.taxes:
        yield w.t("Tax {rate}", rate=_rate(group, w)), _money(group.tax, w)


def _rate(group: TaxGroup, w: Wording) -> str:
    return w.percent(Decimal(group.rate.numerator) / Decimal(group.rate.denominator))


def _settled(issued: Issued, w: Wording) -> Iterator[Row]:
    """The total, and what became of it; a credit note gives, so its amounts are told without their sign."""
    standing, is_invoice = issued.standing, issued.document.kind == "invoice"
    yield w.t("Total"), _money(issued.document.total, w)
    credit = w.t("Paid from credit") if is_invoice else w.t("Used for other bills or kept as credit")
    paid = w.t("Paid") if is_invoice else w.t("Paid back")
    for label, amount in ((credit, standing.credit_used), (paid, standing.paid)):
        if amount:
            yield label, _money(amount if is_invoice else -amount, w)
    if standing.left:
        yield w.t("Still to pay"), _money(standing.left, w)


def _subscriptions(told: Told, w: Wording) -> list[str]:
    late = past_due(told)
    rows = [f"  {s.name}: {_subscription(s, w, is_late=s.id in late)}" for s in told.subscriptions]
    return [w.t("Subscriptions"), *rows]


def _subscription(subscription: Subscription, w: Wording, *, is_late: bool) -> str:
    over = overlays(subscription, past_due=is_late)
    parts = [
        state_word(w, subscription.state),
        *(overlay_word(w, overlay.replace(" ", "_")) for overlay in over),
        w.t("{assigned} of {purchased} assigned", assigned=subscription.assigned, purchased=subscription.licences),
    ]
    if subscription.billed_to and subscription.billed_to > subscription.start:
        parts.append(w.t("billed up to {day}", day=subscription.billed_to - timedelta(days=1)))
    return ", ".join(parts)


def _timeline(told: Told, w: Wording) -> list[str]:
    turns = [(w.date(turn.on), name, state_word(w, turn.state)) for turn, name in timeline(told)]
    wide = max((len(day) for day, _, _ in turns), default=0)
    return [w.t("Timeline"), *(f"  {day:<{wide}}  {name}: {state}" for day, name, state in turns)]


def _account(told: Told, w: Wording) -> list[str]:
    rows = (
        (w.t("Owed"), told.owed),
        (w.t("Account credit"), told.credit),
        (w.t("Received"), told.paid),
        (w.t("Paid back"), told.refunded),
    )
    return [w.t("Account on {day}", day=told.on), *_rows((label, _money(amount, w)) for label, amount in rows)]


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    """Labels to the left, wrapped where they are long, amounts to the right of their last line."""
    for label, amount in rows:
        *above, last = textwrap.wrap(label, _LABEL - 2, break_on_hyphens=False, subsequent_indent="  ") or [""]
        yield from (f"  {line}" for line in above)
        yield f"  {last:<{_LABEL - 2}}{amount:>{_AMOUNT}}"


def _money(amount: Money, w: Wording) -> str:
    return w.money(amount.minor, amount.currency.code, exponent=amount.currency.exponent)
