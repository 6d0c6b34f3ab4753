"""Passkeys: the public halves of the keys that people's devices keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from prorata.store.rows import AnyRow
from prorata.store.tables.door import PASSKEYS, PEOPLE

MOST_PASSKEYS = 20
"""Of one person: more devices than anybody uses, and few enough for one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of a person. `id` is what the device calls it; `synced`: it is on several devices."""

    id: bytes
    person: int
    public_key: bytes
    sign_count: int
    name: str
    synced: bool
    at: datetime
    used_at: datetime | None = None


def add(conn: Connection, passkey: Passkey) -> bool:
    """Keep a new passkey; False where there is one of that id already. For the door."""
    new = insert(PASSKEYS).values(
        credential_id=passkey.id,
        person_id=passkey.person,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
        name=passkey.name,
        synced=passkey.synced,
        at=passkey.at,
    )
    kept = new.on_conflict_do_nothing(index_elements=[PASSKEYS.c.credential_id]).returning(PASSKEYS.c.person_id)
    return conn.execute(kept).one_or_none() is not None


def of_person(conn: Connection, person: int) -> Sequence[Passkey]:
    """Those of a person, in the order in which they came; no more than `MOST_PASSKEYS` are taken in."""
    table = PASSKEYS.c
    query = select(PASSKEYS).where(table.person_id == person).order_by(table.at, table.credential_id)
    return [_passkey_of(row) for row in conn.execute(query.limit(MOST_PASSKEYS))]


def held(conn: Connection, passkey: bytes) -> Passkey | None:
    """A passkey whoever's it is, held until the transaction ends: its count is read and written by one at a time."""
    query = select(PASSKEYS).where(PASSKEYS.c.credential_id == passkey).with_for_update()
    row = conn.execute(query).one_or_none()
    return _passkey_of(row) if row else None


def used(conn: Connection, passkey: bytes, *, at: datetime, sign_count: int, synced: bool) -> None:
    """Note that it was used, how often its device says so, and whether it is on several devices by now."""
    row = update(PASSKEYS).where(PASSKEYS.c.credential_id == passkey)
    conn.execute(row.values(used_at=at, sign_count=sign_count, synced=synced))


def rename(conn: Connection, person: int, *, passkey: bytes, name: str) -> bool:
    """Call one of a person's passkeys something else; False where they have no such one."""
    table = PASSKEYS.c
    row = update(PASSKEYS).where(table.person_id == person, table.credential_id == passkey)
    return conn.execute(row.values(name=name)).rowcount == 1


def remove(conn: Connection, person: int, *, passkey: bytes) -> bool:
    """Forget one of a person's passkeys; False where they have no such one."""
    table = PASSKEYS.c
    row = delete(PASSKEYS).where(table.person_id == person, table.credential_id == passkey)
    return conn.execute(row).rowcount == 1


def hold_person(conn: Connection, person: int) -> bytes:
    """What the devices of a person know them by; they are held, so that their passkeys are counted one at a time."""
    query = select(PEOPLE.c.handle).where(PEOPLE.c.id == person).with_for_update(key_share=True)
    return conn.execute(query).scalar_one()


def handle(conn: Connection, person: int) -> bytes:
    """What the devices of a person know them by."""
    return conn.execute(select(PEOPLE.c.handle).where(PEOPLE.c.id == person)).scalar_one()


def _passkey_of(row: AnyRow) -> Passkey:
    return Passkey(
        id=row.credential_id,
        person=row.person_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        name=row.name,
        synced=row.synced,
        at=row.at,
        used_at=row.used_at,
    )
