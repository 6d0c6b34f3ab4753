"""How often one may try at the door, and how long one then waits.

Counted for the address that is mailed to (`code_tries`) and for the place of the network that asks, whether or not
anybody is known there: who waits learns nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import throttles
from prorata.store.engine import Connection
from prorata.store.throttles import Tries
from prorata.usecases.keys import Keys

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
KEPT: Final = 2 * _DAY
"""What was counted before is of no use to any limit."""


class TooOften(DomainError):
    """This was tried too often: it may be tried again after so many minutes."""

    code = "too_often"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within a time; `name` keeps the counts of one limit from those of another."""

    name: str
    most: int
    window: timedelta


CODES_FROM: Final = Limit("codes from", 30, _HOUR)
"""An office behind one address signs in; who walks through a list of addresses does not get far."""
WRONG_FROM: Final = Limit("wrong from", 50, _HOUR)


def count(conn: Connection, keys: Keys, *, limit: Limit, about: str, at: datetime) -> TooOften | None:
    """Count one more of it. Returns the refusal: it is raised once the count is committed, else nothing was counted."""
    found = throttles.count(conn, key_of(keys, limit, about=about), at=at, window=limit.window)
    return _refusal(limit, found, at=at) if found.count > limit.most else None


def check(conn: Connection, limit: Limit, *, key: bytes, at: datetime) -> TooOften | None:
    """The refusal where as many as may be were counted already; counts nothing."""
    found = throttles.find(conn, key, at=at, window=limit.window)
    return _refusal(limit, found, at=at) if found and found.count >= limit.most else None


def key_of(keys: Keys, limit: Limit, *, about: str) -> bytes:
    """What is counted under: nobody can read from it whom it is about."""
    return keys.of_throttle(f"{limit.name}\0{about}")


def add(conn: Connection, limit: Limit, *, key: bytes, at: datetime) -> None:
    """Count one more under a key."""
    throttles.count(conn, key, at=at, window=limit.window)


def _refusal(limit: Limit, found: Tries, *, at: datetime) -> TooOften:
    left = found.since + limit.window - at
    return TooOften(minutes=max(1, -(-left // timedelta(minutes=1))))
