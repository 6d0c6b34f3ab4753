"""One batch of a billing run: a transaction that claims it, plans its accounts, writes what is due and marks it done.

What is wrong with one account stops that account alone. First the whole batch is saved at once; only where that fails
for a reason that lies in the data is it done again account by account, each behind a savepoint of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from prorata.clock import Clock
from prorata.core.billing.due import due_on
from prorata.core.calendar import business_date
from prorata.core.documents.model import Document
from prorata.core.errors import DomainError
from prorata.core.history import History
from prorata.core.insights.forecast import end_of_day
from prorata.core.money import zero
from prorata.core.planning import Parked, Plan, parked_for, plan
from prorata.store import accounts, audit, history, issuing, jobs, parked, runs, saving
from prorata.store.accounts import Counted
from prorata.store.collector import without_collector
from prorata.store.engine import Connection, savepoint
from prorata.store.errors import Busy, StoreError
from prorata.store.failures import without_values
from prorata.store.history import Loaded
from prorata.store.runs import Batch, Outcome, Run, Total
from prorata.store.saving import Noted, Saving
from prorata.usecases.act import Services
from prorata.usecases.permissions import SYSTEM

CHECK_BATCH = "check_batch"
"""The job that every batch leaves: reading back what it wrote."""

_MANY = 20
"""So many accounts do not fail in the same way by their own fault."""

_log = logging.getLogger(__name__)


class RunStopped(DomainError):
    """All accounts of a batch failed in one and the same way, which no rule foresaw."""

    code = "run_stopped"


class BatchHeld(Busy):
    """Somebody held an account of a batch, by its place, for too long. Nothing of the batch has happened."""

    def __init__(self, text: str, *, place: int) -> None:
        super().__init__(text)
        self.place = place


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run is to do for an account: `on` is the day that is run there, `at` the instant of its documents."""

    loaded: Loaded
    plan: Plan
    on: date
    at: datetime

    @property
    def account_id(self) -> int:
        """Whose plan it is."""
        return self.loaded.account.row.account_id

    @property
    def parked(self) -> tuple[Parked, ...]:
        """What cannot be billed, and was not known yet."""
        return (*self.loaded.unreadable, *self.plan.parked)

    @property
    def documents(self) -> tuple[Document, ...]:
        """What is to be issued."""
        return self.plan.decision.documents if self.plan.decision else ()


@dataclass(slots=True)
class Tally:
    """What came of some accounts, counted up; `failed` in a way that no rule foresaw."""

    billed: int = 0
    failed: int = 0
    parked: list[tuple[int, Parked]] = field(default_factory=list[tuple[int, Parked]])
    totals: list[Total] = field(default_factory=list[Total])

    def add(self, planned: Planned) -> None:
        """Count an account that was planned."""
        self.billed += planned.plan.decision is not None
        self.parked += ((planned.account_id, one) for one in planned.parked)
        self.failed += any(one.unexpected for one in planned.parked)
        test = planned.loaded.account.row.test
        self.totals += [_total(document, test=test) for document in planned.documents]

    def outcome(self) -> Outcome:
        """The sums."""
        unexpected = sum(one.unexpected for _, one in self.parked)
        return Outcome(self.billed, len(self.parked), unexpected, runs.add_up(self.totals))


def run_batch(services: Services, run: Run, *, after: int = 0) -> Batch | None:
    """Do the next batch of a run; None where none is left to claim. Raises what the database refuses, as `StoreError`.

    After a failure nothing of the batch has happened, or all of it (a commit whose answer was lost): the next claim
    finds out which. `BatchHeld` says which batch to put off, by `after`, so that the others need not wait.
    """
    try:
        return _run_batch(services, run, after=after, careful=False)
    except (StoreError, RunStopped):
        raise
    except Exception as failure:  # noqa: BLE001 - whatever it was, each account gets its own answer
        said = without_values(failure)
        _log.warning("a batch of run %s is done again account by account, for it failed: %r", run.id, said)
        return _run_batch(services, run, after=after, careful=True)


def _run_batch(services: Services, run: Run, *, after: int, careful: bool) -> Batch | None:
    place = after
    try:
        with services.database.owner() as conn:
            batch = runs.claim(conn, run, after=after)
            if batch is not None:
                place = batch.place
                _do(conn, batch, clock=services.clock, careful=careful)
    except Busy as busy:
        raise BatchHeld(str(busy), place=place) from busy
    return batch


def _do(conn: Connection, batch: Batch, *, clock: Clock, careful: bool) -> None:
    """Do a batch: all its accounts are held first, and only then is asked what time it is."""
    run, tally = batch.run, Tally()
    with without_collector():
        if careful:
            # Held out here, a savepoint that is undone does not give them up.
            accounts.hold_all(conn, batch.account_ids)
            issuing.hold(conn, run.seller_id)
            at = clock.now()
            for account_id in batch.account_ids:
                _bill_alone(conn, run, account_id=account_id, at=at, tally=tally)
        else:
            counted = accounts.lock_all(conn, batch.account_ids)
            at = clock.now()
            _bill(conn, run, counted=counted, at=at, tally=tally)
    _check_sanity(batch, tally)
    runs.done(conn, batch, at=at, outcome=tally.outcome())
    jobs.defer(conn, CHECK_BATCH, args={"run": run.id, "batch": batch.place})


