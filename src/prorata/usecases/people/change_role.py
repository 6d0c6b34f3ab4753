"""Letting somebody of an account be something else."""

from __future__ import annotations

from prorata.store import members
from prorata.store.members import MemberRow
from prorata.usecases.act import Request, Services
from prorata.usecases.command import Ground
from prorata.usecases.mail import Mail, post
from prorata.usecases.note import note
from prorata.usecases.people.rules import check_member, check_role, keep_an_owner, managing


def change_role(services: Services, request: Request, *, member: int, role: str) -> None:
    """Give a member another role, and tell them. From their next request on it holds.

    Raises `NotAllowed`, `ProofNeeded`, `UnknownMember`, `HasLeft`, `UnknownRole`, `BeyondYourRole`, `LastOwner`.
    """
    with managing(services, request) as ground:
        before = members.find(ground.conn, request.account, member=member)
        check_member(before, request.actor)
        check_role(ground.conn, request.account, role=role, actor=request.actor)
        if role == before.role:
            return
        keep_an_owner(ground.conn, request.account, row=before)
        members.set_role(ground.conn, request.account, member=member, role=role)
        after = members.find(ground.conn, request.account, member=member)
        detail = {
            "member": member, "role": role, "own_role": after.own_role,
            "before": before.role, "own_before": before.own_role,
        }  # fmt: skip
        note(ground, action="people.change_role", subject=f"member {member}", issued=(), detail=detail)
        _tell(services, ground, row=after)


def _tell(services: Services, ground: Ground, *, row: MemberRow) -> None:
    data = {"account": ground.account.name, "by": ground.actor.name, "role": row.own_role or row.role}
    mail = Mail(kind="role_changed", to=row.email, language=row.language, data=data, account=ground.account.account_id)
    post(ground.conn, mail, at=services.clock.now())
