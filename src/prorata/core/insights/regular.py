"""What a document charges for periods as they come, and what stands on it once.

A bill is mostly the bill before, again. To say what is different, the charges for whole stretches of time (`Slot`) are
told apart from what happened: licences added in mid-period, credits, a setup, something given back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from prorata.core.calendar import Period
from prorata.core.documents.model import Line, Why
from prorata.core.proof import ChargeProof
from prorata.core.records import record

_BEGINS_A_STRETCH: Final = frozenset[Why](("purchase", "period", "phase", "price", "trial", "frequency", "anchor"))

_TIME: Final = frozenset[Why](("period", "phase", "price"))
"""What comes with time alone, at the earliest where the periods before it end."""


@record
class Slot:
    """The charges of one subscription for one stretch of days: a line for each item."""

    period: Period
    lines: tuple[Line, ...]


@record
class Sorted:
    """The lines of one subscription on one document, each in exactly one place.

    `slots` follow each other without overlapping, in the order of their days. `late`: charges for days that an earlier
    document had charged already. `discounts`: what was taken off charges; a discount that is given back is in `once`.
    """

    slots: tuple[Slot, ...] = ()
    once: tuple[Line, ...] = ()
    late: tuple[Line, ...] = ()
    discounts: tuple[Line, ...] = ()

    @property
    def end(self) -> date | None:
        """The first day that the slots do not charge."""
        return self.slots[-1].period.end if self.slots else None


def is_regular(line: Line) -> bool:
    """Whether a line charges a stretch of time because that has come, and not because something was added to it."""
    if line.kind not in {"recurring", "flat"} or not isinstance(line.proof, ChargeProof):
        return False
    why = line.cause.why
    return why in _BEGINS_A_STRETCH or (why != "licences" and line.days == line.of_days)


def is_late(line: Line, *, covered_to: date | None) -> bool:
    """Whether nothing but time is the cause of a line, and its days were billed before: something was entered late."""
    if line.cause.why not in _TIME or line.kind == "discount":
        return False
    return line.corrects is not None or (covered_to is not None and line.period.start < covered_to)


def sort_lines(lines: Iterable[Line], *, covered_to: date | None = None) -> Sorted:
    """Sort the lines of one subscription; `covered_to`: the first day that no earlier document charges."""
    regular: list[Line] = []
    once: list[Line] = []
    late: list[Line] = []
    discounts: list[Line] = []
    for line in lines:
        if is_late(line, covered_to=covered_to):
            late.append(line)
        elif is_regular(line):
            regular.append(line)
        elif line.kind == "discount" and line.corrects is None:
            discounts.append(line)
        else:
            once.append(line)
    slots, beside = _slots(regular)
    return Sorted(slots, (*beside, *once), tuple(late), tuple(discounts))


def _slots(lines: Iterable[Line]) -> tuple[tuple[Slot, ...], tuple[Line, ...]]:
    """The stretches, longest first where some overlap, and the lines that lie over them."""
    by_period: dict[object, list[Line]] = {}
    for line in lines:
        by_period.setdefault((line.period, line.days, line.of_days), []).append(line)
    slots: list[Slot] = []
    beside: list[Line] = []
    for members in sorted(by_period.values(), key=lambda found: (-found[0].period.days, found[0].period.start)):
        period = members[0].period
        if any(period.meet(slot.period).days > 0 for slot in slots):
            beside += members
        else:
            slots.append(Slot(period, tuple(members)))
    return tuple(sorted(slots, key=_begins)), tuple(beside)


def _begins(slot: Slot) -> date:
    """Its first day; of those that seconds are counted in, the first instant."""
    exact = slot.lines[0].exact
    return exact.start if exact else slot.period.start
