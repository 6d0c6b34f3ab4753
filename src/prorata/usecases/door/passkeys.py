"""Passkeys: added by who is in, and used to come in or to show once more who one is.

Nothing is lost with the last of them: a mailed code always works.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import challenges, passkeys
from prorata.store.engine import Connection
from prorata.store.passkeys import MOST_PASSKEYS, Passkey
from prorata.usecases.act import Services
from prorata.usecases.door.noting import note_passkey
from prorata.usecases.door.passkey_answers import Answer, Kept, NewKey, Site, answer_of, check, made_of, new_key
from prorata.usecases.door.passkey_questions import Asked, Question, ask_for_key, ask_for_new_key, close
from prorata.usecases.door.proof import renew
from prorata.usecases.door.sessions import Known, Seen, proved
from prorata.usecases.door.sign_in import NowhereToGo, let_in
from prorata.usecases.door.throttle import KEPT, Limit, count
from prorata.usecases.mail import Mail, MailKind, post
from prorata.usecases.permissions import ProofNeeded

LONGEST_NAME: Final = 60
QUESTIONS_FROM: Final = Limit("passkeys from", 100, timedelta(hours=1))
"""An office behind one address signs in, with a few tries each."""


class PasskeyUnknown(DomainError):
    """Nobody has this passkey here: it was removed, or never added."""

    code = "passkey_unknown"


class PasskeyOfSomebodyElse(DomainError):
    """The passkey is another person's than the one who is meant."""

    code = "passkey_of_somebody_else"


class PasskeyThereAlready(DomainError):
    """The passkey was added before."""

    code = "passkey_there_already"


class TooManyPasskeys(DomainError):
    """One person has only so many."""

    code = "too_many_passkeys"


class PasskeyNeedsName(DomainError):
    """A passkey is called something, and not at length."""

    code = "passkey_needs_name"


class PasskeysNotHere(DomainError):
    """Who came by an account's own directory is known to that account alone, and a passkey opens all of a person's."""

    code = "passkeys_not_here"


def ask_to_sign_in(services: Services, *, token: str, seen: Seen) -> Asked:
    """Ask whoever comes for any passkey of this site. `token`: what their browser keeps already, else empty.

    Raises `TooOften`: each question is kept, and nobody fills the database from outside.
    """
    at = services.clock.now()
    with services.database.door() as conn:
        challenges.forget(conn, before=at - KEPT)
        refusal = count(conn, services.keys, limit=QUESTIONS_FROM, about=seen.place, at=at)
        question = Question("passkey", "sign_in")
        asked = None if refusal else ask_for_key(services, conn, question=question, token=token, there=())
    if refusal:
        raise refusal
    assert asked  # noqa: S101 - asked where nothing was refused
    return asked


def sign_in(services: Services, *, token: str, answer: str, seen: Seen) -> str:
    """Let the owner of a passkey in; returns the token of their session. Raises what is wrong with the answer, and
    `NowhereToGo`.
    """
    given = answer_of(answer)
    close(services, Question("passkey", "sign_in"), token=token, challenge=given.client.challenge)
    with services.database.door() as conn:
        found = _used(services, conn, answer=given)
        if given.handle != passkeys.handle(conn, found.person):
            raise PasskeyOfSomebodyElse
        session = let_in(services, conn, person=found.person, method="passkey", seen=seen)
    if not session:
        raise NowhereToGo
    return session


def ask_to_prove(services: Services, known: Known, *, token: str) -> Asked:
    """Ask who is in for one of their passkeys. Raises `PasskeyUnknown` where they have none, and `PasskeysNotHere`: an
    account's directory that says who somebody is does not learn what they sign in with.
    """
    _must_be_own(known)
    with services.database.door() as conn:
        there = passkeys.of_person(conn, known.person)
        if not there:
            raise PasskeyUnknown
        return ask_for_key(services, conn, question=Question("passkey", "proof", known), token=token, there=there)


def prove(services: Services, known: Known, *, token: str, answer: str) -> str:
    """Note that who is in has shown once more who they are; returns the new token of their session."""
    given = answer_of(answer)
    close(services, Question("passkey", "proof", known), token=token, challenge=given.client.challenge)
    with services.database.door() as conn:
        if _used(services, conn, answer=given).person != known.person:
            raise PasskeyOfSomebodyElse
        return renew(conn, known.session.id, at=services.clock.now())


