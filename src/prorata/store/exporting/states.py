"""The states that each subscription has been in and is certain to come to, by date."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from prorata.core.history import UnknownSubscription
from prorata.core.subscriptions.model import timetable
from prorata.store import subscriptions
from prorata.store.exporting.files import DataFile, Row, Rows, in_pages, streamed

_NAMES: Final = "SELECT name FROM subscriptions WHERE account_id = :account AND state <> 'deleted' ORDER BY id"
_COLUMNS: Final = ("subscription_id", "subscription", "state", "on")


def _read(conn: Connection, account_id: int) -> Rows:
    return Rows(_COLUMNS, in_pages(_rows(conn, account_id)))


def _count(conn: Connection, account_id: int) -> int:
    return sum(len(page) for page in _read(conn, account_id).pages)


def _rows(conn: Connection, account_id: int) -> Iterator[Row]:
    _, pages = streamed(conn, text(_NAMES), account_id=account_id)
    for page in pages:
        for (name,) in page:
            yield from _turns(conn, account_id, name=name)


def _turns(conn: Connection, account_id: int, *, name: str) -> Iterator[Row]:
    try:
        found = subscriptions.by_name(conn, account_id, name=name)
    except UnknownSubscription:  # it is parked because nobody can read it
        return
    for turn in timetable(found):
        yield found.id, found.name, turn.state, turn.on


TIMETABLE: Final = DataFile("timetable", _count, _read)
