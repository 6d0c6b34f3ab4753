"""The mails that are to be sent. Whoever acts puts them here; only the owner reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from prorata.store.rows import Any, AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.outbox import OUTBOX

Fact = str | int
_T: Final = OUTBOX.c


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """A mail that waits. `data`: what its letter says, by name; `expires_at`: when it is of no use any more."""

    kind: str
    recipient: str = field(repr=False)
    language: Language
    data: Mapping[str, Fact] = field(repr=False)
    account: int | None
    secret: bool
    at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail(NewMail):
    """A mail and what became of it: sent, given up, or to be tried again at `next_try_at`.

    `problem`: why the last try failed.
    """

    id: int
    next_try_at: datetime | None
    tries: int
    sent_at: datetime | None
    problem: str | None


def put(conn: Connection, mail: NewMail) -> int:
    """Keep a mail, to be tried at once; its id."""
    values = {
        "account_id": mail.account,
        "kind": mail.kind,
        "recipient": mail.recipient,
        "language": mail.language,
        "data": dict(mail.data),
        "secret": mail.secret,
        "at": mail.at,
        "next_try_at": mail.at,
        "expires_at": mail.expires_at,
    }
    return conn.execute(insert(OUTBOX).values(values).returning(_T.id)).scalar_one()


def claim(conn: Connection, mail: int) -> StoredMail | None:
    """A mail that waits, held until the transaction ends; None where it waits no more, or somebody else holds it."""
    return _claimed(conn, select(OUTBOX).where(_T.id == mail, _T.next_try_at.is_not(None)))


def claim_due(conn: Connection, at: datetime) -> StoredMail | None:
    """One whose time has come, held likewise; the one that has waited longest."""
    due = select(OUTBOX).where(_T.next_try_at <= at).order_by(_T.next_try_at, _T.id).limit(1)
    return _claimed(conn, due)


def sent(conn: Connection, mail: StoredMail, *, at: datetime) -> None:
    """Note that it went out."""
    _ended(conn, mail, tries=mail.tries + 1, sent_at=at, problem=None)


def given_up(conn: Connection, mail: StoredMail, *, tries: int, problem: str) -> None:
    """Note that it is not tried again, and why."""
    _ended(conn, mail, tries=tries, problem=problem)


def failed(conn: Connection, mail: StoredMail, *, again_at: datetime, problem: str) -> None:
    """Note that a try failed, why, and when the next one comes."""
    values = {"tries": mail.tries + 1, "next_try_at": again_at, "problem": problem}
    conn.execute(update(OUTBOX).where(_T.id == mail.id).values(values))


def latest(conn: Connection, *, most: int) -> Sequence[StoredMail]:
    """The mails, newest first."""
    return [_mail_of(row) for row in conn.execute(select(OUTBOX).order_by(_T.id.desc()).limit(most))]


def find(conn: Connection, mail: int) -> StoredMail | None:
    """A mail, or None."""
    row = conn.execute(select(OUTBOX).where(_T.id == mail)).one_or_none()
    return _mail_of(row) if row else None


@dataclass(frozen=True, slots=True)
class MailCounts:
    """How many mails wait, went out, and were given up."""

    waiting: int
    sent: int
    given_up: int


def counts(conn: Connection) -> MailCounts:
    """How it goes with the mails."""
    waiting, gone = _T.next_try_at.is_not(None), _T.sent_at.is_not(None)
    row = conn.execute(select(_count(waiting), _count(gone), _count(~waiting & ~gone))).one()
    return MailCounts(*row)


def forget(conn: Connection, *, before: datetime) -> int:
    """Remove the mails of before an instant that wait no more; how many there were."""
    return conn.execute(OUTBOX.delete().where(_T.at < before, _T.next_try_at.is_(None))).rowcount


def _count(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(where)


def _claimed(conn: Connection, query: Select[Any]) -> StoredMail | None:
    row = conn.execute(query.with_for_update(skip_locked=True)).one_or_none()
    return _mail_of(row) if row else None


def _ended(conn: Connection, mail: StoredMail, **values: object) -> None:
    kept = {} if mail.secret else dict(mail.data)
    if mail.account and _is_closed(conn, mail.account):
        # Of who belonged to an account that is closed no address is kept.
        conn.execute(OUTBOX.delete().where(_T.id == mail.id))
        return
    conn.execute(update(OUTBOX).where(_T.id == mail.id).values(next_try_at=None, data=kept, **values))


def _is_closed(conn: Connection, account: int) -> bool:
    query = select(ACCOUNTS.c.closed_at).where(ACCOUNTS.c.account_id == account)
    return conn.scalar(query) is not None


def _mail_of(row: AnyRow) -> StoredMail:
    return StoredMail(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        language=row.language,
        data=row.data,
        account=row.account_id,
        secret=row.secret,
        at=row.at,
        expires_at=row.expires_at,
        next_try_at=row.next_try_at,
        tries=row.tries,
        sent_at=row.sent_at,
        problem=row.problem,
    )
