"""Showing once more who one is, before money goes out or it is decided who may do what."""

from __future__ import annotations

from datetime import datetime

from prorata.store import sessions
from prorata.store.engine import Connection
from prorata.store.people import Person
from prorata.store.snapshots import Language
from prorata.usecases.act import Services
from prorata.usecases.door.codes import Answer, Ask, answer_code, ask_code
from prorata.usecases.door.sessions import Known, Seen
from prorata.usecases.keys import hash_of, new_token


def ask_proof(services: Services, known: Known, *, seen: Seen, old: str) -> str:
    """Mail a code to who is in; returns what the browser keeps to answer with. Raises `TooOften`."""
    language: Language = known.session.language
    only = known.session.only_account
    ask = Ask(known.email, seen, old, session=known.session.id, only_account=only, language=language)
    return ask_code(services, ask)


def prove(services: Services, known: Known, *, token: str, code: str, seen: Seen) -> str:
    """Note that who is in has the code; returns the new token for their browser. Raises what a wrong code raises."""

    def then(conn: Connection, person: Person) -> str:
        assert person.id == known.person  # noqa: S101 - the question was asked of this very session
        return renew(conn, known.session.id, at=services.clock.now())

    answer = Answer(token, code, seen, session=known.session.id, only_account=known.session.only_account)
    return answer_code(services, answer, then=then)


def renew(conn: Connection, session: int, *, at: datetime) -> str:
    """Note that the person of a session has just shown who they are; returns its new token. For the door."""
    token = new_token()
    sessions.proved(conn, session, at=at, token_hash=hash_of(token))
    return token
