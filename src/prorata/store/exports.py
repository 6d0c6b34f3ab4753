"""Exports of accounts: what was asked for, how far each is, and its file in pieces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, delete, func, insert, select, text, update

from prorata.core.errors import DomainError
from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.life import EXPORT_PIECES, EXPORTS

ExportState = Literal["waiting", "making", "ready", "failed", "gone"]
IN_WORK: Final = ("waiting", "making")
MOST_LISTED: Final = 20

_T: Final = EXPORTS.c
_P: Final = EXPORT_PIECES.c


class UnknownExport(DomainError):
    """The account has no such back up."""

    code = "unknown_export"


class TakenOver(Exception):
    """Somebody else has begun to make this export anew, or it is not wanted any more: whoever is told so stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """An export. `done` of `total` pieces of work; `tries`: how often it was begun; `problem`: a code of why it failed,
    or why the last try did.
    """

    id: int
    asked_by: int | None
    at: datetime
    language: Language
    state: ExportState
    done: int
    total: int
    tries: int
    bytes: int
    sha256: bytes | None
    ready_at: datetime | None
    expires_at: datetime | None
    problem: str | None


def create(conn: Connection, account_id: int, *, asked_by: int | None, language: Language, at: datetime) -> int:
    """Keep that an export is wanted; returns its id."""
    made = accounts.take_id(conn, account_id, counter="next_export")
    values = {"account_id": account_id, "id": made, "asked_by": asked_by, "language": language, "at": at}
    conn.execute(insert(EXPORTS).values(**values, state="waiting"))
    return made


def find(conn: Connection, account_id: int, *, export: int) -> ExportRow:
    """One export; raises `UnknownExport`."""
    row = conn.execute(select(EXPORTS).where(_T.account_id == account_id, _T.id == export)).one_or_none()
    if row is None:
        raise UnknownExport(export=export)
    return _export_of(row)


def latest(conn: Connection, account_id: int) -> tuple[ExportRow, ...]:
    """The last twenty, the newest first."""
    query = select(EXPORTS).where(_T.account_id == account_id).order_by(_T.id.desc()).limit(MOST_LISTED)
    return tuple(_export_of(row) for row in conn.execute(query))


def in_work(conn: Connection, account_id: int) -> bool:
    """Whether one is waiting or being made."""
    query = select(func.count()).where(_T.account_id == account_id, _T.state.in_(IN_WORK))
    return conn.execute(query).scalar_one() > 0


def begin(conn: Connection, account_id: int, *, export: int) -> ExportRow | None:
    """Begin to make one, or begin anew: without pieces, and whoever else is at it is told so at their next one.

    None where it is wanted no more.
    """
    started = conn.execute(
        update(EXPORTS)
        .where(_T.account_id == account_id, _T.id == export, _T.state.in_(IN_WORK))
        .values(state="making", tries=_T.tries + 1, done=0, bytes=0)
        .returning(EXPORTS)
    ).one_or_none()
    if started is None:
        return None
    drop_pieces(conn, account_id, export=export)
    return _export_of(started)


def say(conn: Connection, account_id: int, *, made: ExportRow, done: int, total: int) -> None:
    """Say how far it is; raises `TakenOver`."""
    _change(conn, account_id, made=made, done=done, total=total)


def add_piece(conn: Connection, account_id: int, *, made: ExportRow, place: int, data: bytes) -> None:
    """Add the next piece of the file; raises `TakenOver`."""
    _change(conn, account_id, made=made, bytes=_T.bytes + len(data))
    conn.execute(insert(EXPORT_PIECES).values(account_id=account_id, export_id=made.id, place=place, data=data))


def ready(
    conn: Connection, account_id: int, *, made: ExportRow, sha256: bytes, at: datetime, expires_at: datetime
) -> None:
    """Say that the file is whole; raises `TakenOver`."""
    done = {"done": _T.total, "sha256": sha256, "ready_at": at, "expires_at": expires_at}
    _change(conn, account_id, made=made, state="ready", problem=None, **done)


def put_off(conn: Connection, account_id: int, *, made: ExportRow, problem: str) -> None:
    """Let it wait for another try; raises `TakenOver`."""
    _change(conn, account_id, made=made, state="waiting", problem=problem)
    drop_pieces(conn, account_id, export=made.id)


def fail(conn: Connection, account_id: int, *, made: ExportRow, problem: str) -> None:
    """Give it up; raises `TakenOver`."""
    _change(conn, account_id, made=made, state="failed", problem=problem)
    drop_pieces(conn, account_id, export=made.id)


def drop_pieces(conn: Connection, account_id: int, *, export: int) -> None:
    """Delete the file, or what there is of it."""
    conn.execute(delete(EXPORT_PIECES).where(_P.account_id == account_id, _P.export_id == export))


def withdraw(conn: Connection, account_id: int) -> None:
    """Delete every file of the account, and give up what is being made: somebody was erased who is in them.

    What waits is held too: it is begun only once nobody reads any more who was erased.
    """
    conn.execute(_WITHDRAW, {"account": account_id})
    conn.execute(delete(EXPORT_PIECES).where(_P.account_id == account_id))


def piece(conn: Connection, account_id: int, *, export: int, place: int) -> bytes | None:
    """A piece of the file, from place 1; None after the last."""
    query = select(_P.data).where(_P.account_id == account_id, _P.export_id == export, _P.place == place)
    return conn.scalar(query)


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many files were deleted because their time was over, and how many exports were given up."""

    gone: int
    given_up: int


def tidy(conn: Connection, *, at: datetime, asked_before: datetime, problem: str) -> Tidied:
    """Delete the files whose time is over, and give up what has been in work since before an instant; for the owner."""
    asked = {"at": at, "asked_before": asked_before, "problem": problem}
    gone = conn.execute(_EXPIRE, asked).rowcount
    given_up = conn.execute(_GIVE_UP, asked).rowcount
    conn.execute(_DROP)
    return Tidied(gone, given_up)


def _change(conn: Connection, account_id: int, *, made: ExportRow, **values: object) -> None:
    mine = (_T.account_id == account_id, _T.id == made.id, _T.state == "making", _T.tries == made.tries)
    if conn.execute(update(EXPORTS).where(*mine).values(**values)).rowcount != 1:
        raise TakenOver(account_id, made.id)


def _export_of(row: AnyRow) -> ExportRow:
    return ExportRow(
        id=row.id,
        asked_by=row.asked_by,
        at=row.at,
        language=row.language,
        state=row.state,
        done=row.done,
        total=row.total,
        tries=row.tries,
        bytes=row.bytes,
        sha256=row.sha256,
        ready_at=row.ready_at,
        expires_at=row.expires_at,
        problem=row.problem,
    )


# One statement: what becomes ready meanwhile is looked at again.
_WITHDRAW = text("""
    UPDATE exports SET
        state = CASE state WHEN 'ready' THEN 'gone' WHEN 'making' THEN 'failed' ELSE state END,
        problem = CASE state WHEN 'making' THEN 'withdrawn' ELSE problem END
    WHERE account_id = :account AND state IN ('waiting', 'making', 'ready')
""")
_EXPIRE = text("UPDATE exports SET state = 'gone' WHERE state = 'ready' AND expires_at <= :at")
_GIVE_UP = text("""
    UPDATE exports SET state = 'failed', problem = :problem
    WHERE state IN ('waiting', 'making') AND at < :asked_before
""")
_DROP = text("""
    DELETE FROM export_pieces USING exports
    WHERE exports.account_id = export_pieces.account_id AND exports.id = export_pieces.export_id
      AND exports.state IN ('gone', 'failed')
""")
