"""Who holds a licence of a subscription since when: for lists that say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from prorata.store.tables.subscriptions import LICENCE_ASSIGNMENTS


def held_since(conn: Connection, account_id: int, *, subscription_id: int) -> Mapping[int, datetime]:
    """The members who hold a licence, and since when; who got theirs last comes first: they would lose it first."""
    table = LICENCE_ASSIGNMENTS.c
    mine = (table.account_id == account_id, table.subscription_id == subscription_id)
    query = select(table.member_id, table.since).where(*mine).order_by(table.since.desc(), table.member_id.desc())
    return {row.member_id: row.since for row in conn.execute(query)}
