"""People who sign in, the accounts that they are members of, and which of them work for the vendor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.door import PEOPLE, PERSON_ACCOUNTS, STAFF

StaffRole = Literal["owner", "finance", "support", "catalogue"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can read the mail of `email`, which is in small letters."""

    id: int
    email: str
    name: str
    language: Language


def plain(email: str) -> str:
    """An address as it is compared: without blanks around it, in small letters."""
    return email.strip().lower()


def by_email(conn: Connection, email: str) -> Person | None:
    """The person of an address, or None. For the door."""
    row = conn.execute(select(PEOPLE).where(PEOPLE.c.email == plain(email))).one_or_none()
    return _person_of(row) if row else None


def find(conn: Connection, person: int) -> Person | None:
    """A person, or None."""
    row = conn.execute(select(PEOPLE).where(PEOPLE.c.id == person)).one_or_none()
    return _person_of(row) if row else None


def ensure(conn: Connection, *, email: str, name: str, language: Language, at: datetime) -> Person:
    """The person of an address, made where there is none yet; who is there already keeps name and language."""
    new = insert(PEOPLE).values(email=plain(email), name=name, language=language, at=at)
    conn.execute(new.on_conflict_do_nothing(index_elements=[PEOPLE.c.email]))
    found = by_email(conn, email)
    assert found  # noqa: S101 - it was there or is now
    return found


def call(conn: Connection, person: int, *, name: str) -> None:
    """Change what somebody is called outside of any account."""
    conn.execute(update(PEOPLE).where(PEOPLE.c.id == person).values(name=name))


def speak(conn: Connection, person: int, *, language: Language) -> None:
    """Change the language of a person's screens and mails."""
    conn.execute(update(PEOPLE).where(PEOPLE.c.id == person).values(language=language))


def accounts_of(conn: Connection, person: int) -> Sequence[tuple[int, int]]:
    """The accounts of a person and who they are there: ids of accounts and members, at most a hundred."""
    table = PERSON_ACCOUNTS.c
    query = select(table.account_id, table.member_id).where(table.person_id == person)
    return [(row.account_id, row.member_id) for row in conn.execute(query.order_by(table.account_id).limit(100))]


def join(conn: Connection, person: int, *, account: int, member: int) -> None:
    """Note that a person is a member of an account."""
    new = insert(PERSON_ACCOUNTS).values(person_id=person, account_id=account, member_id=member)
    keys = [PERSON_ACCOUNTS.c.person_id, PERSON_ACCOUNTS.c.account_id]
    conn.execute(new.on_conflict_do_update(index_elements=keys, set_={"member_id": member}))


def leave(conn: Connection, person: int, *, account: int) -> None:
    """Note that they are one no more."""
    table = PERSON_ACCOUNTS.c
    conn.execute(delete(PERSON_ACCOUNTS).where(table.person_id == person, table.account_id == account))


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One of the vendor's people; `until`: since when they have left."""

    id: int
    person: Person
    role: StaffRole
    since: datetime
    until: datetime | None


def employ(conn: Connection, person: int, *, role: StaffRole, at: datetime) -> None:
    """Let somebody be one of the vendor's people, or something else there."""
    new = insert(STAFF).values(person_id=person, role=role, since=at)
    changed = {"role": role, "until": None}
    conn.execute(new.on_conflict_do_update(index_elements=[STAFF.c.person_id], set_=changed))


def dismiss(conn: Connection, person: int, *, at: datetime) -> None:
    """From now on they may do nothing at the vendor."""
    conn.execute(update(STAFF).where(STAFF.c.person_id == person).values(until=at))


def staff_role(conn: Connection, person: int) -> StaffRole | None:
    """What somebody is at the vendor now, or None."""
    query = select(STAFF.c.role).where(STAFF.c.person_id == person, STAFF.c.until.is_(None))
    return conn.execute(query).scalar_one_or_none()


def hold_staff(conn: Connection) -> None:
    """Let nobody else change who works for the vendor until this transaction ends."""
    conn.execute(select(STAFF.c.id).order_by(STAFF.c.id).limit(1000).with_for_update())


def staff(conn: Connection) -> Sequence[StaffRow]:
    """All of the vendor's people, in the order in which they came; at most a thousand."""
    query = (
        select(STAFF.c.id.label("staff_id"), STAFF.c.role, STAFF.c.since, STAFF.c.until, PEOPLE)
        .join(PEOPLE, PEOPLE.c.id == STAFF.c.person_id)
        .order_by(STAFF.c.id)
        .limit(1000)
    )
    rows = conn.execute(query)
    return [StaffRow(row.staff_id, _person_of(row), row.role, row.since, row.until) for row in rows]


def _person_of(row: AnyRow) -> Person:
    return Person(row.id, row.email, row.name, row.language)