def ask_for_new(services: Services, known: Known, *, token: str) -> Asked:
    """Ask the device of who is in to make a passkey. Raises `ProofNeeded`, `PasskeysNotHere`, `TooManyPasskeys`."""
    _must_prove(services, known)
    with services.database.door() as conn:
        return ask_for_new_key(services, conn, known=known, token=token, there=_fewer(conn, known))


def add(services: Services, known: Known, *, token: str, answer: str, name: str) -> Passkey:
    """Keep the passkey that was made; its owner is told by mail. Raises what is wrong with the answer."""
    _must_prove(services, known)
    made = made_of(answer)
    close(services, Question("new_passkey", "new", known), token=token, challenge=made.client.challenge)
    key = new_key(Site.of(services.address), made)
    passkey = _passkey(services, known, key=key, name=name[:LONGEST_NAME])
    with services.database.door() as conn:
        passkeys.hold_person(conn, known.person)
        _fewer(conn, known)
        if not passkeys.add(conn, passkey):
            raise PasskeyThereAlready
        _tell(conn, known, kind="passkey_added", passkey=passkey, at=passkey.at)
        note_passkey(services, conn, session=known.session, action="passkey.add", name=passkey.name)
    return passkey


def listed(services: Services, known: Known) -> Sequence[Passkey]:
    """The passkeys of who is in, in the order in which they came. Raises `PasskeysNotHere`."""
    _must_be_own(known)
    with services.database.door(read_only=True) as conn:
        return passkeys.of_person(conn, known.person)


def one(services: Services, known: Known, *, passkey: bytes) -> Passkey:
    """One of them. Raises `PasskeyUnknown`, `PasskeysNotHere`."""
    found = next((each for each in listed(services, known) if each.id == passkey), None)
    if found is None:
        raise PasskeyUnknown
    return found


def rename(services: Services, known: Known, *, passkey: bytes, name: str) -> None:
    """Call one of them something else. Raises `PasskeyNeedsName`, `PasskeyUnknown`, `PasskeysNotHere`."""
    _must_be_own(known)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise PasskeyNeedsName(most=LONGEST_NAME)
    with services.database.door() as conn:
        if not passkeys.rename(conn, known.person, passkey=passkey, name=name):
            raise PasskeyUnknown
        note_passkey(services, conn, session=known.session, action="passkey.rename", name=name)


def remove(services: Services, known: Known, *, passkey: bytes) -> None:
    """Forget one of them: it lets nobody in any more, and its owner is told by mail. Raises `ProofNeeded`,
    `PasskeyUnknown`, `PasskeysNotHere`.
    """
    _must_prove(services, known)
    gone, at = one(services, known, passkey=passkey), services.clock.now()
    with services.database.door() as conn:
        if not passkeys.remove(conn, known.person, passkey=passkey):
            raise PasskeyUnknown
        _tell(conn, known, kind="passkey_removed", passkey=gone, at=at)
        note_passkey(services, conn, session=known.session, action="passkey.remove", name=gone.name)


def _tell(conn: Connection, known: Known, *, kind: MailKind, passkey: Passkey, at: datetime) -> None:
    data = {"name": passkey.name, "when": at.isoformat()}
    post(conn, Mail(kind=kind, to=known.email, language=known.session.language, data=data), at=at)


def _must_be_own(known: Known) -> None:
    if known.session.only_account is not None:
        raise PasskeysNotHere


def _must_prove(services: Services, known: Known) -> None:
    _must_be_own(known)
    if not proved(known.session, at=services.clock.now()):
        raise ProofNeeded


def _fewer(conn: Connection, known: Known) -> Sequence[Passkey]:
    """The passkeys of somebody who may have one more."""
    there = passkeys.of_person(conn, known.person)
    if len(there) >= MOST_PASSKEYS:
        raise TooManyPasskeys(most=MOST_PASSKEYS)
    return there


def _passkey(services: Services, known: Known, *, key: NewKey, name: str) -> Passkey:
    return Passkey(
        id=key.id,
        person=known.person,
        public_key=key.public_key,
        sign_count=key.sign_count,
        name=name,
        synced=key.synced,
        at=services.clock.now(),
    )


def _used(services: Services, conn: Connection, *, answer: Answer) -> Passkey:
    """The passkey that an answer is of, if the answer holds; it was used now."""
    found = passkeys.held(conn, answer.id)
    if found is None:
        raise PasskeyUnknown
    counted = check(Site.of(services.address), answer, kept=Kept(found.public_key, found.sign_count))
    passkeys.used(conn, found.id, at=services.clock.now(), sign_count=counted.sign_count, synced=counted.synced)
    return found
