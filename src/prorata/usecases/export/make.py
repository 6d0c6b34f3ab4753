"""Making a back up: in a job, in pieces that are kept one by one, as of one moment."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import accounts, exports, members
from prorata.store.engine import Connection
from prorata.store.exports import ExportRow, TakenOver
from prorata.usecases.act import Services
from prorata.usecases.export.archive import Pieces
from prorata.usecases.export.content import Exporting, Wanted, write_archive
from prorata.usecases.mail import Mail, post
from prorata.usecases.ports import NoProductFiles

KEPT_DAYS: Final = 7
"""How long a back up can be downloaded."""
GIVEN_UP_AFTER: Final = timedelta(days=1)
"""What is in work for longer than this was lost with its worker."""
PAGE: Final = "/back-up"
"""Where back ups are asked for and downloaded."""
UNEXPECTED: Final = "unexpected"
LOST: Final = "lost"

_log = logging.getLogger(__name__)


def make_export(services: Services, kit: Exporting, *, account: int, export: int, last: bool) -> None:
    """Make one that waits, anew if somebody had begun; one that is wanted no more is left.

    `last`: if it fails now, it has failed for good. Raises what it failed by, so that the job fails too.
    """
    with services.database.account(account) as conn:
        made = exports.begin(conn, account, export=export)
    if made is None:
        return
    try:
        _make(services, kit, account=account, made=made)
    except TakenOver:
        _log.warning("export %s of account %s is made by somebody else", export, account)
    except Exception as error:
        problem = error.problem if isinstance(error, NoProductFiles) else UNEXPECTED
        _note_failure(services, account, made=made, problem=problem, last=last)
        raise


def tidy_exports(services: Services) -> exports.Tidied:
    """Delete the files whose time is over, and give up what was lost."""
    at = services.clock.now()
    with services.database.owner() as conn:
        return exports.tidy(conn, at=at, asked_before=at - GIVEN_UP_AFTER, problem=LOST)


@dataclass(slots=True)
class _Keeping:
    """Keeps pieces and progress, each in a transaction of its own, so that who waits sees it."""

    services: Services
    account: int
    made: ExportRow
    place: int = field(default=0)

    def piece(self, data: bytes) -> None:
        self.place += 1
        with self.services.database.account(self.account) as conn:
            exports.add_piece(conn, self.account, made=self.made, place=self.place, data=data)

    def progress(self, done: int, total: int) -> None:
        with self.services.database.account(self.account) as conn:
            exports.say(conn, self.account, made=self.made, done=done, total=total)


def _make(services: Services, kit: Exporting, *, account: int, made: ExportRow) -> None:
    keeping = _Keeping(services, account, made)
    pieces = Pieces(keeping.piece)
    wanted = Wanted(account=account, export=made.id, language=made.language)
    write_archive(services, kit, wanted=wanted, sink=pieces, progress=keeping.progress)
    digest = pieces.finish()
    at = services.clock.now()
    with services.database.account(account) as conn:
        until = at + timedelta(days=KEPT_DAYS)
        exports.ready(conn, account, made=made, sha256=digest, at=at, expires_at=until)
        _tell(conn, account, made=made, at=at)


def _tell(conn: Connection, account: int, *, made: ExportRow, at: datetime) -> None:
    """Tell who asked, by mail: a link to the page, for the file wants a proof."""
    if made.asked_by is None:
        return
    to = members.find(conn, account, member=made.asked_by)
    if to.left_at or not to.email:
        return
    data = {"account": accounts.find(conn, account).name, "link": PAGE, "days": KEPT_DAYS}
    mail = Mail(kind="export_ready", to=to.email, language=to.language, data=data, account=account)
    post(conn, mail, at=at)


def _note_failure(services: Services, account: int, *, made: ExportRow, problem: str, last: bool) -> None:
    note = exports.fail if last else exports.put_off
    try:
        with services.database.account(account) as conn:
            note(conn, account, made=made, problem=problem)
    except (TakenOver, DomainError) as error:
        _log.warning("export %s of account %s: %s is not noted: %s", made.id, account, problem, type(error).__name__)
