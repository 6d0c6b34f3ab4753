"""Who is in: sessions, known by the hash of what a browser keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.door import PEOPLE, SESSIONS, STAFF

Method = Literal["passkey", "code", "directory", "link"]
EndedWhy = Literal["signed_out", "revoked", "rotated", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """What begins when somebody is let in. `agent`: the browser in words; `address`: where the request came from."""

    token_hash: bytes
    person: int
    method: Method
    at: datetime
    proved_at: datetime
    ends_at: datetime
    agent: str
    address: str
    account: int | None = None
    only_account: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session that counts, with its person; `staff_role`: what they are at the vendor, None for nobody there."""

    id: int
    person: int
    name: str
    email: str
    language: Language
    staff_role: str | None
    method: Method
    account: int | None
    only_account: int | None
    behalf: str | None
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    proved_at: datetime
    agent: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session that has just ended, with its person; `staff_role` as in `SessionRow`, None too for who came by an
    account's own directory. `account` and `behalf`: where one of the vendor's people acted, and why.
    """

    person: int
    name: str
    email: str
    staff_role: str | None
    account: int | None
    behalf: str | None
    address: str
    why: EndedWhy


def begin(conn: Connection, new: NewSession) -> int:
    """Keep a new session; returns its id. For the door."""
    values = {
        "token_hash": new.token_hash,
        "person_id": new.person,
        "method": new.method,
        "account_id": new.account,
        "only_account": new.only_account,
        "began_at": new.at,
        "seen_at": new.at,
        "proved_at": new.proved_at,
        "ends_at": new.ends_at,
        "agent": new.agent,
        "address": new.address,
    }
    return conn.execute(insert(SESSIONS).values(values).returning(SESSIONS.c.id)).scalar_one()


def is_new(conn: Connection, person: int, *, agent: str, only_account: int | None, kept_since: datetime) -> bool:
    """Whether somebody who has been in before comes by a browser that they never used.

    What was let in for another account alone tells nothing: its directory lets in whom it likes, by any browser. Of
    whom no session is left, but who was here before `kept_since`, nobody knows, so they are told.
    """
    table = SESSIONS.c
    alike = (table.agent == agent) & (table.only_account.is_(None) | (table.only_account == only_account))
    before = select(PEOPLE.c.at < kept_since).where(PEOPLE.c.id == person).scalar_subquery()
    query = select(func.coalesce(~func.bool_or(alike), before)).where(table.person_id == person)
    return conn.execute(query).scalar_one()


def addresses(conn: Connection, person: int) -> Sequence[str]:
    """Where a person came from who showed who they are, so far as that is kept; not where an account's own directory or
    an invitation vouched for them. At most a thousand.
    """
    table = SESSIONS.c
    mine = select(table.address).where(table.person_id == person, table.only_account.is_(None))
    return conn.execute(mine.distinct().limit(1000)).scalars().all()


def find(conn: Connection, *, token_hash: bytes, at: datetime, idle_since: datetime) -> SessionRow | None:
    """The session of a token; None where it has ended, is too old or was not used since `idle_since`."""
    row = conn.execute(_open(at, idle_since).where(SESSIONS.c.token_hash == token_hash)).one_or_none()
    return _session_of(row) if row else None


def of_person(conn: Connection, person: int, *, at: datetime, idle_since: datetime) -> Sequence[SessionRow]:
    """Those of a person that count, the last seen first; at most a hundred."""
    query = _open(at, idle_since).where(SESSIONS.c.person_id == person).order_by(SESSIONS.c.seen_at.desc()).limit(100)
    return [_session_of(row) for row in conn.execute(query)]


def seen(conn: Connection, session: int, *, at: datetime, address: str) -> None:
    """Note that it is used."""
    conn.execute(update(SESSIONS).where(SESSIONS.c.id == session).values(seen_at=at, address=address))


def proved(conn: Connection, session: int, *, at: datetime, token_hash: bytes) -> None:
    """Note that the person has shown anew who they are; from now on the session has another token."""
    conn.execute(
        update(SESSIONS).where(SESSIONS.c.id == session).values(proved_at=at, seen_at=at, token_hash=token_hash)
    )


def look_at(conn: Connection, session: int, *, account: int | None, behalf: str | None = None) -> None:
    """Let the session be about an account; `behalf`: why one of the vendor's people looks at it."""
    conn.execute(update(SESSIONS).where(SESSIONS.c.id == session).values(account_id=account, behalf_reason=behalf))


