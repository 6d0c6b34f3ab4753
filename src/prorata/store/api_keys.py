"""What programs of an account sign in with: the hash of each key, what it may be used for, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from prorata.core.errors import DomainError
from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.tables.access import API_KEYS

MOST_LISTED = 500


class UnknownKey(DomainError):
    """The account has no such key."""

    code = "unknown_key"


class KeyNameTaken(DomainError):
    """A key of this name is there that was not revoked."""

    code = "key_name_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that is made; `token_hash` is all that is kept of what it is used with, but for its last four characters.

    `made_by`: the member whom it stands for.
    """

    token_hash: bytes = field(repr=False)
    last_four: str
    name: str
    scopes: tuple[str, ...]
    made_by: int
    made_by_name: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as it stands. `used_at` is known to the minute; `revoked_at`: it is good for nothing since then."""

    id: int
    name: str
    scopes: tuple[str, ...]
    last_four: str
    made_by: int | None
    made_by_name: str
    at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A key that was looked up with what its maker is now; `role` is None where nobody of the account made it.

    `own`: the permissions of a role of the account's own, `own_role` its name.
    """

    key: KeyRow
    token_hash: bytes = field(repr=False)
    account_name: str
    left_at: datetime | None
    role: str | None
    own_role: str
    own: tuple[str, ...]


def create(conn: Connection, account_id: int, *, new: NewKey) -> int:
    """Keep a key; returns its id. Raises `KeyNameTaken`, and then the transaction goes on."""
    made = accounts.take_id(conn, account_id, counter="next_key")
    row = {
        "account_id": account_id,
        "id": made,
        "token_hash": new.token_hash,
        "name": new.name,
        "scopes": list(new.scopes),
        "last_four": new.last_four,
        "made_by": new.made_by,
        "made_by_name": new.made_by_name,
        "at": new.at,
        "expires_at": new.expires_at,
    }
    try:
        with conn.begin_nested():
            conn.execute(insert(API_KEYS).values(**row))
    except IntegrityError as error:
        raise KeyNameTaken(name=new.name) from error
    return made


def all_of(conn: Connection, account_id: int) -> Sequence[Found]:
    """The keys of the account, newest first; at most five hundred."""
    rows = conn.execute(_FIND, {"account": account_id, "key": None, "limit": MOST_LISTED})
    return [_found_of(row) for row in rows]


def count_usable(conn: Connection, account_id: int, *, at: datetime) -> int:
    """How many keys were neither revoked nor have expired."""
    table = API_KEYS.c
    query = select(func.count()).where(
        table.account_id == account_id, table.revoked_at.is_(None), table.expires_at > at
    )
    return conn.execute(query).scalar_one()


def find(conn: Connection, account_id: int, *, key: int) -> Found | None:
    """A key and who made it, in one query that costs the same whether there is one or not; None for none."""
    row = conn.execute(_FIND, {"account": account_id, "key": key, "limit": 1}).one_or_none()
    return _found_of(row) if row else None


_FIND = text("""
    SELECT key.*, account.name AS account_name, member.role, member.left_at, own.name AS own_role, own.permissions
    FROM api_keys AS key
    JOIN accounts AS account ON account.account_id = :account
    LEFT JOIN members AS member ON member.account_id = :account AND member.id = key.made_by
    LEFT JOIN account_roles AS own ON own.account_id = :account AND own.removed_at IS NULL
         AND own.id = CAST(nullif(split_part(member.role, ':', 2), '') AS bigint)
    WHERE key.account_id = :account AND (CAST(:key AS integer) IS NULL OR key.id = CAST(:key AS integer))
    ORDER BY key.id DESC LIMIT :limit
""")


def revoke(conn: Connection, account_id: int, *, key: int, at: datetime) -> KeyRow:
    """Let a key be good for nothing from now on; raises `UnknownKey`, also where it was revoked before."""
    table = API_KEYS.c
    there = (table.account_id == account_id, table.id == key, table.revoked_at.is_(None))
    row = conn.execute(update(API_KEYS).where(*there).values(revoked_at=at).returning(API_KEYS)).one_or_none()
    if row is None:
        raise UnknownKey(key=key)
    return _key_of(row)


def note_use(conn: Connection, account_id: int, *, key: int, at: datetime, every: timedelta) -> None:
    """Note that a key was used, unless that was noted a moment ago."""
    table = API_KEYS.c
    stale = or_(table.used_at.is_(None), table.used_at <= at - every)
    conn.execute(update(API_KEYS).where(table.account_id == account_id, table.id == key, stale).values(used_at=at))


def _found_of(row: AnyRow) -> Found:
    return Found(
        key=_key_of(row),
        token_hash=bytes(row.token_hash),
        account_name=row.account_name,
        left_at=row.left_at,
        role=row.role,
        own_role=row.own_role or "",
        own=tuple(row.permissions or ()),
    )


def _key_of(row: AnyRow) -> KeyRow:
    return KeyRow(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes),
        last_four=row.last_four,
        made_by=row.made_by,
        made_by_name=row.made_by_name,
        at=row.at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
