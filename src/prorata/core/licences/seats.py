"""The ledger of who holds a licence: an append-only list of who got one or lost it, from which every moment follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from prorata.core.actors import Side
from prorata.core.records import record

SeatWhy = Literal["asked", "left", "conflict", "deleted", "before"]
"""Somebody asked for it; the member left; more were assigned than there are; the subscription was deleted; it was so
when the ledger began."""


@record
class SeatChange:
    """At `at` a member gets a licence (`holds`) or loses it."""

    at: datetime
    member: int
    holds: bool
    why: SeatWhy
    by: Side


def holders_at(changes: Iterable[SeatChange], at: datetime | None = None) -> Mapping[int, datetime]:
    """Who holds a licence at an instant, and since when; without one: at the end of the ledger.

    `changes` are in the order in which they were entered. Raises ValueError where somebody gets what they have, or
    loses what they have not.
    """
    found: dict[int, datetime] = {}
    for change in changes:
        if at is not None and change.at > at:
            continue
        if change.holds == (change.member in found):
            said = "gets a licence that they have" if change.holds else "loses a licence that they do not have"
            raise ValueError(f"member {change.member} {said}, {change.at.isoformat()}")
        if change.holds:
            found[change.member] = change.at
        else:
            del found[change.member]
    return found
