"""How the days of a part of a period are counted, and those of the whole period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from prorata.core.calendar import Period

_MONTHS: Final = 12
_MONTH, _LAST = 30, 31


def shares(period: Period, running: Period, *, proration: str, months: int) -> tuple[int, int]:
    """The days of a part and those of its period, as the terms count them.

    `day`: as many as there are. `second`: seconds between instants. `thirty`: each month has 30, a whole period is a
    whole; where periods are counted in days there is no month to count by. `none`: a part is a whole. `months`: of the
    whole period, 0 where it is counted in days.
    """
    if proration == "day" or (proration == "thirty" and not months):
        return period.days, running.days
    if proration == "none":
        return running.days, running.days
    if proration == "second":
        return seconds(period), seconds(running)
    of_days = _MONTH * months
    return (of_days if period == running else min(thirty(period.start, period.end), of_days)), of_days


def seconds(period: Period) -> int:
    """The whole seconds between two instants."""
    return (period.end - period.start) // timedelta(seconds=1)


def thirty(start: date, end: date) -> int:
    """Days between two dates where each month has 30, the 31st counted as the 30th."""
    months = (end.year - start.year) * _MONTHS + end.month - start.month
    first, last = (_MONTH if day.day == _LAST else day.day for day in (start, end))
    return _MONTH * months + last - first
