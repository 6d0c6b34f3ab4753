"""Signing in by a directory: sent there with a question, and back with an answer that fits it.

What the answer is compared with is kept here and belongs to one browser, by its cookie. An account's directory lets
somebody in to that account alone; the vendor's lets in who works there already.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from prorata.core.errors import DomainError
from prorata.store import accounts, challenges, people
from prorata.store.challenges import Challenge
from prorata.store.engine import Connection
from prorata.store.errors import NoSuchAccount
from prorata.store.snapshots import Language
from prorata.usecases.act import Services
from prorata.usecases.door import sessions
from prorata.usecases.door.directories import VENDOR, at_place, client_of, redirect_of
from prorata.usecases.door.directory_people import member_of
from prorata.usecases.door.sessions import Seen
from prorata.usecases.door.throttle import Limit, count
from prorata.usecases.keys import NotOurSeal, hash_of, new_token
from prorata.usecases.vouching import AnswerUnreadable, Client, DirectoryRefusedUs, Question, Vouched, WrongIssuer

WAITS: Final = timedelta(minutes=10)
ASKED_FROM: Final = Limit("directories from", 100, timedelta(hours=1))
"""An office behind one address signs in, with a few tries each."""
_STOPPED: Final = "access_denied"
_DIGITS: Final = 18
_PARTS: Final = 3
_LONGEST: Final = 4096


class UnknownDirectory(DomainError):
    """The address names no directory that people sign in by."""

    code = "unknown_directory"


class NoSuchQuestion(DomainError):
    """Nobody asked, somebody else's browser did, it was answered already, or it is too long ago."""

    code = "directory_no_question"


class DirectoryDeclined(DomainError):
    """Somebody said no at the directory, or it did not let them go on."""

    code = "directory_declined"