def _check_sanity(batch: Batch, tally: Tally) -> None:
    """Raise `RunStopped` where whatever is wrong cannot be the fault of each single account."""
    failures = {str(one.parameters.get("failure")) for _, one in tally.parked if one.unexpected}
    count = len(batch.account_ids)
    if count >= _MANY and tally.failed >= count and len(failures) == 1:
        raise RunStopped(accounts=count, failure=failures.pop())


def _bill(conn: Connection, run: Run, *, counted: Sequence[Counted], at: datetime, tally: Tally) -> None:
    """Bill accounts that are held with a fixed number of statements, however many there are."""
    planned = plan_accounts(conn, counted, run_day=run.as_of, at=at)
    for one in planned:
        tally.add(one)
        parked.write(conn, one.account_id, parked=one.parked, as_of=one.on, at=at, run_id=run.id)
    decided = [one for one in planned if one.plan.decision]
    if decided:
        saving.save_all(conn, [_saving(one, at=at) for one in decided], how="copy", run_id=run.id, at=at)
    accounts.set_due(conn, {one.account_id: _due_on(one) for one in planned if _differs(one)})


def _bill_alone(conn: Connection, run: Run, *, account_id: int, at: datetime, tally: Tally) -> None:
    """Bill one account behind a savepoint; where even that fails, park all that it has."""
    mine = Tally()
    try:
        with savepoint(conn):
            _bill(conn, run, counted=accounts.some(conn, [account_id]), at=at, tally=mine)
            accounts.check_now(conn)
    except StoreError:
        raise
    except Exception as failure:  # noqa: BLE001 - whatever is wrong here, the others are billed
        mine = Tally(failed=1)
        found = park_all(conn, account_id, failure=failure)
        mine.parked += ((account_id, one) for one in found)
        parked.write(conn, account_id, parked=found, as_of=run.as_of, at=at, run_id=run.id)
        accounts.set_due(conn, {account_id: None})
    tally.billed += mine.billed
    tally.failed += mine.failed
    tally.parked += mine.parked
    tally.totals += mine.totals


def park_all(conn: Connection, account_id: int, *, failure: Exception) -> list[Parked]:
    """What is to be parked of an account that cannot even be planned: all of which something can still come."""
    said = without_values(failure)
    known = {one.why.subscription for one in parked.of_account(conn, account_id)}
    return [parked_for(one, said) for one in parked.subscriptions_of(conn, account_id) if one not in known]


def plan_accounts(conn: Connection, counted: Iterable[Counted], *, run_day: date, at: datetime) -> list[Planned]:
    """Plan the run of a day for accounts: a test account at its own time, every other at the run's.

    Where the run's day has not begun in an account's zone, it is run as of its own day.
    """
    days = [_day(one, run_day=run_day, at=at) for one in counted]
    loaded = history.load_all(conn, [(one, on) for one, on, _ in days], parking=True)
    return [
        Planned(found, plan(found.history, as_of=on, at=then), on, then)
        for found, (_, on, then) in zip(loaded, days, strict=True)
    ]


def _day(account: Counted, *, run_day: date, at: datetime) -> tuple[Counted, date, datetime]:
    row = account.row
    if row.clock_at is not None:
        on = business_date(row.clock_at, row.zone)
        return account, on, end_of_day(on, History(row.account))
    return account, min(run_day, business_date(at, row.zone)), at


def _saving(planned: Planned, *, at: datetime) -> Saving:
    account, decision = planned.loaded.account, planned.plan.decision
    if decision is None:
        raise ValueError(planned)
    entry = audit.AuditEntry(
        at=planned.at if account.row.clock_at else at,
        actor_kind=SYSTEM.side,
        actor_name=SYSTEM.name,
        action="account.run",
        subject=planned.on.isoformat(),
    )
    return Saving(account.row, decision, Noted(audit.place_of(account), entry))


def _differs(planned: Planned) -> bool:
    """Whether nothing was saved that says when a run comes next, and it is not what it was."""
    return planned.plan.decision is None and _due_on(planned) != planned.loaded.account.row.due_on


def _due_on(planned: Planned) -> date | None:
    was = planned.loaded.history
    now = replace(was, parked=was.parked | {one.subscription for one in planned.parked}) if planned.parked else was
    return due_on(now, business_date(planned.at, was.account.zone))


def _total(document: Document, *, test: bool) -> Total:
    of = document.total.currency
    if document.kind == "invoice":
        return Total(of, test, 1, document.total, 0, zero(of))
    return Total(of, test, 0, zero(of), 1, document.total)
