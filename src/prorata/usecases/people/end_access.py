"""Removing people from an account: they have no access any more, and the licences that they held are free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prorata.core.errors import DomainError
from prorata.store import accounts, invitations, members, people, sessions
from prorata.store.engine import as_door
from prorata.store.members import MemberRow
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.mail import Mail, post
from prorata.usecases.note import note
from prorata.usecases.people.picking import Pick, picked
from prorata.usecases.people.rules import LastOwner, check_member, may_manage
from prorata.usecases.people.seats import free_seats


class NobodyChosen(DomainError):
    """Something was to be done with people, and nobody was named."""

    code = "nobody_chosen"


@dataclass(frozen=True, slots=True)
class Removed:
    """How many people are out, and how many licences of which subscription are free by it."""

    people: int
    freed: Mapping[str, int]


def end_access(services: Services, request: Request, *, member: int) -> Removed:
    """Let a member do nothing in this account from now on, as `remove_members` does."""
    return remove_members(services, request, pick=Pick(members=frozenset({member})))


def remove_members(services: Services, request: Request, *, pick: Pick) -> Removed:
    """Let members do nothing in this account from now on, free their licences, and tell those who could come in; of
    other accounts they lose nothing. All of them or, where a rule stands against one, nobody. Invitations that wait for
    them are taken back.

    Who only hold licences may be removed by whoever adds such people; others by whoever decides who may do what, after
    a proof. Raises `NotAllowed`, `ProofNeeded`, `NobodyChosen`, `UnknownMember`, `ChangedMeanwhile`, `HasLeft`,
    `BeyondYourRole`, `LastOwner`.
    """
    actor = request.actor
    if not actor.may("manage_people"):
        actor.must("add_people")
    with services.database.account(request.account) as conn:
        account = accounts.locked(conn, request.account)
        ground = Ground(conn, account, actor, request.at or now(services, account))
        rows = picked(conn, request.account, pick=pick)
        _check(ground, rows)
        ids = [row.id for row in rows]
        members.leave_many(conn, request.account, members=ids, at=ground.at)
        invitations.revoke_all(conn, request.account, emails={row.email for row in rows}, at=services.clock.now())
        freed = free_seats(ground, ids)
        _shut_out(services, ground, rows=rows)
        note(ground, action="people.end_access", subject=_subject(ids), issued=(), detail=_detail(rows, freed))
        return Removed(len(rows), freed)


def _check(ground: Ground, rows: Sequence[MemberRow]) -> None:
    if not rows:
        raise NobodyChosen
    if any(row.role != "member" for row in rows):
        may_manage(ground.actor)
    for row in rows:
        check_member(row, ground.actor)
    owners = [row for row in rows if row.role == "owner"]
    if owners and members.count_with_role(ground.conn, ground.account.account_id, role="owner") <= len(owners):
        raise LastOwner(name=owners[-1].name)


def _shut_out(services: Services, ground: Ground, *, rows: Sequence[MemberRow]) -> None:
    """End the sessions of those who have come in before, and tell them. The sessions are the door's."""
    account, at = ground.account.account_id, services.clock.now()
    came = [row for row in rows if row.person]
    with as_door(ground.conn):
        for row in came:
            people.leave(ground.conn, row.person or 0, account=account)
            sessions.leave(ground.conn, person=row.person or 0, account=account, at=at)
    data = {"account": ground.account.name, "by": ground.actor.name}
    for row in came:
        mail = Mail(kind="access_ended", to=row.email, language=row.language, data=data, account=account)
        post(ground.conn, mail, at=at)


def _subject(ids: Sequence[int]) -> str:
    return f"member {ids[0]}" if len(ids) == 1 else f"{len(ids)} members"


def _detail(rows: Sequence[MemberRow], freed: Mapping[str, int]) -> Mapping[str, object]:
    said: dict[str, object] = {"freed": dict(freed)}
    if len(rows) == 1:
        return {"member": rows[0].id, "role": rows[0].role, "own_role": rows[0].own_role, **said}
    return {"members": [row.id for row in rows], **said}