class NotStaffByDirectory(DomainError):
    """The vendor's directory knows somebody who does not work with the product."""

    code = "directory_not_staff"


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where one signs in: `account` is None at the vendor."""

    directory: str
    account: str | None


@dataclass(frozen=True, slots=True)
class Away:
    """`address`: where the browser goes; `token`: what it keeps until it is back."""

    address: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What a browser came back with. `whose`: an account's id or `vendor`, of the address that it came back to.

    `token`: what it kept; `language`: its reader's.
    """

    whose: str
    token: str = field(repr=False)
    state: str = field(repr=False)
    code: str = field(repr=False)
    error: str
    issuer: str
    language: Language


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody is in: the token of the session, and where they wanted to go."""

    token: str = field(repr=False)
    wanted: str


Place = tuple[int, int, str]


def entrance(services: Services, place: str) -> Entrance:
    """What is shown before anybody is sent away. Raises `UnknownDirectory`."""
    return _found(services, place)[0]


def ask(services: Services, place: str, *, wanted: str, seen: Seen) -> Away:
    """Send a browser to a directory; `wanted`: where it goes afterwards.

    Raises `UnknownDirectory`, `TooOften`, and what `Directories` raises.
    """
    client = _found(services, place)[1]
    _count(services, seen)
    token = new_token()
    question = Question(
        redirect=redirect_of(services, _account(place)), state=new_token(), nonce=new_token(), verifier=new_token()
    )
    address = services.directories.way_there(client, question)
    at = services.clock.now()
    data = {
        "place": place,
        "state": hash_of(question.state).hex(),
        "nonce": question.nonce,
        "verifier": services.keys.seal(question.verifier),
        "wanted": wanted[:_LONGEST],
    }
    with services.database.door() as conn:
        challenges.ask(
            conn,
            Challenge(
                token_hash=hash_of(token), kind="directory", purpose="sign_in", at=at, expires_at=at + WAITS, data=data
            ),
        )
    return Away(address, token)


def finish(services: Services, back: Back, *, seen: Seen) -> Arrived:
    """Let in who came back. Raises what stands above, what `Directories` raises, and whom the account does not know."""
    if back.error == _STOPPED and not back.state:  # some directories say no without the state; nobody is let in by that
        raise DirectoryDeclined
    asked = _taken(services, back)
    place: str = asked.data["place"]
    client = _found(services, place)[1]
    if back.issuer and back.issuer != client.issuer:
        raise WrongIssuer(issuer=client.issuer)
    if back.error:
        raise DirectoryDeclined if back.error == _STOPPED else DirectoryRefusedUs(issuer=client.issuer)
    if not 0 < len(back.code) <= _LONGEST:
        raise AnswerUnreadable(issuer=client.issuer)
    question = _question(services, asked, back=back)
    vouched = services.directories.answer(client, question, code=back.code, at=services.clock.now())
    token = _let_in(services, place, vouched=vouched, language=back.language, seen=seen)
    return Arrived(token, asked.data["wanted"])


def _count(services: Services, seen: Seen) -> None:
    """Each question is kept, and asks another machine: nobody makes us ask without end."""
    at = services.clock.now()
    with services.database.door() as conn:
        refusal = count(conn, services.keys, limit=ASKED_FROM, about=seen.place, at=at)
    if refusal:
        raise refusal


def _taken(services: Services, back: Back) -> Challenge:
    """The question that a browser came back to: asked of this browser, for this address, and never again."""
    at = services.clock.now()
    with services.database.door() as conn:
        asked = challenges.waiting(conn, token_hash=hash_of(back.token), kind="directory", at=at)
        if asked is None or not hmac.compare_digest(hash_of(back.state).hex(), asked.data["state"]):
            raise NoSuchQuestion
        if back.whose != str(_account(asked.data["place"]) or VENDOR):
            raise NoSuchQuestion
        challenges.answered(conn, asked, at=at)
    return asked


def _question(services: Services, asked: Challenge, *, back: Back) -> Question:
    try:
        verifier = services.keys.unseal(asked.data["verifier"])
    except NotOurSeal as changed:  # the installation got another secret in these ten minutes
        raise NoSuchQuestion from changed
    redirect = redirect_of(services, _account(asked.data["place"]))
    return Question(redirect=redirect, state=back.state, nonce=asked.data["nonce"], verifier=verifier)


def _let_in(services: Services, place: str, *, vouched: Vouched, language: Language, seen: Seen) -> str:
    parsed = _parsed(place)
    with services.database.door(parsed[0] if parsed else None) as conn:
        if parsed is None:
            person = _of_staff(conn, vouched)
            return sessions.begin(services, conn, person=person, method="directory", seen=seen)
        # Held, so that who removes the directory meanwhile ends this session too.
        accounts.locked(conn, parsed[0])
        directory = at_place(conn, parsed)
        if directory is None:  # removed while somebody was there
            raise UnknownDirectory
        account = parsed[0]
        person = member_of(
            services, conn, account=account, directory=directory, vouched=vouched, language=language, seen=seen
        )
        return sessions.begin(services, conn, person=person, method="directory", seen=seen, only_account=account)


def _of_staff(conn: Connection, vouched: Vouched) -> int:
    person = people.by_email(conn, vouched.email) if vouched.email else None
    if person is None or people.staff_role(conn, person.id) is None:
        raise NotStaffByDirectory(email=vouched.email or "–")
    return person.id


def _found(services: Services, place: str) -> tuple[Entrance, Client]:
    """What a place is, and how the product is known there."""
    if place == VENDOR and services.vendor_directory:
        return Entrance(VENDOR, None), services.vendor_directory
    parsed = _parsed(place)
    if parsed is None:
        raise UnknownDirectory
    try:
        with services.database.door(parsed[0], read_only=True) as conn:
            row = at_place(conn, parsed)
            account = accounts.find(conn, parsed[0])
    except NoSuchAccount as nobody:
        raise UnknownDirectory from nobody
    if row is None:
        raise UnknownDirectory
    return Entrance(row.name, account.name), client_of(services, row)


def _account(place: str) -> int | None:
    parsed = _parsed(place)
    return parsed[0] if parsed else None


def _parsed(place: str) -> Place | None:
    """Account, directory and key of a place; None for the vendor's, and for what is none."""
    parts = place.split("-", _PARTS - 1)
    if len(parts) != _PARTS or not all(_is_number(part) for part in parts[:2]) or not parts[2].isascii():
        return None
    return int(parts[0]), int(parts[1]), parts[2]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS and int(text) < 2**31
