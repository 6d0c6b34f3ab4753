"""What a person is in an account, as the door sees it: read for each request, so that who has left is out at once."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, cast, func, select

from prorata.store.members import email_of, name_of
from prorata.store.snapshots import Language
from prorata.store.tables.access import ACCOUNT_ROLES
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.door import PERSON_ACCOUNTS
from prorata.store.tables.members import MEMBER_KEYS, MEMBERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """A member who has not left. `own_role` and `own`: name and permissions of a role of the account's own."""

    account: int
    account_name: str
    member: int
    name: str
    email: str
    role: str
    language: Language
    own_role: str
    own: tuple[str, ...]
    zone: ZoneInfo


def of_person(conn: Connection, person: int, *, account: int) -> Belonging | None:
    """What they are in an account; None for who has left or never was there. For the door, seeing that account."""
    member, role, there, seal = MEMBERS.c, ACCOUNT_ROLES.c, PERSON_ACCOUNTS.c, MEMBER_KEYS.c
    own_id = cast(func.nullif(func.split_part(member.role, ":", 2), ""), BigInteger)
    query = (
        select(
            member.id, member.sealed_name, member.sealed_email, seal.key, member.role,
            member.language, ACCOUNTS.c.zone, ACCOUNTS.c.name.label("account_name"), role.name.label("own_role"),
            role.permissions,
        )
        .join(PERSON_ACCOUNTS, (there.account_id == member.account_id) & (there.member_id == member.id))
        .join(ACCOUNTS, ACCOUNTS.c.account_id == member.account_id)
        .outerjoin(MEMBER_KEYS, (seal.account_id == member.account_id) & (seal.member_id == member.id))
        .outerjoin(
            ACCOUNT_ROLES,
            (role.account_id == member.account_id) & (role.id == own_id) & role.removed_at.is_(None),
        )
        .where(member.account_id == account, there.person_id == person, member.left_at.is_(None))
    )  # fmt: skip
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    return Belonging(
        account=account,
        account_name=row.account_name,
        member=row.id,
        name=name_of(row.key, row.sealed_name, whose=(account, row.id)),
        email=email_of(row.key, row.sealed_email, whose=(account, row.id)),
        role=row.role,
        language=row.language,
        own_role=row.own_role or "",
        own=tuple(row.permissions or ()),
        zone=ZoneInfo(row.zone),
    )
