"""The people of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from prorata.core.errors import DomainError
from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.access import ACCOUNT_ROLES
from prorata.store.tables.members import MEMBERS

Role = Literal["owner", "billing_admin", "licence_admin", "invoice_manager", "reader", "member"]
MOST_MEMBERS = 10_000


class UnknownMember(DomainError):
    """The account has no such member."""

    code = "unknown_member"


class EmailTaken(DomainError):
    """Somebody else in the account has this address."""

    code = "email_taken"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member; `language` is that of screens and mails.

    `role`: one that every account has, or `custom:ID`; `own_role` is then its name, `own` are its permissions.
    `person`: who it is at the door, None for who has never come in; `left_at`: who has left may do nothing.
    """

    id: int
    name: str
    email: str
    role: str
    language: Language
    own_role: str = ""
    own: tuple[str, ...] = ()
    person: int | None = None
    left_at: datetime | None = None


def create(conn: Connection, account_id: int, *, name: str, email: str, role: str, language: Language) -> int:
    """Take somebody into the account; returns the id. Raises `EmailTaken`, and then the transaction goes on."""
    member = accounts.take_id(conn, account_id, counter="next_member")
    row = {"account_id": account_id, "id": member, "name": name, "email": email, "role": role}
    try:
        with conn.begin_nested():
            conn.execute(insert(MEMBERS).values(**row, language=language))
    except IntegrityError as error:
        raise EmailTaken(email=email) from error
    return member


def find(conn: Connection, account_id: int, *, member: int) -> MemberRow:
    """One member; raises `UnknownMember`."""
    row = conn.execute(_query(account_id).where(MEMBERS.c.id == member)).one_or_none()
    if row is None:
        raise UnknownMember(member=member)
    return _member_of(row)


def by_email(conn: Connection, account_id: int, *, email: str) -> MemberRow | None:
    """The member of an address, who may have left; capital letters count for nothing. None for nobody."""
    same = func.lower(MEMBERS.c.email) == email.strip().lower()
    row = conn.execute(_query(account_id).where(same).order_by(MEMBERS.c.id).limit(1)).one_or_none()
    return _member_of(row) if row else None


def all_of(conn: Connection, account_id: int) -> tuple[MemberRow, ...]:
    """Everybody, in the order in which they came, those who have left too; at most ten thousand."""
    rows = conn.execute(_query(account_id).order_by(MEMBERS.c.id).limit(MOST_MEMBERS))
    return tuple(_member_of(row) for row in rows)


def count_with_role(conn: Connection, account_id: int, *, role: str) -> int:
    """How many people have a role, but for those who have left."""
    table = MEMBERS.c
    query = select(func.count()).where(table.account_id == account_id, table.role == role, table.left_at.is_(None))
    return conn.execute(query).scalar_one()


def set_language(conn: Connection, account_id: int, *, member: int, language: Language) -> None:
    """Change the language of somebody's screens; raises `UnknownMember`."""
    _change(conn, account_id, member=member, language=language)


def set_role(conn: Connection, account_id: int, *, member: int, role: str) -> None:
    """Let somebody be something else; raises `UnknownMember`."""
    _change(conn, account_id, member=member, role=role)


def come_in(conn: Connection, account_id: int, *, member: int, person: int, role: str) -> None:
    """Note who a member is at the door, and as what; who had left is back. Raises `UnknownMember`."""
    _change(conn, account_id, member=member, person_id=person, role=role, left_at=None)


def leave(conn: Connection, account_id: int, *, member: int, at: datetime) -> None:
    """From now on they may do nothing; raises `UnknownMember`."""
    _change(conn, account_id, member=member, left_at=at)


def _change(conn: Connection, account_id: int, *, member: int, **values: object) -> None:
    table = MEMBERS.c
    changed = conn.execute(update(MEMBERS).where(table.account_id == account_id, table.id == member).values(**values))
    if changed.rowcount != 1:
        raise UnknownMember(member=member)


def _query(account_id: int):  # noqa: ANN202 - SQLAlchemy's type for every column says nothing to a reader
    own = ACCOUNT_ROLES.c
    fits = (own.account_id == MEMBERS.c.account_id) & (MEMBERS.c.role == func.concat("custom:", own.id))
    return (
        select(MEMBERS, own.name.label("own_role"), own.permissions)
        .outerjoin(ACCOUNT_ROLES, fits)
        .where(MEMBERS.c.account_id == account_id)
    )


def _member_of(row: AnyRow) -> MemberRow:
    return MemberRow(
        id=row.id,
        name=row.name,
        email=row.email,
        role=row.role,
        language=row.language,
        own_role=row.own_role or "",
        own=tuple(row.permissions or ()),
        person=row.person_id,
        left_at=row.left_at,
    )
