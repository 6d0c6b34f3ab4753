"""What the page of back ups asks besides the exports themselves."""

from __future__ import annotations

from sqlalchemy import Connection, select

from prorata.store.tables.subscriptions import SUBSCRIPTIONS


def states(conn: Connection, account_id: int) -> frozenset[str]:
    """The states that the account's subscriptions are in; none where it has bought nothing."""
    table = SUBSCRIPTIONS.c
    return frozenset(conn.scalars(select(table.state).where(table.account_id == account_id).distinct()))
