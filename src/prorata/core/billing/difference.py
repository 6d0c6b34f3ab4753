"""Days into rectangles: what is wanted less what there is, as seats over days.

A day's difference is a number of licences. Over a stretch of days these numbers make a skyline. `layers` reads it as
seats that come and go, the newest leaving first: each rectangle is some licences from one day to another, and becomes a
line or a credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from prorata.core.calendar import Period
from prorata.core.records import record


@record
class Level:
    """So many licences on each day of a period; a difference may be negative."""

    period: Period
    licences: int


def cut(days: Period, edges: Iterable[date]) -> tuple[Period, ...]:
    """Cut a stretch of days at every edge inside it."""
    first, end = days.start, days.end
    if first >= end:
        return ()
    inside = {edge for edge in edges if first < edge < end}
    if not inside:
        return (days,)
    return tuple(Period(*days) for days in pairwise((first, *sorted(inside), end)))


def add(rises: dict[date, int], level: Level) -> None:
    """Let a number rise by a level's on its first day, and fall again after its last."""
    period, licences = level.period, level.licences
    rises[period.start] = rises.get(period.start, 0) + licences
    rises[period.end] = rises.get(period.end, 0) - licences


def difference(wanted: Iterable[Level], there: dict[date, int], *, days: Period) -> tuple[Level, ...]:
    """Wanted less there, on those of the days on which they differ, cut where either changes.

    `there`: by how many more there are from a day on.
    """
    rises = {day: -rise for day, rise in there.items()}
    for level in wanted:
        add(rises, level)
    found: list[Level] = []
    height = 0
    in_order = sorted(rises)
    for day, following in pairwise((*in_order, days.end)):
        height += rises[day]
        start, end = max(day, days.start), min(following, days.end)
        if height and start < end:
            found.append(Level(Period(start, end), height))
    return tuple(found)


def layers(skyline: Sequence[Level]) -> tuple[Level, ...]:
    """Read levels of zero or more, in the order of their days, as rectangles; the newest seats leave first.

    10 and, from the 20th, 12 until the end are two rectangles: 10 over all days, 2 from the 20th. Ordered by first day,
    the longer one first.
    """
    if len(skyline) == 1 and skyline[0].licences:
        return tuple(skyline)
    standing: list[Level] = []
    found: dict[Period, int] = {}
    height, at = 0, None
    for level in skyline:
        if at is not None and level.period.start > at:
            height = _lower(standing, found, by=height, on=at, height=height)
        rise = level.licences - height
        if rise > 0:
            standing.append(Level(level.period, rise))
            height += rise
        elif rise < 0:
            height = _lower(standing, found, by=-rise, on=level.period.start, height=height)
        at = level.period.end
    if at is not None:
        _lower(standing, found, by=height, on=at, height=height)
    rectangles = (Level(period, licences) for period, licences in found.items())
    return tuple(sorted(rectangles, key=lambda r: (r.period.start, -r.period.days)))


def _lower(standing: list[Level], found: dict[Period, int], *, by: int, on: date, height: int) -> int:
    """Take seats off the top on a day; what was standing becomes rectangles. Returns the height that is left."""
    left = by
    while left > 0:
        top = standing.pop()
        gone = min(left, top.licences)
        period = Period(top.period.start, on)
        found[period] = found.get(period, 0) + gone
        if gone < top.licences:
            standing.append(Level(top.period, top.licences - gone))
        left -= gone
    return height - by
