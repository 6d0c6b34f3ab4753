"""Noting what was done in the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from prorata.core.documents.numbers import Issued
from prorata.store import audit
from prorata.store.audit import AuditEntry
from prorata.store.engine import Connection
from prorata.usecases.command import Ground
from prorata.usecases.permissions import Actor


def note(
    ground: Ground, *, action: str, subject: str, issued: Sequence[Issued], detail: Mapping[str, object] | None = None
) -> None:
    """Write the audit row of an act: who did what to what, when, what else is told of it, and which documents came."""
    said = {**(detail or {}), "documents": [one.number for one in issued]}
    entry = _entry(ground.actor, by=ground.actor.member, at=ground.at, action=action, subject=subject, detail=said)
    audit.write(ground.conn, ground.account.account_id, entry=entry)


def note_of_vendor(
    conn: Connection,
    actor: Actor,
    *,
    at: datetime,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write into the vendor's own audit what belongs to no account. `conn` is the door's or the owner's.

    Whoever else has something to write there waits until the transaction ends: it is the last thing done in it.
    """
    entry = _entry(actor, by=actor.person, at=at, action=action, subject=subject, detail=detail or {})
    audit.write_of_vendor(conn, entry=entry)


def _entry(
    actor: Actor, *, by: int | None, at: datetime, action: str, subject: str, detail: Mapping[str, object]
) -> AuditEntry:
    return AuditEntry(
        at=at,
        actor_kind=actor.side,
        actor_id=by,
        actor_name=actor.name,
        on_behalf=actor.behalf,
        action=action,
        subject=subject,
        detail=detail,
        address=actor.origin.address,
        way=actor.origin.way,
    )
