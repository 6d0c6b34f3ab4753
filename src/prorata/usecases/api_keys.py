"""Keys that programs of an account sign in with: made, listed, revoked, and known again.

A key stands for the member who made it and for a part of what they may do, its scopes. It is good for nothing once
that member has left, or may not manage keys any more: whoever is let go takes nothing along.

`prorata_{account}_{id}_{token}`: the account stands in it so that it is looked up as one of that account, under
row-level security; only the hash of the token is kept.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from prorata.core.errors import DomainError
from prorata.store import accounts, api_keys, members
from prorata.store.accounts import AccountRow
from prorata.store.api_keys import Found, KeyRow, NewKey
from prorata.store.engine import Connection
from prorata.store.members import MemberRow
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.keys import hash_of, new_token
from prorata.usecases.mail import Mail, post
from prorata.usecases.note import note
from prorata.usecases.permissions import AccountPermission, Actor, Origin, member_actor

Scope = Literal["read", "entitlements"]
SCOPES: Final[dict[Scope, frozenset[AccountPermission]]] = {
    "read": frozenset({"see"}),
    "entitlements": frozenset({"check_use"}),
}
"""What each scope lets a program do."""

MOST_DAYS: Final = 365
MOST_KEYS: Final = 50
"""So many of an account are good for something at once."""
LONGEST_NAME: Final = 60
NOTED_EVERY: Final = timedelta(minutes=1)
"""When a key was last used is known to the minute: not each request writes a row."""
PAGE: Final = "/keys"
"""Where the keys of an account are looked after."""
_PREFIX: Final = "prorata"
_DIGITS: Final = (18, 9)
"""No id of an account or of a key has more, so that a database reads them."""
_NO_HASH: Final = bytes(32)


class KeyNeedsMember(DomainError):
    """A key stands for somebody of the account, and whoever makes it is nobody of it."""

    code = "key_needs_member"


class KeyNameMissing(DomainError):
    """A key has no name, or too long a one."""

    code = "key_name_missing"


class KeyWithoutScope(DomainError):
    """A key that may be used for nothing."""

    code = "key_without_scope"


class KeyDaysOutOfBounds(DomainError):
    """A key that is good for no day, or for longer than a year."""

    code = "key_days_out_of_bounds"


class TooManyKeys(DomainError):
    """The account has as many keys as it may have."""

    code = "too_many_keys"


@dataclass(frozen=True, slots=True)
class KeyWish:
    """A key that somebody wants: good for so many `days`."""

    name: str
    scopes: frozenset[Scope]
    days: int


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key with what it is used with, which nobody is told again."""

    row: KeyRow
    zone: ZoneInfo
    secret: str = field(repr=False)


