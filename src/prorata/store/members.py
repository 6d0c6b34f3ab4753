"""The people of an account. Their names and addresses are sealed, each person's under a key of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, LargeBinary, func, insert, select, text, type_coerce, update
from sqlalchemy.exc import IntegrityError

from prorata.core.errors import DomainError
from prorata.store import accounts, member_keys
from prorata.store.bulk import array
from prorata.store.rows import AnyRow
from prorata.store.sealing import new_key, seal, unseal
from prorata.store.snapshots import Language
from prorata.store.tables.access import ACCOUNT_ROLES
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.members import MEMBER_KEYS, MEMBERS

Role = Literal["owner", "billing_admin", "licence_admin", "invoice_manager", "reader", "member"]
MOST_MEMBERS = 25_000


class UnknownMember(DomainError):
    """The account has no such member."""

    code = "unknown_member"


class EmailTaken(DomainError):
    """Somebody else in the account has this address."""

    code = "email_taken"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member; `language` is that of screens and mails.

    `role`: one that every account has, or `custom:ID`; `own_role` is then its name, `own` are its permissions.
    `person`: who it is at the door, None for who has never come in; `left_at`: who has left may do nothing.
    `erased_at`: their name and address are gone, and both are empty.
    """

    id: int
    name: str
    email: str
    role: str
    language: Language
    own_role: str = ""
    own: tuple[str, ...] = ()
    person: int | None = None
    left_at: datetime | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who is to come into the account."""

    name: str
    email: str
    language: Language
    role: str = "member"


def create(conn: Connection, account_id: int, *, name: str, email: str, role: str, language: Language) -> int:
    """Take somebody into the account; returns the id. Raises `EmailTaken`, and then the transaction goes on."""
    key = new_key()
    try:
        with conn.begin_nested():
            member = accounts.take_id(conn, account_id, counter="next_member")
            row = {
                "account_id": account_id,
                "id": member,
                "role": role,
                "language": language,
                "sealed_name": seal(key, name, about=_about(account_id, member, what="name")),
                "sealed_email": seal(key, email, about=_about(account_id, member, what="email")),
                "email_key": _email_key(account_id, email),
            }
            conn.execute(insert(MEMBERS).values(row))
    except IntegrityError as error:
        raise EmailTaken(email=email) from error
    member_keys.create(conn, account_id, member=member, key=key)
    return member


def create_many(conn: Connection, account_id: int, *, new: Sequence[NewMember]) -> range:
    """Take many into the account at once; returns their ids, in order. Wants the account held, and addresses that
    nobody there has and no two of these share.
    """
    ids = accounts.take_ids(conn, account_id, counter="next_member", count=len(new))
    keys = [new_key() for _ in ids]
    sealed = {
        what: array([
            seal(key, getattr(one, what), about=_about(account_id, member, what=what))
            for member, key, one in zip(ids, keys, new, strict=True)
        ])
        for what in ("name", "email")
    }  # fmt: skip
    said = {what: array([getattr(one, what) for one in new]) for what in ("role", "language")}
    if new:
        plain = array([one.email for one in new])
        asked = {"account": account_id, "ids": array(list(ids)), **said, **sealed, "plain": plain}
        conn.execute(_CREATE_MANY, asked)
        member_keys.create_many(conn, account_id, keys=dict(zip(ids, keys, strict=True)))
    return ids


def find(conn: Connection, account_id: int, *, member: int) -> MemberRow:
    """One member; raises `UnknownMember`."""
    row = conn.execute(_query(account_id).where(MEMBERS.c.id == member)).one_or_none()
    if row is None:
        raise UnknownMember(member=member)
    return _member_of(row)


def by_email(conn: Connection, account_id: int, *, email: str) -> MemberRow | None:
    """The member of an address, who may have left; capital letters count for nothing. None for nobody."""
    same = MEMBERS.c.email_key == _email_key(account_id, email.strip())
    row = conn.execute(_query(account_id).where(same)).one_or_none()
    return _member_of(row) if row else None


def all_of(conn: Connection, account_id: int) -> tuple[MemberRow, ...]:
    """Everybody, in the order in which they came, those who have left too; at most `MOST_MEMBERS`."""
    rows = conn.execute(_query(account_id).order_by(MEMBERS.c.id).limit(MOST_MEMBERS))
    return tuple(_member_of(row) for row in rows)


def names(conn: Connection, account_id: int, *, ids: Collection[int]) -> dict[int, str]:
    """What members are called, by their ids; empty for who was erased."""
    if not ids:
        return {}
    rows = conn.execute(
        select(MEMBERS.c.id, MEMBERS.c.sealed_name, _KEY).where(
            MEMBERS.c.account_id == account_id, MEMBERS.c.id == func.any(sorted(ids))
        )
    )
    return {row.id: name_of(row.key, row.sealed_name, whose=(account_id, row.id)) for row in rows}


def count_with_role(conn: Connection, account_id: int, *, role: str) -> int:
    """How many people have a role, but for those who have left."""
    table = MEMBERS.c
    query = select(func.count()).where(table.account_id == account_id, table.role == role, table.left_at.is_(None))
    return conn.execute(query).scalar_one()


def set_language(conn: Connection, account_id: int, *, member: int, language: Language) -> None:
    """Change the language of somebody's screens; raises `UnknownMember`."""
    _change(conn, account_id, member=member, language=language)


