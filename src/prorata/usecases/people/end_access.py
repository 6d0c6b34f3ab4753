"""Taking somebody's access to an account away."""

from __future__ import annotations

from prorata.store import accounts, members, people, sessions
from prorata.usecases.act import Request, Services, now
from prorata.usecases.command import Ground
from prorata.usecases.mail import Mail, post
from prorata.usecases.note import note
from prorata.usecases.people.rules import check_member, keep_an_owner, may_manage


def end_access(services: Services, request: Request, *, member: int) -> None:
    """Let a member do nothing in this account from now on, and tell them. Licences that they hold stay with them until
    somebody takes those back; of other accounts they lose nothing.

    Raises `NotAllowed`, `ProofNeeded`, `UnknownMember`, `HasLeft`, `BeyondYourRole`, `LastOwner`.
    """
    may_manage(request.actor)
    # As the door: it sees the sessions that end by this.
    with services.database.door(request.account) as conn:
        account = accounts.locked(conn, request.account)
        ground = Ground(conn, account, request.actor, request.at or now(services, account))
        row = members.find(conn, request.account, member=member)
        check_member(row, request.actor)
        keep_an_owner(conn, request.account, row=row)
        at = services.clock.now()
        members.leave(conn, request.account, member=member, at=ground.at)
        if row.person:
            people.leave(conn, row.person, account=request.account)
            sessions.leave(conn, person=row.person, account=request.account, at=at)
        detail = {"member": member, "role": row.role, "own_role": row.own_role}
        note(ground, action="people.end_access", subject=row.name, issued=(), detail=detail)
        data = {"account": account.name, "by": request.actor.name}
        mail = Mail(kind="access_ended", to=row.email, language=row.language, data=data, account=request.account)
        post(conn, mail, at=at)
