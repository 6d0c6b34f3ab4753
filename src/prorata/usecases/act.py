"""The one way to act on an account, and to see beforehand what an act would do.

In one transaction: the account is locked, its open tail loaded, `step` decides, the decision is saved, the audit row
written. Whoever acts on what they were shown brings its fingerprint along; if the answer has changed meanwhile, nothing
happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from prorata.clock import Clock
from prorata.core.calendar import FIRST_DAY, add_months, business_date
from prorata.core.decision import Decision
from prorata.core.documents.model import Document
from prorata.core.documents.numbers import Issued
from prorata.core.events import CloseAccount, Event, GiveBack, GiveCredit, Late, Together, singles_of
from prorata.core.history import History
from prorata.core.insights.fingerprint import fingerprint
from prorata.core.insights.forecast import next_documents
from prorata.core.step import step
from prorata.store import accounts, history
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection, Database
from prorata.store.errors import ChangedMeanwhile
from prorata.store.screens.payments import returnable
from prorata.usecases.command import Command, Ground
from prorata.usecases.explained import BillWhy, why_of_preview
from prorata.usecases.keys import Keys
from prorata.usecases.note import note
from prorata.usecases.permissions import Actor
from prorata.usecases.vouching import Client, Directories, NoDirectories

MONTHS_AHEAD = 12
MOST_COMING = 120
"""Enough for two profiles that are billed every week for a year."""
MOST_DOCUMENTS = 2**31 - 1
"""Places of documents are counted no further than the store can."""


@dataclass(frozen=True, slots=True)
class Services:
    """What use cases work with; put together in `bootstrap`.

    `batch_size`: accounts in one transaction of a run. `keys`: what the installation's secret is used for; `address`:
    where the site is reached, without a slash at its end. `directories`: what asks others' directories who somebody is;
    `vendor_directory`: the vendor's own, None where there is none.
    """

    database: Database
    clock: Clock
    batch_size: int = 1000
    keys: Keys = field(default_factory=Keys)
    address: str = "http://localhost:8000"
    directories: Directories = field(default_factory=NoDirectories)
    vendor_directory: Client | None = None


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

    `coming` are the next documents of the daily runs afterwards if nothing else happens, for twelve months,
    at most `MOST_COMING`; `coming_before` those that would come without it. `why`: why the first bill that is another
    one is what it is, None where there is no such bill.
    """

    decision: Decision
    fingerprint: str
    coming: tuple[Document, ...]
    coming_before: tuple[Document, ...]
    why: BillWhy | None


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
        today, written = decision.today, decision.documents
        coming, coming_before = _coming(decision.after, today), _coming(decision.before, today)
        why = why_of_preview(conn, request.account, written=written, coming=coming, coming_before=coming_before)
    return Preview(decision, fingerprint(decision), coming, coming_before, why)


def act(services: Services, request: Request, *commands: Command) -> Done:
    """Decide and save. Raises what the rules refuse, `NotAllowed`, `ProofNeeded` and `ChangedMeanwhile`; then nothing
    has happened.
    """
    with services.database.account(request.account) as conn:
        return act_within(services, request, *commands, conn=conn)


def act_within(services: Services, request: Request, *commands: Command, conn: Connection) -> Done:
    """`act` as part of a transaction that does more."""
    # What is closed is refused by the rules.
    account = accounts.locked(conn, request.account, closed=True)
    ground = _ground(services, request, conn=conn, account=account)
    decision = _decide(ground, commands, lock=True)
    if request.seen is not None and request.seen != fingerprint(decision):
        raise ChangedMeanwhile
    if money_goes_out(decision):
        request.actor.must_prove()
    issued = history.save(conn, account, decision=decision)
    for command in commands:
        command.record(ground)
        note(ground, action=command.action, subject=command.subject(), issued=issued, detail=command.detail())
    return Done(decision, issued)


def money_goes_out(decision: Decision) -> bool:
    """Whether a decision pays something back: money leaves the vendor's cash."""
    return any(transfer.credit.name == "cash" for transfer in decision.transfers)


def _ground(services: Services, request: Request, *, conn: Connection, account: AccountRow) -> Ground:
    return Ground(conn, account, request.actor, request.at or now(services, account))


def _decide(ground: Ground, commands: Sequence[Command], *, lock: bool) -> Decision:
    for command in commands:
        ground.actor.must(command.permission)
    events = tuple(command.event(ground) for command in commands)
    event = events[0] if len(events) == 1 else Together(events)
    on = _first_day(event, today=business_date(ground.at, ground.account.zone))
    documents = set(_documents(event))
    if any(isinstance(one, CloseAccount) for one in singles_of(event)):
        # Whatever was received and not returned may go back, however long ago.
        documents |= returnable(ground.conn, ground.account.account_id)
    tail = history.load(ground.conn, ground.account.account_id, on=on, lock=lock, documents=documents)
    return step(tail, event, ground.at)


def _first_day(event: Event, *, today: date) -> date:
    """The first day that an event can change: what is entered late needs the history from then on."""
    late = [one.effective for one in singles_of(event) if isinstance(one, Late)]
    return max(min(today, *late), FIRST_DAY) if late else today


def _documents(event: Event) -> Iterator[int]:
    """The documents that an event gives something back of: however long ago they were settled."""
    for one in singles_of(event):
        what = one.event if isinstance(one, Late) else one
        if isinstance(what, GiveBack | GiveCredit) and what.document and 0 < what.document <= MOST_DOCUMENTS:
            yield what.document


def _coming(after: History, today: date) -> tuple[Document, ...]:
    """From today on: what today has asked for is written by today’s run."""
    return next_documents(after, today - timedelta(days=1), until=year_from(today), most=MOST_COMING)


def year_from(today: date) -> date:
    """The same day a year later, the last one that a forecast looks at; the last of February after the 29th."""
    return add_months(today.year, today.month, months=MONTHS_AHEAD, day=today.day)
