"""Links that let somebody in once, known by the hash of what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from prorata.store.tables.door import LINKS, PEOPLE


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link: whose it is, until when it is good, and when it was used."""

    person: int
    name: str
    expires_at: datetime
    used_at: datetime | None


def put(conn: Connection, *, token_hash: bytes, person: int, made_by: str, at: datetime, expires_at: datetime) -> None:
    """Keep a new link, and drop those of the person that were not used. For the door."""
    conn.execute(delete(LINKS).where(LINKS.c.person_id == person, LINKS.c.used_at.is_(None)))
    values = {
        "token_hash": token_hash,
        "person_id": person,
        "made_by": made_by,
        "at": at,
        "expires_at": expires_at,
    }
    conn.execute(insert(LINKS).values(values))


def find(conn: Connection, token_hash: bytes) -> LinkRow | None:
    """A link, held until the transaction ends; None where there is none."""
    query = (
        select(LINKS.c.person_id, PEOPLE.c.name, LINKS.c.expires_at, LINKS.c.used_at)
        .join(PEOPLE, PEOPLE.c.id == LINKS.c.person_id)
        .where(LINKS.c.token_hash == token_hash)
    )
    row = conn.execute(query.with_for_update(of=LINKS)).one_or_none()
    return LinkRow(row.person_id, row.name, row.expires_at, row.used_at) if row else None


def used(conn: Connection, token_hash: bytes, *, at: datetime) -> None:
    """The link is good no more."""
    conn.execute(update(LINKS).where(LINKS.c.token_hash == token_hash).values(used_at=at))


def drop(conn: Connection, person: int) -> None:
    """Remove those of a person that were not used."""
    conn.execute(delete(LINKS).where(LINKS.c.person_id == person, LINKS.c.used_at.is_(None)))
