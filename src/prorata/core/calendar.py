"""Days, periods and the grid that billing periods lie on.

All dates are business days in the zone of the account (or its seller). Periods are half-open: `[start, end)`, so that
the end is the first day not paid for. A grid is counted from a base, in months or in days; in months it has a day,
clamped to short months and springing back: 31 January, 28 February, 31 March.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from prorata.core.errors import DomainError
from prorata.core.records import record

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
"""The days that the product can bill; a bound, so that no calculation runs out of the calendar."""

MAX_COUNT = 1000
"""The longest period: a thousand units."""

Unit = Literal["day", "week", "month", "quarter", "year"]
Anchor = Literal["start", "calendar"] | int | date

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
_DAYS: dict[str, int] = {"day": 1, "week": 7}
_EVERY = re.compile(r"(?:(\d{1,4}) )?(day|week|month|quarter|year)s?")
_YEAR = 12
_LAST_DAY_OF_MONTH = 31
_AT_HAND = 4096


class NotAPeriod(DomainError):
    """The text does not name a length such as `month`, `30 days` or `2 years`."""

    code = "not_a_period"


class AnchorNotPossible(DomainError):
    """This anchor does not go with periods of this length."""

    code = "anchor_not_possible"


@record
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has; zero or less where it is empty."""
        return (self.end - self.start).days

    def meet(self, other: Period) -> Period:
        """The days that both have; empty (`days <= 0`) where they have none in common."""
        return Period(max(self.start, other.start), min(self.end, other.end))


@record
class Every:
    """A length of time as a plan names it: a count and a unit."""

    count: int
    unit: Unit

    @property
    def months(self) -> int:
        """Its length in months; zero for lengths counted in days."""
        return self.count * _MONTHS.get(self.unit, 0)

    @property
    def days(self) -> int:
        """Its length in days; zero for lengths counted in months."""
        return self.count * _DAYS.get(self.unit, 0)

    def __str__(self) -> str:
        """As a story writes it: `month`, `30 days`."""
        return self.unit if self.count == 1 else f"{self.count} {self.unit}s"


def every(text: str) -> Every:
    """Read `day`, `week`, `month`, `quarter`, `year`, or a number of them; raises `NotAPeriod`."""
    found = _EVERY.fullmatch(text.strip())
    count = int(found[1] or 1) if found else 0
    if not found or not 1 <= count <= MAX_COUNT:
        raise NotAPeriod(text=text)
    units: dict[str, Unit] = {
        "day": "day",
        "week": "week",
        "month": "month",
        "quarter": "quarter",
        "year": "year",
    }
    return Every(count, units[found[2]])


def add_months(year: int, month: int, *, months: int, day: int) -> date:
    """The `day` of the month that lies `months` after (or before) the given one, clamped to its last day."""
    return _in_month(year * _YEAR + month - 1 + months, day)


@lru_cache(maxsize=_AT_HAND)
def _in_month(number: int, day: int) -> date:
    """A day of a month, clamped to its last one; months are numbered through, January of the year 0 is 0."""
    year, month = divmod(number, _YEAR)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


@record
class Grid:
    """Where periods begin: every `every`, counted from `base`; in months, on `day` of the month (1 to 31)."""

    base: date
    every: Every
    day: int | None

    def period(self, on: date) -> Period:
        """The whole period of the grid that contains the day."""
        if self.day is None:
            return _period_in_days(self.base, on, self.every.days)
        return _period_in_months(self.base, on, self.every.months, self.day)

    def next_boundary(self, after: date) -> date:
        """The first boundary after the day."""
        return self.period(after).end


# Writing a bill asks for the same period several times, and a run asks for the periods of one day. What is given by
# position is found twice as fast.
@lru_cache(maxsize=_AT_HAND)
def _period_in_days(base: date, on: date, length: int) -> Period:  # noqa: PLR0917 - see above
    start = on - timedelta(days=(on - base).days % length)
    return Period(start, start + timedelta(days=length))


@lru_cache(maxsize=_AT_HAND)
def _period_in_months(base: date, on: date, length: int, day: int) -> Period:  # noqa: PLR0917 - see above
    here = on.year * _YEAR + on.month - 1
    first = here - (here - (base.year * _YEAR + base.month - 1)) % length
    if _in_month(first, day) > on:
        first -= length
    return Period(_in_month(first, day), _in_month(first + length, day))


def after(start: date, length: Every) -> date:
    """The day on which a length of time that begins on `start` is over: 31 January + 1 month is 28 February."""
    if not length.months:
        return start + timedelta(days=length.days)
    return after_months(start, length.months)


def after_months(start: date, months: int) -> date:
    """The same day so many months later, clamped to the last one of its month."""
    return add_months(start.year, start.month, months=months, day=start.day)


def grid(start: date, length: Every, *, anchor: Anchor) -> Grid:
    """Lay the grid of a subscription that starts on `start`.

    `start` counts from the first day; a number moves only the day of the month; `calendar` begins on Mondays, on the
    first of the month, or in January, by the length; a date is itself a boundary. Raises `AnchorNotPossible` for a
    number with periods in days or weeks, and for `calendar` with periods of several days.
    """
    if anchor == "start":
        anchor = start
    if anchor == "calendar":
        anchor = _calendar_base(start, length)
    if isinstance(anchor, date):
        return Grid(anchor, length, anchor.day if length.months else None)
    if not length.months or not 1 <= anchor <= _LAST_DAY_OF_MONTH:
        raise AnchorNotPossible(anchor=anchor, every=str(length))
    return Grid(start.replace(day=1), length, anchor)


def _calendar_base(start: date, length: Every) -> date:
    if length.unit == "week":
        return start - timedelta(days=start.weekday())
    if length.unit == "day":
        if length.count > 1:
            raise AnchorNotPossible(anchor="calendar", every=str(length))
        return start
    # Lengths that divide a year, or are whole years, begin in January; odd ones in the month of the start.
    fits = _YEAR % length.months == 0 or length.months % _YEAR == 0
    return date(start.year, 1 if fits else start.month, 1)


def business_date(at: datetime, zone: ZoneInfo) -> date:
    """The day that an instant falls on in the zone, by the zone's rules of that day. `at` must be aware."""
    if at.tzinfo is UTC:
        return _day_of(at, zone)
    if at.tzinfo is None:
        raise ValueError(at)
    return at.astimezone(zone).date()


# A run asks for the day of one instant for every account. Only in UTC an instant is told in one way.
@lru_cache(maxsize=_AT_HAND)
def _day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


@lru_cache(maxsize=_AT_HAND)
def start_of_day(on: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in the zone, as UTC."""
    return datetime.combine(on, time.min, zone).astimezone(UTC)
