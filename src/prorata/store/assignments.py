"""Who holds a licence of a subscription."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from prorata.store.members import UnknownMember
from prorata.store.subscriptions import id_of
from prorata.store.tables.members import MEMBERS
from prorata.store.tables.subscriptions import LICENCE_ASSIGNMENTS


def holders(conn: Connection, account_id: int, *, subscription: str) -> frozenset[int]:
    """The members who hold a licence; raises `UnknownSubscription`."""
    of = id_of(conn, account_id, name=subscription)
    table = LICENCE_ASSIGNMENTS.c
    query = select(table.member_id).where(table.account_id == account_id, table.subscription_id == of)
    return frozenset(conn.scalars(query))


def set_holders(
    conn: Connection, account_id: int, *, subscription: str, members: Collection[int], since: datetime
) -> None:
    """Let exactly these members hold a licence; who holds one already keeps the date.

    The count on the subscription comes from the decision that is saved in the same transaction. Raises
    `UnknownSubscription`, `UnknownMember`.
    """
    of = id_of(conn, account_id, name=subscription)
    held = holders(conn, account_id, subscription=subscription)
    table = LICENCE_ASSIGNMENTS.c
    gone = sorted(held - set(members))
    new = sorted(set(members) - held)
    _refuse_strangers(conn, account_id, members=new)
    key = {"account_id": account_id, "subscription_id": of}
    if gone:
        conn.execute(
            delete(LICENCE_ASSIGNMENTS).where(
                table.account_id == account_id, table.subscription_id == of, table.member_id.in_(gone)
            )
        )
    if new:
        conn.execute(insert(LICENCE_ASSIGNMENTS), [{**key, "member_id": m, "since": since} for m in new])


def _refuse_strangers(conn: Connection, account_id: int, *, members: Collection[int]) -> None:
    """Who has left keeps a licence until it is taken back, and is given none."""
    table = MEMBERS.c
    query = select(table.id).where(
        table.account_id == account_id, table.id == func.any(sorted(members)), table.left_at.is_(None)
    )
    strangers = set(members) - set(conn.scalars(query))
    if strangers:
        raise UnknownMember(member=min(strangers))
