"""The clock: the only place that reads it.

Everything else is told the time as an argument (`at` for a moment, `as_of` for a day), so that every
decision can be made again later and every test says which day it is.
"""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What edges ask for the time before they make their call."""

    def now(self) -> datetime:
        """The present moment: an aware datetime in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present moment on this machine: an aware datetime in UTC."""
        return datetime.now(UTC)
