"""Questions to passkeys: put to one browser, answered once, within five minutes.

A question is known by what the browser keeps together with the question itself: several pages of a browser may ask at
a time, and none of them makes another's question, or a code that was mailed meanwhile, worthless.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from webauthn import generate_authentication_options, generate_registration_options, options_to_json
from webauthn.helpers import bytes_to_base64url, generate_challenge
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from prorata.core.errors import DomainError
from prorata.store import challenges, passkeys
from prorata.store.challenges import Challenge, Kind, Purpose
from prorata.store.engine import Connection
from prorata.store.passkeys import Passkey
from prorata.usecases.act import Services
from prorata.usecases.door.passkey_answers import Site
from prorata.usecases.door.sessions import Known
from prorata.usecases.keys import hash_of, new_token

ANSWER_WITHIN: Final = timedelta(minutes=5)
"""Time to fetch a phone or a key; an older question may have been left open by somebody else."""
NAME_OF_SITE: Final = "Prorata"
"""What devices show beside the person's name."""


class PasskeyQuestionOver(DomainError):
    """The question was answered already, is too old, or was put to another browser."""

    code = "passkey_question_over"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. `token`: what the browser keeps until it answers; `options`: what it hands to the device, as JSON."""

    token: str = field(repr=False)
    options: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: of whom, None for whoever comes."""

    kind: Kind
    purpose: Purpose
    known: Known | None = None


def ask_for_key(
    services: Services, conn: Connection, *, question: Question, token: str, there: Sequence[Passkey]
) -> Asked:
    """Ask for an answer by one of the passkeys that are there, by any of this site where none are named.

    `token`: what the browser keeps already, empty where it keeps nothing.
    """
    challenge = generate_challenge()
    options = generate_authentication_options(
        rp_id=Site.of(services.address).host,
        challenge=challenge,
        timeout=_milliseconds(ANSWER_WITHIN),
        allow_credentials=[PublicKeyCredentialDescriptor(one.id) for one in there],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    token = token or new_token()
    _keep(services, conn, question=question, known_by=_known_by(token, challenge))
    return Asked(token, options_to_json(options))


def ask_for_new_key(
    services: Services, conn: Connection, *, known: Known, token: str, there: Sequence[Passkey]
) -> Asked:
    """Ask for a passkey of somebody that is none of those that are there."""
    challenge = generate_challenge()
    options = generate_registration_options(
        rp_id=Site.of(services.address).host,
        rp_name=NAME_OF_SITE,
        user_id=passkeys.handle(conn, known.person),
        user_name=known.email,
        user_display_name=known.session.name,
        challenge=challenge,
        timeout=_milliseconds(ANSWER_WITHIN),
        # It signs in without anybody being named, and stands for a PIN, a finger or a face.
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(one.id) for one in there],
    )
    token = token or new_token()
    question = Question("new_passkey", "new", known)
    _keep(services, conn, question=question, known_by=_known_by(token, challenge))
    return Asked(token, options_to_json(options))


def close(services: Services, question: Question, *, token: str, challenge: bytes) -> None:
    """Let a question count no more, whatever the answer turns out to be worth. Raises `PasskeyQuestionOver` where
    nothing of the kind was asked of this browser and person, or counts no more already.
    """
    at = services.clock.now()
    with services.database.door() as conn:
        found = challenges.waiting(conn, token_hash=_known_by(token, challenge), kind=question.kind, at=at)
        if found:
            challenges.answered(conn, found, at=at)
    session = question.known.session.id if question.known else None
    if found is None or (found.purpose, found.session) != (question.purpose, session):
        raise PasskeyQuestionOver


def _keep(services: Services, conn: Connection, *, question: Question, known_by: bytes) -> None:
    at, known = services.clock.now(), question.known
    challenges.ask(
        conn,
        Challenge(
            token_hash=known_by,
            kind=question.kind,
            purpose=question.purpose,
            person=known.person if known else None,
            session=known.session.id if known else None,
            data={},
            at=at,
            expires_at=at + ANSWER_WITHIN,
        ),
    )


def _known_by(token: str, challenge: bytes) -> bytes:
    return hash_of(f"{token} {bytes_to_base64url(challenge)}")


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
