"""The daily run over every account whose day has come, one after the other, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.store import accounts
from prorata.store.accounts import AccountRow
from prorata.usecases.act import Services
from prorata.usecases.run_account import Ran, run_account

BATCH = 100
LATEST_ZONE = timedelta(hours=14)
"""Somewhere it is already the next day: the easternmost zone is fourteen hours ahead."""

_log = logging.getLogger(__name__)


class RunInTheFuture(DomainError):
    """A run for a day that has begun nowhere yet: its documents would carry a date to come."""

    code = "run_in_the_future"


@dataclass(frozen=True, slots=True)
class Failed:
    """An account that could not be run, and why; the others were."""

    account: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did: accounts visited, documents issued, accounts that failed."""

    visited: int
    issued: tuple[Issued, ...]
    failed: tuple[Failed, ...]


def run_accounts(services: Services, *, as_of: date) -> RunSummary:
    """Run a day for all accounts that live in real time. An account that fails stops itself alone.

    Raises `RunInTheFuture`. Accounts with a clock of their own have their days when it is moved.
    """
    latest = (services.clock.now() + LATEST_ZONE).date()
    if as_of > latest:
        raise RunInTheFuture(day=as_of.isoformat(), latest=latest.isoformat())
    ran, visited = Ran(), 0
    failed: list[Failed] = []
    for account in _due(services, as_of):
        visited += 1
        try:
            ran += run_account(services, account.account_id, as_of=as_of)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one account, the others are billed
            _log.exception("account %s could not be run", account.account_id)
            failed.append(Failed(account.account_id, account.name, f"{type(error).__name__}: {error}"))
    return RunSummary(visited, ran.issued, tuple(failed))


def _due(services: Services, as_of: date) -> Iterator[AccountRow]:
    after = 0
    while True:
        with services.database.owner(read_only=True) as conn:
            batch = accounts.due(conn, on=as_of, after=after, limit=BATCH)
        if not batch:
            return
        yield from batch
        after = batch[-1].account_id
