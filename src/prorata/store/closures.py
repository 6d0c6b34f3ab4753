"""When accounts are to be closed, and the certificates of those that were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select, text, update

from prorata.core.closing import Backup
from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.life import CLOSURES, EXPORTS


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClosure:
    """Who wants an account closed on which day. `by`: the member, None for the vendor's people."""

    by: int | None
    at: datetime
    on: date
    language: Language
    backup: Backup


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRow(NewClosure):
    """The same as it is kept; `certificate` once it is done."""

    account: int
    id: int
    done_at: datetime | None
    certificate: Mapping[str, object] | None


def create(conn: Connection, account_id: int, *, new: NewClosure) -> int:
    """Keep that an account is to be closed; returns the id."""
    made = accounts.take_id(conn, account_id, counter="next_closure")
    values = {
        "account_id": account_id,
        "id": made,
        "asked_by": new.by,
        "at": new.at,
        "on_day": new.on,
        "language": new.language,
        "backup": new.backup,
    }
    conn.execute(insert(CLOSURES).values(values))
    return made


def pending(conn: Connection, account_id: int) -> ClosureRow | None:
    """The closing that is to come, or None."""
    table = CLOSURES.c
    query = select(CLOSURES).where(
        table.account_id == account_id, table.taken_back_at.is_(None), table.done_at.is_(None)
    )
    row = conn.execute(query.order_by(table.id.desc()).limit(1)).one_or_none()
    return _closure_of(row) if row else None


def done(conn: Connection, account_id: int) -> ClosureRow | None:
    """The closing that was done, with its certificate, or None."""
    query = select(CLOSURES).where(CLOSURES.c.account_id == account_id, CLOSURES.c.done_at.is_not(None))
    row = conn.execute(query).one_or_none()
    return _closure_of(row) if row else None


def take_back(conn: Connection, account_id: int, *, closure: int, at: datetime) -> None:
    """Let it not come."""
    _change(conn, account_id, closure=closure, taken_back_at=at)


def certify(
    conn: Connection, account_id: int, *, closure: int, at: datetime, certificate: Mapping[str, object]
) -> None:
    """Note that it is done, and what was erased and kept."""
    _change(conn, account_id, closure=closure, done_at=at, certificate=dict(certificate))


def all_pending(conn: Connection, *, most: int) -> Sequence[ClosureRow]:
    """The closings to come of all accounts, the earliest first; for the owner."""
    table = CLOSURES.c
    query = (
        select(CLOSURES)
        .join(ACCOUNTS, ACCOUNTS.c.account_id == table.account_id)
        .where(table.taken_back_at.is_(None), table.done_at.is_(None), ACCOUNTS.c.closed_at.is_(None))
    )
    rows = conn.execute(query.order_by(table.on_day, table.account_id, table.id).limit(most))
    return [_closure_of(row) for row in rows]


def backed_up_at(conn: Connection, account_id: int) -> datetime | None:
    """When the data were last taken out, where that can still be fetched; None where it cannot."""
    table = EXPORTS.c
    query = select(table.ready_at).where(table.account_id == account_id, table.state == "ready")
    return conn.scalar(query.order_by(table.ready_at.desc()).limit(1))


def last_backup_at(conn: Connection, account_id: int) -> datetime | None:
    """When the data were last taken out, also where the file is deleted by now."""
    table = EXPORTS.c
    query = select(func.max(table.ready_at)).where(table.account_id == account_id)
    return conn.scalar(query)


def changed_since_backup(conn: Connection, account_id: int) -> bool:
    """Whether anything was done since the last one was asked for, but for what belongs to backing up and closing."""
    return bool(conn.scalar(_CHANGED, {"account": account_id}))


_CHANGED: Final = text("""
    SELECT EXISTS (
        SELECT FROM audit WHERE account_id = :account AND id > (
            SELECT max(entry.id) FROM audit AS entry
            WHERE entry.account_id = :account AND entry.action = 'export.ask' AND entry.detail -> 'export' = to_jsonb((
                SELECT max(id) FROM exports WHERE account_id = :account AND ready_at IS NOT NULL)))
          AND action NOT LIKE ALL (ARRAY['export.%', 'account.close%', 'account.keep', 'behalf.%', 'people.end_access'])
    )
""")


def _change(conn: Connection, account_id: int, *, closure: int, **values: object) -> None:
    table = CLOSURES.c
    conn.execute(update(CLOSURES).where(table.account_id == account_id, table.id == closure).values(**values))


def _closure_of(row: AnyRow) -> ClosureRow:
    return ClosureRow(
        account=row.account_id,
        id=row.id,
        by=row.asked_by,
        at=row.at,
        on=row.on_day,
        language=row.language,
        backup=row.backup,
        done_at=row.done_at,
        certificate=row.certificate,
    )
