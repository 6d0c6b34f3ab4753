"""That losses and renewals to come were announced: each once, however many look at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from prorata.store.rows import AnyRow
from prorata.store.tables.life import ANNOUNCEMENTS

_T: Final = ANNOUNCEMENTS.c


@dataclass(frozen=True, slots=True)
class Made:
    """That `what` happens to a subscription on a day was announced so many days before."""

    account_id: int
    subscription: int
    what: str
    on: date
    days_before: int


def create(conn: Connection, made: Made, *, at: datetime, mails: int) -> bool:
    """Note an announcement of so many mails; whether nobody had made it before. Wants to be followed by the mails."""
    values = {
        "account_id": made.account_id,
        "subscription_id": made.subscription,
        "what": made.what,
        "on_day": made.on,
        "days_before": made.days_before,
        "at": at,
        "mails": mails,
    }
    query = insert(ANNOUNCEMENTS).values(values).on_conflict_do_nothing().returning(_T.account_id)
    return conn.execute(query).one_or_none() is not None


def of_days_to_come(conn: Connection, account_ids: Sequence[int], *, after: date) -> frozenset[Made]:
    """What was announced to accounts of days after a day."""
    query = select(ANNOUNCEMENTS).where(_T.account_id.in_(account_ids), _T.on_day > after)
    return frozenset(map(_made_of, conn.execute(query)))


def of_account(conn: Connection, account_id: int) -> tuple[Made, ...]:
    """Everything that was announced to an account, in the order in which it was."""
    query = select(ANNOUNCEMENTS).where(_T.account_id == account_id)
    order = (_T.at, _T.subscription_id, _T.on_day, _T.what)
    return tuple(map(_made_of, conn.execute(query.order_by(*order))))


def accounts_to_look_at(conn: Connection, *, after: int, limit: int) -> tuple[int, ...]:
    """The next accounts, by their ids, that have a subscription with a day to come; for the owner."""
    return tuple(conn.scalars(_TO_LOOK_AT, {"after": after, "limit": limit}))


def _made_of(row: AnyRow) -> Made:
    return Made(row.account_id, row.subscription_id, row.what, row.on_day, row.days_before)


# One look at the index for each account, however many there are.
_TO_LOOK_AT = text("""
    SELECT account.account_id FROM accounts AS account
    WHERE account.account_id > :after AND account.closed_at IS NULL
      AND EXISTS (SELECT FROM subscriptions AS subscription
                  WHERE subscription.account_id = account.account_id AND subscription.state <> 'deleted')
    ORDER BY account.account_id LIMIT :limit
""")
