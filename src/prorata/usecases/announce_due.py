"""Announcing what is due to all accounts: each night, beside the billing runs and slowing none of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from prorata.core.calendar import business_date
from prorata.core.history import History
from prorata.store import accounts, announcements, history
from prorata.store.accounts import Counted
from prorata.store.announcements import Made
from prorata.store.engine import Connection
from prorata.store.errors import DatabaseFull, DatabaseUnreachable
from prorata.store.failures import without_values
from prorata.usecases.act import Services, now
from prorata.usecases.announce import announce, due_of
from prorata.usecases.telling import made_of

ANNOUNCE: Final = "announce"
"""The task that does it."""
AT_ONCE: Final = 200
"""So many accounts are looked at in one go; most have nothing."""

_log = logging.getLogger(__name__)


class NotAllAnnounced(Exception):
    """Some accounts could not be told; the log says which and why. The next time goes on with them."""


@dataclass(frozen=True, slots=True)
class AnnouncedAll:
    """How far it is with all accounts: looked at, announcements and mails made, accounts that failed."""

    accounts: int = 0
    announcements: int = 0
    mails: int = 0
    failed: int = 0


def announce_due(
    services: Services, *, at_once: int = AT_ONCE, progress: Callable[[AnnouncedAll], None] | None = None
) -> AnnouncedAll:
    """Announce to all accounts what is due, each by its own clock. One that fails does not stop the others.

    `progress` is called after some accounts; what it raises ends the work there. Doing it again goes on: what was
    announced is not announced again.
    """
    done, after = AnnouncedAll(), 0
    while True:
        with services.database.owner(read_only=True) as conn:
            found = announcements.accounts_to_look_at(conn, after=after, limit=at_once)
            todo = _with_news(services, conn, accounts_of=found) if found else ()
        if not found:
            return done
        done = _tell(services, todo, done=done, looked_at=len(found))
        after = found[-1]
        if progress:
            progress(done)


def _tell(services: Services, todo: Iterable[int], *, done: AnnouncedAll, looked_at: int) -> AnnouncedAll:
    made, mails, failed = 0, 0, 0
    for account in todo:
        try:
            one = announce(services, account)
        except (DatabaseUnreachable, DatabaseFull):
            raise
        except Exception as failure:  # noqa: BLE001 - whatever is wrong there, the others are told
            failed += 1
            said = without_values(failure)
            _log.error("account %s cannot be told: %s: %s", account, type(said).__name__, said)
        else:
            made, mails = made + len(one.made), mails + one.mails
    return AnnouncedAll(done.accounts + looked_at, done.announcements + made, done.mails + mails, done.failed + failed)


def _with_news(services: Services, conn: Connection, *, accounts_of: Sequence[int]) -> tuple[int, ...]:
    """Those of some accounts to which something is to be announced that was not yet."""
    asked = [(row, _today(services, row)) for row in accounts.some(conn, accounts_of)]
    made = announcements.of_days_to_come(conn, accounts_of, after=min(on for _, on in asked))
    try:
        loaded = history.load_all(conn, asked, parking=True)
        has_news = [
            _has_news(one.history, on, made=made, account=counted.row.account_id)
            for (counted, on), one in zip(asked, loaded, strict=True)
        ]
    except Exception as failure:  # noqa: BLE001 - one of them cannot be read; each is tried by itself, and says so
        _log.warning("accounts are looked at one by one: %s", without_values(failure))
        return tuple(accounts_of)
    return tuple(row.row.account_id for (row, _), news in zip(asked, has_news, strict=True) if news)


def _has_news(tail: History, on: date, *, made: frozenset[Made], account: int) -> bool:
    return any(
        made_of(announcement, subscription, account=account) not in made
        for subscription in tail.subscriptions
        for announcement in due_of(subscription, tail, on=on)
    )


def _today(services: Services, counted: Counted) -> date:
    return business_date(now(services, counted.row), counted.row.zone)
