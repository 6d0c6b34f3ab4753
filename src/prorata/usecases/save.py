"""Saving a decision, with what its documents say about seller and customer, and noting it in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from prorata.core.decision import Decision
from prorata.core.documents.numbers import Issued
from prorata.store import audit, history, parties
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.usecases.permissions import Actor


def save(conn: Connection, account: AccountRow, *, decision: Decision) -> tuple[Issued, ...]:
    """Save a decision; returns its documents with their numbers."""
    return history.save(conn, account, decision=decision)


def note(
    conn: Connection,
    account: AccountRow,
    *,
    actor: Actor,
    at: datetime,
    action: str,
    subject: str,
    issued: Sequence[Issued],
) -> None:
    """Write the audit row of an act: who did what to what, when, and which documents came of it."""
    entry = audit.AuditEntry(
        at=at,
        side=actor.side,
        member=actor.member,
        name=actor.name,
        action=action,
        subject=subject,
        documents=tuple(one.number for one in issued),
    )
    audit.write(conn, account.account_id, entry)


_ = parties
