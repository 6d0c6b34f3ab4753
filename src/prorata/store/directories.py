"""The directories of accounts, and who somebody of a directory is in the account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.tables.access import DIRECTORIES, DIRECTORY_SUBJECTS


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRow:
    """Where an account's people sign in. `key`: a random part of its address; `client_secret` is sealed.

    `role_for_new`: what somebody becomes whom only the directory knows; None: nobody is taken in.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_for_new: str | None
    at: datetime
    id: int = 0


def create(conn: Connection, account_id: int, *, new: DirectoryRow) -> int:
    """Keep a new directory; returns its id."""
    number = accounts.take_id(conn, account_id, counter="next_directory")
    values = _values(new) | {"key": new.key, "issuer": new.issuer, "at": new.at}
    conn.execute(insert(DIRECTORIES).values(account_id=account_id, id=number, **values))
    return number


def change(conn: Connection, account_id: int, *, row: DirectoryRow) -> None:
    """Write its name, how the product is known there, and what new people become; it stays the same directory."""
    conn.execute(update(DIRECTORIES).where(_is(account_id, row.id)).values(_values(row)))


def remove(conn: Connection, account_id: int, *, directory: int, at: datetime) -> None:
    """Nobody comes in by it any more."""
    conn.execute(update(DIRECTORIES).where(_is(account_id, directory)).values(removed_at=at))


def current(conn: Connection, account_id: int) -> DirectoryRow | None:
    """The account's directory, or None."""
    table = DIRECTORIES.c
    query = select(DIRECTORIES).where(table.account_id == account_id, table.removed_at.is_(None))
    row = conn.execute(query.order_by(table.id.desc()).limit(1)).one_or_none()
    return _row_of(row) if row else None


def find(conn: Connection, account_id: int, *, directory: int) -> DirectoryRow | None:
    """One directory that was not removed, or None."""
    query = select(DIRECTORIES).where(_is(account_id, directory), DIRECTORIES.c.removed_at.is_(None))
    row = conn.execute(query).one_or_none()
    return _row_of(row) if row else None


def member_of(conn: Connection, account_id: int, *, directory: int, subject: str) -> int | None:
    """Which member somebody of a directory is, or None for who came for the first time."""
    table = DIRECTORY_SUBJECTS.c
    query = select(table.member_id).where(
        table.account_id == account_id, table.directory_id == directory, table.subject == subject
    )
    return conn.execute(query).scalar_one_or_none()


def is_member(conn: Connection, account_id: int, *, directory: int, subject: str, member: int) -> None:
    """Remember which member somebody of a directory is; who is known already stays who they are."""
    new = upsert(DIRECTORY_SUBJECTS).values(
        account_id=account_id, directory_id=directory, subject=subject, member_id=member
    )
    conn.execute(new.on_conflict_do_nothing())


def _values(row: DirectoryRow) -> dict[str, str | None]:
    return {
        "name": row.name,
        "client_id": row.client_id,
        "client_secret": row.client_secret,
        "role_for_new": row.role_for_new,
    }


def _is(account_id: int, directory: int):  # noqa: ANN202 - SQLAlchemy's type for a condition says nothing to a reader
    return (DIRECTORIES.c.account_id == account_id) & (DIRECTORIES.c.id == directory)


def _row_of(row: AnyRow) -> DirectoryRow:
    return DirectoryRow(
        id=row.id,
        key=row.key,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=row.client_secret,
        role_for_new=row.role_for_new,
        at=row.at,
    )
