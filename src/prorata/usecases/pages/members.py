"""The people of an account: who belongs to it as what, who is invited, and which roles there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from prorata.store import account_roles, invitations, members
from prorata.store.account_roles import OwnRole
from prorata.store.engine import Connection
from prorata.store.invitations import InvitationRow
from prorata.store.members import MemberRow
from prorata.store.screens import people
from prorata.store.screens.people import PersonRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here
from prorata.usecases.permissions import ROLES, Actor, Permission, permissions_of


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role that there is in an account. `beyond`: it may do what the reader may not, so they cannot give it."""

    key: str
    own: str
    permissions: frozenset[Permission]
    beyond: bool


@dataclass(frozen=True, slots=True)
class MembersPage:
    """`people`: everybody, who has left too; `invited`: who has not come yet; `at`: now, to tell whose link is
    too old.
    """

    here: Here
    people: tuple[PersonRow, ...]
    invited: tuple[InvitationRow, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One member, and what they could be. `holds`: the subscriptions of which they hold a licence.

    `beyond`: they may do what the reader may not, who cannot change that; `last_owner`: nobody else is one.
    """

    here: Here
    member: MemberRow
    holds: tuple[str, ...]
    roles: tuple[RoleFacts, ...]
    beyond: bool
    last_owner: bool


@dataclass(frozen=True, slots=True)
class RolesPage:
    """Every role; `own` are those of the account's own, with how many have or are invited to them."""

    here: Here
    own: tuple[tuple[OwnRole, int], ...]


@dataclass(frozen=True, slots=True)
class InvitePage:
    """What somebody could be invited to."""

    here: Here
    roles: tuple[RoleFacts, ...]


def members_page(services: Services, request: Request) -> MembersPage:
    """Everybody; raises `NotAllowed`."""
    request.actor.must("see_people")
    with services.database.account(request.account, read_only=True) as conn:
        return MembersPage(
            here(conn, request, services=services),
            people.people(conn, request.account),
            invitations.all_waiting(conn, request.account),
            services.clock.now(),
        )


def member_page(services: Services, request: Request, *, member: int) -> MemberPage:
    """One of them; raises `NotAllowed`, `UnknownMember`."""
    request.actor.must("see_people")
    with services.database.account(request.account, read_only=True) as conn:
        row = members.find(conn, request.account, member=member)
        everybody = people.people(conn, request.account)
        owners = members.count_with_role(conn, request.account, role="owner")
        return MemberPage(
            here=here(conn, request, services=services),
            member=row,
            holds=next(one.holds for one in everybody if one.member.id == member),
            roles=_roles(conn, request.account, actor=request.actor),
            beyond=not permissions_of(row.role, row.own) <= request.actor.permissions,
            last_owner=row.role == "owner" and not row.left_at and owners == 1,
        )


def invite_page(services: Services, request: Request) -> InvitePage:
    """What somebody could be invited to; raises `NotAllowed`, `ProofNeeded`."""
    request.actor.must("manage_people")
    request.actor.must_prove()
    with services.database.account(request.account, read_only=True) as conn:
        roles = _roles(conn, request.account, actor=request.actor)
        return InvitePage(here(conn, request, services=services), roles)


def roles_page(services: Services, request: Request) -> RolesPage:
    """The roles; raises `NotAllowed`."""
    request.actor.must("see_people")
    at = services.clock.now()
    with services.database.account(request.account, read_only=True) as conn:
        own = account_roles.all_of(conn, request.account)
        counted = tuple((one, account_roles.in_use(conn, request.account, role=one.key, at=at)) for one in own)
        return RolesPage(here(conn, request, services=services), counted)


def own_role_page(services: Services, request: Request, *, role: int) -> OwnRole:
    """One role of the account's own, to change it; raises `NotAllowed`, `ProofNeeded`, `UnknownRole`."""
    request.actor.must("manage_people")
    request.actor.must_prove()
    with services.database.account(request.account, read_only=True) as conn:
        return account_roles.find(conn, request.account, role=role)


def _roles(conn: Connection, account: int, *, actor: Actor) -> tuple[RoleFacts, ...]:
    own = account_roles.all_of(conn, account)
    found = [(role, "", permissions_of(role)) for role in ROLES]
    found += [(one.key, one.name, permissions_of(one.key, one.permissions)) for one in own]
    return tuple(RoleFacts(key, name, may, beyond=not may <= actor.permissions) for key, name, may in found)
