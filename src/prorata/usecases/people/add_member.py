"""Adding people who hold licences, without inviting them to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.core.errors import DomainError
from prorata.store import accounts, members
from prorata.store.members import MOST_MEMBERS, EmailTaken, NewMember
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.door.codes import checked_email
from prorata.usecases.note import note
from prorata.usecases.people.rules import name_of
from prorata.usecases.people.seats import give_seats


class TooManyMembers(DomainError):
    """An account has as many people as it can have, counting those who have left."""

    code = "too_many_members"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """Whom to add; `licences`: the names of the subscriptions of which they get a licence at once."""

    name: str
    email: str
    language: Language
    licences: tuple[str, ...] = ()


def add_member(services: Services, request: Request, *, new: Addition) -> int:
    """Let somebody belong to the account who does nothing there but hold licences; returns the member's id.

    They are not told, and cannot sign in until somebody invites them. Who had left is back. Raises `NotAllowed`,
    `NameNeeded`, `NotAnEmail`, `EmailTaken`, `TooManyMembers`, `UnknownSubscription`, `AlreadyEnded`,
    `NotEnoughLicences`; then nothing has happened.
    """
    request.actor.must("add_people")
    if new.licences:
        request.actor.must("assign")
    name, email = name_of(new.name), checked_email(new.email)
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        ground = Ground(conn, account, request.actor, request.at or now(services, account))
        member = _taken_in(ground, NewMember(name, email, new.language))
        give_seats(ground, dict.fromkeys(new.licences, (member,)))
        note(ground, action="people.add", subject=f"member {member}", issued=(), detail={"licences": [*new.licences]})
        return member


def _taken_in(ground: Ground, new: NewMember) -> int:
    conn, account = ground.conn, ground.account.account_id
    there = members.by_email(conn, account, email=new.email)
    if there and not there.left_at:
        raise EmailTaken(email=new.email)
    if there:
        members.come_back(conn, account, members=(there.id,))
        return there.id
    (member,) = members.create_many(conn, account, new=(new,))
    check_count(member)
    return member


def check_count(last: int) -> None:
    """Raise `TooManyMembers` where the last member's id says that there are too many."""
    if last > MOST_MEMBERS:
        raise TooManyMembers(most=MOST_MEMBERS)
