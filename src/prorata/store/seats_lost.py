"""Who loses a licence by itself: the newest holders when a conflict is over, everybody when it is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, text

from prorata.core.subscriptions.model import Subscription
from prorata.store.bulk import array
from prorata.store.tables.subscriptions import LICENCE_ASSIGNMENTS, SEAT_CHANGES

Why = Literal["conflict", "deleted"]


@dataclass(frozen=True, slots=True)
class Lost:
    """Of a subscription only the first `keep` holders keep a licence."""

    account_id: int
    subscription: int
    keep: int
    why: Why
    at: datetime


def lost(was: Subscription, now: Subscription, *, account_id: int, at: datetime, today: date) -> Lost | None:
    """What a subscription's change takes from its holders; None where that is nothing.

    A conflict that somebody has resolved takes nothing: who unassigns says whom.
    """
    if now.state == "deleted" and was.state != "deleted":
        return Lost(account_id, now.id, 0, "deleted", at)
    until = _conflict_until(was)
    if until is not None and until <= today and now.conflict is None:
        # What is assigned anew in the same moment is said by name.
        keep = max(now.assigned, min(was.licences, now.licences))
        return Lost(account_id, now.id, keep, "conflict", at)
    return None


def _conflict_until(was: Subscription) -> date | None:
    """The day on which a conflict ends, also one that only begins; None where there is none."""
    if was.conflict:
        return was.conflict.until
    if was.pending and was.assigned > was.pending.licences:
        return was.pending.effective + timedelta(days=was.terms.conflict_days)
    return None


def take(conn: Connection, all_lost: Iterable[Lost]) -> None:
    """Take the licences and enter it into the ledger; wants the accounts held."""
    found = list(all_lost)
    if not found:
        return
    asked = {
        "owners": array([one.account_id for one in found]),
        "ids": array([one.subscription for one in found]),
        "keep": array([one.keep for one in found]),
        "why": [one.why for one in found],
        "at": [one.at for one in found],
    }
    conn.execute(_TAKE, asked)


_TAKE = text(f"""
    WITH asked AS (
        SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[]), CAST(:keep AS integer[]),
            CAST(:why AS text[]), CAST(:at AS timestamptz[])) AS asked (account_id, id, keep, why, at)
    ), placed AS (
        SELECT asked.*, held.member_id, row_number() OVER (
            PARTITION BY asked.account_id, asked.id ORDER BY held.since, held.member_id) AS nth
        FROM asked, LATERAL (
            SELECT member_id, since FROM {LICENCE_ASSIGNMENTS.name} AS held
            WHERE held.account_id = asked.account_id AND held.subscription_id = asked.id
            OFFSET 0
        ) AS held
    ), gone AS (
        DELETE FROM {LICENCE_ASSIGNMENTS.name} AS held USING placed
        WHERE placed.nth > placed.keep AND held.account_id = placed.account_id
          AND held.subscription_id = placed.id AND held.member_id = placed.member_id
        RETURNING placed.*
    )
    INSERT INTO {SEAT_CHANGES.name} (account_id, subscription_id, place, at, member_id, holds, why, by_side)
    SELECT gone.account_id, gone.id,
           coalesce((SELECT max(place) FROM {SEAT_CHANGES.name} AS entry
             WHERE entry.account_id = gone.account_id AND entry.subscription_id = gone.id), 0)
             + row_number() OVER (PARTITION BY gone.account_id, gone.id ORDER BY gone.nth),
           gone.at, gone.member_id, false, gone.why, 'system'
    FROM gone
""")  # noqa: S608 - names of our own tables
