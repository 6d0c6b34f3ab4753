"""How often something was tried: counted from the first time on, and from the beginning once that is long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, literal, select
from sqlalchemy.dialects.postgresql import insert

from prorata.store.tables.door import THROTTLES


@dataclass(frozen=True, slots=True)
class Tries:
    """So many since then."""

    count: int
    since: datetime


def count(conn: Connection, key: bytes, *, at: datetime, window: timedelta) -> Tries:
    """Count one more; how many there are now. Whoever counts the same key waits until this transaction ends."""
    table = THROTTLES.c
    old = table.since <= at - window
    new = insert(THROTTLES).values(key_hash=key, count=1, since=at)
    query = new.on_conflict_do_update(
        index_elements=[table.key_hash],
        set_={"count": case((old, literal(1)), else_=table.count + 1), "since": case((old, at), else_=table.since)},
    )
    row = conn.execute(query.returning(table.count, table.since)).one()
    return Tries(row[0], row[1])


def find(conn: Connection, key: bytes, *, at: datetime, window: timedelta) -> Tries | None:
    """How many there are, without counting; None where there are none, or they are long ago."""
    table = THROTTLES.c
    query = select(table.count, table.since).where(table.key_hash == key, table.since > at - window)
    row = conn.execute(query).one_or_none()
    return Tries(row[0], row[1]) if row else None


def forget(conn: Connection, *, before: datetime) -> None:
    """Remove what was counted since before an instant."""
    conn.execute(delete(THROTTLES).where(THROTTLES.c.since < before))
