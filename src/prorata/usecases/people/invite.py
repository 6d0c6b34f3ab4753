"""Inviting somebody into an account by a link in a mail, sending the link anew, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import invitations, members
from prorata.store.invitations import MOST_OPEN, InvitationRow, NewInvitation
from prorata.store.members import EmailTaken
from prorata.store.snapshots import Language
from prorata.usecases.act import Request, Services
from prorata.usecases.command import Ground
from prorata.usecases.door.codes import checked_email
from prorata.usecases.keys import hash_of, new_token
from prorata.usecases.mail import Mail, post
from prorata.usecases.note import note
from prorata.usecases.people.rules import check_role, managing, name_of

VALID: Final = timedelta(days=7)
"""A week: whoever is away for some days still finds a link that works, and a forgotten one is not open for long."""


class AlreadyInvited(DomainError):
    """An invitation to this address waits for an answer."""

    code = "already_invited"


class TooManyInvitations(DomainError):
    """So many invitations wait for an answer that no more are sent."""

    code = "too_many_invitations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Whom to invite. `role` as a member has it; `language`: of the mail and of their screens."""

    name: str
    email: str
    role: str
    language: Language


def invite(services: Services, request: Request, *, invitee: Invitee) -> int:
    """Mail somebody a link by which they come in; returns the invitation's id.

    Somebody of the account who has never come in may be invited too, to what they are already. Raises `NotAllowed`,
    `ProofNeeded`, `NameNeeded`, `NotAnEmail`, `EmailTaken`, `AlreadyInvited`, `TooManyInvitations`,
    `UnknownRole`, `BeyondYourRole`.
    """
    with managing(services, request) as ground:
        return invite_here(services, ground, invitee=invitee)


def invite_here(services: Services, ground: Ground, *, invitee: Invitee, by: str | None = None) -> int:
    """Invite somebody within a transaction in which it may be decided who belongs to the account, as `invite` does.

    `by`: who the mail says invites them, where it is not whoever acts.
    """
    at, token, account = services.clock.now(), new_token(), ground.account.account_id
    new = _checked(ground, invitee, at=at, token=token)
    if by:
        new = replace(new, by_name=by)
    made = invitations.create(ground.conn, account, new=new)
    row = invitations.waiting(ground.conn, account, invitation=made)
    _mail(services, ground, row=row, by=new.by_name, token=token, at=at)
    note(ground, action="people.invite", subject=f"invitation {made}", issued=(), detail=_as(row))
    return made


def invite_again(services: Services, request: Request, *, invitation: int) -> None:
    """Mail another link for an invitation that waits; the one before is void. Raises `UnknownInvitation`,
    `NotAllowed`, `ProofNeeded`, `UnknownRole`, `BeyondYourRole`.
    """
    with managing(services, request) as ground:
        row = invitations.waiting(ground.conn, request.account, invitation=invitation)
        check_role(ground.conn, request.account, role=row.role, actor=request.actor)
        at, token = services.clock.now(), new_token()
        invitations.renew(
            ground.conn, request.account, invitation=row.id, token_hash=hash_of(token), at=at, expires_at=at + VALID
        )
        _mail(services, ground, row=row, by=ground.actor.name, token=token, at=at)
        note(ground, action="people.invite_again", subject=f"invitation {row.id}", issued=())


def take_back(services: Services, request: Request, *, invitation: int) -> None:
    """Let an invitation that waits be void. Raises `UnknownInvitation`, `NotAllowed`, `ProofNeeded`."""
    with managing(services, request) as ground:
        row = invitations.waiting(ground.conn, request.account, invitation=invitation)
        invitations.revoke(ground.conn, request.account, invitation=row.id, at=services.clock.now())
        note(ground, action="people.take_back", subject=f"invitation {row.id}", issued=())


def link_text(account: int, invitation: int, *, token: str) -> str:
    """What stands at the end of an invitation's link: where it is found, and the secret that fits it."""
    return f"{account}-{invitation}-{token}"


def _checked(ground: Ground, invitee: Invitee, *, at: datetime, token: str) -> NewInvitation:
    conn, account, actor = ground.conn, ground.account.account_id, ground.actor
    name, email, role = name_of(invitee.name), checked_email(invitee.email), invitee.role
    there = members.by_email(conn, account, email=email)
    if there and not there.left_at:
        if there.person:
            raise EmailTaken(email=email)
        role = there.role
    check_role(conn, account, role=role, actor=actor)
    waiting = invitations.all_waiting(conn, account)
    if any(one.email == email for one in waiting):
        raise AlreadyInvited(email=email)
    if len(waiting) >= MOST_OPEN:
        raise TooManyInvitations(most=MOST_OPEN)
    return NewInvitation(
        token_hash=hash_of(token),
        name=name,
        email=email,
        role=role,
        language=invitee.language,
        by=actor.member,
        by_name=actor.name,
        at=at,
        expires_at=at + VALID,
    )


def _mail(services: Services, ground: Ground, *, row: InvitationRow, by: str, token: str, at: datetime) -> None:
    account = ground.account
    data = {
        "account": account.name,
        "by": by,
        "role": row.own_role or row.role,
        "link": f"{services.address}/invitation/{link_text(account.account_id, row.id, token=token)}",
        "days": VALID.days,
    }
    mail = Mail(
        kind="invitation", to=row.email, language=row.language, data=data, account=account.account_id, secret=True
    )
    post(ground.conn, mail, at=at)


def _as(row: InvitationRow) -> dict[str, object]:
    return {"role": row.role, "own_role": row.own_role}
