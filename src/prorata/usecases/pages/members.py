"""The people of an account: who belongs to it as what, who is invited, and which roles there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prorata.store import account_roles, assignments, invitations, members
from prorata.store.account_roles import OwnRole
from prorata.store.engine import Connection
from prorata.store.invitations import InvitationRow
from prorata.store.members import MemberRow
from prorata.store.screens import people
from prorata.store.screens.people import PersonRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, here
from prorata.usecases.people.picking import EVERYBODY, Filter, Pick, found, picked, seen_of
from prorata.usecases.permissions import ROLES, Actor, Permission, permissions_of

PER_PAGE: Final = 50
"""People on a page of a list."""


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role that there is in an account. `beyond`: it may do what the reader may not, so they cannot give it."""

    key: str
    own: str
    permissions: frozenset[Permission]
    beyond: bool


@dataclass(frozen=True, slots=True)
class MembersPage:
    """`people`: those of this page of those whom the filter finds, who are `found`, in one word `seen`; `present`:
    how many belong to the account; `invited`: who has not come yet; `at`: now, to tell whose link is too old; `own`:
    the roles of its own.
    """

    here: Here
    people: tuple[PersonRow, ...]
    page: int
    found: int
    seen: str
    present: int
    invited: tuple[InvitationRow, ...]
    at: datetime
    own: tuple[OwnRole, ...]


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


def members_page(services: Services, request: Request, *, of: Filter = EVERYBODY, page: int = 1) -> MembersPage:
    """A page of those whom a filter finds: who may do something first, then by name. Of a page that is not there the
    nearest one. Raises `NotAllowed`.
    """
    request.actor.must("see_people")
    with services.database.account(request.account, read_only=True) as conn:
        everybody = people.people(conn, request.account)
        matching = sorted(found(everybody, of), key=_order)
        page = min(max(page, 1), max(-(-len(matching) // PER_PAGE), 1))
        return MembersPage(
            here(conn, request, services=services),
            tuple(matching[(page - 1) * PER_PAGE : page * PER_PAGE]),
            page,
            len(matching),
            seen_of(one.member.id for one in matching),
            sum(1 for one in everybody if not one.member.left_at),
            invitations.all_waiting(conn, request.account),
            services.clock.now(),
            account_roles.all_of(conn, request.account),
        )


def _order(one: PersonRow) -> tuple[bool, str, int]:
    return one.member.role == "member", one.member.name.casefold(), one.member.id


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


@dataclass(frozen=True, slots=True)
class RemovalPage:
    """Who would be removed, and how many licences of which subscription would be free by it."""

    here: Here
    members: tuple[MemberRow, ...]
    freed: Mapping[str, int]


def removal_page(services: Services, request: Request, *, pick: Pick) -> RemovalPage:
    """What removing people would bring; raises `NotAllowed`, and what finding them raises."""
    if not request.actor.may("manage_people"):
        request.actor.must("add_people")
    with services.database.account(request.account, read_only=True) as conn:
        rows = picked(conn, request.account, pick=pick)
        held = assignments.held_by(conn, request.account, members=[row.id for row in rows])
        freed = {one.subscription: len(one.members) for one in held}
        return RemovalPage(here(conn, request, services=services), rows, freed)


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
