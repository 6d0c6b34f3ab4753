"""Signing in with a mailed code."""

from __future__ import annotations

from prorata.core.errors import DomainError
from prorata.store import people, sessions
from prorata.store.engine import Connection
from prorata.store.people import Person
from prorata.store.sessions import Method
from prorata.usecases.act import Services
from prorata.usecases.door.codes import Answer, answer_code
from prorata.usecases.door.noting import note_ended
from prorata.usecases.door.sessions import Seen, begin
from prorata.usecases.keys import hash_of


class NowhereToGo(DomainError):
    """They are who they say, but belong to no account and do not work for the vendor."""

    code = "nowhere_to_go"


def sign_in(services: Services, answer: Answer) -> str:
    """Let in who has the code; returns the token for their browser.

    Raises what a wrong code raises, and `NowhereToGo`: told only to who has shown that the address is theirs.
    """

    def then(conn: Connection, person: Person) -> str:
        return let_in(services, conn, person=person.id, method="code", seen=answer.seen)

    token = answer_code(services, answer, then=then)
    if not token:
        raise NowhereToGo
    return token


def let_in(services: Services, conn: Connection, *, person: int, method: Method, seen: Seen) -> str:
    """Begin a session of somebody who belongs somewhere; empty for who does not, so that the way in is spent."""
    if not people.accounts_of(conn, person) and people.staff_role(conn, person) is None:
        return ""
    return begin(services, conn, person=person, method=method, seen=seen)


def sign_out(services: Services, token: str) -> None:
    """End the session of a browser; one that has ended already stays as it is.

    Who acted on behalf of a customer does so no more, which that account's audit says.
    """
    with services.database.door() as conn:
        ended = sessions.end_token(conn, hash_of(token), at=services.clock.now(), why="signed_out")
        note_ended(services, conn, ended=ended)
