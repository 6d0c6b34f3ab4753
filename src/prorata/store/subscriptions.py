"""Subscriptions as they stand, whole: for pages and for telling, not for deciding (that is `history`)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import cast

from sqlalchemy import Connection, select, text

from prorata.core.history import UnknownSubscription
from prorata.core.subscriptions.model import Subscription
from prorata.store.codec import Unreadable
from prorata.store.rows import AnyRow
from prorata.store.subscription_rows import COLUMNS, change_of, check_readable, subscription_of
from prorata.store.tables.catalogue import PRODUCTS
from prorata.store.tables.subscriptions import LICENCE_CHANGES, SUBSCRIPTIONS


def all_of(conn: Connection, account_id: int) -> tuple[Subscription, ...]:
    """Every subscription that the account ever had, with its whole licence ledger, in order of purchase.

    One that is parked because nobody can read it is left out, so that the others can be looked at.
    """
    ledger = LICENCE_CHANGES.c
    changes: dict[int, list[AnyRow]] = defaultdict(list)
    for row in conn.execute(
        select(LICENCE_CHANGES).where(ledger.account_id == account_id).order_by(ledger.subscription_id, ledger.place)
    ):
        changes[row.subscription_id].append(row)
    rows = conn.execute(_WHOLE, {"account": account_id, "name": None})
    return tuple(subscription_of(row, map(change_of, changes[row.id])) for row in rows if _is_readable(row))


def _is_readable(row: AnyRow) -> bool:
    try:
        check_readable(row)
    except Unreadable:
        if not row.is_parked:
            raise
        return False
    return True


def by_name(conn: Connection, account_id: int, *, name: str) -> Subscription:
    """One subscription, with its whole licence ledger; raises `UnknownSubscription`."""
    ledger = LICENCE_CHANGES.c
    row = conn.execute(_WHOLE, {"account": account_id, "name": name}).one_or_none()
    if row is None:
        raise UnknownSubscription(subscription=name)
    changes = conn.execute(
        select(LICENCE_CHANGES)
        .where(ledger.account_id == account_id, ledger.subscription_id == row.id)
        .order_by(ledger.place)
    )
    return subscription_of(row, map(change_of, changes))


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
    ORDER BY subscription.id
""")  # noqa: S608 - these are names of our own columns

_PAST_DUE = text("""
    SELECT DISTINCT line.subscription_id
    FROM standings AS standing
    JOIN documents AS document ON document.account_id = :account AND document.id = standing.document_id
    JOIN document_lines AS line ON line.account_id = :account AND line.document_id = standing.document_id
    WHERE standing.account_id = :account AND standing."left" > 0 AND document.due_on < :on
""")
