"""Who somebody of an account's directory is in the account: known, recognised by their address, or taken in."""

from __future__ import annotations

from prorata.core.errors import DomainError
from prorata.store import accounts, directories, members, people
from prorata.store.accounts import AccountRow
from prorata.store.directories import DirectoryRow
from prorata.store.engine import Connection
from prorata.store.members import MemberRow
from prorata.store.snapshots import Language
from prorata.usecases.act import Services, now
from prorata.usecases.command import Ground
from prorata.usecases.door.sessions import Seen
from prorata.usecases.note import note
from prorata.usecases.permissions import Origin, member_actor
from prorata.usecases.vouching import Vouched


class DirectoryStranger(DomainError):
    """The directory knows somebody whom the account does not know, and it takes in nobody new."""

    code = "directory_stranger"


class DirectoryWithoutEmail(DomainError):
    """The directory confirms no address of somebody who comes for the first time, so nothing says who it is here."""

    code = "directory_without_email"


class AccessEnded(DomainError):
    """They were a member of the account, and have left."""

    code = "directory_access_ended"


def member_of(
    services: Services,
    conn: Connection,
    *,
    account: int,
    directory: DirectoryRow,
    vouched: Vouched,
    language: Language,
    seen: Seen,
) -> int:
    """The person at the door who is this member, by id; `conn` is the door's, and sees the account.

    By the directory's own word for them, which never changes hands; the first time by their address. Raises
    `DirectoryStranger`, `DirectoryWithoutEmail`, `AccessEnded`.
    """
    place = accounts.find(conn, account)
    known = directories.member_of(conn, account, directory=directory.id, subject=vouched.subject)
    if known is None:
        member = _first_time(
            services, conn, directory=directory, vouched=vouched, language=language, seen=seen, place=place
        )
    else:
        member = _present(conn, members.find(conn, account, member=known), place=place)
    return _person_of(services, conn, account=account, member=member)


def _first_time(
    services: Services,
    conn: Connection,
    *,
    place: AccountRow,
    directory: DirectoryRow,
    vouched: Vouched,
    language: Language,
    seen: Seen,
) -> MemberRow:
    account = place.account_id
    accounts.locked(conn, account)  # two windows of one person must not take them in twice
    if vouched.email is None:
        raise DirectoryWithoutEmail(account=place.name, ask=_whom_to_ask(conn, account))
    member = members.by_email(conn, account, email=vouched.email)
    if member:
        member = _present(conn, member, place=place)
    elif directory.role_for_new is None:
        raise DirectoryStranger(email=vouched.email, account=place.name, ask=_whom_to_ask(conn, account))
    else:
        member = _taken_in(conn, account, role=directory.role_for_new, vouched=vouched, language=language)
        _note(services, conn, member=member, place=place, directory=directory, seen=seen)
    directories.is_member(conn, account, directory=directory.id, subject=vouched.subject, member=member.id)
    return member


def _present(conn: Connection, member: MemberRow, *, place: AccountRow) -> MemberRow:
    if member.left_at is not None:
        raise AccessEnded(account=place.name, ask=_whom_to_ask(conn, place.account_id))
    return member


def _taken_in(conn: Connection, account: int, *, role: str, vouched: Vouched, language: Language) -> MemberRow:
    email = people.plain(vouched.email or "")
    name = vouched.name or email.partition("@")[0]
    member = members.create(conn, account, name=name, email=email, role=role, language=language)
    return members.find(conn, account, member=member)


def _person_of(services: Services, conn: Connection, *, account: int, member: MemberRow) -> int:
    person = member.person
    if person is None:
        at = services.clock.now()
        person = people.ensure(conn, email=member.email, name=member.name, language=member.language, at=at).id
        members.come_in(conn, account, member=member.id, person=person, role=member.role)
    people.join(conn, person, account=account, member=member.id)
    return person


def _whom_to_ask(conn: Connection, account: int) -> str:
    return ", ".join(m.name for m in members.all_of(conn, account) if m.role == "owner" and m.left_at is None)


def _note(
    services: Services,
    conn: Connection,
    *,
    member: MemberRow,
    place: AccountRow,
    directory: DirectoryRow,
    seen: Seen,
) -> None:
    actor = member_actor(member.name, member.role, member=member.id, origin=Origin(seen.address, "web"))
    ground = Ground(conn, place, actor, now(services, place))
    detail = {"directory": directory.name, "role": member.role}
    note(ground, action="taken_in_by_directory", subject=f"member {member.id}", issued=(), detail=detail)
