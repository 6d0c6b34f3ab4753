"""Closing an account: at once, or on a day to come; until then it can be taken back."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from prorata.core.calendar import business_date
from prorata.core.closing import AccountClosed, Backup, SubscriptionsRunning, check_steps, closing_steps, running_on
from prorata.core.errors import DomainError
from prorata.store import accounts, closures, history
from prorata.store.accounts import AccountRow
from prorata.store.closures import ClosureRow, NewClosure
from prorata.store.engine import Connection
from prorata.store.errors import DatabaseFull, DatabaseUnreachable
from prorata.store.failures import without_values
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, Services, now
from prorata.usecases.certificate import Certificate, read_certificate
from prorata.usecases.closing_facts import around
from prorata.usecases.closing_told import announce_closing, tell_blocked, tell_planned, tell_taken_back
from prorata.usecases.command import Ground
from prorata.usecases.end_account import End, end
from prorata.usecases.note import note
from prorata.usecases.permissions import SYSTEM, Actor

MOST_DAYS_AHEAD: Final = 366
"""Who plans further ahead than a year has forgotten it by then."""
MOST_DUE: Final = 1000

_log = logging.getLogger(__name__)


class NotTheName(DomainError):
    """What was typed to confirm is not the name of the account that is to be closed."""

    code = "not_the_name"


class ClosingInThePast(DomainError):
    """An account is closed today or later."""

    code = "closing_in_the_past"


class ClosingTooFar(DomainError):
    """The day lies further ahead than a closing is planned."""

    code = "closing_too_far"


class ClosingPlanned(DomainError):
    """The account is to be closed on a day already."""

    code = "closing_planned"


class NoClosingPlanned(DomainError):
    """There is no closing to take back."""

    code = "no_closing_planned"


class NotAllClosed(Exception):
    """Some accounts whose day may have come could not be closed; the log says which and why. They are tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How an account is to be closed. `name`: its own, typed once more; `on`: None for at once.

    `waive_backup`: nobody needs the data. `language`: of the certificate that is mailed.
    """

    name: str
    on: date | None = None
    waive_backup: bool = False
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Closed:
    """The account is closed."""

    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Planned:
    """The account is to be closed on a day."""

    on: date


def close_account(services: Services, request: Request, *, wish: Wish) -> Closed | Planned:
    """Close the account, or plan to. Raises `NotAllowed`, `ProofNeeded`, `AccountClosed`, `NotTheName`,
    `ClosingInThePast`, `ClosingTooFar`, `ClosingPlanned`, `ChangedMeanwhile`, and what blocks a step.
    """
    request.actor.must("close_account")
    request.actor.must_prove()
    with services.database.owner() as conn:
        account = _held(conn, request.account)
        ground = Ground(conn, account, request.actor, request.at or now(services, account))
        today = business_date(ground.at, account.zone)
        if wish.name.strip() != account.name:
            raise NotTheName
        on = _checked_day(wish.on or today, today=today)
        backup = _backup(ground, wish)
        asked = NewClosure(
            by=request.actor.member, at=ground.at, on=on, language=wish.language, backup=backup or "made"
        )
        if on > today:
            return _plan(services, ground, asked=asked, backup=backup)
        check_steps(closing_steps(replace(around(conn, account, closer=asked.by), backup=backup)))
        _forget_plan(ground)
        return Closed(end(End(services, conn, account, asked), request, at=ground.at))


def take_back_closing(services: Services, request: Request) -> date:
    """Let the account not be closed on the day that was planned; that day. Raises `NotAllowed`, `NoClosingPlanned`."""
    request.actor.must("close_account")
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        planned = closures.pending(conn, request.account)
        if planned is None:
            raise NoClosingPlanned
        ground = Ground(conn, account, request.actor, request.at or now(services, account))
        closures.take_back(conn, request.account, closure=planned.id, at=ground.at)
        note(ground, action="account.keep", subject=planned.on.isoformat(), issued=())
        tell_taken_back(services, ground, planned=planned)
        return planned.on


def the_certificate(services: Services, actor: Actor, *, account: int) -> Certificate | None:
    """What was certified when an account was closed, for the vendor; None where it was not.

    Raises `NotAllowed`, `NoSuchAccount`.
    """
    actor.must("see_accounts")
    with services.database.owner(read_only=True) as conn:
        accounts.find(conn, account)
        found = closures.done(conn, account)
    return read_certificate(found.certificate) if found and found.certificate else None


def close_due(services: Services) -> int:
    """Close the accounts whose day has come, each by its own clock; how many days had come.

    Where a step is blocked by then, the closing is taken back, and mails say so; before, they announce it. Raises
    `NotAllClosed` once the others are done, where something is wrong with one.
    """
    with services.database.owner(read_only=True) as conn:
        found = closures.all_pending(conn, most=MOST_DUE)
    came, failed = 0, 0
    for one in found:
        try:
            came += close_if_due(services, one.account)
        except (DatabaseUnreachable, DatabaseFull):
            raise
        except Exception as failure:  # noqa: BLE001 - whatever is wrong there, the others are closed
            failed += 1
            said = without_values(failure)
            _log.error("account %s cannot be closed: %s: %s", one.account, type(said).__name__, said)
    if failed:
        raise NotAllClosed(f"{failed} of {len(found)} accounts")
    return came


def close_if_due(services: Services, account_id: int) -> bool:
    """Close one account if its day has come; whether it had. Before, announce it where that is due."""
    with services.database.owner() as conn:
        account = accounts.locked(conn, account_id, closed=True)
        planned = closures.pending(conn, account_id)
        ground = Ground(conn, account, SYSTEM, now(services, account))
        if account.closed_at or planned is None:
            return False
        if planned.on > business_date(ground.at, account.zone):
            announce_closing(services, ground, planned=planned)
            return False
        place = End(services, conn, account, planned)
        blocked = _try(place, planned, ground=ground)
        if blocked:
            closures.take_back(conn, account_id, closure=planned.id, at=ground.at)
            note(ground, action="account.not_closed", subject=planned.on.isoformat(), issued=())
            tell_blocked(services, ground, planned=planned, why=blocked)
        return True


def _try(place: End, planned: ClosureRow, *, ground: Ground) -> DomainError | None:
    try:
        with place.conn.begin_nested():
            end(place, Request(planned.account, SYSTEM), at=ground.at, closure=planned.id)
    except DomainError as error:
        return error
    return None


def _held(conn: Connection, account_id: int) -> AccountRow:
    account = accounts.locked(conn, account_id, closed=True)
    if account.closed_at:
        raise AccountClosed
    return account


def _checked_day(on: date, *, today: date) -> date:
    if on < today:
        raise ClosingInThePast(day=on.isoformat(), today=today.isoformat())
    if on > today + timedelta(days=MOST_DAYS_AHEAD):
        raise ClosingTooFar(day=on.isoformat(), days=MOST_DAYS_AHEAD)
    return on


def _backup(ground: Ground, wish: Wish) -> Backup | None:
    if closures.backed_up_at(ground.conn, ground.account.account_id):
        return "made"
    return "waived" if wish.waive_backup else None


def _plan(services: Services, ground: Ground, *, asked: NewClosure, backup: Backup | None) -> Planned:
    """Keep the day. What can be done until then is looked at on that day; what cannot be by then is refused now."""
    conn, account = ground.conn, ground.account.account_id
    there = closures.pending(conn, account)
    if there:
        raise ClosingPlanned(day=there.on.isoformat())
    by_then = replace(around(conn, ground.account, closer=asked.by), others=0, backup=backup)
    check_steps(closing_steps(by_then))
    tail = history.load(conn, account, on=business_date(ground.at, ground.account.zone))
    running = running_on(tail, asked.on)
    if running:
        raise SubscriptionsRunning(count=len(running), subscriptions=", ".join(running))
    closures.create(conn, account, new=asked)
    detail = {"backup": asked.backup}
    note(ground, action="account.close_planned", subject=asked.on.isoformat(), issued=(), detail=detail)
    tell_planned(services, ground, asked=asked)
    return Planned(asked.on)


def _forget_plan(ground: Ground) -> None:
    there = closures.pending(ground.conn, ground.account.account_id)
    if there:
        closures.take_back(ground.conn, ground.account.account_id, closure=there.id, at=ground.at)
