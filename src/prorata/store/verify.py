"""Making everything that is stored again: amounts from their proofs, sums from lines, balances from transfers.

It changes nothing, runs in production and beside a billing run, and finds nothing where nobody has changed rows by
hand. Accounts are looked at in batches, each as of one moment, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select, text

from prorata.store.collector import without_collector
from prorata.store.errors import NoSuchAccount
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.verifying import numbers
from prorata.store.verifying.account import Checked, check
from prorata.store.verifying.batches import Read, read_accounts
from prorata.store.verifying.beside import beside, short_turns
from prorata.store.verifying.chain import check_vendors_chain
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.reading import load
from prorata.store.verifying.runs import check_runs

__all__ = [
    "Checked",
    "Finding",
    "Read",
    "beside",
    "check_account",
    "check_read",
    "count_accounts",
    "next_batch",
    "read_accounts",
    "short_turns",
    "verify_account",
    "verify_accounts",
    "verify_numbers",
    "verify_taken",
]

_MOST_ACCOUNTS: Final = 1000
_MOST_DOCUMENTS: Final = 5000
_LONG: Final = "SET LOCAL statement_timeout = '1h'"
_AT_HAND: Final = "SET LOCAL random_page_cost = 1"
"""The ranges of numbers lie in memory: to look one up is cheaper than to read them all for each document."""
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)


def count_accounts(conn: Connection) -> int:
    """How many accounts there are; for the owner."""
    return conn.execute(select(func.count()).select_from(ACCOUNTS)).scalar_one()


def next_batch(conn: Connection, *, after: int) -> list[int]:
    """The ids of the accounts that come next, as many as are looked at together; for the owner."""
    table = ACCOUNTS.c
    query = select(table.account_id, table.next_document).where(table.account_id > after)
    batch: list[int] = []
    documents = 0
    for account_id, following in conn.execute(query.order_by(table.account_id).limit(_MOST_ACCOUNTS)).all():
        documents += following
        if batch and documents > _MOST_DOCUMENTS:
            break
        batch.append(account_id)
    return batch


def check_account(conn: Connection, account_id: int) -> None:
    """Raise `NoSuchAccount` unless there is one, whatever its row says."""
    if conn.scalar(select(ACCOUNTS.c.account_id).where(ACCOUNTS.c.account_id == account_id)) is None:
        raise NoSuchAccount(account=account_id)


def verify_account(conn: Connection, account_id: int, *, at: datetime | None = None) -> tuple[Finding, ...]:
    """Verify one account as of an instant; raises `NoSuchAccount`.

    Wants a transaction in which every query sees the same moment. Without `at`, no day is taken as having come.
    """
    check_account(conn, account_id)
    return tuple(finding for checked in verify_accounts(conn, [account_id], at=at) for finding in checked.findings)


def verify_accounts(conn: Connection, account_ids: Sequence[int], *, at: datetime | None = None) -> list[Checked]:
    """Verify those of the accounts that there are, as `verify_account` does; several are for the owner."""
    with without_collector():
        return check(load(conn, account_ids), at=at or _LONG_AGO)


def check_read(read: Read, *, at: datetime) -> Iterator[Checked]:
    """Check what `read_accounts` has read, and say it account by account."""
    yield from check(read.whole, at=at)
    for account_id, finding in read.strange:
        yield Checked(account_id, documents=0, lines=0, parked=(), findings=(finding,))


def verify_taken(conn: Connection, account_ids: Sequence[int]) -> list[tuple[int, Finding]]:
    """Verify that the numbers of these accounts' documents were taken for them; by account, for the owner."""
    return list(numbers.check_taken(conn, account_ids))


def verify_numbers(conn: Connection) -> tuple[Finding, ...]:
    """Verify what belongs to no single account, for the owner: the series of all sellers (no gap, none twice, as
    counted and as taken), the runs, and the vendor's own audit.
    """
    conn.execute(text(_LONG))
    conn.execute(text(_AT_HAND))
    return (*numbers.check_series(conn), *numbers.check_strays(conn), *check_runs(conn), *check_vendors_chain(conn))
