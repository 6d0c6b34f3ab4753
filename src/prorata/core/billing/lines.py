"""Rectangles into amounts: charges for what is missing, credits for what was charged too much.

Source of the rules: section 5 of the product's design. A charge is price × licences × days ÷ days of its period. A
credit is a share of the line that was really charged, and takes the newest line that has seats left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from prorata.core.billing.billed import billed, edges_of, seats_left
from prorata.core.billing.desired import desired
from prorata.core.billing.difference import Level, cut, difference, layers
from prorata.core.calendar import Grid, Period
from prorata.core.catalog.terms import Refund
from prorata.core.documents.model import Cause, Line
from prorata.core.history import Charge, Taken
from prorata.core.proof import ChargeProof, CreditProof, prove
from prorata.core.records import record
from prorata.core.subscriptions.model import Subscription


@record
class Drafted:
    """The lines of one subscription, credits first, and the new states of the charges that they take back from."""

    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]


def draft_lines(
    subscription: Subscription, charges: Iterable[Charge], *, days: Period, tax_rate: Fraction | None
) -> Drafted:
    """Write the difference between desired and billed over a stretch of days."""
    known = tuple(charges)
    gap = desired(subscription, days)
    there = [charge for charge in known if charge.period.end > days.start]
    if there:
        gap = difference(gap, billed(there, days))
    too_much = [Level(level.period, -level.licences) for level in gap if level.licences < 0]
    missing = [level for level in gap if level.licences > 0 and not _gone(subscription, level)]
    taken_back, changed = _credits(subscription, known, too_much=too_much)
    return Drafted((*taken_back, *_charges(subscription, missing, tax_rate=tax_rate)), changed)


def _gone(subscription: Subscription, level: Level) -> bool:
    """Whether the days lie after the end: from there on nothing more is charged, whatever was given up before."""
    ending = subscription.ending
    return subscription.state != "active" and ending is not None and level.period.start >= ending.charged_to


def _charges(subscription: Subscription, missing: list[Level], *, tax_rate: Fraction | None) -> tuple[Line, ...]:
    """One line for each rectangle, none reaching over the end of its period. A price of zero makes no line."""
    if not subscription.plan.price.amount.amount:
        return ()
    lines: list[Line] = []
    for running, levels in _by_period(subscription.grid, missing):
        of_days = running.days
        lines += [_charge(subscription, r, of_days=of_days, tax_rate=tax_rate) for r in layers(levels)]
    return tuple(lines)


def _by_period(grid: Grid, levels: Iterable[Level]) -> list[tuple[Period, list[Level]]]:
    """The levels (in the order of their days) of each period of the grid, cut at its boundaries."""
    periods: list[tuple[Period, list[Level]]] = []
    for level in levels:
        start, end = level.period.start, level.period.end
        while start < end:
            running = grid.period(start)
            if not periods or periods[-1][0] != running:
                periods.append((running, []))
            is_whole = start == level.period.start and end <= running.end
            part = level if is_whole else Level(Period(start, min(running.end, end)), level.licences)
            periods[-1][1].append(part)
            start = part.period.end
    return periods


def _charge(subscription: Subscription, rectangle: Level, *, of_days: int, tax_rate: Fraction | None) -> Line:
    period, licences = rectangle.period, rectangle.licences
    price, days = subscription.plan.price, period.days
    proof = ChargeProof(price.amount, licences, days, of_days)
    return Line(
        subscription.id,
        "recurring",
        period,
        licences,
        price.amount,
        price.version,
        days,
        of_days,
        prove(proof),
        tax_rate,
        proof,
        _cause(subscription, period.start),
    )


def _credits(
    subscription: Subscription, charges: tuple[Charge, ...], *, too_much: list[Level]
) -> tuple[tuple[Line, ...], tuple[Charge, ...]]:
    """Take seats back, newest line first: one credit for each rectangle of each line that is touched."""
    if not too_much:
        return (), ()
    lines: list[Line] = []
    changed: list[Charge] = []
    left = too_much
    for charge in sorted(charges, key=lambda c: (c.ref.document, c.ref.line), reverse=True):
        taken, left = _share(charge, left)
        if not taken:
            continue
        now = charge
        for rectangle in layers(taken):
            line, now = _credit(subscription, now, rectangle=rectangle)
            lines.append(line)
        changed.append(now)
    return tuple(sorted(lines, key=lambda line: line.period.start)), tuple(changed)


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


def _credit(subscription: Subscription, charge: Charge, *, rectangle: Level) -> tuple[Line, Charge]:
    days = rectangle.period.days
    kept = charge.seat_days_kept - rectangle.licences * days
    proof = CreditProof(charge.amount, charge.seat_days, kept, charge.credited)
    amount = prove(proof)
    cause = _cause(subscription, rectangle.period.start)
    line = Line(
        subscription=subscription.id,
        kind="credit",
        period=rectangle.period,
        licences=rectangle.licences,
        price=charge.price,
        price_version=charge.price_version,
        days=days,
        of_days=charge.of_days,
        amount=amount,
        tax_rate=charge.tax_rate,
        proof=proof,
        cause=cause,
        corrects=charge.ref,
        refund=_refund(subscription, cause),
    )
    taken = (*charge.taken, Taken(rectangle.period, rectangle.licences))
    return line, replace(charge, taken=taken, credited=charge.credited - amount)


def _cause(subscription: Subscription, start: date) -> Cause:
    """What happened on the first day of a line: the end, a change of licences, the purchase, or just a new period."""
    if subscription.ending and start >= subscription.ending.charged_to:
        return Cause("ending", subscription.ending.on, subscription.ending.by)
    changes = [change for change in subscription.changes if change.effective == start]
    if start == subscription.start and len(changes) == 1:
        return Cause("purchase", start, changes[0].by)
    if changes and not (start >= subscription.covered_to and subscription.grid.period(start).start == start):
        return Cause("licences", start, changes[-1].by)
    return Cause("period", start, "system")


def _refund(subscription: Subscription, cause: Cause) -> Refund:
    """Where the worth of a credit goes: as the cancellation says for an end, by the terms for fewer licences.

    An end that gives nothing back has left its seats charged: what is credited from its day on was given up before.
    """
    ending = subscription.ending
    if cause.why == "ending" and ending and ending.refund != "none":
        return ending.refund
    return subscription.terms.refund.change
