"""Who holds a licence of a subscription: the rows of now, and the ledger of how they came to be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, delete, func, insert, select, text

from prorata.core.actors import Side
from prorata.core.licences.seats import SeatChange, SeatWhy
from prorata.store.bulk import array
from prorata.store.members import UnknownMember
from prorata.store.rows import AnyRow
from prorata.store.subscriptions import id_of
from prorata.store.tables.members import MEMBERS
from prorata.store.tables.subscriptions import LICENCE_ASSIGNMENTS, SEAT_CHANGES, SUBSCRIPTIONS


@dataclass(frozen=True, slots=True)
class Held:
    """Of a subscription, in all `holders` hold a licence; `members` are those that were asked about."""

    subscription_id: int
    subscription: str
    holders: int
    members: tuple[int, ...]


def holders(conn: Connection, account_id: int, *, subscription: str) -> frozenset[int]:
    """The members who hold a licence; raises `UnknownSubscription`."""
    of = id_of(conn, account_id, name=subscription)
    return _holders(conn, account_id, of=of)


def held_by(conn: Connection, account_id: int, *, members: Collection[int]) -> tuple[Held, ...]:
    """The subscriptions of which any of these members holds a licence, in order of purchase."""
    rows = conn.execute(_HELD_BY, {"account": account_id, "members": array(sorted(members))})
    return tuple(Held(row.id, row.name, row.holders, tuple(sorted(row.mine))) for row in rows)


def changes_of(conn: Connection, account_id: int, *, subscription_id: int) -> tuple[SeatChange, ...]:
    """The whole ledger of a subscription, in the order in which it was entered."""
    table = SEAT_CHANGES.c
    query = select(SEAT_CHANGES).where(table.account_id == account_id, table.subscription_id == subscription_id)
    return tuple(_change_of(row) for row in conn.execute(query.order_by(table.place)))


def set_holders(
    conn: Connection,
    account_id: int,
    *,
    subscription: str,
    members: Collection[int],
    since: datetime,
    by: Side = "admin",
) -> None:
    """Let exactly these members hold a licence; who holds one already keeps the date. Wants the account held.

    The count on the subscription comes from the decision that is saved in the same transaction. Raises
    `UnknownSubscription`, `UnknownMember`.
    """
    of = id_of(conn, account_id, name=subscription)
    held = _holders(conn, account_id, of=of)
    new = sorted(set(members) - held)
    _refuse_strangers(conn, account_id, members=new)
    release(conn, account_id, subscription_id=of, members=sorted(held - set(members)), at=since, why="asked", by=by)
    if new:
        key = {"account_id": account_id, "subscription_id": of}
        conn.execute(insert(LICENCE_ASSIGNMENTS), [{**key, "member_id": m, "since": since} for m in new])
        _enter(conn, account_id, of=of, members=new, holds=True, at=since, why="asked", by=by)


def release(
    conn: Connection,
    account_id: int,
    *,
    subscription_id: int,
    members: Sequence[int],
    at: datetime,
    why: SeatWhy,
    by: Side,
) -> None:
    """Take the licences of those of these members who hold one. Wants the account held; the count on the subscription
    comes from elsewhere in the same transaction.
    """
    table = LICENCE_ASSIGNMENTS.c
    mine = (table.account_id == account_id, table.subscription_id == subscription_id)
    chosen = table.member_id == func.any(sorted(members))
    gone = sorted(conn.scalars(delete(LICENCE_ASSIGNMENTS).where(*mine, chosen).returning(table.member_id)))
    if gone:
        _enter(conn, account_id, of=subscription_id, members=gone, holds=False, at=at, why=why, by=by)


def release_all(
    conn: Connection, account_id: int, *, subscription_id: int, at: datetime, why: SeatWhy, by: Side
) -> None:
    """Take all licences of a subscription, as `release` does."""
    everybody = sorted(_holders(conn, account_id, of=subscription_id))
    release(conn, account_id, subscription_id=subscription_id, members=everybody, at=at, why=why, by=by)


def newest(conn: Connection, account_id: int, *, subscription_id: int, count: int) -> tuple[int, ...]:
    """Who got a licence last, so many of them; of those who got one at once, who came to the account last."""
    table = LICENCE_ASSIGNMENTS.c
    mine = (table.account_id == account_id, table.subscription_id == subscription_id)
    order = (table.since.desc(), table.member_id.desc())
    return tuple(conn.scalars(select(table.member_id).where(*mine).order_by(*order).limit(count)))


def _holders(conn: Connection, account_id: int, *, of: int) -> frozenset[int]:
    table = LICENCE_ASSIGNMENTS.c
    query = select(table.member_id).where(table.account_id == account_id, table.subscription_id == of)
    return frozenset(conn.scalars(query))


def _enter(
    conn: Connection,
    account_id: int,
    *,
    of: int,
    members: Sequence[int],
    holds: bool,
    at: datetime,
    why: SeatWhy,
    by: Side,
) -> None:
    row = {"account": account_id, "of": of, "members": array(members), "holds": holds, "at": at, "why": why, "by": by}
    conn.execute(_ENTER, row)


def _refuse_strangers(conn: Connection, account_id: int, *, members: Collection[int]) -> None:
    """Who has left is given none."""
    table = MEMBERS.c
    query = select(table.id).where(
        table.account_id == account_id, table.id == func.any(sorted(members)), table.left_at.is_(None)
    )
    strangers = set(members) - set(conn.scalars(query))
    if strangers:
        raise UnknownMember(member=min(strangers))


def _change_of(row: AnyRow) -> SeatChange:
    return SeatChange(row.at, row.member_id, row.holds, cast("SeatWhy", row.why), cast("Side", row.by_side))


_ENTER = text(f"""
    INSERT INTO {SEAT_CHANGES.name} (account_id, subscription_id, place, at, member_id, holds, why, by_side)
    SELECT :account, :of, last.place + new.nth, :at, new.member, :holds, :why, :by
    FROM unnest(CAST(:members AS integer[])) WITH ORDINALITY AS new (member, nth),
         (SELECT coalesce(max(place), 0) AS place FROM {SEAT_CHANGES.name}
          WHERE account_id = :account AND subscription_id = :of) AS last
""")  # noqa: S608 - names of our own tables

_HELD_BY = text(f"""
    SELECT subscription.id, subscription.name, count(*) AS holders,
           array_agg(held.member_id) FILTER (WHERE held.member_id = ANY(CAST(:members AS integer[]))) AS mine
    FROM {LICENCE_ASSIGNMENTS.name} AS held
    JOIN {SUBSCRIPTIONS.name} AS subscription
      ON subscription.account_id = held.account_id AND subscription.id = held.subscription_id
    WHERE held.account_id = :account
    GROUP BY subscription.id, subscription.name
    HAVING bool_or(held.member_id = ANY(CAST(:members AS integer[])))
    ORDER BY subscription.id
""")  # noqa: S608 - names of our own tables
