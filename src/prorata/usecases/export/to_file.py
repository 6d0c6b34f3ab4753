"""A back up that goes straight into a file, for who looks after the machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from prorata.store import accounts
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.export.archive import Sink
from prorata.usecases.export.content import Exporting, Progress, Wanted, write_archive
from prorata.usecases.note import note


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many files, how many bytes, and their SHA-256."""

    files: int
    bytes: int
    sha256: str


def export_to_file(
    services: Services, request: Request, *, kit: Exporting, into: Sink, language: Language, progress: Progress
) -> Written:
    """Write what the account owns. Raises `NotAllowed`, `ProofNeeded`, `NoSuchAccount`, `NoProductFiles`."""
    request.actor.must("export")
    request.actor.must_prove()
    summing = _Summing(into)
    wanted = Wanted(account=request.account, export=0, language=language)
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        ground = Ground(conn, account, request.actor, request.at or now(services, account))
        note(ground, action="export.write", subject=f"account {request.account}", issued=())
    files = write_archive(services, kit, wanted=wanted, sink=summing, progress=progress)
    return Written(files, summing.bytes, summing.sum.hexdigest())


class _Summing:
    """Knows the sum and the length of all that goes through it."""

    def __init__(self, into: Sink) -> None:
        self._into = into
        self.sum = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes, /) -> None:
        self._into.write(data)
        self.sum.update(data)
        self.bytes += len(data)
