"""Noting what was done in the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prorata.core.documents.numbers import Issued
from prorata.store import audit
from prorata.usecases.command import Ground


def note(
    ground: Ground, *, action: str, subject: str, issued: Sequence[Issued], detail: Mapping[str, object] | None = None
) -> None:
    """Write the audit row of an act: who did what to what, when, what else is told of it, and which documents came."""
    entry = audit.AuditEntry(
        at=ground.at,
        actor_kind=ground.actor.side,
        actor_id=ground.actor.member,
        actor_name=ground.actor.name,
        action=action,
        subject=subject,
        detail={**(detail or {}), "documents": [one.number for one in issued]},
    )
    audit.write(ground.conn, ground.account.account_id, entry=entry)
