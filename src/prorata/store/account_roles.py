"""Roles of an account's own: a name and what it may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from prorata.core.errors import DomainError
from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.tables.access import ACCOUNT_ROLES, INVITATIONS
from prorata.store.tables.members import MEMBERS

MOST_ROLES = 100
_PREFIX = "custom:"


class UnknownRole(DomainError):
    """The account has no such role."""

    code = "unknown_role"


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role of an account's own."""

    id: int
    name: str
    permissions: tuple[str, ...]

    @property
    def key(self) -> str:
        """As a member has it."""
        return f"{_PREFIX}{self.id}"


def id_of(role: str) -> int | None:
    """The id in `custom:ID`; None for any other text."""
    digits = role.removeprefix(_PREFIX) if role.startswith(_PREFIX) else ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None


def create(conn: Connection, account_id: int, *, name: str, permissions: Sequence[str]) -> OwnRole:
    """Make one."""
    made = accounts.take_id(conn, account_id, counter="next_role")
    values = {"account_id": account_id, "id": made, "name": name, "permissions": list(permissions)}
    conn.execute(insert(ACCOUNT_ROLES).values(**values))
    return OwnRole(made, name, tuple(permissions))


def find(conn: Connection, account_id: int, *, role: int) -> OwnRole:
    """One that was not removed; raises `UnknownRole`."""
    row = conn.execute(_query(account_id).where(ACCOUNT_ROLES.c.id == role)).one_or_none()
    if row is None:
        raise UnknownRole(role=role)
    return _role_of(row)


def all_of(conn: Connection, account_id: int) -> tuple[OwnRole, ...]:
    """Those that were not removed, in the order in which they were made; at most a hundred."""
    rows = conn.execute(_query(account_id).order_by(ACCOUNT_ROLES.c.id).limit(MOST_ROLES))
    return tuple(_role_of(row) for row in rows)


def change(conn: Connection, account_id: int, *, role: int, name: str, permissions: Sequence[str]) -> None:
    """Give it another name and other permissions; raises `UnknownRole`."""
    _set(conn, account_id, role=role, name=name, permissions=list(permissions))


def remove(conn: Connection, account_id: int, *, role: int, at: datetime) -> None:
    """Let nobody have it any more; raises `UnknownRole`."""
    _set(conn, account_id, role=role, removed_at=at)


def in_use(conn: Connection, account_id: int, *, role: str, at: datetime) -> int:
    """How many people have a role or are invited to it."""
    member, asked = MEMBERS.c, INVITATIONS.c
    have = select(func.count()).where(member.account_id == account_id, member.role == role, member.left_at.is_(None))
    waiting = select(func.count()).where(
        asked.account_id == account_id, asked.role == role,
        asked.used_at.is_(None), asked.revoked_at.is_(None), asked.expires_at > at,
    )  # fmt: skip
    return conn.execute(have).scalar_one() + conn.execute(waiting).scalar_one()


def _set(conn: Connection, account_id: int, *, role: int, **values: object) -> None:
    table = ACCOUNT_ROLES.c
    there = (table.account_id == account_id, table.id == role, table.removed_at.is_(None))
    if conn.execute(update(ACCOUNT_ROLES).where(*there).values(**values)).rowcount != 1:
        raise UnknownRole(role=role)


def _query(account_id: int):  # noqa: ANN202 - SQLAlchemy's type for every column says nothing to a reader
    table = ACCOUNT_ROLES.c
    return select(ACCOUNT_ROLES).where(table.account_id == account_id, table.removed_at.is_(None))


def _role_of(row: AnyRow) -> OwnRole:
    return OwnRole(row.id, row.name, tuple(row.permissions))
