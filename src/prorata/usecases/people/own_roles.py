"""Roles of an account's own: made of permissions, changed, and removed when nobody has them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import account_roles
from prorata.store.account_roles import MOST_ROLES, OwnRole
from prorata.usecases.act import Request, Services
from prorata.usecases.command import Ground
from prorata.usecases.note import note
from prorata.usecases.people.rules import managing, name_of, not_beyond
from prorata.usecases.permissions import ACCOUNT_PERMISSIONS, permissions_of

_NEEDS: Final = {"manage_people": "see_people", "add_people": "see_people", "assign": "see_people"}
"""What cannot be done without seeing something else."""


class RoleNameTaken(DomainError):
    """The account has another role of this name."""

    code = "role_name_taken"


class NothingAllowed(DomainError):
    """A role that may do nothing: members may do nothing already."""

    code = "nothing_allowed"


class UnknownPermission(DomainError):
    """No role of an account can have this."""

    code = "unknown_permission"


class RoleInUse(DomainError):
    """Somebody has this role, or is invited to it."""

    code = "role_in_use"


class TooManyRoles(DomainError):
    """An account has as many roles of its own as it can have."""

    code = "too_many_roles"


def make_role(services: Services, request: Request, *, name: str, permissions: Collection[str]) -> OwnRole:
    """Make a role. Seeing belongs to whatever else it may do.

    Raises `NotAllowed`, `ProofNeeded`, `NameNeeded`, `RoleNameTaken`, `NothingAllowed`,
    `UnknownPermission`, `BeyondYourRole`, `TooManyRoles`.
    """
    with managing(services, request) as ground:
        name, whole = _checked(ground, name, permissions=permissions, but=None)
        if len(account_roles.all_of(ground.conn, request.account)) >= MOST_ROLES:
            raise TooManyRoles(most=MOST_ROLES)
        made = account_roles.create(ground.conn, request.account, name=name, permissions=whole)
        note(ground, action="roles.make", subject=name, issued=(), detail={"permissions": list(whole)})
        return made


def change_own_role(
    services: Services, request: Request, *, role: int, name: str, permissions: Collection[str]
) -> None:
    """Give a role another name and other permissions, for everybody who has it. Raises what `make_role` raises, and
    `UnknownRole`.
    """
    with managing(services, request) as ground:
        before = account_roles.find(ground.conn, request.account, role=role)
        not_beyond(request.actor, permissions_of(before.key, before.permissions))
        name, whole = _checked(ground, name, permissions=permissions, but=role)
        if (name, whole) == (before.name, before.permissions):
            return
        account_roles.change(ground.conn, request.account, role=role, name=name, permissions=whole)
        detail = {"before": before.name, "permissions": list(whole), "permissions_before": list(before.permissions)}
        note(ground, action="roles.change", subject=name, issued=(), detail=detail)


def remove_role(services: Services, request: Request, *, role: int) -> None:
    """Remove a role that nobody has. Raises `NotAllowed`, `ProofNeeded`, `UnknownRole`, `RoleInUse`,
    `BeyondYourRole`.
    """
    with managing(services, request) as ground:
        found = account_roles.find(ground.conn, request.account, role=role)
        not_beyond(request.actor, permissions_of(found.key, found.permissions))
        at = services.clock.now()
        used = account_roles.in_use(ground.conn, request.account, role=found.key, at=at)
        if used:
            raise RoleInUse(role=found.name, people=used)
        account_roles.remove(ground.conn, request.account, role=role, at=at)
        note(ground, action="roles.remove", subject=found.name, issued=())


def _checked(
    ground: Ground, text: str, *, permissions: Collection[str], but: int | None
) -> tuple[str, tuple[str, ...]]:
    name = name_of(text)
    others = account_roles.all_of(ground.conn, ground.account.account_id)
    if any(one.name.casefold() == name.casefold() for one in others if one.id != but):
        raise RoleNameTaken(role=name)
    whole = _whole(permissions)
    not_beyond(ground.actor, permissions_of("", whole))
    return name, whole


def _whole(permissions: Collection[str]) -> tuple[str, ...]:
    """The permissions in the order of the table, with what they cannot do without."""
    strange = sorted(set(permissions) - set(ACCOUNT_PERMISSIONS))
    if strange:
        raise UnknownPermission(permission=strange[0])
    if not permissions:
        raise NothingAllowed
    whole = {"see", *permissions, *(_NEEDS[one] for one in permissions if one in _NEEDS)}
    return tuple(one for one in ACCOUNT_PERMISSIONS if one in whole)
