"""The one way to act on an account, and to see beforehand what an act would do.

In one transaction: the account is locked, its open tail loaded, `step` decides, the decision is saved, the audit row
written. Whoever acts on what they were shown brings its fingerprint along; if the answer has changed meanwhile, nothing
happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from prorata.clock import Clock
from prorata.core.calendar import business_date
from prorata.core.decision import Decision
from prorata.core.documents.model import Document
from prorata.core.documents.numbers import Issued
from prorata.core.events import Together
from prorata.core.history import History
from prorata.core.insights.fingerprint import fingerprint
from prorata.core.insights.forecast import next_documents
from prorata.core.step import step
from prorata.store import accounts, history
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection, Database
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.command import Command, Ground
from prorata.usecases.note import note
from prorata.usecases.permissions import Actor

LOOK_AHEAD = timedelta(days=400)
MOST_COMING = 14


@dataclass(frozen=True, slots=True)
class Services:
    """What use cases work with; put together in `bootstrap`. `batch_size`: accounts in one transaction of a run."""

    database: Database
    clock: Clock
    batch_size: int = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """Who acts on which account. `at` is given where time is simulated; `seen` is the fingerprint of what was shown."""

    account: int
    actor: Actor
    at: datetime | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: the decision, unsaved, and its fingerprint.

    `coming` are the next documents of the daily runs afterwards if nothing else happens, at most fourteen in the
    next thirteen months; `coming_before` those that would come without it.
    """

    decision: Decision
    fingerprint: str
    coming: tuple[Document, ...]
    coming_before: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What happened."""

    decision: Decision
    issued: tuple[Issued, ...]


def now(services: Services, account: AccountRow) -> datetime:
    """The account's time: its own clock where it has one, else the real one."""
    return account.clock_at or services.clock.now()


def preview(services: Services, request: Request, *commands: Command) -> Preview:
    """Decide without saving. Raises what the rules refuse, and `NotAllowed`."""
    with services.database.account(request.account, read_only=True) as conn:
        account = accounts.find(conn, request.account)
        decision = _decide(_ground(services, request, conn=conn, account=account), commands, lock=False)
    today = decision.today
    return Preview(decision, fingerprint(decision), _coming(decision.after, today), _coming(decision.before, today))


def act(services: Services, request: Request, *commands: Command) -> Done:
    """Decide and save. Raises what the rules refuse, `NotAllowed` and `ChangedMeanwhile`; then nothing has happened."""
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        ground = _ground(services, request, conn=conn, account=account)
        decision = _decide(ground, commands, lock=True)
        if request.seen is not None and request.seen != fingerprint(decision):
            raise ChangedMeanwhile
        issued = history.save(conn, account, decision=decision)
        for command in commands:
            command.record(ground)
            note(ground, action=command.action, subject=command.subject(), issued=issued)
        return Done(decision, issued)


def _ground(services: Services, request: Request, *, conn: Connection, account: AccountRow) -> Ground:
    return Ground(conn, account, request.actor, request.at or now(services, account))


def _decide(ground: Ground, commands: Sequence[Command], *, lock: bool) -> Decision:
    for command in commands:
        ground.actor.must(command.permission)
    events = tuple(command.event(ground) for command in commands)
    event = events[0] if len(events) == 1 else Together(events)
    today = business_date(ground.at, ground.account.zone)
    return step(history.load(ground.conn, ground.account.account_id, on=today, lock=lock), event, ground.at)


def _coming(after: History, today: date) -> tuple[Document, ...]:
    """From today on: what today has asked for is written by today’s run."""
    return next_documents(after, today - timedelta(days=1), until=today + LOOK_AHEAD, most=MOST_COMING)
