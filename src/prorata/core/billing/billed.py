"""Billed: how many licences were charged on each day and not taken back, from the lines on record."""

from __future__ import annotations

from collections.abc import Iterable
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
    known = tuple(charges)
    return tuple(Level(part, sum(seats_left(c, part.start) for c in known)) for part in cut(days, edges_of(known)))
