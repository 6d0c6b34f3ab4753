"""Subscriptions as they stand, whole: for pages and for telling, not for deciding (that is `history`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from sqlalchemy import Connection, select, text

from prorata.core.history import UnknownSubscription
from prorata.core.subscriptions.model import Subscription
from prorata.store.codec import Unreadable
from prorata.store.rows import AnyRow
from prorata.store.subscription_rows import (
    COLUMNS,
    PLAN_COLUMNS,
    change_of,
    check_readable,
    plan_change_of,
    subscription_of,
)
from prorata.store.tables.catalogue import PRODUCTS
from prorata.store.tables.subscriptions import SUBSCRIPTIONS


def all_of(conn: Connection, account_id: int) -> tuple[Subscription, ...]:
    """Every subscription that the account ever had, with its whole ledgers, in order of purchase.

    One that is parked because nobody can read it is left out, so that the others can be looked at.
    """
    return _whole(conn, account_id, rows=_rows(conn, account_id))


def part_of(conn: Connection, account_id: int, *, after: int, most: int) -> tuple[tuple[Subscription, ...], int | None]:
    """At most so many of them, those behind the one of an id; and behind which the next part begins, None: none."""
    rows = _rows(conn, account_id, after=after, most=most + 1)
    return _whole(conn, account_id, rows=rows[:most]), rows[most - 1].id if len(rows) > most else None


def _rows(
    conn: Connection, account_id: int, *, name: str | None = None, after: int = 0, most: int | None = None
) -> Sequence[AnyRow]:
    return conn.execute(_WHOLE, {"account": account_id, "name": name, "after": after, "most": most}).all()


def _whole(conn: Connection, account_id: int, *, rows: Iterable[AnyRow]) -> tuple[Subscription, ...]:
    rows = [row for row in rows if _is_readable(row)]
    asked = {"account": account_id, "ids": [row.id for row in rows]}
    changes, plans = (_by_subscription(conn.execute(query, asked)) for query in (_CHANGES, _PLANS))
    return tuple(
        subscription_of(row, map(change_of, changes[row.id]), plans=map(plan_change_of, plans[row.id])) for row in rows
    )


def _by_subscription(rows: Iterable[AnyRow]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.subscription_id].append(row)
    return found


def _is_readable(row: AnyRow) -> bool:
    try:
        check_readable(row)
    except Unreadable:
        if not row.is_parked:
            raise
        return False
    return True


def by_name(conn: Connection, account_id: int, *, name: str) -> Subscription:
    """One subscription, with its whole ledgers; raises `UnknownSubscription`."""
    found = _whole(conn, account_id, rows=_rows(conn, account_id, name=name))
    if not found:
        raise UnknownSubscription(subscription=name)
    return found[0]


def id_of(conn: Connection, account_id: int, *, name: str) -> int:
    """The id of a subscription; raises `UnknownSubscription`."""
    table = SUBSCRIPTIONS.c
    found = conn.scalar(select(table.id).where(table.account_id == account_id, table.name == name))
    if found is None:
        raise UnknownSubscription(subscription=name)
    return cast("int", found)


def product_names(conn: Connection, account_id: int) -> dict[int, dict[str, str]]:
    """The names of each subscription's product by language; empty where the catalogue did not have its plan."""
    table = SUBSCRIPTIONS.c
    query = (
        select(table.id, PRODUCTS.c.names)
        .join_from(SUBSCRIPTIONS, PRODUCTS, table.product_id == PRODUCTS.c.id, isouter=True)
        .where(table.account_id == account_id)
    )
    return {row.id: row.names or {} for row in conn.execute(query)}


def past_due(conn: Connection, account_id: int, *, on: date) -> frozenset[int]:
    """The subscriptions on whose bills something is open after its due date."""
    return frozenset(conn.scalars(_PAST_DUE, {"account": account_id, "on": on}))


_WHOLE = text(f"""
    SELECT {COLUMNS}, parked.code IS NOT NULL AS is_parked
    FROM subscriptions AS subscription LEFT JOIN parked
      ON parked.account_id = subscription.account_id AND parked.subscription_id = subscription.id
    WHERE subscription.account_id = :account AND subscription.name = coalesce(CAST(:name AS text), subscription.name)
      AND subscription.id > :after
    ORDER BY subscription.id LIMIT CAST(:most AS integer)
""")  # noqa: S608 - these are names of our own columns

_LEDGER = """
    SELECT {columns} FROM {table} AS entry
    WHERE entry.account_id = :account AND entry.subscription_id = ANY(CAST(:ids AS integer[]))
    ORDER BY entry.subscription_id, entry.effective, entry.place
"""

_CHANGES = text(_LEDGER.format(table="licence_changes", columns="entry.*"))

_PLANS = text(_LEDGER.format(table="plan_changes", columns=PLAN_COLUMNS))

_PAST_DUE = text("""
    SELECT DISTINCT line.subscription_id
    FROM standings AS standing
    JOIN documents AS document ON document.account_id = :account AND document.id = standing.document_id
    JOIN document_lines AS line ON line.account_id = :account AND line.document_id = standing.document_id
    WHERE standing.account_id = :account AND standing."left" > 0 AND document.due_on < :on
""")
