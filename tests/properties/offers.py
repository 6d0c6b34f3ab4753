"""What is sold, as the second bookkeeper reads a price list: plain data, and a sum done by counting.

An offer's amounts are in major units. Lengths are words: `month`, `30 days`.
"""

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from hypothesis.vendor.pretty import RepresentationPrinter

DAY = timedelta(days=1)
_MONTHS = {"month": 1, "2 months": 2, "3 months": 3, "6 months": 6, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7, "2 weeks": 14, "10 days": 10, "30 days": 30, "45 days": 45}

Stretch = tuple[str | None, Decimal, Decimal | None]
"""A phase: for how long (None: for good), the price, a setup."""

Stair = tuple[int | None, Decimal, Decimal | None]
"""A step: up to how many licences (None: all that come after), the price, a flat part."""

Name = tuple[str, int, int, int, bool]
"""What a charge is for: the plan, its price's version, the phase, the step, and whether it is flat."""


@dataclass(frozen=True, repr=False)
class Offer:
    """A price list. `stairs` or `stretches` stand in the place of `price`; `graduated`: each seat has its own step."""

    price: Decimal
    every: str
    flat: Decimal | None = None
    setup: Decimal | None = None
    trial: str | None = None
    stretches: tuple[Stretch, ...] = ()
    term: str | None = None
    stairs: tuple[Stair, ...] = ()
    graduated: bool = False

    def __repr__(self) -> str:
        """As it can be written in a test: what differs from a plain one."""
        plain = Offer(self.price, self.every)
        own = [f"{name}={getattr(self, name)!r}" for name in _NAMES if getattr(self, name) != getattr(plain, name)]
        return f"Offer({', '.join([repr(self.price), repr(self.every), *own])})"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - as hypothesis calls it
        printer.text(repr(self))

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but so much for each licence, for good."""
        return self == Offer(self.price, self.every)

    def costs(self, licences: int, *, phase: int = 0) -> dict[tuple[int, bool], tuple[int, Decimal]]:
        """How many of each step (0: there are none) and of each flat part are charged for so many licences."""
        found: dict[tuple[int, bool], tuple[int, Decimal]] = {}
        for seat in range(1, licences + 1):
            step, price, flat = self._of(seat if self.graduated else licences, phase)
            found[step, False] = (found.get((step, False), (0, price))[0] + 1, price)
            if flat is not None:
                found[step, True] = (1, flat)
        if licences and self.flat is not None:
            found[0, True] = (1, self.flat)
        return {part: cost for part, cost in found.items() if cost[1]}

    def _of(self, seat: int, phase: int) -> tuple[int, Decimal, Decimal | None]:
        if not self.stairs:
            return 0, self.stretches[phase][1] if self.stretches else self.price, None
        for place, (up_to, price, flat) in enumerate(self.stairs, start=1):
            if up_to is None or seat <= up_to:
                return place, price, flat
        raise ValueError(seat)

    def phases_from(self, first: date) -> list[date]:
        """The first day of each phase; the lengths are added up before they are counted from the first day."""
        starts: list[date] = []
        months = days = 0
        for length, _, _ in self.stretches:
            starts.append(_months_after(first, months) + DAY * days)
            if length is not None:
                months, days = months + _MONTHS.get(length, 0), days + _DAYS.get(length, 0)
        return starts


_NAMES = tuple(Offer.__dataclass_fields__)


def later(day: date, length: str) -> date:
    """The day on which a length that begins on a day is over."""
    return _months_after(day, _MONTHS[length]) if length in _MONTHS else day + DAY * _DAYS[length]


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_in_months(every: str) -> bool:
    """Whether a length is counted in months."""
    return every in _MONTHS


def per_month(every: str) -> tuple[int, int]:
    """By what an amount for a period is multiplied and divided to be one for a month of 365.25 / 12 days."""
    return (1, _MONTHS[every]) if every in _MONTHS else (1461, 48 * _DAYS[every])


@dataclass(frozen=True)
class Grid:
    """Where periods begin: on `day` of the month (None: in days), every so many months counted from that of `base`."""

    base: date
    every: str
    day: int | None

    def period(self, on: date) -> tuple[date, date]:
        """The last day on or before this one on which a period begins, and the next one after it."""
        known = _boundaries(self)
        place = bisect_right(known, on)
        return known[place - 1], known[place]

    def begins(self, on: date) -> bool:
        """Whether a period begins on the day."""
        return self.period(on)[0] == on

    def following(self, on: date) -> date:
        """The first boundary on or after a day."""
        return on if self.begins(on) else self.period(on)[1]


@lru_cache(maxsize=2000)
def _boundaries(grid: Grid) -> list[date]:
    base = grid.base
    if grid.day is None:
        length = _DAYS[grid.every]
        return [base + DAY * length * i for i in range(-1500 // length, 3000 // length)]
    found: list[date] = []
    for i in range(-60, 121):
        if i % _MONTHS[grid.every] == 0:
            year, month = divmod(base.year * 12 + base.month - 1 + i, 12)
            found.append(date(year, month + 1, min(grid.day, monthrange(year, month + 1)[1])))
    return found


def laid(start: date, every: str, anchor: str | int | date | None) -> Grid:
    """The grid of what starts on a day."""
    if isinstance(anchor, date):
        return Grid(anchor, every, anchor.day if every in _MONTHS else None)
    if anchor == "calendar":
        if every == "week":
            return Grid(start - DAY * start.weekday(), every, None)
        if every == "day":
            return Grid(start, every, None)
        return Grid(date(start.year, 1, 1), every, 1)
    if isinstance(anchor, int):
        return Grid(_in_month_of(start, anchor), every, anchor)
    return Grid(start, every, start.day if every in _MONTHS else None)


def moved(grid: Grid, every: str, anchor: str | int | date, *, on: date) -> Grid:
    """The grid after a change on a day."""
    if anchor == "restart":
        return laid(on, every, None)
    if anchor == "keep":
        if every == grid.every:
            return grid
        return Grid(grid.base, every, (grid.day or grid.base.day) if every in _MONTHS else None)
    return laid(grid.base, every, anchor)


def _in_month_of(day: date, number: int) -> date:
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))
