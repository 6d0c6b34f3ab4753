"""What periods cost, against the last bill: more licences, another price, other days, or the same as before."""

from __future__ import annotations

from collections.abc import Sequence

from prorata.core.documents.model import Document
from prorata.core.insights.explain import Reason
from prorata.core.insights.steps import Charged, Share
from prorata.core.money import Money
from prorata.wording.figures import SECONDS, day_of, money_of, price_of, share_of, size_of
from prorata.wording.words import Wording


def difference(amount: Money, w: Wording) -> str:
    """How much dearer or cheaper something makes a bill: "€25.00 more"."""
    if not amount:
        return w.t("it costs the same")
    return (
        w.t("{amount} more", amount=size_of(amount, w))
        if amount.minor > 0
        else w.t("{amount} less", amount=size_of(amount, w))
    )


def changed(reason: Reason, document: Document, *, w: Wording) -> str:
    """What a subscription's periods cost now and did before, where both bills charge some."""
    was, now, more = reason.was, reason.now, difference(reason.amount, w)
    if was is None or now is None or reason.why == "rounding":
        return w.t("The same days are charged in other parts, each rounded by itself: {difference}.", difference=more)
    match reason.why:
        case "licences":
            return _licences(reason, was, now=now, document=document, w=w)
        case "plan" | "frequency":
            return _plan(reason, was, now=now, w=w)
        case "price" | "phase":
            return _price(reason, was, now=now, w=w)
        case "days":
            return _days(was.shares, now.shares, more=more, w=w)
        case _:
            return _unchanged(was, now, w=w)


def _licences(reason: Reason, was: Charged, *, now: Charged, document: Document, w: Wording) -> str:
    more, start = difference(reason.amount, w), reason.lines[-1].period.start
    if was.licences is None or now.licences is None or was.licences == now.licences or _are_not_all(reason, document):
        return w.t("Other numbers of licences are charged: {difference}.", difference=more)
    return w.n(
        "From {day}, {count} licence is charged instead of {was}: {difference}.",
        "From {day}, {count} licences are charged instead of {was}: {difference}.",
        now.licences,
        day=day_of(start, w, year=document.date.year),
        was=was.licences,
        difference=more,
    )


def _are_not_all(reason: Reason, document: Document) -> bool:
    """Whether licences of the same days are charged on lines of their own: a moved start can part them."""
    first = reason.lines[-1].period.start
    return any(
        line.kind == "recurring" and line.cause.why != "licences" and line.period.start <= first < line.period.end
        for line in document.lines
        if line.subscription == reason.subscription and line not in reason.lines
    )


def _plan(reason: Reason, was: Charged, *, now: Charged, w: Wording) -> str:
    more = difference(reason.amount, w)
    old, new = was.plan, now.plan
    if was.licences != now.licences and (was.price is None or now.price is None):
        old, new = (_with_licences(one, w) for one in (was, now))
    if old == new:
        return w.t("Not all days of the two bills are of the same plan: {difference}.", difference=more)
    if reason.why == "frequency":
        return w.t(
            "The plan is billed by another period now, {new} instead of {old}: {difference}.",
            new=new,
            old=old,
            difference=more,
        )
    return w.t("The plan is {new} now instead of {old}: {difference}.", new=new, old=old, difference=more)


def _with_licences(one: Charged, w: Wording) -> str:
    if one.licences is None:
        return one.plan
    return w.n("{plan} with {count} licence", "{plan} with {count} licences", one.licences, plan=one.plan)


def _price(reason: Reason, was: Charged, *, now: Charged, w: Wording) -> str:
    more = difference(reason.amount, w)
    if was.price is None or now.price is None or was.price == now.price:
        return w.t("Another price is charged: {difference}.", difference=more)
    old, new = price_of(was.price, w), price_of(now.price, w)
    if reason.why == "phase":
        return w.t(
            "The next phase of the price has begun, {new} instead of {old}: {difference}.",
            new=new,
            old=old,
            difference=more,
        )
    return w.t("The price is {new} now instead of {old}: {difference}.", new=new, old=old, difference=more)


def _days(was: Sequence[Share], now: Sequence[Share], *, more: str, w: Wording) -> str:
    if all(days == of_days for days, of_days in (*was, *now)):
        return w.n(
            "{count} whole period is charged instead of {was}: {difference}.",
            "{count} whole periods are charged instead of {was}: {difference}.",
            len(now),
            was=len(was),
            difference=more,
        )
    old, new = (w.list([share_of(*share, w=w) for share in shares]) for shares in (was, now))
    return w.t(
        "This bill charges {new} of a period, the last one {old}: {difference}.", new=new, old=old, difference=more
    )


def _unchanged(was: Charged, now: Charged, *, w: Wording) -> str:
    cost = money_of(now.amount, w)
    (_, last), (_, of_days) = was.shares[-1], now.shares[-1]
    if now.licences is None:
        return w.t("Its period costs {amount}, as before.", amount=cost)
    if last == of_days or of_days > SECONDS or len(now.shares) > 1:
        return w.n(
            "{count} licence costs {amount}, as before.",
            "{count} licences cost {amount}, as before.",
            now.licences,
            amount=cost,
        )
    return w.n(
        "{count} licence costs {amount}, as before: a whole period of {days} costs as much as one of {last}.",
        "{count} licences cost {amount}, as before: a whole period of {days} costs as much as one of {last}.",
        now.licences,
        amount=cost,
        days=w.n("{count} day", "{count} days", of_days),
        last=w.number(last),
    )
