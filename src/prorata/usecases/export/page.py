"""The page of back ups: the one in work or at hand, earlier ones, and whether another can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from prorata.core.errors import DomainError
from prorata.store import accounts, exports
from prorata.store.exports import ExportRow
from prorata.usecases.act import Request, Services
from prorata.usecases.export.ask import why_not


@dataclass(frozen=True, slots=True)
class ExportsPage:
    """The last exports, the newest first. `at`: now, in real time; `refusal`: why none can be asked for."""

    account: str
    zone: ZoneInfo
    at: datetime
    rows: tuple[ExportRow, ...]
    refusal: DomainError | None


def exports_page(services: Services, request: Request) -> ExportsPage:
    """Read the page; raises `NotAllowed`."""
    request.actor.must("export")
    with services.database.account(request.account, read_only=True) as conn:
        account = accounts.find(conn, request.account)
        rows = exports.latest(conn, request.account)
        return ExportsPage(account.name, account.zone, services.clock.now(), rows, why_not(conn, request.account))
