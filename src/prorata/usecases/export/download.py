"""Downloading a back up: each time is noted in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import accounts, exports
from prorata.store.exports import ExportRow, UnknownExport
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.note import note

MOST_ID: Final = 2**31 - 1


class ExportNotReady(DomainError):
    """There is no file of this back up: it is in work, or was not made."""

    code = "export_not_ready"


class ExportGone(DomainError):
    """The time of this back up is over, and its file is deleted."""

    code = "export_gone"


class ExportCutShort(Exception):
    """The file was deleted while somebody downloaded it."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way: its name, its length, its SHA-256, and what is in it, piece by piece."""

    name: str
    bytes: int
    sha256: str
    pieces: Iterator[bytes]


def download_export(services: Services, request: Request, *, export: int) -> Download:
    """Hand out a back up. Raises `UnknownExport`, `ExportNotReady`, `ExportGone`, `NotAllowed`, `ProofNeeded`."""
    actor = request.actor
    actor.must("export")
    if not 0 < export <= MOST_ID:
        raise UnknownExport(export=export)
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        row = exports.find(conn, request.account, export=export)
        digest = _digest(row, services)
        actor.must_prove()
        ground = Ground(conn, account, actor, request.at or now(services, account))
        note(ground, action="export.download", subject=f"export {export}", issued=(), detail={"export": export})
    name = f"back-up-{row.at.astimezone(account.zone).date()}-{row.id}.zip"
    return Download(name, row.bytes, digest.hex(), _pieces(services, request.account, row=row))


def _digest(row: ExportRow, services: Services) -> bytes:
    """The sum of a file that can be had."""
    if row.state == "gone" or (row.expires_at and row.expires_at <= services.clock.now()):
        raise ExportGone(export=row.id)
    if row.state != "ready" or row.sha256 is None:
        raise ExportNotReady(export=row.id)
    return row.sha256


def _pieces(services: Services, account: int, *, row: ExportRow) -> Iterator[bytes]:
    """Each piece in a transaction of its own: who reads slowly holds nothing."""
    place, left = 1, row.bytes
    while left > 0:
        with services.database.account(account, read_only=True) as conn:
            data = exports.piece(conn, account, export=row.id, place=place)
        if not data:
            raise ExportCutShort(account, row.id)
        yield data
        place, left = place + 1, left - len(data)
