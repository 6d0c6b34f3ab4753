"""Erasing who somebody was who has left an account: what they did stays, and names nobody any more."""

from __future__ import annotations

from prorata.core.errors import DomainError
from prorata.store import accounts, erasing, exports, forgetting, members
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.note import note
from prorata.usecases.people.rules import may_manage, not_beyond
from prorata.usecases.permissions import permissions_of


class StillBelongs(DomainError):
    """Who is to be erased belongs to the account."""

    code = "still_belongs"


def erase_member(services: Services, request: Request, *, member: int) -> None:
    """Make it impossible for good to say who a member was; of who was erased already, nothing more.

    Raises `NotAllowed`, `ProofNeeded`, `UnknownMember`, `StillBelongs`, `BeyondYourRole`.
    """
    may_manage(request.actor)
    # Some of what is erased is the door's, so it is done as the owner.
    with services.database.owner() as conn:
        account = accounts.locked(conn, request.account)
        ground = Ground(conn, account, request.actor, request.at or now(services, account))
        row = members.find(conn, request.account, member=member)
        if row.erased_at:
            return
        if row.left_at is None:
            raise StillBelongs(name=row.name)
        not_beyond(request.actor, permissions_of(row.role, row.own))
        forgetting.erase(conn, request.account, member=member, at=ground.at)
        erasing.erase_at_door(conn, request.account, email=row.email, name=row.name)
        exports.withdraw(conn, request.account)
        note(ground, action="people.erase", subject=f"member {member}", issued=())