KeyState = Literal["good", "expired", "revoked", "maker_gone"]
"""`maker_gone`: who made it has left, or may not manage keys any more."""


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key, and whether it is good for something."""

    row: KeyRow
    state: KeyState


@dataclass(frozen=True, slots=True)
class KeyList:
    """The keys of an account, newest first; `zone` is that of its days."""

    zone: ZoneInfo
    keys: tuple[ListedKey, ...]


@dataclass(frozen=True, slots=True)
class KeyUse:
    """Who uses a key: what the program may do, in which account, by which key."""

    account: int
    account_name: str
    key: KeyRow
    actor: Actor


def list_keys(services: Services, request: Request) -> KeyList:
    """The keys of the account, newest first, those that are over too; raises `NotAllowed`."""
    request.actor.must("manage_keys")
    at = services.clock.now()
    with services.database.account(request.account, read_only=True) as conn:
        zone = accounts.find(conn, request.account).zone
        found = api_keys.all_of(conn, request.account)
    return KeyList(zone, tuple(ListedKey(one.key, _state(one, at)) for one in found))


def make_key(services: Services, request: Request, *, wish: KeyWish) -> MadeKey:
    """Make a key. Raises what stands above, `KeyNameTaken`, `NotAllowed`, `ProofNeeded`; then there is none."""
    actor = request.actor
    actor.must("manage_keys")
    actor.must_prove()
    member = _checked(wish, actor)
    token, at = new_token(), services.clock.now()
    new = NewKey(
        token_hash=hash_of(token),
        last_four=token[-4:],
        name=wish.name.strip(),
        scopes=tuple(scope for scope in SCOPES if scope in wish.scopes),
        made_by=member,
        made_by_name=actor.name,
        at=at,
        expires_at=at + timedelta(days=wish.days),
    )
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        if api_keys.count_usable(conn, request.account, at=at) >= MOST_KEYS:
            raise TooManyKeys(most=MOST_KEYS)
        made = api_keys.create(conn, request.account, new=new)
        ground = Ground(conn, account, actor, request.at or now(services, account))
        detail = {"key": made, "scopes": list(new.scopes), "expires_at": new.expires_at.isoformat()}
        note(ground, action="key.make", subject=new.name, issued=(), detail=detail)
        _tell(conn, account, by=members.find(conn, request.account, member=member), name=new.name, at=at)
    row = KeyRow(
        id=made,
        name=new.name,
        scopes=new.scopes,
        last_four=new.last_four,
        made_by=member,
        made_by_name=new.made_by_name,
        at=at,
        expires_at=new.expires_at,
        used_at=None,
        revoked_at=None,
    )
    return MadeKey(row, account.zone, f"{_PREFIX}_{request.account}_{made}_{token}")


def revoke_key(services: Services, request: Request, *, key: int) -> KeyRow:
    """Let a key be good for nothing from now on. Raises `UnknownKey`, `NotAllowed`, `ProofNeeded`."""
    actor = request.actor
    actor.must("manage_keys")
    actor.must_prove()
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        row = api_keys.revoke(conn, request.account, key=key, at=services.clock.now())
        ground = Ground(conn, account, actor, request.at or now(services, account))
        note(ground, action="key.revoke", subject=row.name, issued=(), detail={"key": row.id})
    return row


def use_key(services: Services, text: str, *, address: str = "") -> KeyUse | None:
    """Who uses a key, by its whole text; None for every text that is no key that is good for something now.

    What is wrong with it is told by nothing: neither by the answer nor by how much is done for it.
    """
    parts = _parts(text)
    if parts is None:
        return None
    account, key, token = parts
    at = services.clock.now()
    with services.database.account(account) as conn:
        found = api_keys.find(conn, account, key=key)
        fits = hmac.compare_digest(found.token_hash if found else _NO_HASH, hash_of(token))
        actor = _actor(found, address=address) if found and fits and _state(found, at) == "good" else None
        if found is None or actor is None:
            return None
        if found.key.used_at is None or at - found.key.used_at >= NOTED_EVERY:
            api_keys.note_use(conn, account, key=key, at=at, every=NOTED_EVERY)
    return KeyUse(account, found.account_name, found.key, actor)


def _tell(conn: Connection, account: AccountRow, *, by: MemberRow, name: str, at: datetime) -> None:
    """Tell who made a key, by mail: it may be somebody else at their desk."""
    data = {"account": account.name, "by": by.name, "name": name, "link": PAGE}
    mail = Mail(kind="key_made", to=by.email, language=by.language, data=data, account=account.account_id)
    post(conn, mail, at=at)


def _checked(wish: KeyWish, actor: Actor) -> int:
    """Refuse what cannot be a key; gives the member whom it stands for."""
    if actor.member is None:
        raise KeyNeedsMember
    if not 0 < len(wish.name.strip()) <= LONGEST_NAME:
        raise KeyNameMissing(most=LONGEST_NAME)
    if not wish.scopes:
        raise KeyWithoutScope
    for scope in SCOPES:
        for permission in SCOPES[scope] if scope in wish.scopes else ():
            actor.must(permission)
    if not 1 <= wish.days <= MOST_DAYS:
        raise KeyDaysOutOfBounds(days=wish.days, most=MOST_DAYS)
    return actor.member


def _parts(text: str) -> tuple[int, int, str] | None:
    """The account, the id and the token of a key's text; None for what is none."""
    prefix, _, rest = text.partition("_")
    account, _, rest = rest.partition("_")
    key, _, token = rest.partition("_")
    if prefix != _PREFIX or not token or not token.isascii():
        return None
    numbers = [_number(digits, most=most) for digits, most in zip((account, key), _DIGITS, strict=True)]
    return (numbers[0], numbers[1], token) if numbers[0] is not None and numbers[1] is not None else None


def _number(digits: str, *, most: int) -> int | None:
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= most else None


def _state(found: Found, at: datetime) -> KeyState:
    if found.key.revoked_at is not None:
        return "revoked"
    if found.key.expires_at <= at:
        return "expired"
    maker = _maker(found)
    return "good" if maker and maker.may("manage_keys") else "maker_gone"


def _maker(found: Found, *, address: str = "") -> Actor | None:
    """The member whom a key stands for, called as the key is; None where they have left, or it stands for nobody."""
    if found.key.made_by is None or found.role is None or found.left_at is not None:
        return None
    return member_actor(
        found.key.name,
        found.role,
        member=found.key.made_by,
        own=found.own,
        own_role=found.own_role,
        origin=Origin(address, "api"),
    )


def _actor(found: Found, *, address: str) -> Actor | None:
    """What the program may do: what the scopes say, and no more than the member whom the key stands for may do now."""
    maker = _maker(found, address=address)
    given = frozenset(p for scope, of in SCOPES.items() if scope in found.key.scopes for p in of)
    return replace(maker, permissions=maker.permissions & given) if maker else None
