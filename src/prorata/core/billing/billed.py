"""Billed: what was charged on each day and not taken back, from the lines on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from prorata.core.billing.difference import Level, add
from prorata.core.calendar import Period
from prorata.core.history import Charge


def seats_left(charge: Charge, on: date) -> int:
    """How many licences of a line are still charged on a day."""
    if not charge.period.start <= on < charge.period.end:
        return 0
    return charge.licences - sum(t.licences for t in charge.taken if t.period.start <= on < t.period.end)


def edges_of(charges: Iterable[Charge]) -> list[date]:
    """Every day on which what is charged may change."""
    edges: list[date] = []
    for charge in charges:
        edges += (charge.period.start, charge.period.end)
        for taken in charge.taken:
            edges += (taken.period.start, taken.period.end)
    return edges


def billed(charges: Iterable[Charge]) -> dict[date, int]:
    """By how many more an item is charged from a day on: lines less what was taken back of them."""
    rises: dict[date, int] = {}
    for charge in charges:
        add(rises, Level(charge.period, charge.licences))
        for taken in charge.taken:
            add(rises, Level(taken.period, -taken.licences))
    return rises


def billed_until(charges: Sequence[Charge]) -> date | None:
    """The day after the last one on which anything is charged; None where nothing is."""
    taken_back = [charge for charge in charges if charge.taken]
    if not taken_back:
        return max([charge.period.end for charge in charges if charge.licences], default=None)
    until: date | None = None
    for item in {charge.item for charge in charges}:
        last = _until([charge for charge in charges if charge.item == item])
        if last and (until is None or last > until):
            until = last
    return until


def _until(charges: Iterable[Charge]) -> date | None:
    rises = billed(charges)
    licences, until = 0, None
    for day in sorted(rises):
        if licences:
            until = day
        licences += rises[day]
    return until


def is_seats(charge: Charge) -> bool:
    """Whether a line charges days of something: not a discount, and not what is charged once."""
    return charge.reduces is None and charge.period.start < charge.period.end


def reaching(charges: Iterable[Charge], days: Period) -> list[Charge]:
    """Those lines that may charge any of the days."""
    return [charge for charge in charges if charge.period.end > days.start and is_seats(charge)]