def end(
    conn: Connection, *, person: int, at: datetime, why: EndedWhy, only: int | None = None, but: int = 0
) -> Sequence[Ended]:
    """End the sessions of a person: one, or all but one; returns those that were open."""
    table = SESSIONS.c
    conditions = [table.person_id == person, table.id != but]
    return _end(conn, *conditions, *(() if only is None else (table.id == only,)), at=at, why=why)


def end_by_directory(conn: Connection, account: int, *, at: datetime) -> int:
    """End the sessions of all whom an account's directory has let in; how many there were."""
    table = SESSIONS.c
    query = update(SESSIONS).where(table.only_account == account, table.method == "directory", table.ended_at.is_(None))
    return conn.execute(query.values(ended_at=at, ended_why="revoked")).rowcount


def end_token(conn: Connection, token_hash: bytes, *, at: datetime, why: EndedWhy) -> Sequence[Ended]:
    """End the session of a token, whoever's it is; none where it has ended."""
    return _end(conn, SESSIONS.c.token_hash == token_hash, at=at, why=why)


def leave(conn: Connection, *, person: int, account: int, at: datetime) -> None:
    """Let no session of a person be about an account any more; those that were for it alone end.

    One of the vendor's people who acts there on its behalf does not do so as a member.
    """
    table = SESSIONS.c
    mine = (table.person_id == person, table.ended_at.is_(None))
    ended = {"ended_at": at, "ended_why": "left"}
    conn.execute(update(SESSIONS).where(*mine, table.only_account == account).values(ended))
    here = (table.account_id == account, table.behalf_reason.is_(None))
    conn.execute(update(SESSIONS).where(*mine, *here).values(account_id=None))


def forget(conn: Connection, *, before: datetime, most: int) -> int:
    """Remove sessions that would have ended by themselves before an instant, the oldest first; how many there were."""
    table = SESSIONS.c
    old = select(table.id).where(table.ends_at < before).order_by(table.ends_at).limit(most)
    # As a query of its own: a plan may ask a subquery again for each row, and it would find others each time.
    taken = old.with_for_update(skip_locked=True).cte("taken")
    return conn.execute(delete(SESSIONS).where(table.id.in_(select(taken.c.id)))).rowcount


def _end(conn: Connection, *which: ColumnElement[bool], at: datetime, why: EndedWhy) -> Sequence[Ended]:
    table = SESSIONS.c
    employed = (STAFF.c.person_id == table.person_id, STAFF.c.until.is_(None), table.only_account.is_(None))
    role = select(STAFF.c.role).where(*employed).correlate(SESSIONS).scalar_subquery()
    query = update(SESSIONS).where(table.ended_at.is_(None), *which).values(ended_at=at, ended_why=why)
    query = query.where(PEOPLE.c.id == table.person_id)
    rows = conn.execute(query.returning(SESSIONS, PEOPLE.c.name, PEOPLE.c.email, role.label("staff_role")))
    return [
        Ended(
            person=row.person_id,
            name=row.name,
            email=row.email,
            staff_role=row.staff_role,
            account=row.account_id,
            behalf=row.behalf_reason,
            address=row.address,
            why=why,
        )
        for row in rows
    ]


def _open(at: datetime, idle_since: datetime):  # noqa: ANN202 - SQLAlchemy's type for every column says nothing
    table = SESSIONS.c
    return (
        select(SESSIONS, PEOPLE.c.name, PEOPLE.c.email, PEOPLE.c.language, STAFF.c.role.label("staff_role"))
        .join(PEOPLE, PEOPLE.c.id == table.person_id)
        .outerjoin(STAFF, (STAFF.c.person_id == table.person_id) & (STAFF.c.until.is_(None)))
        .where(table.ended_at.is_(None), table.ends_at > at, table.seen_at > idle_since)
    )


def _session_of(row: AnyRow) -> SessionRow:
    return SessionRow(
        id=row.id,
        person=row.person_id,
        name=row.name,
        email=row.email,
        language=row.language,
        staff_role=row.staff_role,
        method=row.method,
        account=row.account_id,
        only_account=row.only_account,
        behalf=row.behalf_reason,
        began_at=row.began_at,
        seen_at=row.seen_at,
        ends_at=row.ends_at,
        proved_at=row.proved_at,
        agent=row.agent,
        address=row.address,
    )
