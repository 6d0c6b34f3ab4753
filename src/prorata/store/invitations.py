"""Invitations into an account: who may come as what, known by the hash of what their link says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, func, insert, select, update

from prorata.core.errors import DomainError
from prorata.store import accounts, members
from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.access import ACCOUNT_ROLES, INVITATIONS

MOST_OPEN = 200
"""So many may wait for an answer in an account: enough for a department, too few to mail the world."""

UNANSWERED_DAYS: Final = 30
"""So long after its link was too old it is forgotten whom an invitation was for: as long as mails are kept."""


class UnknownInvitation(DomainError):
    """The account has no such invitation, or it waits for no answer any more."""

    code = "unknown_invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """Whom an account invites to what. `by`: the member who does, None for one of the vendor's people."""

    token_hash: bytes
    name: str
    email: str
    role: str
    language: Language
    by: int | None
    by_name: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """An invitation. `role`, `own_role` and `own` as a member has them; `by`: the member who invites.

    `member`: who has come by it. Then, and when it was taken back, `name`, `email` and `by_name` are empty.
    """

    id: int
    token_hash: bytes
    name: str
    email: str
    role: str
    own_role: str
    own: tuple[str, ...]
    language: Language
    by: int | None
    by_name: str
    at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    member: int | None

    @property
    def was_unanswered(self) -> bool:
        """Whether nobody took it back, and it was forgotten because nobody answered."""
        return self.revoked_at is not None and self.revoked_at > self.expires_at + timedelta(days=UNANSWERED_DAYS)


def create(conn: Connection, account_id: int, *, new: NewInvitation) -> int:
    """Keep an invitation; returns its id."""
    made = accounts.take_id(conn, account_id, counter="next_invitation")
    values = {
        "account_id": account_id,
        "id": made,
        "token_hash": new.token_hash,
        "name": new.name,
        "email": new.email,
        "role": new.role,
        "language": new.language,
        "invited_by": new.by,
        "invited_by_name": new.by_name,
        "at": new.at,
        "expires_at": new.expires_at,
    }
    conn.execute(insert(INVITATIONS).values(values))
    return made


def find(conn: Connection, account_id: int, *, invitation: int) -> InvitationRow | None:
    """One invitation, whatever became of it; None where there is none."""
    row = conn.execute(_query(account_id).where(INVITATIONS.c.id == invitation)).one_or_none()
    return _invitation_of(row) if row else None


def waiting(conn: Connection, account_id: int, *, invitation: int) -> InvitationRow:
    """One that waits for an answer, though its link may be too old by now; raises `UnknownInvitation`."""
    found = find(conn, account_id, invitation=invitation)
    if found is None or found.used_at or found.revoked_at:
        raise UnknownInvitation(invitation=invitation)
    return found


def all_waiting(conn: Connection, account_id: int) -> tuple[InvitationRow, ...]:
    """Those that wait for an answer, the newest first; their links may be too old by now."""
    table = INVITATIONS.c
    query = _query(account_id).where(table.used_at.is_(None), table.revoked_at.is_(None))
    return tuple(_invitation_of(row) for row in conn.execute(query.order_by(table.id.desc()).limit(MOST_OPEN)))


def renew(
    conn: Connection, account_id: int, *, invitation: int, token_hash: bytes, at: datetime, expires_at: datetime
) -> None:
    """Let an invitation have another link: the one before lets nobody in any more."""
    _change(conn, account_id, invitation=invitation, token_hash=token_hash, at=at, expires_at=expires_at)


def use(conn: Connection, account_id: int, *, invitation: int, at: datetime, member: int) -> None:
    """Note who has come by it. What it says of them stands with the member from now on."""
    _change(conn, account_id, invitation=invitation, used_at=at, member_id=member, **_FORGOTTEN)


def revoke(conn: Connection, account_id: int, *, invitation: int, at: datetime) -> None:
    """Take it back, and forget for whom it was."""
    _change(conn, account_id, invitation=invitation, revoked_at=at, **_FORGOTTEN)


def revoke_all(conn: Connection, account_id: int, *, emails: Collection[str], at: datetime) -> None:
    """Take back every one that waits for these addresses, as `revoke` does."""
    table = INVITATIONS.c
    waits = (table.account_id == account_id, table.used_at.is_(None), table.revoked_at.is_(None))
    those = table.email == func.any(sorted({email.lower() for email in emails}))
    conn.execute(update(INVITATIONS).where(*waits, those).values(revoked_at=at, **_FORGOTTEN))


def forget_unanswered(conn: Connection, *, at: datetime) -> int:
    """Forget whom those of all accounts were for that nobody has answered for long; how many. For the owner."""
    table, before = INVITATIONS.c, at - timedelta(days=UNANSWERED_DAYS)
    waits = (table.used_at.is_(None), table.revoked_at.is_(None), table.expires_at < before)
    return conn.execute(update(INVITATIONS).where(*waits).values(revoked_at=at, **_FORGOTTEN)).rowcount


def names(conn: Connection, account_id: int, *, ids: Collection[int]) -> dict[int, str]:
    """Whom invitations are for, by the ids of those of which that is known."""
    if not ids:
        return {}
    table = INVITATIONS.c
    query = select(table.id, table.name, table.member_id)
    rows = conn.execute(query.where(table.account_id == account_id, table.id == func.any(sorted(ids)))).all()
    came = members.names(conn, account_id, ids={row.member_id for row in rows if row.member_id is not None})
    found = {row.id: row.name or came.get(row.member_id, "") for row in rows}
    return {invitation: name for invitation, name in found.items() if name}


def _change(conn: Connection, account_id: int, *, invitation: int, **values: object) -> None:
    table = INVITATIONS.c
    conn.execute(update(INVITATIONS).where(table.account_id == account_id, table.id == invitation).values(**values))


# Who of the vendor's people invited is no member's name.
_FORGOTTEN: Final = {
    "name": "",
    "email": "",
    "invited_by_name": case((INVITATIONS.c.invited_by.is_(None), INVITATIONS.c.invited_by_name), else_=""),
}


def _query(account_id: int):  # noqa: ANN202 - SQLAlchemy's type for every column says nothing to a reader
    own = ACCOUNT_ROLES.c
    fits = (own.account_id == INVITATIONS.c.account_id) & (INVITATIONS.c.role == func.concat("custom:", own.id))
    return (
        select(INVITATIONS, own.name.label("own_role"), own.permissions)
        .outerjoin(ACCOUNT_ROLES, fits)
        .where(INVITATIONS.c.account_id == account_id)
    )


def _invitation_of(row: AnyRow) -> InvitationRow:
    return InvitationRow(
        id=row.id,
        token_hash=row.token_hash,
        name=row.name,
        email=row.email,
        role=row.role,
        own_role=row.own_role or "",
        own=tuple(row.permissions or ()),
        language=row.language,
        by=row.invited_by,
        by_name=row.invited_by_name,
        at=row.at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        member=row.member_id,
    )
