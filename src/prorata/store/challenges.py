"""What somebody was asked at the door, until it is answered or too late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from prorata.store.rows import Any, AnyRow
from prorata.store.tables.door import CHALLENGES

Kind = Literal["code", "passkey", "new_passkey", "directory"]
Purpose = Literal["sign_in", "proof", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A question that waits for its answer. `person` is None where nobody has the address that was given.

    `token_hash`: of what the browser keeps; `answer_hash`: of the code; `session`: of whom it is asked once more.
    """

    token_hash: bytes
    kind: Kind
    purpose: Purpose
    at: datetime
    expires_at: datetime
    person: int | None = None
    session: int | None = None
    answer_hash: bytes | None = None
    data: Mapping[str, Any]
    tries: int = 0
    id: int = 0


def ask(conn: Connection, challenge: Challenge) -> int:
    """Keep a question; returns its id. For the door."""
    values = {
        "token_hash": challenge.token_hash,
        "kind": challenge.kind,
        "purpose": challenge.purpose,
        "person_id": challenge.person,
        "session_id": challenge.session,
        "answer_hash": challenge.answer_hash,
        "data": dict(challenge.data),
        "at": challenge.at,
        "expires_at": challenge.expires_at,
    }
    return conn.execute(insert(CHALLENGES).values(values).returning(CHALLENGES.c.id)).scalar_one()


def waiting(conn: Connection, *, token_hash: bytes, kind: Kind, at: datetime) -> Challenge | None:
    """The question that a browser's token belongs to, held until the transaction ends.

    None where it was answered already, is too late, or never was asked.
    """
    table = CHALLENGES.c
    query = select(CHALLENGES).where(
        table.token_hash == token_hash, table.kind == kind, table.used_at.is_(None), table.expires_at > at
    )
    row = conn.execute(query.with_for_update()).one_or_none()
    return _challenge_of(row) if row else None


def tried(conn: Connection, challenge: Challenge) -> None:
    """Count a wrong answer."""
    table = CHALLENGES.c
    conn.execute(update(CHALLENGES).where(table.id == challenge.id).values(tries=table.tries + 1))


def answered(conn: Connection, challenge: Challenge, *, at: datetime) -> None:
    """The question counts no more."""
    conn.execute(update(CHALLENGES).where(CHALLENGES.c.id == challenge.id).values(used_at=at))


def drop(conn: Connection, token_hash: bytes, *, at: datetime) -> None:
    """The question of a browser's token counts no more, whatever it was: the browser is asked anew."""
    query = update(CHALLENGES).where(CHALLENGES.c.token_hash == token_hash, CHALLENGES.c.used_at.is_(None))
    conn.execute(query.values(used_at=at))


def forget(conn: Connection, *, before: datetime) -> int:
    """Remove what expired before an instant; how many there were."""
    return conn.execute(delete(CHALLENGES).where(CHALLENGES.c.expires_at < before)).rowcount


def _challenge_of(row: AnyRow) -> Challenge:
    return Challenge(
        id=row.id,
        token_hash=row.token_hash,
        kind=row.kind,
        purpose=row.purpose,
        person=row.person_id,
        session=row.session_id,
        answer_hash=row.answer_hash,
        data=row.data,
        at=row.at,
        expires_at=row.expires_at,
        tries=row.tries,
    )
