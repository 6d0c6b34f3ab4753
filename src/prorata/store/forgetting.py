"""Making it impossible to say who one person of an account was. What they did stays: it names them by their id."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, null, text, update

from prorata.store import member_keys, members
from prorata.store.members import MemberRow
from prorata.store.tables.access import API_KEYS, DIRECTORY_SUBJECTS, INVITATIONS
from prorata.store.tables.members import MEMBERS


def erase(conn: Connection, account_id: int, *, member: int, at: datetime) -> None:
    """Destroy the key of who has left, and what else in the account says who it was. Raises `UnknownMember`."""
    row = members.find(conn, account_id, member=member)
    member_keys.destroy(conn, account_id, member=member)
    table = MEMBERS.c
    which = (table.account_id == account_id, table.id == member, table.erased_at.is_(None))
    conn.execute(update(MEMBERS).where(*which).values(**_NOTHING, erased_at=at))
    there = DIRECTORY_SUBJECTS.c
    conn.execute(delete(DIRECTORY_SUBJECTS).where(there.account_id == account_id, there.member_id == member))
    _forget_invitations(conn, account_id, row=row, at=at)
    keys = API_KEYS.c
    made = (keys.account_id == account_id, keys.made_by == member)
    conn.execute(update(API_KEYS).where(*made).values(made_by_name=""))


_NOTHING: Final = dict.fromkeys(("sealed_name", "sealed_email", "email_key", "person_id"), null())


def _forget_invitations(conn: Connection, account_id: int, *, row: MemberRow, at: datetime) -> None:
    table = INVITATIONS.c
    by = (table.account_id == account_id, table.invited_by == row.id)
    conn.execute(update(INVITATIONS).where(*by).values(invited_by_name=""))
    conn.execute(_TAKE_BACK, {"account": account_id, "member": row.id, "email": row.email, "at": at})


_TAKE_BACK: Final = text("""
    UPDATE invitations SET name = '', email = '',
        revoked_at = CASE WHEN used_at IS NULL THEN coalesce(revoked_at, :at) ELSE revoked_at END
    WHERE account_id = :account
      AND (member_id = :member OR (:email <> '' AND lower(email) = lower(CAST(:email AS text))))
""")
