"""Making everything that is stored again: amounts from their proofs, sums from lines, balances from transfers.

It changes nothing, runs in production and beside a billing run, and finds nothing where nobody has changed rows by hand.
Accounts are looked at in batches, each as of one moment, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select, text

from prorata.store import accounts
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.verifying import numbers
from prorata.store.verifying.account import Checked, check
from prorata.store.verifying.finding import Finding
from prorata.store.verifying.reading import load

__all__ = ["Checked", "Finding", "next_batch", "verify_account", "verify_accounts", "verify_numbers"]

_MOST_ACCOUNTS: Final = 250
_MOST_DOCUMENTS: Final = 5000
_LONG: Final = "SET LOCAL statement_timeout = '1h'"


def verify_account(conn: Connection, account_id: int, *, at: datetime | None = None) -> tuple[Finding, ...]:
    """Verify one account as of an instant; raises `NoSuchAccount`.

    Wants a transaction in which every query sees the same moment. Without `at` nothing is taken as having come by now.
    """
    accounts.find(conn, account_id)
    return tuple(finding for checked in verify_accounts(conn, [account_id], at=at) for finding in checked.findings)


def verify_accounts(conn: Connection, account_ids: Sequence[int], *, at: datetime | None = None) -> tuple[Checked, ...]:
    """Verify those of the accounts that there are, as `verify_account` does; several are for the owner."""
    long_ago = datetime.min.replace(tzinfo=UTC)
    return tuple(check(whole, at=at or long_ago) for whole in load(conn, account_ids))


def next_batch(conn: Connection, *, after: int) -> list[int]:
    """The ids of the accounts that come next, as many as are looked at together; for the owner."""
    table = ACCOUNTS.c
    query = select(table.account_id, table.next_document).where(table.account_id > after)
    batch: list[int] = []
    documents = 0
    for account_id, following in conn.execute(query.order_by(table.account_id).limit(_MOST_ACCOUNTS)):
        documents += following
        if batch and documents > _MOST_DOCUMENTS:
            break
        batch.append(account_id)
    return batch


def verify_taken(conn: Connection, account_ids: Sequence[int]) -> tuple[Finding, ...]:
    """Verify that the numbers of these accounts' documents were taken for them; for the owner."""
    return tuple(numbers.check_taken(conn, account_ids))


def verify_numbers(conn: Connection) -> tuple[Finding, ...]:
    """Verify the series of all sellers, for the owner: no gap, none twice, as counted and as taken."""
    conn.execute(text(_LONG))
    return (*numbers.check_series(conn), *numbers.check_strays(conn))
