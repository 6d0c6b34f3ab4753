"""The audit: who did what to an account, when, and what came of it. It is written and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from prorata.core.actors import Side
from prorata.store import accounts
from prorata.store.bulk import NewRows
from prorata.store.rows import Any, AnyRow
from prorata.store.tables.audit import AUDIT

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act. `actor_id`: the member, where it was one; `on_behalf`: for whom the vendor's people acted.

    `detail` is plain data of the action's own: text, whole numbers, lists and maps of them. `id` is given by `write`.
    """

    at: datetime
    actor_kind: Side
    actor_name: str
    action: str
    subject: str
    actor_id: int | None = None
    on_behalf: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict[str, object])
    id: int | None = None


def write(conn: Connection, account_id: int, *, entry: AuditEntry) -> int:
    """Write an entry; returns its id."""
    number = accounts.take_id(conn, account_id, counter="next_audit")
    new = NewRows()
    new.add(AUDIT, row_of(entry, number), account_id=account_id)
    new.write(conn, (AUDIT,), how="insert")
    return number


def row_of(entry: AuditEntry, number: int, *, documents: Sequence[str] | None = None) -> dict[str, Any]:
    """The columns of an entry without the account; `documents`: numbers that its detail names. JSON is text."""
    detail = dict(entry.detail) if documents is None else {**entry.detail, "documents": list(documents)}
    return {
        "id": number,
        "at": entry.at,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "on_behalf": entry.on_behalf,
        "action": entry.action,
        "subject": entry.subject,
        "detail": _JSON(detail),
    }


# Made once: `json.dumps` makes an encoder at each call where it is told how to spell.
_JSON: Final = json.JSONEncoder(ensure_ascii=False).encode


def page(conn: Connection, account_id: int, *, before: int | None = None, limit: int = 50) -> tuple[AuditEntry, ...]:
    """Entries, newest first; `before`: only those older than the entry of that id."""
    query = select(AUDIT).where(AUDIT.c.account_id == account_id)
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    rows = conn.execute(query.order_by(AUDIT.c.id.desc()).limit(min(limit, MOST_ENTRIES)))
    return tuple(_entry_of(row) for row in rows)


def _entry_of(row: AnyRow) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        actor_kind=row.actor_kind,
        actor_name=row.actor_name,
        action=row.action,
        subject=row.subject,
        actor_id=row.actor_id,
        on_behalf=row.on_behalf,
        detail=row.detail,
        id=row.id,
    )
