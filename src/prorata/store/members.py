"""The people of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from prorata.core.errors import DomainError
from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
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
    """A member; `language` is that of screens and mails."""

    id: int
    name: str
    email: str
    role: Role
    language: Language


def create(conn: Connection, account_id: int, *, name: str, email: str, role: Role, language: Language) -> int:
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


def all_of(conn: Connection, account_id: int) -> tuple[MemberRow, ...]:
    """Everybody, in the order in which they came; at most ten thousand."""
    rows = conn.execute(_query(account_id).order_by(MEMBERS.c.id).limit(MOST_MEMBERS))
    return tuple(_member_of(row) for row in rows)


def set_language(conn: Connection, account_id: int, *, member: int, language: Language) -> None:
    """Change the language of somebody's screens; raises `UnknownMember`."""
    table = MEMBERS.c
    changed = conn.execute(
        update(MEMBERS).where(table.account_id == account_id, table.id == member).values(language=language)
    )
    if changed.rowcount != 1:
        raise UnknownMember(member=member)


def _query(account_id: int):  # noqa: ANN202 - SQLAlchemy's type for every column says nothing to a reader
    return select(MEMBERS).where(MEMBERS.c.account_id == account_id)


def _member_of(row: AnyRow) -> MemberRow:
    return MemberRow(row.id, row.name, row.email, row.role, row.language)
