"""What the vendor's people do at the door, in the vendor's own audit: coming in, leaving, and what they come in with.

Of everybody else nothing is noted here, nor of who came by an account's own directory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from prorata.store import people
from prorata.store.engine import Connection, see_account
from prorata.store.sessions import Ended, NewSession, SessionRow
from prorata.usecases.act import Services
from prorata.usecases.act_on_behalf import note_in_account, note_with_vendor
from prorata.usecases.note import note_of_vendor
from prorata.usecases.permissions import Actor, Origin, StaffRole, staff_actor


def note_sign_in(conn: Connection, new: NewSession) -> None:
    """Note that one of the vendor's people has come in, and how."""
    role, person = people.staff_role(conn, new.person), people.find(conn, new.person)
    if role and person and new.only_account is None:
        actor = staff_actor(person.name, role, origin=Origin(new.address, "web"), person=person.id)
        note_of_vendor(conn, actor, at=new.at, action="staff.sign_in", subject=f"{person.email} by {new.method}")


def note_ended(services: Services, conn: Connection, *, ended: Sequence[Ended], origin: Origin | None = None) -> None:
    """Note that sessions have ended, as the last thing in a transaction.

    Who acted for a customer does so no more, which that account's audit says too. `origin`: from where they were ended;
    None: from where they were.
    """
    acted: list[tuple[Actor, int]] = []
    for one in sorted(ended, key=lambda one: one.account or 0):
        if one.account and one.behalf:
            actor = _actor(one, origin)
            see_account(conn, one.account)
            note_in_account(services, conn, actor=actor, account=one.account)
            acted.append((actor, one.account))
    # The vendor's own after all accounts: nobody who holds it waits for one of them.
    for actor, account in acted:
        note_with_vendor(services, conn, actor=actor, account=account)
    for one in ended:
        if one.staff_role:
            actor, at = replace(_actor(one, origin), behalf=None), services.clock.now()
            note_of_vendor(conn, actor, at=at, action="staff.sign_out", subject=one.email, detail={"why": one.why})


def note_passkey(services: Services, conn: Connection, *, session: SessionRow, action: str, name: str) -> None:
    """Note what one of the vendor's people did with a passkey of theirs."""
    if session.staff_role and session.only_account is None:
        role, origin = cast("StaffRole", session.staff_role), Origin(session.address, "web")
        actor = staff_actor(session.name, role, origin=origin, person=session.person)
        note_of_vendor(conn, actor, at=services.clock.now(), action=action, subject=name)


def _actor(one: Ended, origin: Origin | None) -> Actor:
    return Actor(
        "vendor",
        one.name,
        one.staff_role or "",
        behalf=one.behalf,
        origin=origin or Origin(one.address, "web"),
        person=one.person,
    )
