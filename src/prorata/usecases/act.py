"""The one way to act on an account, and to see beforehand what an act would do.

In one transaction: the account is locked, its open tail loaded, `step` decides, the decision is saved, the audit row
written. Whoever acts on what they were shown brings its fingerprint along; if the answer has changed meanwhile, nothing
happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from prorata.clock import Clock
from prorata.core.calendar import business_date
from prorata.core.decision import Decision
from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.core.events import Together
from prorata.core.insights.fingerprint import fingerprint
from prorata.core.step import step
from prorata.store import accounts, history
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection, Database
from prorata.usecases.command import Command
from prorata.usecases.permissions import Actor
from prorata.usecases.save import note, save


class ChangedMeanwhile(DomainError):
    """What would happen now is not what was shown."""

    code = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Services:
    """What use cases work with; put together in `bootstrap`."""

    database: Database
    clock: Clock


@dataclass(frozen=True, slots=True)
class Request:
    """Who acts on which account. `at` is given where time is simulated; `seen` is the fingerprint of what was shown."""

    account: int
    actor: Actor
    at: datetime | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: the decision, unsaved, and its fingerprint."""

    decision: Decision
    fingerprint: str


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
    with services.database.account(request.account) as conn:
        account = accounts.find(conn, request.account)
        decision = _decide(conn, account, request=request, commands=commands, at=_at(services, request, account=account))
        return Preview(decision, fingerprint(decision))


def act(services: Services, request: Request, *commands: Command) -> Done:
    """Decide and save. Raises what the rules refuse, `NotAllowed` and `ChangedMeanwhile`; then nothing has happened."""
    with services.database.account(request.account) as conn:
        account = accounts.lock(conn, request.account)
        at = _at(services, request, account=account)
        decision = _decide(conn, account, request=request, commands=commands, at=at)
        if request.seen is not None and request.seen != fingerprint(decision):
            raise ChangedMeanwhile
        for command in commands:
            command.record(conn, account, at=at)
        issued = save(conn, account, decision=decision)
        for command in commands:
            note(conn, account, actor=request.actor, at=at, action=command.action, subject=command.subject(), issued=issued)
        return Done(decision, issued)


def _at(services: Services, request: Request, *, account: AccountRow) -> datetime:
    return request.at or now(services, account)


def _decide(
    conn: Connection, account: AccountRow, *, request: Request, commands: Sequence[Command], at: datetime
) -> Decision:
    for command in commands:
        request.actor.must(command.permission)
    events = tuple(command.event(conn, account, actor=request.actor) for command in commands)
    event = events[0] if len(events) == 1 else Together(events)
    today = business_date(at, account.zone)
    return step(history.load(conn, account.account_id, on=today), event, at)
