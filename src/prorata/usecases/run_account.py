"""The daily run of one account: what takes effect that day, then the documents that are due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from prorata.core.billing.due import due_on
from prorata.core.calendar import business_date
from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.core.insights.forecast import end_of_day, next_run
from prorata.core.planning import plan
from prorata.core.subscriptions.model import State
from prorata.store import accounts, closures, history, parked
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.usecases.act import Request, Services, now
from prorata.usecases.announce import announce
from prorata.usecases.close_account import close_if_due
from prorata.usecases.closing_told import announcing_days
from prorata.usecases.command import Ground
from prorata.usecases.note import note
from prorata.usecases.permissions import SYSTEM

MOST_DAYS_AHEAD = 3660
"""A test account's clock moves at most about ten years at once."""


class ClockBackwards(DomainError):
    """A clock only goes forward."""

    code = "clock_backwards"


class ClockTooFar(DomainError):
    """Too far ahead for one move."""

    code = "clock_too_far"


class NoOwnClock(DomainError):
    """The account lives in real time: only a test account has a clock of its own."""

    code = "no_own_clock"


@dataclass(frozen=True, slots=True)
class Turned:
    """A subscription entered a state on a day."""

    on: date
    subscription: str
    state: State


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run, or several, brought about."""

    issued: tuple[Issued, ...] = ()
    turned: tuple[Turned, ...] = ()

    def __add__(self, other: Ran) -> Ran:
        return Ran(self.issued + other.issued, self.turned + other.turned)


def run_account(services: Services, account: int, *, as_of: date) -> Ran:
    """Run a day for one account. Running it again writes nothing."""
    with services.database.account(account) as conn:
        row = accounts.locked(conn, account, closed=True)
        return Ran() if row.closed_at else _run(conn, row, on=as_of)


def _run(conn: Connection, account: AccountRow, *, on: date) -> Ran:
    before = history.load(conn, account.account_id, on=on, lock=True)
    at = end_of_day(on, before)
    planned = plan(before, as_of=on, at=at)
    parked.write(conn, account.account_id, parked=planned.parked, as_of=on, at=at, run_id=None)
    decision = planned.decision
    if decision is None:
        if planned.parked:
            still = replace(before, parked=before.parked | {one.subscription for one in planned.parked})
            accounts.set_due(conn, {account.account_id: due_on(still, on)})
        return Ran()
    issued = history.save(conn, account, decision=decision)
    note(Ground(conn, account, SYSTEM, at), action="account.run", subject=on.isoformat(), issued=issued)
    states = {s.id: s.state for s in before.subscriptions}
    turned = tuple(
        Turned(on, s.name, s.state) for s in decision.after.subscriptions if states.get(s.id, s.state) != s.state
    )
    return Ran(issued, turned)


def advance_clock(services: Services, request: Request, *, to: date) -> Ran:
    """Move a test account's own clock forward to noon of a day; every day in between has its run, that day included,
    and what is to be announced on it is.

    Each day is a transaction of its own. Where the account is to be closed on one of them it is, and its clock stands
    still. Raises `NoOwnClock`, `ClockBackwards`, `ClockTooFar`, `NotAllowed`.
    """
    request.actor.must("move_clock")
    with services.database.account(request.account) as conn:
        account = accounts.find(conn, request.account)
    today = business_date(now(services, account), account.zone)
    if account.clock_at is None:
        raise NoOwnClock
    if to < today:
        raise ClockBackwards(today=today.isoformat(), to=to.isoformat())
    if (to - today).days > MOST_DAYS_AHEAD:
        raise ClockTooFar(days=MOST_DAYS_AHEAD)
    ran = Ran()
    day: date | None = today
    while day is not None and day <= to:
        one, following = _run_and_look_ahead(services, account, on=day)
        told = announce(services, request.account, at=noon(day, account.zone))
        day = min((stop for stop in (following, told.following) if stop), default=None)
        ran += one
        close_if_due(services, request.account)
    with services.database.account(request.account) as conn:
        row = accounts.locked(conn, request.account, closed=True)
        if row.clock_at and row.clock_at < noon(to, row.zone) and not row.closed_at:
            accounts.set_clock(conn, request.account, at=noon(to, row.zone))
    return ran


def _run_and_look_ahead(services: Services, account: AccountRow, *, on: date) -> tuple[Ran, date | None]:
    with services.database.account(account.account_id) as conn:
        row = accounts.locked(conn, account.account_id, closed=True)
        if row.closed_at:
            return Ran(), None
        ran = _run(conn, row, on=on)
        if row.clock_at and row.clock_at < noon(on, row.zone):
            accounts.set_clock(conn, account.account_id, at=noon(on, row.zone))
        tail = history.load(conn, account.account_id, on=on, lock=True)
        following = next_run(tail, on)
        planned = closures.pending(conn, account.account_id)
        closing = (planned.on, *announcing_days(planned, tail)) if planned else ()
        return ran, min((day for day in (following, *closing) if day and day > on), default=None)


def noon(on: date, zone: ZoneInfo) -> datetime:
    """The middle of a day in a zone: where a moved clock stands."""
    return datetime(on.year, on.month, on.day, 12, tzinfo=zone)
