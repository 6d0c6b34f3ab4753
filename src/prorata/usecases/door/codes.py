"""Codes that are mailed: to sign in with, or to show once more who one is.

A code is six digits, good for ten minutes, for one browser, for five tries, once. Whether anybody has the address that
was given makes no difference to what is done, said, or written: where nobody has it, a question is kept that no answer
fits, and the mail is put aside and taken back.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import challenges, people, sessions, throttles
from prorata.store.challenges import Challenge, Purpose
from prorata.store.engine import Connection
from prorata.store.people import Person
from prorata.store.snapshots import Language
from prorata.usecases.act import Services
from prorata.usecases.door.code_tries import Whose, has_been_at, may_ask, may_try, was_wrong
from prorata.usecases.door.sessions import KEPT as SESSIONS_KEPT
from prorata.usecases.door.sessions import Seen
from prorata.usecases.door.throttle import CODES_FROM, KEPT, WRONG_FROM, TooOften, add, check, count, key_of
from prorata.usecases.keys import hash_of, new_code, new_token
from prorata.usecases.mail import Mail, post

MINUTES: Final = 10
MOST_TRIES: Final = 5
LONGEST_EMAIL: Final = 254
"""Of an address that mail can be sent to."""
_EMAIL: Final = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")
_CODE: Final = re.compile(r"[0-9]{6}")
MOST_FORGOTTEN: Final = 100
"""Sessions at a time: nobody waits for the rows of a whole year."""
_DAY: Final = timedelta(days=1)


class NotAnEmail(DomainError):
    """No mail can be sent to this."""

    code = "not_an_email"


class NotACode(DomainError):
    """A code has six digits."""

    code = "not_a_code"


class WrongCode(DomainError):
    """This is not the code that was mailed; so many tries are left."""

    code = "wrong_code"


class CodeOver(DomainError):
    """No code waits for an answer of this browser: it was used, or is too old, or was tried too often."""

    code = "code_over"


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that a browser was asked for: the address that was given, and what it is for."""

    email: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Ask:
    """What a code is asked for with. `old`: what the browser was asked with before, which is over now.

    `session`: of whom it is asked once more, None where somebody signs in; `only_account`: which account alone that is
    about. `language`: what the reader reads.
    """

    email: str
    seen: Seen
    old: str = field(default="", repr=False)
    session: int | None = None
    only_account: int | None = None
    language: Language = "en"


def checked_email(text: str) -> str:
    """An address that mail can be sent to, as it is compared. Raises `NotAnEmail`."""
    email = people.plain(text)
    if len(email) > LONGEST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise NotAnEmail
    return email


def ask_code(services: Services, ask: Ask) -> str:
    """Mail a code; returns what the browser keeps to answer with. Raises `NotAnEmail` and `TooOften`."""
    email = checked_email(ask.email)
    at = services.clock.now()
    with services.database.door() as conn:
        challenges.forget(conn, before=at - _DAY)
        throttles.forget(conn, before=at - KEPT)
        sessions.forget(conn, before=at - SESSIONS_KEPT, most=MOST_FORGOTTEN)
        person = people.by_email(conn, email)
        refusal = _refused(services, conn, ask=ask, email=email, person=person, at=at)
        token = "" if refusal else _asked(services, conn, ask=ask, email=email, person=person, at=at)
    if refusal:
        raise refusal
    return token


