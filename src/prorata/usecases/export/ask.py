"""Asking for a back up of what the account owns: a job makes it."""

from __future__ import annotations

from typing import Final

from prorata.core.errors import DomainError
from prorata.store import accounts, exports, jobs
from prorata.store.engine import Connection
from prorata.store.screens.exports import states
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.note import note

MAKE_EXPORT: Final = "make_export"
"""The task that makes it."""


class ExportInWork(DomainError):
    """One back up at a time."""

    code = "export_in_work"


class NothingToExport(DomainError):
    """Every subscription is deleted, and its data with it."""

    code = "nothing_to_export"


def ask_export(services: Services, request: Request, *, language: Language) -> int:
    """Ask for one; its id. Raises `ExportInWork`, `NothingToExport`, `NotAllowed`, `ProofNeeded`."""
    actor = request.actor
    actor.must("export")
    actor.must_prove()
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        refusal = why_not(conn, request.account)
        if refusal:
            raise refusal
        made = exports.create(conn, request.account, asked_by=actor.member, language=language, at=services.clock.now())
        ground = Ground(conn, account, actor, request.at or now(services, account))
        note(ground, action="export.ask", subject=f"export {made}", issued=(), detail={"export": made})
        jobs.defer(conn, MAKE_EXPORT, args={"account": request.account, "export": made})
    return made


def why_not(conn: Connection, account_id: int) -> DomainError | None:
    """Why none can be asked for now, if that is so."""
    if exports.in_work(conn, account_id):
        return ExportInWork()
    found = states(conn, account_id)
    return NothingToExport() if found and all(state == "deleted" for state in found) else None
