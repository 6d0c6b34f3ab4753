"""What holds whoever is let in: what may be typed, and that nobody gives more than they have."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from prorata.core.errors import DomainError
from prorata.store import account_roles, accounts, members
from prorata.store.engine import Connection
from prorata.store.members import MemberRow
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.door.staff import LONGEST_NAME, NameNeeded
from prorata.usecases.permissions import ROLES, Actor, Permission, permissions_of


class BeyondYourRole(DomainError):
    """Nobody gives, changes or takes a role that may do what their own may not."""

    code = "beyond_your_role"


class LastOwner(DomainError):
    """An account has an owner at any time."""

    code = "last_owner"


class HasLeft(DomainError):
    """The member has no access any more."""

    code = "has_left"


def name_of(text: str) -> str:
    """A name as it is kept; raises `NameNeeded` where there is none, or more than is shown anywhere."""
    name = " ".join(text.split())
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise NameNeeded
    return name


def check_role(conn: Connection, account: int, *, role: str, actor: Actor) -> None:
    """Raise `UnknownRole` where the account has no such role, and `BeyondYourRole` where the actor may not give it."""
    own: tuple[str, ...] = ()
    if role not in ROLES:
        own = account_roles.find(conn, account, role=account_roles.id_of(role) or 0).permissions
    not_beyond(actor, permissions_of(role, own))


def not_beyond(actor: Actor, permissions: frozenset[Permission]) -> None:
    """Raise `BeyondYourRole` unless the actor has all of these permissions."""
    if not permissions <= actor.permissions:
        raise BeyondYourRole


def check_member(row: MemberRow, actor: Actor) -> None:
    """Raise unless the actor may change what a member is: `HasLeft`, and `BeyondYourRole` for who may do more."""
    if row.left_at:
        raise HasLeft(name=row.name)
    not_beyond(actor, permissions_of(row.role, row.own))


def keep_an_owner(conn: Connection, account: int, *, row: MemberRow) -> None:
    """Raise `LastOwner` where nobody else is one. Wants the account held, so that two do not go at once."""
    if row.role == "owner" and members.count_with_role(conn, account, role="owner") < 2:
        raise LastOwner(name=row.name)


def may_manage(actor: Actor) -> None:
    """Raise unless the actor decides who may do what, and has just shown who they are."""
    actor.must("manage_people")
    actor.must_prove()


@contextmanager
def managing(services: Services, request: Request) -> Generator[Ground]:
    """One transaction in which it is decided who may do what; the account is held. Raises what `may_manage` does."""
    may_manage(request.actor)
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        yield Ground(conn, account, request.actor, request.at or now(services, account))
