"""What was charged too much is taken back: a share of the line that was really charged, the newest line first.

Source of the rules: section 5 of the product's design. Used part and credited part make the whole to the cent, on every
possible day; a credit never exceeds what is left of its line. The discounts of a line are given back with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from prorata.core.billing.billed import edges_of, seats_left
from prorata.core.billing.causes import cause_of
from prorata.core.billing.difference import Level, cut, layers
from prorata.core.billing.shares import seconds, thirty
from prorata.core.calendar import Period
from prorata.core.catalog.terms import Refund
from prorata.core.documents.model import Cause, Line, LineRef
from prorata.core.history import Charge, Taken
from prorata.core.money import Money, total, zero
from prorata.core.proof import CreditProof, prove
from prorata.core.records import record
from prorata.core.subscriptions.ledgers import plan_on
from prorata.core.subscriptions.model import Subscription


@record
class TooMuch:
    """So many of an item, on these days, are to be taken back from its lines."""

    levels: Sequence[Level]
    charges: Sequence[Charge]


def credits_for(
    subscription: Subscription, charges: Sequence[Charge], *, too_much: Iterable[TooMuch]
) -> tuple[tuple[Line, ...], tuple[Charge, ...]]:
    """One credit for each rectangle of each line that is touched, by date; and the lines' new states."""
    known = {charge.ref: charge for charge in charges}
    lines: list[tuple[date, Line]] = []
    changed: dict[LineRef, Charge] = {}
    touched = [(charge, taken) for one in too_much for charge, taken in _shares(subscription, one)]
    touched.sort(key=lambda one: (one[0].item.flat, -one[0].ref.document, -one[0].ref.line))
    for charge, taken in touched:
        now = known[charge.ref]
        beside = [other for other in charges if other.reduces == charge.ref]
        for rectangle in layers(taken):
            given = [_credit(subscription, discount, rectangle=rectangle) for discount in beside]
            at_most = _at_most(now, beside, given=[line for line, _ in given])
            if at_most is not None and not at_most:
                continue
            line, now = _credit(subscription, now, rectangle=rectangle, at_most=at_most)
            beside = [discount for _, discount in given]
            lines += ((rectangle.period.start, one) for one in (line, *(line for line, _ in given)))
        changed[now.ref] = now
        changed.update((other.ref, other) for other in beside)
    lines.sort(key=lambda one: one[0])
    return tuple(line for _, line in lines), tuple(changed.values())


def _at_most(charge: Charge, discounts: Sequence[Charge], *, given: Sequence[Line]) -> Money | None:
    """What a credit may be at most where something of the line was given back by hand; nothing where all was.

    Together with what it gives back of the line's discounts it takes no more than is left of both.
    """
    if not charge.adjusted:
        return None
    of = charge.amount.currency
    left = total((one.left for one in (charge, *discounts)), of)
    if left.minor <= 0:
        return zero(of)
    return min(charge.left, left + total((line.amount for line in given), of))


def _shares(subscription: Subscription, one: TooMuch) -> list[tuple[Charge, list[Level]]]:
    """What each line gives back, the newest first."""
    found: list[tuple[Charge, list[Level]]] = []
    left = list(one.levels)
    if subscription.terms.proration == "none":
        left = _whole_periods(subscription, left)
    for charge in sorted(one.charges, key=lambda c: (c.ref.document, c.ref.line), reverse=True):
        taken, left = _share(charge, left)
        if taken:
            found.append((charge, taken))
    return found


def _whole_periods(subscription: Subscription, levels: Iterable[Level]) -> list[Level]:
    """Without proration nothing is given back inside a period: what began stays charged to the period's end."""
    found: list[Level] = []
    for level in levels:
        running = subscription.grid.period(level.period.start)
        start = level.period.start if running.start == level.period.start else running.end
        if start < level.period.end:
            found.append(Level(Period(start, level.period.end), level.licences))
    return found


def _share(charge: Charge, wanted: list[Level]) -> tuple[list[Level], list[Level]]:
    """How many seats this line gives back on which days, and what the older lines have to give."""
    gives: list[Level] = []
    others: list[Level] = []
    edges = edges_of((charge,))
    for level in wanted:
        for part in cut(level.period, edges):
            share = min(seats_left(charge, part.start), level.licences)
            if share:
                gives.append(Level(part, share))
            if level.licences > share:
                others.append(Level(part, level.licences - share))
    return gives, others


def _credit(
    subscription: Subscription, charge: Charge, *, rectangle: Level, at_most: Money | None = None
) -> tuple[Line, Charge]:
    period = rectangle.period
    taken = Taken(period, rectangle.licences, _days(subscription, charge, rectangle=rectangle))
    kept = charge.seat_days_kept - taken.licences * taken.days
    proof = CreditProof(charge.amount, charge.seat_days, kept, charge.credited, at_most)
    amount = prove(proof)
    cause = cause_of(subscription, period.start)
    line = Line(
        subscription=subscription.id,
        kind="credit" if charge.reduces is None else "discount",
        period=period,
        licences=None if charge.item.flat else rectangle.licences,
        price=charge.price,
        item=charge.item,
        days=taken.days,
        of_days=charge.of_days,
        amount=amount,
        tax_rate=charge.tax_rate,
        proof=proof,
        cause=cause,
        corrects=charge.ref,
        refund=_refund(subscription, cause),
        discount=charge.discount,
    )
    return line, replace(charge, taken=(*charge.taken, taken), credited=charge.credited - amount)


def _days(subscription: Subscription, charge: Charge, *, rectangle: Level) -> int:
    """The days taken back, as the terms count them; with the last real day the last of them goes."""
    period = rectangle.period
    if subscription.terms.proration == "day":
        return period.days
    if subscription.terms.proration == "second":
        return seconds(period)
    real = charge.licences * charge.period.days - sum(t.licences * t.period.days for t in charge.taken)
    if real == rectangle.licences * period.days and not charge.seat_days_kept % rectangle.licences:
        return charge.seat_days_kept // rectangle.licences
    in_months = plan_on(subscription.plans, charge.period.start).grid.every.months
    if subscription.terms.proration == "thirty" and in_months:
        return min(thirty(period.start, period.end), charge.seat_days_kept // rectangle.licences)
    return charge.days * period.days // charge.period.days


def _refund(subscription: Subscription, cause: Cause) -> Refund:
    """Where the worth of a credit goes: as the cancellation says for an end, by the terms for a change.

    An end that gives nothing back has left its seats charged: what is credited from its day on was given up before.
    """
    ending = subscription.ending
    if cause.why == "ending" and ending and ending.refund != "none":
        return ending.refund
    return subscription.terms.refund.change
