"""Subscriptions that cannot be billed: why, since when, and until somebody has mended them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, text

from prorata.core.errors import Parameter
from prorata.core.planning import Parked
from prorata.store.rows import AnyRow
from prorata.store.tables.parked import PARKED

MOST_LISTED = 1000
_LONGEST_TRACE = 20_000


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A parked subscription with its names; `as_of`: the day that could not be billed; `at`: when that was found."""

    account_id: int
    account: str
    seller_id: int
    subscription: str
    at: datetime
    as_of: date
    run_id: int | None
    why: Parked


def write(
    conn: Connection, account_id: int, *, parked: Iterable[Parked], as_of: date, at: datetime, run_id: int | None
) -> None:
    """Park subscriptions of an account; of those that are parked since earlier, say anew why."""
    rows = [
        {
            "account": account_id,
            "subscription": one.subscription,
            "at": at,
            "as_of": as_of,
            "run": run_id,
            "code": one.code,
            "parameters": json.dumps(dict(one.parameters)),
            "trace": one.trace[-_LONGEST_TRACE:],
        }
        for one in parked
    ]
    if rows:
        conn.execute(_WRITE, rows)


def of_account(conn: Connection, account_id: int) -> tuple[ParkedRow, ...]:
    """What is parked of one account."""
    rows = conn.execute(_LISTED, {"account": account_id, "seller": None, "after": 0, "limit": MOST_LISTED})
    return tuple(_row_of(row) for row in rows)


def listed(
    conn: Connection, *, seller_id: int | None = None, after: int = 0, limit: int = MOST_LISTED
) -> tuple[ParkedRow, ...]:
    """What is parked, in the order of accounts from an id on, of one seller or of all; for the owner."""
    asked = {"account": None, "seller": seller_id, "after": after, "limit": min(limit, MOST_LISTED)}
    return tuple(_row_of(row) for row in conn.execute(_LISTED, asked))


def count(conn: Connection, *, seller_id: int | None = None) -> int:
    """How many subscriptions are parked; for the owner."""
    query = text("""
        SELECT count(*) FROM parked JOIN accounts USING (account_id)
        WHERE accounts.seller_id = coalesce(CAST(:seller AS bigint), accounts.seller_id)
    """)
    return conn.execute(query, {"seller": seller_id}).scalar_one()


def release(conn: Connection, account_id: int, *, subscription: int) -> bool:
    """Take a subscription off the list; whether it was on it. For the owner."""
    table = PARKED.c
    gone = conn.execute(delete(PARKED).where(table.account_id == account_id, table.subscription_id == subscription))
    return gone.rowcount == 1


def subscriptions_of(conn: Connection, account_id: int) -> tuple[int, ...]:
    """The ids of an account's subscriptions of which something can still come, read without understanding them."""
    query = text("""
        SELECT id FROM subscriptions WHERE account_id = :account AND (
            state <> 'deleted' OR unwritten_start IS NOT NULL OR covered_to < ending_charged_to)
        ORDER BY id
    """)
    return tuple(conn.scalars(query, {"account": account_id}))


def _row_of(row: AnyRow) -> ParkedRow:
    parameters: Mapping[str, Parameter] = row.parameters
    return ParkedRow(
        account_id=row.account_id,
        account=row.account,
        seller_id=row.seller_id,
        subscription=row.subscription,
        at=row.at,
        as_of=row.as_of,
        run_id=row.run_id,
        why=Parked(row.subscription_id, row.code, parameters, row.trace),
    )


_WRITE = text("""
    INSERT INTO parked (account_id, subscription_id, at, as_of, run_id, code, parameters, trace)
    VALUES (:account, :subscription, :at, :as_of, :run, :code, CAST(:parameters AS jsonb), :trace)
    ON CONFLICT (account_id, subscription_id) DO UPDATE
    SET code = excluded.code, parameters = excluded.parameters, trace = excluded.trace
""")

_LISTED = text("""
    SELECT parked.*, accounts.name AS account, accounts.seller_id, subscription.name AS subscription
    FROM parked
    JOIN accounts ON accounts.account_id = parked.account_id
    JOIN subscriptions AS subscription
      ON subscription.account_id = parked.account_id AND subscription.id = parked.subscription_id
    WHERE parked.account_id = coalesce(CAST(:account AS bigint), parked.account_id) AND parked.account_id > :after
      AND accounts.seller_id = coalesce(CAST(:seller AS bigint), accounts.seller_id)
    ORDER BY parked.account_id, parked.subscription_id
    LIMIT :limit
""")
