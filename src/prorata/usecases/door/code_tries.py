"""How many codes are mailed to somebody, and how many wrong ones are taken: so few that no letter box is filled and no
code guessed, and yet so that no stranger uses up what somebody needs to come in.

Strangers share what they may. Where somebody has signed in before, they have their own; and the first that comes from
a new place has a share of its own among all new places, for one stranger at one place must not keep somebody out who
travels. Who is in and shows once more who they are is counted wherever they do it from: a stolen session guesses no
more than a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from prorata.store import sessions, throttles
from prorata.store.engine import Connection
from prorata.usecases.door.places import place_of
from prorata.usecases.door.throttle import Limit, TooOften, check, count, key_of
from prorata.usecases.keys import Keys

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

CODES_HERE: Final = Limit("codes here", 5, _HOUR)
CODES_NEW: Final = Limit("codes new", 15, _HOUR)
"""The first of each place: with the others, twenty an hour at most reach a letter box that strangers ask for."""
CODES_TO: Final = Limit("codes to", 5, _HOUR)
CODES_IN: Final = Limit("codes in", 5, _HOUR)

WRONG_HERE: Final = Limit("wrong here", 30, _DAY)
WRONG_NEW: Final = Limit("wrong new", 40, _DAY)
WRONG_FOR: Final = Limit("wrong for", 20, _DAY)
"""Strangers who try all of both every day for a year have one chance in forty-five of meeting a code of one person."""
WRONG_IN: Final = Limit("wrong in", 30, _DAY)
_FIRST_WRONG: Final = 5
"""As often as one code may be tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose codes are counted. `known`: they have signed in from this place before.

    `session`: they are in; `only_account`: by that account's word alone, which must not use up what is theirs.
    """

    email: str
    place: str
    known: bool
    session: bool
    only_account: int | None = None

    @property
    def here(self) -> str:
        """They, at this place."""
        return f"{self.email}\0{self.place}"

    @property
    def inside(self) -> str:
        """They, being in."""
        return f"{self.email}\0{self.only_account or ''}"


def has_been_at(conn: Connection, person: int, *, place: str) -> bool:
    """Whether somebody has signed in from a place, so far as that is kept; the same work for nobody."""
    return place in {place_of(address) for address in sessions.addresses(conn, person)}


def may_ask(conn: Connection, keys: Keys, *, whose: Whose, at: datetime) -> TooOften | None:
    """Count one more code that is asked for; returns the refusal, which is raised once the count is committed."""
    if whose.session:
        return count(conn, keys, limit=CODES_IN, about=whose.inside, at=at)
    refusal = count(conn, keys, limit=CODES_HERE, about=whose.here, at=at)
    if refusal or whose.known:
        return refusal
    limit = CODES_NEW if _so_far(conn, keys, limit=CODES_HERE, whose=whose, at=at) == 1 else CODES_TO
    return count(conn, keys, limit=limit, about=whose.email, at=at)


def may_try(conn: Connection, keys: Keys, *, whose: Whose, at: datetime) -> TooOften | None:
    """The refusal where as many wrong codes were tried as may be; counts nothing."""
    limit, about = _wrong(conn, keys, whose=whose, at=at)
    return check(conn, limit, key=key_of(keys, limit, about=about), at=at)


def was_wrong(conn: Connection, keys: Keys, *, whose: Whose, at: datetime) -> None:
    """Count a wrong code."""
    limit, about = _wrong(conn, keys, whose=whose, at=at)
    if limit in {WRONG_NEW, WRONG_FOR}:
        count(conn, keys, limit=WRONG_HERE, about=whose.here, at=at)
    count(conn, keys, limit=limit, about=about, at=at)


def _wrong(conn: Connection, keys: Keys, *, whose: Whose, at: datetime) -> tuple[Limit, str]:
    """What a wrong code is counted for."""
    if whose.session:
        return WRONG_IN, whose.inside
    if whose.known:
        return WRONG_HERE, whose.here
    first = _so_far(conn, keys, limit=WRONG_HERE, whose=whose, at=at) < _FIRST_WRONG
    return WRONG_NEW if first else WRONG_FOR, whose.email


def _so_far(conn: Connection, keys: Keys, *, limit: Limit, whose: Whose, at: datetime) -> int:
    found = throttles.find(conn, key_of(keys, limit, about=whose.here), at=at, window=limit.window)
    return found.count if found else 0
