"""The people of an account with the subscriptions that they hold a licence of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, text

from prorata.store import members
from prorata.store.members import MemberRow


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member; `holds`: the names of the running subscriptions, in order of purchase."""

    member: MemberRow
    holds: tuple[str, ...]


def people(conn: Connection, account_id: int) -> tuple[PersonRow, ...]:
    """Everybody, in the order in which they came."""
    holds: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(_HELD, {"account": account_id}):
        holds[row.member_id].append(row.name)
    return tuple(PersonRow(member, tuple(holds[member.id])) for member in members.all_of(conn, account_id))


_HELD = text("""
    SELECT assigned.member_id, subscription.name
    FROM licence_assignments AS assigned
    JOIN subscriptions AS subscription
      ON subscription.account_id = :account AND subscription.id = assigned.subscription_id
    WHERE assigned.account_id = :account AND subscription.state IN ('trial', 'active', 'expired')
    ORDER BY subscription.id
""")
