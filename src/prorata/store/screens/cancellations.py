"""What the pages about cancelling ask for: who got a licence last, and what people said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from prorata.store.rows import fetch


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a reason was given; the empty one stands for who gave none."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said about a cancellation in their own words. `on`: the day on which they did, in UTC."""

    account: int
    name: str
    subscription: str
    on: date
    reason: str
    words: str


def newest_first(conn: Connection, account_id: int, *, subscription: int) -> tuple[int, ...]:
    """The members who hold a licence, who got theirs last first."""
    found = conn.scalars(_NEWEST, {"account": account_id, "subscription": subscription})
    return tuple(found)


def counts(conn: Connection, *, since: datetime) -> tuple[Counted, ...]:
    """How often each reason was given since then, most often first; of all accounts, for the owner."""
    return tuple(Counted(row.reason, row.times) for row in fetch(conn, _COUNTS, asked={"since": since}))


def latest_words(conn: Connection, *, since: datetime, most: int) -> tuple[Said, ...]:
    """What was said in words since then, newest first; of all accounts, for the owner."""
    asked = {"since": since, "most": most}
    return tuple(
        Said(row.account_id, row.account, row.subscription, row.on_day, row.reason, row.words)
        for row in fetch(conn, _WORDS, asked=asked)
    )


_NEWEST = text("""
    SELECT member_id FROM licence_assignments
    WHERE account_id = :account AND subscription_id = :subscription
    ORDER BY since DESC, member_id DESC
""")

_COUNTS = text("""
    SELECT reason, count(*) AS times FROM cancellation_reasons
    WHERE at >= :since
    GROUP BY reason ORDER BY count(*) DESC, reason
""")

_WORDS = text("""
    SELECT said.account_id, account.name AS account, bought.name AS subscription,
           CAST(said.at AT TIME ZONE 'UTC' AS date) AS on_day, said.reason, said.words
    FROM cancellation_reasons AS said
    JOIN accounts AS account ON account.account_id = said.account_id
    JOIN subscriptions AS bought ON bought.account_id = said.account_id AND bought.id = said.subscription_id
    WHERE said.words <> '' AND said.at >= :since
    ORDER BY said.at DESC, said.account_id, said.subscription_id
    LIMIT :most
""")
