"""Saving a decision, with what its documents say about seller and customer, and noting it in the audit."""

from __future__ import annotations

from collections.abc import Sequence

from prorata.core.decision import Decision
from prorata.core.documents.numbers import Issued
from prorata.store import audit, history, profiles, sellers
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.store.snapshots import DocumentContext
from prorata.usecases.command import Ground


def save(conn: Connection, account: AccountRow, *, decision: Decision) -> tuple[Issued, ...]:
    """Save a decision; returns its documents with their numbers. `account` is locked by this transaction."""
    context = DocumentContext(
        seller=sellers.snapshot(conn, account.seller_id),
        customers=profiles.snapshots(conn, account.account_id),
        language="en",
    )
    return history.save(
        conn, account.account_id, decision, seller_id=account.seller_id, apart=account.apart, context=context
    )


def note(ground: Ground, *, action: str, subject: str, issued: Sequence[Issued]) -> None:
    """Write the audit row of an act: who did what to what, when, and which documents came of it."""
    entry = audit.AuditEntry(
        at=ground.at,
        actor_kind=ground.actor.side,
        actor_id=ground.actor.member,
        actor_name=ground.actor.name,
        action=action,
        subject=subject,
        detail={"documents": [one.number for one in issued]},
    )
    audit.write(ground.conn, ground.account.account_id, entry)
