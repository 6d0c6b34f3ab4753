"""Why a document differs from the one before it, in sentences: one for each reason, with its amount."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from prorata.core.documents.model import Document, Line
from prorata.core.insights.explain import Explanation, Reason, ReasonWhy, TaxReason
from prorata.core.money import Money, total
from prorata.wording.differences import changed, difference
from prorata.wording.explain import why as why_of
from prorata.wording.figures import day_of, money_of, percent_of, share_of, size_of
from prorata.wording.marking import mark
from prorata.wording.words import Wording

Names = Mapping[int, str]
"""What subscriptions are called, by their id."""

_NUMBERS = (
    mark("two"), mark("three"), mark("four"), mark("five"), mark("six"), mark("seven"), mark("eight"), mark("nine"),
    mark("ten"),
)  # fmt: skip
_MOST_NAMED = 3
"""So many lines of one event are told one by one; of more, only what they come to."""

_HAPPENED: Mapping[ReasonWhy, str] = MappingProxyType(
    {
        "purchase": mark("The subscription was bought on {day}: {what}."),
        "period": mark("A period is charged that the last bill did not have: {what}."),
        "plan": mark("The plan was changed on {day}: {what}."),
        "frequency": mark("The billing frequency was changed on {day}: {what}."),
        "price": mark("A new price began on {day}: {what}."),
        "phase": mark("The next phase of the price began on {day}: {what}."),
        "anchor": mark("The start of periods was moved on {day}: {what}."),
        "pause": mark("The subscription was paused on {day}: {what}."),
        "resume": mark("The subscription was resumed on {day}: {what}."),
        "reactivation": mark("The subscription was reactivated on {day}: {what}."),
        "trial": mark("The trial was over on {day}; from then on the subscription is paid for: {what}."),
        "ending": mark("The subscription ended on {day}: {what}."),
        "setup": mark("The setup is charged once, on {day}: {what}."),
        "goodwill": mark("Goodwill was given on {day}: {what}."),
        "refund": mark("A refund was made on {day}: {what}."),
        "late": mark("For days that were billed before: {what}."),
    }
)
_NOT_AGAIN: Mapping[ReasonWhy, str] = MappingProxyType(
    {
        "ending": mark("The subscription ended on {day}, so no further period is charged: {difference}."),
        "pause": mark("The subscription was paused on {day}, so no whole period is charged: {difference}."),
        "absent": mark("What the last bill charged for its period does not come again: {difference}."),
        "covered": mark("The period at hand was billed before and is not billed again: {difference}."),
    }
)


def summary(document: Document, explained: Explanation, *, w: Wording, number: str | None = None) -> str:
    """How much a document differs from the one before it in all, with tax; that has no `number` while it is to come."""
    before = explained.before
    if before is None:
        return w.t("This is the first bill: everything on it is new.")
    facts = {
        "total": money_of(document.total, w),
        "before": money_of(before.total, w),
        "day": day_of(before.date, w, year=document.date.year),
    }
    amount = explained.net + explained.tax
    if number is None:
        return _summary_of_coming(amount, facts, w=w)
    if not amount:
        return w.t(
            "It comes to {total}, as {number} of {day} did.", total=facts["total"], number=number, day=facts["day"]
        )
    return w.t(
        "It comes to {total}; {number} of {day} came to {before}. That is {difference}.",
        difference=difference(amount, w),
        number=number,
        **facts,
    )


def _summary_of_coming(amount: Money, facts: Mapping[str, str], *, w: Wording) -> str:
    """The same where the one before has still to come."""
    if not amount:
        return w.t("It comes to {total}, as the bill of {day} will.", total=facts["total"], day=facts["day"])
    return w.t(
        "It comes to {total}; the bill of {day} will come to {before}. That is {difference}.",
        difference=difference(amount, w),
        **facts,
    )


def sentences(document: Document, explained: Explanation, *, w: Wording, names: Names) -> tuple[str, ...]:
    """A sentence for each reason, net; then one for each tax that differs. Several subscriptions are told by name."""
    several = len({reason.subscription for reason in explained.reasons}) > 1
    begun = {reason.subscription for reason in explained.reasons if reason.why == "reactivation"}
    said: list[str] = []
    for reason in explained.reasons:
        is_over = reason.kind == "gone" and reason.why == "ending" and reason.subscription in begun
        text = _had_ended(reason, document, w=w) if is_over else _capital(_said(reason, document, w=w))
        said.append(f"{names.get(reason.subscription, '')}: {text}" if several else text)
    return *said, *(_tax(reason, w) for reason in explained.taxes)


def _had_ended(reason: Reason, document: Document, *, w: Wording) -> str:
    """Of an end after which it has begun again on the same document: further periods are charged."""
    return w.t(
        "The subscription had ended on {day}, so no whole period is charged: {difference}.",
        day=_day(reason, document, w=w),
        difference=difference(reason.amount, w),
    )


def _said(reason: Reason, document: Document, *, w: Wording) -> str:
    if reason.why == "discount":
        return _discount(reason, document, w=w)
    match reason.kind:
        case "once" | "new":
            return _happened(reason, document, w=w)
        case "was_once":
            sums = {"why": why_of(reason.lines[0], w), "difference": difference(reason.amount, w)}
            return w.t("{why}: that was on the last bill only, so {difference} now.", **sums)
        case "gone":
            said = _NOT_AGAIN.get(reason.why, _NOT_AGAIN["absent"])
            return w.t(said, day=_day(reason, document, w=w), difference=difference(reason.amount, w))
        case "changed":
            return changed(reason, document, w=w)


# ------------------------------------------------------------------------------------------ what happened


def _happened(reason: Reason, document: Document, *, w: Wording) -> str:
    day, what = _day(reason, document, w=w), _pieces(reason, w)
    if reason.why != "licences":
        said = _HAPPENED.get(reason.why, _HAPPENED["period"])
        return w.t(said, day=day, what=what)
    count = _more_licences(reason, document)
    number = _spelled(abs(count), w)
    if count > 0:
        return w.n(
            "One licence was added on {day}: {what}.",
            "{number} licences were added on {day}: {what}.",
            count,
            day=day,
            what=what,
            number=number,
        )
    if count < 0:
        return w.n(
            "One licence was removed on {day}: {what}.",
            "{number} licences were removed on {day}: {what}.",
            -count,
            day=day,
            what=what,
            number=number,
        )
    return w.t("The licences were changed on {day}: {what}.", day=day, what=what)


def _more_licences(reason: Reason, document: Document) -> int:
    """How many more licences there were after an event than before it, on the first of its days; 0 where that does
    not show: seconds are counted and there were several steps on a day, or more than licences changed.

    What an earlier event of the same document had added or taken away up to that day is over with it.
    """
    mine = [line for line in reason.lines if _is_seats(line)]
    first = min((line.period.start for line in mine), default=None)
    begins = {_first(line) for line in mine if line.period.start == first}
    if len(begins) != 1:
        return 0
    seats = [line for line in document.lines if line.subscription == reason.subscription and _is_seats(line)]
    there = [line for line in seats if _first(line) in begins or _end(line) in begins]
    if len({line.item.plan for line in there}) > 1 or any(line.cause.why in {"pause", "ending"} for line in there):
        return 0
    return sum(_seats(line) * ((_first(line) in begins) - (_end(line) in begins)) for line in there)


def _is_seats(line: Line) -> bool:
    return line.licences is not None and line.kind != "discount"


def _seats(line: Line) -> int:
    return (-1 if line.corrects else 1) * (line.licences or 0)


def _first(line: Line) -> date:
    return line.exact.start if line.exact else line.period.start


def _end(line: Line) -> date:
    return line.exact.end if line.exact else line.period.end


def _spelled(count: int, w: Wording) -> str:
    return w.t(_NUMBERS[count - 2]) if 2 <= count < len(_NUMBERS) + 2 else w.number(count)


def _pieces(reason: Reason, w: Wording) -> str:
    """Each line of an event with its amount and its days; of many what was charged and what came back."""
    lines = reason.lines
    if len(lines) == 1:
        return _piece(lines[0], w=w, with_licences=reason.kind == "new")
    in_all = money_of(reason.amount, w)
    if len(lines) <= _MOST_NAMED:
        listed = w.list([_piece(line, w=w, with_licences=reason.kind == "new") for line in lines])
        return w.t("{pieces}, {amount} in all", pieces=listed, amount=in_all)
    # A discount that is given back with its charge lowers what comes back.
    charged = [line.amount for line in lines if line.corrects is None]
    back = [-line.amount for line in lines if line.corrects]
    of = reason.amount.currency
    if not charged:
        return w.t("{amount} back", amount=size_of(reason.amount, w))
    if not back:
        return w.n("{count} line, {amount} in all", "{count} lines, {amount} in all", len(lines), amount=in_all)
    return w.t(
        "{charged} charged and {back} taken back, {amount} in all",
        charged=money_of(total(charged, of), w),
        back=money_of(total(back, of), w),
        amount=in_all,
    )


def _piece(line: Line, *, w: Wording, with_licences: bool) -> str:
    """One line: "€9.82 for 11 of 28 days", "€53.57 back for 12 of 28 days"."""
    amount = size_of(line.amount, w)
    if line.kind == "discount":
        return w.t("{amount} of the discount taken back", amount=amount)
    if line.days is None or line.of_days is None:
        return w.t("{amount} back", amount=amount) if line.amount.minor < 0 else amount
    share = share_of(line.days, line.of_days, w=w)
    if line.corrects:
        return w.t("{amount} back for {share}", amount=amount, share=share)
    said = w.t("{amount} for {share}", amount=amount, share=share)
    if not with_licences or line.licences is None:
        return said
    return w.n("{count} licence, {what}", "{count} licences, {what}", line.licences, what=said)


# ------------------------------------------------------------------------------------------ discounts and tax


def _discount(reason: Reason, document: Document, *, w: Wording) -> str:
    day, more = _day(reason, document, w=w), difference(reason.amount, w)
    if reason.kind == "gone":
        return w.t("The discount given on {day} is not on this bill: {difference}.", day=day, difference=more)
    if reason.kind == "new":
        return w.t("There is a discount, given on {day}: {difference}.", day=day, difference=more)
    off = size_of(total((line.amount for line in reason.lines), reason.amount.currency), w)
    return w.t("The discount given on {day} takes {off} off: {difference}.", day=day, off=off, difference=more)


def _tax(reason: TaxReason, w: Wording) -> str:
    rate = percent_of(reason.rate, w)
    more = difference(reason.amount, w)
    if reason.now is None:
        return w.t("There is no tax at {rate} on this bill: {difference}.", rate=rate, difference=more)
    tax, base = money_of(reason.now.tax, w), money_of(reason.now.base, w)
    if reason.was is None:
        return w.t("Tax at {rate} on {base}: {difference}.", rate=rate, base=base, difference=more)
    return w.t(
        "Tax at {rate} on {base} is {tax} instead of {old}: {difference}.",
        rate=rate,
        base=base,
        tax=tax,
        old=money_of(reason.was.tax, w),
        difference=more,
    )


def _day(reason: Reason, document: Document, *, w: Wording) -> str:
    return day_of(reason.on, w, year=document.date.year) if reason.on else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
