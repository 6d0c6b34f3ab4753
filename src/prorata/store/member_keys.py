"""The keys under which each member's personal data are sealed; who has none any more cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, func, insert, select, text

from prorata.store.bulk import array
from prorata.store.tables.members import MEMBER_KEYS


def create(conn: Connection, account_id: int, *, member: int, key: bytes) -> None:
    """Keep a member's key."""
    conn.execute(insert(MEMBER_KEYS).values(account_id=account_id, member_id=member, key=key))


def create_many(conn: Connection, account_id: int, *, keys: Mapping[int, bytes]) -> None:
    """Keep the keys of many, by their ids."""
    asked = {"account": account_id, "members": array(list(keys)), "keys": array(list(keys.values()))}
    conn.execute(_CREATE_MANY, asked)


def find(conn: Connection, account_id: int, *, member: int) -> bytes | None:
    """A member's key; None where it was destroyed."""
    return of(conn, account_id, members=(member,)).get(member)


def of(conn: Connection, account_id: int, *, members: Collection[int]) -> dict[int, bytes]:
    """The keys of these members, by their ids."""
    if not members:
        return {}
    table = MEMBER_KEYS.c
    query = select(table.member_id, table.key)
    rows = conn.execute(query.where(table.account_id == account_id, table.member_id == func.any(sorted(members))))
    return {row.member_id: bytes(row.key) for row in rows}


def destroy(conn: Connection, account_id: int, *, member: int) -> None:
    """Let nobody read any more what was sealed under a member's key."""
    table = MEMBER_KEYS.c
    conn.execute(delete(MEMBER_KEYS).where(table.account_id == account_id, table.member_id == member))


_CREATE_MANY = text("""
    INSERT INTO member_keys (account_id, member_id, key)
    SELECT :account, new.member, new.key
    FROM unnest(CAST(:members AS integer[]), CAST(:keys AS bytea[])) AS new (member, key)
""")
