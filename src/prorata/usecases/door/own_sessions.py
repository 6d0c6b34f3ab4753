"""What somebody who is in can do with their own sessions: see them, end them, look at another account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prorata.core.errors import DomainError
from prorata.store import belonging, members, people, sessions
from prorata.store.belonging import Belonging
from prorata.store.engine import see_account
from prorata.store.errors import NoSuchAccount
from prorata.store.sessions import SessionRow
from prorata.store.snapshots import Language
from prorata.usecases.act import Services
from prorata.usecases.act_on_behalf import end_on_behalf
from prorata.usecases.door.noting import note_ended
from prorata.usecases.door.sessions import IDLE, Known
from prorata.usecases.permissions import Origin


class SessionOver(DomainError):
    """The session has ended already, or is somebody else's."""

    code = "session_over"


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of somebody's sessions; `this`: the one that asks."""

    row: SessionRow
    this: bool


def own_sessions(services: Services, known: Known) -> tuple[OwnSession, ...]:
    """Where somebody is in: this session, then the last seen first.

    Who came by an account's directory sees only what came the same way: the directory vouches for no more than that.
    """
    at = services.clock.now()
    with services.database.door() as conn:
        found = sessions.of_person(conn, known.person, at=at, idle_since=at - IDLE)
    rows = [OwnSession(row, row.id == known.session.id) for row in found if _visible(known, row)]
    return tuple(sorted(rows, key=lambda one: not one.this))


def end_session(services: Services, known: Known, *, session: int) -> None:
    """End one of one's sessions. Raises `SessionOver`."""
    if not any(one.row.id == session for one in own_sessions(services, known)) or not _end(
        services, known, which=[session]
    ):
        raise SessionOver


def end_other_sessions(services: Services, known: Known) -> int:
    """End all of one's sessions but this one; how many there were."""
    return _end(services, known, which=[one.row.id for one in own_sessions(services, known) if not one.this])


def own_accounts(services: Services, known: Known) -> Sequence[Belonging]:
    """The accounts that somebody may look at, by name."""
    with services.database.door() as conn:
        only = known.session.only_account
        found = [account for account, _ in people.accounts_of(conn, known.person) if only in (None, account)]
        rows: list[Belonging] = []
        for account in found:
            see_account(conn, account)
            here = belonging.of_person(conn, known.person, account=account)
            rows += [here] if here else []
    return sorted(rows, key=lambda one: (one.account_name.casefold(), one.account))


def look_at(services: Services, known: Known, *, account: int | None) -> None:
    """Look at another of one's accounts; None: at the vendor's console. Raises `NoSuchAccount`.

    Who acted on behalf of a customer does so no more, which that account's audit says.
    """
    if account is None and not known.staff:
        raise NoSuchAccount(account=0)
    with services.database.door(account) as conn:
        if account is not None:
            other = known.session.only_account not in (None, account)
            if other or belonging.of_person(conn, known.person, account=account) is None:
                raise NoSuchAccount(account=account)
    if known.actor and known.actor.behalf and known.account:
        end_on_behalf(services, known.actor, account=known.account, session=known.session.id)
    with services.database.door() as conn:
        sessions.look_at(conn, known.session.id, account=account)


def speak(services: Services, known: Known, *, language: Language) -> None:
    """Change the language of one's screens and mails; who came by a directory changes it in that account alone."""
    only, here = known.session.only_account, known.here
    with services.database.door(only) as conn:
        if only is None:
            people.speak(conn, known.person, language=language)
        elif here:
            members.set_language(conn, only, member=here.member, language=language)


def _end(services: Services, known: Known, *, which: Sequence[int]) -> int:
    """End these, and note it; how many were open."""
    at, person = services.clock.now(), known.person
    with services.database.door() as conn:
        ended = [one for each in which for one in sessions.end(conn, person=person, at=at, why="revoked", only=each)]
        note_ended(services, conn, ended=ended, origin=Origin(known.session.address, "web"))
    return len(ended)


def _visible(known: Known, row: SessionRow) -> bool:
    return known.session.only_account in (None, row.only_account)
