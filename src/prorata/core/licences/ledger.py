"""The licence ledger: an append-only list of totals, each from a business day on.

Seats are layers. A rise puts new seats on top, a fall takes the newest away first. What was bought on which day, which
seats are still inside a window, and what a later bill must charge all follow from that one picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from prorata.core.actors import Side
from prorata.core.calendar import Grid, Period
from prorata.core.catalog.plans import Item
from prorata.core.records import record


@record
class LicenceChange:
    """From `effective` on there are `licences` in total. Of several on one day the last counts."""

    at: datetime
    effective: date
    licences: int
    by: Side


@record
class Forfeit:
    """Seats that were given up without a credit: they stay charged on these days, and can be taken up again free.

    `item`: what they were charged as, where the subscription has moved on to another plan (None: as all others).
    """

    period: Period
    licences: int
    item: Item | None = None


def entered(changes: tuple[LicenceChange, ...], change: LicenceChange) -> tuple[LicenceChange, ...]:
    """The ledger with one more change, behind those of its day: later ones stay in force."""
    if not changes or changes[-1].effective <= change.effective:
        return (*changes, change)
    place = sum(1 for other in changes if other.effective <= change.effective)
    return (*changes[:place], change, *changes[place:])


def licences_on(changes: Iterable[LicenceChange], on: date) -> int:
    """The total on a day; 0 before the first change. `changes` are in the order of their days."""
    licences = 0
    for change in changes:
        if change.effective <= on:
            licences = change.licences
    return licences


def bought_since(changes: Iterable[LicenceChange], since: date) -> int:
    """How many of the present seats were bought on or after a day, the newest seats going first whenever some went."""
    layers: list[tuple[date, int]] = []
    last = 0
    for change in _one_a_day(changes):
        rise = change.licences - last
        if rise > 0:
            layers.append((change.effective, rise))
        while rise < 0:
            bought, count = layers.pop()
            rise += count
            if rise > 0:
                layers.append((bought, rise))
        last = change.licences
    return sum(count for bought, count in layers if bought >= since)


def _one_a_day(changes: Iterable[LicenceChange]) -> list[LicenceChange]:
    """Leave only the last change of each day, so that what comes and goes within a day never was."""
    days: dict[date, LicenceChange] = {}
    for change in changes:
        days[change.effective] = change
    return list(days.values())


def before_today(forfeits: tuple[Forfeit, ...], grid: Grid, *, today: date) -> tuple[Forfeit, ...]:
    """The forfeits as they stood when the day began: those of today are gone, those taken up today run on.

    A forfeit reaches to the end of a period of the grid; one that ends inside a period was taken up on that day. Those
    of another plan may end anywhere, and those of a phase to come are of today where they go on from some of today.
    """
    is_boundary = grid.period(today).start == today
    found: list[Forfeit] = []
    goes_on: set[tuple[str, int, date]] = set()
    for forfeit in forfeits:
        start, end, item = forfeit.period.start, forfeit.period.end, forfeit.item
        if start == today or (item and (item.plan, item.version, start) in goes_on):
            goes_on |= {(item.plan, item.version, end)} if item else set()
            continue
        cut_today = forfeit.item is None and forfeit.period.end == today and not is_boundary
        until = grid.next_boundary(forfeit.period.start) if cut_today else forfeit.period.end
        found.append(Forfeit(Period(forfeit.period.start, until), forfeit.licences, forfeit.item))
    return tuple(found)


def take_up(forfeits: tuple[Forfeit, ...], count: int, *, on: date) -> tuple[Forfeit, ...]:
    """Use up to `count` forfeited seats again from a day on: they count as licences held, no longer as forfeited."""
    left: list[Forfeit] = []
    for forfeit in forfeits:
        running = forfeit.item is None and forfeit.period.start <= on < forfeit.period.end
        used = min(count, forfeit.licences) if running else 0
        count -= used
        if not used:
            left.append(forfeit)
            continue
        if forfeit.period.start < on:
            left.append(Forfeit(Period(forfeit.period.start, on), used))
        if forfeit.licences > used:
            left.append(Forfeit(forfeit.period, forfeit.licences - used))
    return tuple(left)
