"""Billed: how many licences were charged on each day and not taken back, from the lines on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from prorata.core.billing.difference import Level, cut
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


def billed(charges: Iterable[Charge], days: Period) -> tuple[Level, ...]:
    """Licences charged less licences credited, day by day."""
    if days.start >= days.end:
        return ()
    rises = _rises(charges)
    licences = sum(rise for day, rise in rises.items() if day <= days.start)
    levels: list[Level] = []
    for part in cut(days, rises):
        if part.start > days.start:
            licences += rises[part.start]
        levels.append(Level(part, licences))
    return tuple(levels)


def billed_until(charges: Sequence[Charge]) -> date | None:
    """The day after the last one on which a licence is charged; None where none is."""
    if not any(charge.taken for charge in charges):
        return max([charge.period.end for charge in charges], default=None)
    rises = _rises(charges)
    licences, until = 0, None
    for day in sorted(rises):
        if licences:
            until = day
        licences += rises[day]
    return until


def _rises(charges: Iterable[Charge]) -> dict[date, int]:
    """By how much the licences charged rise on a day: every day on which they may change."""
    rises: dict[date, int] = {}
    for charge in charges:
        _add(rises, charge.period, licences=charge.licences)
        for taken in charge.taken:
            _add(rises, taken.period, licences=-taken.licences)
    return rises


def _add(rises: dict[date, int], period: Period, *, licences: int) -> None:
    rises[period.start] = rises.get(period.start, 0) + licences
    rises[period.end] = rises.get(period.end, 0) - licences