def asked(services: Services, token: str) -> Asked | None:
    """The code that waits for an answer of a browser, or None."""
    with services.database.door() as conn:
        found = challenges.waiting(conn, token_hash=hash_of(token), kind="code", at=services.clock.now())
    return Asked(found.data["email"], found.purpose) if found and found.tries < MOST_TRIES else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says that the code is. `token`: what the browser was asked with.

    `session`: who it is whom it was asked of once more, None where somebody signs in; `only_account`: which account
    alone that is about.
    """

    token: str = field(repr=False)
    code: str = field(repr=False)
    seen: Seen
    session: int | None = None
    only_account: int | None = None

    @property
    def digits(self) -> str:
        """The code without the blanks that people write in it."""
        return "".join(self.code.split())


def answer_code(services: Services, answer: Answer, *, then: Callable[[Connection, Person], str]) -> str:
    """Try a code; where it is right, do what follows in the same transaction, and return what that returns.

    Raises `NotACode`, `TooOften`, `CodeOver` and `WrongCode`; the last one is counted.
    """
    if not _CODE.fullmatch(answer.digits):
        raise NotACode
    at = services.clock.now()
    with services.database.door() as conn:
        found = _tried(services, conn, answer=answer, at=at)
        done = then(conn, found) if isinstance(found, Person) else ""
    if not isinstance(found, Person):
        raise found
    return done


def _refused(
    services: Services, conn: Connection, *, ask: Ask, email: str, person: Person | None, at: datetime
) -> TooOften | None:
    """Count one more; what is refused from a place is not counted for whom it names."""
    place, keys = ask.seen.place, services.keys
    known = has_been_at(conn, person.id if person else 0, place=place)
    whose = Whose(email=email, place=place, known=known, session=ask.session is not None, only_account=ask.only_account)
    return count(conn, keys, limit=CODES_FROM, about=place, at=at) or may_ask(conn, keys, whose=whose, at=at)


def _asked(services: Services, conn: Connection, *, ask: Ask, email: str, person: Person | None, at: datetime) -> str:
    """Keep the question and mail the code, or do the same work for nobody."""
    token, code = new_token(), new_code()
    purpose: Purpose = "proof" if ask.session else "sign_in"
    challenges.drop(conn, hash_of(ask.old), at=at)
    challenges.ask(
        conn,
        Challenge(
            token_hash=hash_of(token),
            kind="code",
            purpose=purpose,
            at=at,
            expires_at=at + timedelta(minutes=MINUTES),
            person=person.id if person else None,
            session=ask.session,
            answer_hash=services.keys.of_code(code, about=f"{purpose} {token}"),
            data={"email": email},
        ),
    )
    with conn.begin_nested() as mailing:
        data = {"code": code, "minutes": MINUTES, "browser": ask.seen.agent}
        language = person.language if person else ask.language
        post(conn, Mail(kind="code", to=email, language=language, data=data, secret=True), at=at)
        if person is None:
            mailing.rollback()
    return token


def _tried(services: Services, conn: Connection, *, answer: Answer, at: datetime) -> Person | DomainError:
    """Whose code it was; else the refusal, which is raised once its count is committed."""
    keys = services.keys
    wrong_from = key_of(keys, WRONG_FROM, about=answer.seen.place)
    refusal = check(conn, WRONG_FROM, key=wrong_from, at=at)
    if refusal:
        return refusal
    found = challenges.waiting(conn, token_hash=hash_of(answer.token), kind="code", at=at)
    if found is None or found.session != answer.session or found.tries >= MOST_TRIES:
        return CodeOver()
    whose = _whose(conn, found, answer=answer)
    refusal = may_try(conn, keys, whose=whose, at=at)
    if refusal:
        return refusal
    given = keys.of_code(answer.digits, about=f"{found.purpose} {answer.token}")
    right = hmac.compare_digest(given, found.answer_hash or b"")
    person = people.find(conn, found.person or 0)
    if right and person:
        challenges.answered(conn, found, at=at)
        return person
    challenges.tried(conn, found)
    add(conn, WRONG_FROM, key=wrong_from, at=at)
    was_wrong(conn, keys, whose=whose, at=at)
    left = MOST_TRIES - found.tries - 1
    return WrongCode(left=left) if left else CodeOver()


def _whose(conn: Connection, found: Challenge, *, answer: Answer) -> Whose:
    place = answer.seen.place
    return Whose(
        email=found.data["email"],
        place=place,
        known=has_been_at(conn, found.person or 0, place=place),
        session=found.session is not None,
        only_account=answer.only_account,
    )
