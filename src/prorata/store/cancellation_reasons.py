"""Why somebody cancelled: a code, and their own words. Deleted with the account; the audit has none of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from prorata.store.rows import AnyRow
from prorata.store.subscriptions import id_of
from prorata.store.tables.life import CANCELLATION_REASONS


@dataclass(frozen=True, slots=True)
class SaidReason:
    """What was said with one cancellation; both may be empty."""

    at: datetime
    reason: str
    words: str


def add(conn: Connection, account_id: int, *, subscription: str, at: datetime, said: tuple[str, str]) -> None:
    """Keep the code and the words of a cancellation; raises `UnknownSubscription`.

    A clock that stands still cancels twice at one instant: the later one is kept a moment after the one before.
    """
    of = id_of(conn, account_id, name=subscription)
    table = CANCELLATION_REASONS.c
    own = (table.account_id == account_id) & (table.subscription_id == of)
    last: datetime | None = conn.scalar(select(func.max(table.at)).where(own))
    if last and last >= at:
        at = last + timedelta(microseconds=1)
    reason, words = said
    row = {"account_id": account_id, "subscription_id": of, "at": at, "reason": reason, "words": words}
    conn.execute(insert(CANCELLATION_REASONS).values(**row))


def of_subscription(conn: Connection, account_id: int, *, subscription: int) -> tuple[SaidReason, ...]:
    """What was said with each cancellation of a subscription, the first one first."""
    table = CANCELLATION_REASONS.c
    query = (
        select(CANCELLATION_REASONS)
        .where(table.account_id == account_id, table.subscription_id == subscription)
        .order_by(table.at)
    )
    return tuple(_said(row) for row in conn.execute(query))


def _said(row: AnyRow) -> SaidReason:
    return SaidReason(row.at, row.reason, row.words)
