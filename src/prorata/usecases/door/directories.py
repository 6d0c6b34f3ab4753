"""An account's own directory: set by an owner, tried, changed and removed.

It signs people in to that account and to no other, so nobody has to prove that a domain of mail is theirs.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from typing import Final, cast

from prorata.core.errors import DomainError
from prorata.store import accounts, directories, sessions
from prorata.store.accounts import AccountRow
from prorata.store.directories import DirectoryRow
from prorata.store.engine import Connection
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.keys import new_token
from prorata.usecases.note import note
from prorata.usecases.permissions import ROLES, Actor, Role
from prorata.usecases.vouching import Client

VENDOR: Final = "vendor"
"""The place of the vendor's own directory."""
LONGEST: Final = 300
FOR_NEW: Final[tuple[Role, ...]] = tuple(role for role in ROLES if role != "owner")
"""What somebody may become whom only the directory knows: owners are made by owners."""
_KEY: Final = 16


class DirectoryIncomplete(DomainError):
    """It needs a name, an issuer, a client id and a secret; `fields` names those that are missing or too long."""

    code = "directory_incomplete"


class NotARoleForNew(DomainError):
    """New people cannot become this: there is no such role, or it may do more than who gives it."""

    code = "not_a_role_for_new"


class NoDirectory(DomainError):
    """The account has no directory, or has one no more."""

    code = "no_directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A directory as an owner wants it. An empty secret leaves the one that is kept; `role_for_new`: empty for none."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    role_for_new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFacts:
    """The directory of an account without its secret; `sign_in`: the address that its people begin at."""

    name: str
    issuer: str
    client_id: str
    role_for_new: str | None
    sign_in: str


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """The directory, None where there is none yet, and the address that it sends people back to."""

    directory: DirectoryFacts | None
    redirect: str


def directory_page(services: Services, request: Request, *, change: bool = False) -> DirectoryPage:
    """What there is; `change`: to change it, which who has just shown who they are may. Raises `NotAllowed`,
    `ProofNeeded`.
    """
    request.actor.must("manage_directory")
    if change:
        request.actor.must_prove()
    with services.database.account(request.account, read_only=True) as conn:
        row = directories.current(conn, request.account)
    return DirectoryPage(
        _facts(services, request.account, row=row) if row else None, redirect_of(services, request.account)
    )


def set_directory(services: Services, request: Request, *, wish: Wish) -> None:
    """Set the account's directory, or change the one that it has, if it can be reached.

    The issuer of one that is there stays: another issuer is another directory, whose people are others. Raises
    `NotAllowed`, `ProofNeeded`, `DirectoryIncomplete`, `NotARoleForNew`, and what `Directories` raises.
    """
    _may(request.actor)
    with services.database.account(request.account, read_only=True) as conn:
        kept = directories.current(conn, request.account)
    wish = _checked(wish, kept, actor=request.actor)
    secret = wish.client_secret or (services.keys.unseal(kept.client_secret) if kept else "")
    services.directories.reach(Client(wish.issuer, wish.client_id, secret))
    with services.database.account(request.account) as conn:
        ground = _ground(services, request, conn=conn)
        row = _row(services, wish, ground=ground)
        there = directories.current(conn, request.account)
        if there:
            secret = row.client_secret if wish.client_secret else there.client_secret
            directories.change(conn, request.account, row=replace(row, id=there.id, client_secret=secret))
        else:
            directories.create(conn, request.account, new=row)
        _note(ground, "change_directory" if there else "set_directory", row=row)


def try_directory(services: Services, request: Request) -> None:
    """See whether it can be reached. Raises `NotAllowed`, `NoDirectory`, and what `Directories` raises."""
    request.actor.must("manage_directory")
    with services.database.account(request.account, read_only=True) as conn:
        row = directories.current(conn, request.account)
    if row is None:
        raise NoDirectory
    services.directories.reach(client_of(services, row))


def remove_directory(services: Services, request: Request) -> None:
    """Nobody comes in by it any more, and who came in by it is out; members stay members.

    Raises `NotAllowed`, `ProofNeeded`, `NoDirectory`.
    """
    _may(request.actor)
    at = services.clock.now()
    with services.database.account(request.account) as conn:
        ground = _ground(services, request, conn=conn)
        row = directories.current(conn, request.account)
        if row is None:
            raise NoDirectory
        directories.remove(conn, request.account, directory=row.id, at=at)
        _note(ground, "remove_directory", row=row)
    with services.database.door() as conn:
        sessions.end_by_directory(conn, request.account, at=at)


def client_of(services: Services, row: DirectoryRow) -> Client:
    """How the product is known at an account's directory."""
    return Client(row.issuer, row.client_id, services.keys.unseal(row.client_secret))


def redirect_of(services: Services, account: int | None) -> str:
    """Where a directory sends people back to: an address for each account, so that no answer passes for another's."""
    return f"{services.address}/sign-in/with/{account or VENDOR}/back"


def place_of(account: int, row: DirectoryRow) -> str:
    """The part of the sign-in address that names a directory; its end cannot be guessed."""
    return f"{account}-{row.id}-{row.key}"


def at_place(conn: Connection, place: tuple[int, int, str]) -> DirectoryRow | None:
    """The directory of a place, or None; `conn` sees that account."""
    account, number, key = place
    row = directories.find(conn, account, directory=number)
    return row if row and hmac.compare_digest(row.key.encode(), key.encode()) else None


def _may(actor: Actor) -> None:
    actor.must("manage_directory")
    actor.must_prove()


def _checked(wish: Wish, kept: DirectoryRow | None, *, actor: Actor) -> Wish:
    if kept:
        wish = replace(wish, issuer=kept.issuer)
    wanted = ("name", "issuer", "client_id") if kept else ("name", "issuer", "client_id", "client_secret")
    values = {name: cast("str", getattr(wish, name)) for name in ("name", "issuer", "client_id", "client_secret")}
    wrong = [name for name, value in values.items() if (name in wanted and not value) or len(value) > LONGEST]
    if wrong:
        raise DirectoryIncomplete(fields=",".join(wrong), most=LONGEST)
    if wish.role_for_new:
        found: Role | None = next((role for role in FOR_NEW if role == wish.role_for_new), None)
        if found is None or not ROLES[found] <= actor.permissions:
            raise NotARoleForNew(role=wish.role_for_new[:LONGEST])
    return wish


def _ground(services: Services, request: Request, *, conn: Connection) -> Ground:
    account: AccountRow = accounts.locked(conn, request.account)
    return Ground(conn, account, request.actor, request.at or now(services, account))


def _row(services: Services, wish: Wish, *, ground: Ground) -> DirectoryRow:
    return DirectoryRow(
        key=new_token()[:_KEY],
        name=wish.name,
        issuer=wish.issuer,
        client_id=wish.client_id,
        client_secret=services.keys.seal(wish.client_secret),
        role_for_new=wish.role_for_new or None,
        at=ground.at,
    )


def _note(ground: Ground, action: str, *, row: DirectoryRow) -> None:
    detail = {"issuer": row.issuer, "client_id": row.client_id, "role_for_new": row.role_for_new or ""}
    note(ground, action=action, subject=row.name, issued=(), detail=detail)


def _facts(services: Services, account: int, *, row: DirectoryRow) -> DirectoryFacts:
    return DirectoryFacts(
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        role_for_new=row.role_for_new,
        sign_in=f"{services.address}/sign-in/with/{place_of(account, row)}",
    )
