"""The vendor's people: taken on, let in by a link, given another role, and let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prorata.core.errors import DomainError
from prorata.store import links, people, sessions
from prorata.store.engine import Connection
from prorata.store.people import Person, StaffRole, StaffRow
from prorata.store.snapshots import Language
from prorata.usecases.act import Services
from prorata.usecases.door.codes import checked_email
from prorata.usecases.door.links import make_link
from prorata.usecases.door.noting import note_ended
from prorata.usecases.mail import Mail, post
from prorata.usecases.note import note_of_vendor
from prorata.usecases.permissions import Actor

LONGEST_NAME = 100


class NameNeeded(DomainError):
    """Somebody has a name, of at most a hundred characters."""

    code = "name_needed"


class StaffAlready(DomainError):
    """Somebody with this address works for the vendor already."""

    code = "staff_already"


class UnknownStaff(DomainError):
    """Nobody with this address works for the vendor."""

    code = "unknown_staff"


class LastStaffOwner(DomainError):
    """One owner stays: else nobody could decide who else may do what."""

    code = "last_staff_owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """Somebody who begins to work for the vendor."""

    email: str
    name: str
    role: StaffRole
    language: Language = "en"


def create_staff(services: Services, actor: Actor, *, new: NewStaff, mailed: bool = False) -> str:
    """Take somebody on; returns the link that lets them in, which is mailed too where that is wanted.

    Raises `NotAllowed`, `ProofNeeded`, `NotAnEmail`, `NameNeeded` and `StaffAlready`.
    """
    _must(actor)
    email, name = checked_email(new.email), " ".join(new.name.split())
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise NameNeeded
    at = services.clock.now()
    with services.database.door() as conn:
        person = people.ensure(conn, email=email, name=name, language=new.language, at=at)
        if people.staff_role(conn, person.id):
            raise StaffAlready(email=email)
        people.employ(conn, person.id, role=new.role, at=at)
        # Some account may have given them a name before: what customers read of the vendor's people, the vendor says.
        people.call(conn, person.id, name=name)
        made = _link(services, conn, person=person, actor=actor, mailed=mailed)
        detail = {"name": name}
        note_of_vendor(conn, actor, at=at, action="staff.create", subject=f"{email} as {new.role}", detail=detail)
        return made


def staff_link(services: Services, actor: Actor, *, email: str, mailed: bool = False) -> str:
    """A new link for one of the vendor's people; earlier ones are good no more. Raises `UnknownStaff`."""
    _must(actor)
    with services.database.door() as conn:
        person = _found(conn, email).person
        made = _link(services, conn, person=person, actor=actor, mailed=mailed)
        note_of_vendor(conn, actor, at=services.clock.now(), action="staff.link", subject=person.email)
        return made


def staff_list(services: Services, actor: Actor) -> Sequence[StaffRow]:
    """Who works for the vendor, and who did."""
    actor.must("manage_staff")
    with services.database.door(read_only=True) as conn:
        return people.staff(conn)


def change_staff_role(services: Services, actor: Actor, *, email: str, role: StaffRole) -> None:
    """Let one of the vendor's people be something else there. Raises `UnknownStaff` and `LastStaffOwner`."""
    _must(actor)
    with services.database.door() as conn:
        found = _found(conn, email)
        if role != "owner":
            _one_owner_stays(conn, found)
        people.employ(conn, found.person.id, role=role, at=found.since)
        subject, detail = f"{found.person.email} as {role}", {"before": found.role}
        at = services.clock.now()
        note_of_vendor(conn, actor, at=at, action="staff.change_role", subject=subject, detail=detail)


def end_staff(services: Services, actor: Actor, *, email: str) -> None:
    """Let one of the vendor's people go: they are out at once. Raises `UnknownStaff` and `LastStaffOwner`."""
    _must(actor)
    at = services.clock.now()
    with services.database.door() as conn:
        found = _found(conn, email)
        _one_owner_stays(conn, found)
        people.dismiss(conn, found.person.id, at=at)
        links.drop(conn, found.person.id)
        ended = sessions.end(conn, person=found.person.id, at=at, why="left")
        note_ended(services, conn, ended=ended, origin=actor.origin)
        note_of_vendor(conn, actor, at=at, action="staff.end", subject=found.person.email)


def _must(actor: Actor) -> None:
    actor.must("manage_staff")
    actor.must_prove()


def _found(conn: Connection, email: str) -> StaffRow:
    """Who has an address and works for the vendor now; everybody of the vendor is held, so that one owner stays."""
    people.hold_staff(conn)
    for row in people.staff(conn):
        if row.until is None and row.person.email == people.plain(email):
            return row
    raise UnknownStaff(email=email)


def _one_owner_stays(conn: Connection, leaving: StaffRow) -> None:
    others = [row for row in people.staff(conn) if row.until is None and row.role == "owner" and row.id != leaving.id]
    if leaving.role == "owner" and not others:
        raise LastStaffOwner


def _link(services: Services, conn: Connection, *, person: Person, actor: Actor, mailed: bool) -> str:
    made = make_link(services, conn, person=person.id, made_by=actor.name)
    if mailed:
        data = {"link": made, "days": 1}
        mail = Mail(kind="staff_link", to=person.email, language=person.language, data=data, secret=True)
        post(conn, mail, at=services.clock.now())
    return made