def set_role(conn: Connection, account_id: int, *, member: int, role: str) -> None:
    """Let somebody be something else; raises `UnknownMember`."""
    _change(conn, account_id, member=member, role=role)


def come_in(conn: Connection, account_id: int, *, member: int, person: int, role: str) -> None:
    """Note who a member is at the door, and as what; who had left is back. Raises `UnknownMember`."""
    _change(conn, account_id, member=member, person_id=person, role=role, left_at=None)


def leave(conn: Connection, account_id: int, *, member: int, at: datetime) -> None:
    """From now on they may do nothing; raises `UnknownMember`."""
    _change(conn, account_id, member=member, left_at=at)


def come_back(conn: Connection, account_id: int, *, members: Collection[int]) -> None:
    """Let people who had left belong to the account again, as members who have never come in."""
    table = MEMBERS.c
    back = (table.account_id == account_id, table.id == func.any(sorted(members)), table.left_at.is_not(None))
    conn.execute(update(MEMBERS).where(*back).values(left_at=None, role="member", person_id=None))


def leave_many(conn: Connection, account_id: int, *, members: Collection[int], at: datetime) -> None:
    """From now on these may do nothing; raises `UnknownMember` where one of them is not there."""
    table = MEMBERS.c
    chosen = table.id == func.any(sorted(members))
    gone = conn.execute(update(MEMBERS).where(table.account_id == account_id, chosen).values(left_at=at))
    if gone.rowcount != len(set(members)):
        raise UnknownMember(member=min(members, default=0))


def name_of(key: bytes | None, sealed: bytes | None, *, whose: tuple[int, int]) -> str:
    """The name in `sealed_name`, empty where the key is gone. `whose`: the account and the member."""
    return unseal(key, sealed, about=_about(*whose, what="name")) if key and sealed else ""


def email_of(key: bytes | None, sealed: bytes | None, *, whose: tuple[int, int]) -> str:
    """The same of an address and `sealed_email`."""
    return unseal(key, sealed, about=_about(*whose, what="email")) if key and sealed else ""


def _about(account_id: int, member: int, *, what: str) -> str:
    return f"member {account_id}/{member}, {what}"


def _email_key(account_id: int, email: str) -> ColumnElement[bytes]:
    """What an address is found by in an account. Made in SQL, where small letters are always the same ones."""
    pepper = select(ACCOUNTS.c.pepper).where(ACCOUNTS.c.account_id == account_id).scalar_subquery()
    plain = func.convert_to(func.lower(email), "UTF8")
    return type_coerce(func.sha256(pepper.op("||")(type_coerce(plain, LargeBinary))), LargeBinary)


def _change(conn: Connection, account_id: int, *, member: int, **values: object) -> None:
    table = MEMBERS.c
    changed = conn.execute(update(MEMBERS).where(table.account_id == account_id, table.id == member).values(**values))
    if changed.rowcount != 1:
        raise UnknownMember(member=member)


def _query(account_id: int):  # noqa: ANN202 - SQLAlchemy's type for every column says nothing to a reader
    own = ACCOUNT_ROLES.c
    fits = (own.account_id == MEMBERS.c.account_id) & (MEMBERS.c.role == func.concat("custom:", own.id))
    return (
        select(MEMBERS, _KEY, own.name.label("own_role"), own.permissions)
        .outerjoin(ACCOUNT_ROLES, fits)
        .where(MEMBERS.c.account_id == account_id)
    )


def _member_of(row: AnyRow) -> MemberRow:
    return MemberRow(
        id=row.id,
        name=name_of(row.key, row.sealed_name, whose=(row.account_id, row.id)),
        email=email_of(row.key, row.sealed_email, whose=(row.account_id, row.id)),
        role=row.role,
        language=row.language,
        own_role=row.own_role or "",
        own=tuple(row.permissions or ()),
        person=row.person_id,
        left_at=row.left_at,
        erased_at=row.erased_at,
    )


_CREATE_MANY: Final = text("""
    INSERT INTO members (account_id, id, role, language, sealed_name, sealed_email, email_key)
    SELECT :account, new.id, new.role, new.language, new.name, new.email,
           sha256(account.pepper || convert_to(lower(new.plain), 'UTF8'))
    FROM unnest(CAST(:ids AS integer[]), CAST(:role AS text[]), CAST(:language AS text[]), CAST(:name AS bytea[]),
                CAST(:email AS bytea[]), CAST(:plain AS text[])) AS new (id, role, language, name, email, plain),
         accounts AS account
    WHERE account.account_id = :account
""")

# Looked up for each member. Joined, it is compared with each where the planner thinks that accounts have few members.
_KEY: Final = (
    select(MEMBER_KEYS.c.key)
    .where(MEMBER_KEYS.c.account_id == MEMBERS.c.account_id, MEMBER_KEYS.c.member_id == MEMBERS.c.id)
    .correlate(MEMBERS)
    .scalar_subquery()
    .label("key")
)
