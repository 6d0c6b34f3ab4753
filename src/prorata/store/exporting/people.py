"""The people of an account, whom it has invited, and what they did: where their names and addresses are sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, text

from prorata.store import audit, invitations, members
from prorata.store.exporting.files import DataFile, Row, Rows, counted, in_pages, streamed
from prorata.store.rows import AnyRow

_MEMBERS: Final = "SELECT id FROM members WHERE account_id = :account ORDER BY id"
_INVITATIONS: Final = """
    SELECT id, role, language, invited_by, at, expires_at, used_at, revoked_at FROM invitations
    WHERE account_id = :account ORDER BY id
"""
_AUDIT: Final = "SELECT * FROM audit WHERE account_id = :account ORDER BY id"
_ENTRY: Final = (
    "id", "at", "actor_kind", "actor_id", "actor_name", "on_behalf", "action", "subject", "detail", "address", "way",
    "sha256",
)  # fmt: skip
_MEMBER: Final = ("id", "name", "email", "role", "own_role", "language", "left_at")
_INVITATION: Final = (
    "id", "name", "email", "role", "language", "invited_by", "at", "expires_at", "used_at", "revoked_at",
)  # fmt: skip


def _count_members(conn: Connection, account_id: int) -> int:
    return counted(conn, _MEMBERS, account_id=account_id)


def _read_members(conn: Connection, account_id: int) -> Rows:
    return Rows(_MEMBER, in_pages(_member_rows(conn, account_id)))


def _member_rows(conn: Connection, account_id: int) -> Iterator[Row]:
    _, pages = streamed(conn, text(_MEMBERS), account_id=account_id)
    for page in pages:
        for (member,) in page:
            found = members.find(conn, account_id, member=member)
            yield (
                *(found.id, found.name, found.email, found.role, found.own_role or None),
                *(found.language, found.left_at),
            )


def _count_invitations(conn: Connection, account_id: int) -> int:
    return counted(conn, _INVITATIONS, account_id=account_id)


def _read_invitations(conn: Connection, account_id: int) -> Rows:
    return Rows(_INVITATION, in_pages(_invitation_rows(conn, account_id)))


def _invitation_rows(conn: Connection, account_id: int) -> Iterator[Row]:
    _, pages = streamed(conn, text(_INVITATIONS), account_id=account_id)
    for page in pages:
        for invitation, *rest in page:
            found = invitations.find(conn, account_id, invitation=invitation)
            if found:
                yield (invitation, found.name, found.email, *rest)


def _count_audit(conn: Connection, account_id: int) -> int:
    return counted(conn, _AUDIT, account_id=account_id)


def _read_audit(conn: Connection, account_id: int) -> Rows:
    _, pages = streamed(conn, text(_AUDIT), account_id=account_id)
    return Rows(_ENTRY, (_entries(conn, account_id, rows=page) for page in pages))


def _entries(conn: Connection, account_id: int, *, rows: Sequence[AnyRow]) -> list[Row]:
    found = audit.entries(conn, account_id, rows=rows)
    return [
        (
            *(one.id, one.at, one.actor_kind, one.actor_id, one.actor_name, one.on_behalf, one.action, one.subject),
            *(dict(one.detail), one.address, one.way, row.hash.hex()),
        )
        for one, row in zip(found, rows, strict=True)
    ]


MEMBERS: Final = DataFile("members", _count_members, _read_members)
INVITATIONS: Final = DataFile("invitations", _count_invitations, _read_invitations)
AUDIT: Final = DataFile("audit", _count_audit, _read_audit)
