"""Coming into an account by the link of an invitation: who holds it can read the mail of its address."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import accounts, invitations, members, people, sessions
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.store.errors import NoSuchAccount
from prorata.store.invitations import InvitationRow
from prorata.store.members import EmailTaken
from prorata.store.people import Person
from prorata.usecases.act import Services, now
from prorata.usecases.command import Ground
from prorata.usecases.door.sessions import IDLE, Seen, begin
from prorata.usecases.keys import hash_of
from prorata.usecases.note import note
from prorata.usecases.permissions import Origin, member_actor

_MOST_DIGITS: Final = 9
_NOBODYS: Final = bytes(32)


class InvitationNotValid(DomainError):
    """No invitation has this link: it was mistyped, made up, or another one was sent since."""

    code = "invitation_not_valid"


class InvitationExpired(DomainError):
    """The link is too old."""

    code = "invitation_expired"


class InvitationUsed(DomainError):
    """Somebody has come by this link already."""

    code = "invitation_used"


class InvitationTakenBack(DomainError):
    """Who invited has taken it back."""

    code = "invitation_taken_back"


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says to who holds its link."""

    account: str
    row: InvitationRow


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody has come in; `token` is that of their session."""

    account: int
    member: int
    token: str


@dataclass(frozen=True, slots=True)
class _Link:
    account: int
    invitation: int
    token: str


def invited(services: Services, link: str) -> Invited:
    """What the invitation of a link says; nothing happens. Raises `InvitationNotValid`, and to who has its right link
    `InvitationExpired`, `InvitationUsed`, `InvitationTakenBack`.
    """
    asked = _read(link)
    with services.database.door(asked.account, read_only=True) as conn:
        row = _found(conn, asked, at=services.clock.now())
        return Invited(accounts.find(conn, asked.account).name, row)


def accept(services: Services, link: str, *, seen: Seen) -> Joined:
    """Make whoever holds the link a member, and let them in. Raises what `invited` raises, and `EmailTaken`.

    A mail is handed on more easily than a code: of who belongs elsewhere too, the link opens this account alone.
    Whoever has signed in as that person goes on as they were.
    """
    asked = _read(link)
    with services.database.door(asked.account) as conn:
        at = services.clock.now()
        _found(conn, asked, at=at)
        account = _held(conn, asked.account)
        # Once more, now that nobody else can use it at the same time.
        row = _found(conn, asked, at=at)
        person = people.ensure(conn, email=row.email, name=row.name, language=row.language, at=at)
        only = None if _may_all(conn, person.id, seen=seen, at=at) else asked.account
        member = _member(conn, asked.account, row=row, person=person)
        invitations.use(conn, asked.account, invitation=row.id, at=at, member=member)
        _note(conn, account, row=row, member=member, at=now(services, account), seen=seen)
        token = begin(
            services, conn, person=person.id, method="link", seen=seen, account=asked.account, only_account=only
        )
        return Joined(asked.account, member, token)


def _read(link: str) -> _Link:
    """The parts of a link; what is none names nothing that there is, and is looked up all the same."""
    account, _, rest = link.partition("-")
    invitation, _, token = rest.partition("-")
    if _is_id(account) and _is_id(invitation) and token.isascii():
        return _Link(int(account), int(invitation), token)
    return _Link(0, 0, "")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _found(conn: Connection, asked: _Link, *, at: datetime) -> InvitationRow:
    row = invitations.find(conn, asked.account, invitation=asked.invitation)
    if not hmac.compare_digest(row.token_hash if row else _NOBODYS, hash_of(asked.token)) or row is None:
        raise InvitationNotValid
    if row.used_at:
        raise InvitationUsed
    if row.revoked_at and not row.was_unanswered:
        raise InvitationTakenBack(by=_inviter(conn, asked.account, row=row))
    if row.expires_at <= at:
        raise InvitationExpired(by=_inviter(conn, asked.account, row=row))
    return row


def _inviter(conn: Connection, account: int, *, row: InvitationRow) -> str:
    """Who invites: a member by the name they have now, and who is not there any more by what the account is called."""
    if row.by is None:
        return row.by_name
    return members.names(conn, account, ids={row.by}).get(row.by) or accounts.find(conn, account).name


def _held(conn: Connection, account: int) -> AccountRow:
    try:
        return accounts.locked(conn, account)
    except NoSuchAccount as error:
        raise InvitationNotValid from error


def _member(conn: Connection, account: int, *, row: InvitationRow, person: Person) -> int:
    there = members.by_email(conn, account, email=row.email)
    if there is None:
        member = members.create(conn, account, name=row.name, email=row.email, role=row.role, language=row.language)
        role = row.role
    else:
        if there.person not in {None, person.id} and not there.left_at:
            raise EmailTaken(email=row.email)
        # Who is in the account already only comes in: what they are was decided for them.
        member, role = there.id, row.role if there.left_at else there.role
    members.come_in(conn, account, member=member, person=person.id, role=role)
    people.join(conn, person.id, account=account, member=member)
    return member


def _may_all(conn: Connection, person: int, *, seen: Seen, at: datetime) -> bool:
    """Whether somebody who holds a link may be all that the person is: nothing else yet, or in already."""
    if not people.accounts_of(conn, person) and people.staff_role(conn, person) is None:
        return True
    token = hash_of(seen.session)
    there = sessions.find(conn, token_hash=token, at=at, idle_since=at - IDLE) if seen.session else None
    return there is not None and there.person == person and there.only_account is None


def _note(conn: Connection, account: AccountRow, *, row: InvitationRow, member: int, at: datetime, seen: Seen) -> None:
    actor = member_actor(row.name, row.role, member=member, origin=Origin(seen.address, "web"))
    detail = {"invitation": row.id, "role": row.role, "own_role": row.own_role, "by": row.by}
    note(Ground(conn, account, actor, at), action="people.join", subject=f"member {member}", issued=(), detail=detail)
