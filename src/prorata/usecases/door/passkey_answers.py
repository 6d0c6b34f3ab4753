"""What a browser answers for a passkey, read and checked step by step, so that each fault has its own name.

The library has the last word on signatures and formats. What a reader can do something about (the wrong site, an old
question, no fingerprint) is found out before it is asked.
"""

from __future__ import annotations

import hmac
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorData,
    CollectedClientData,
    RegistrationCredential,
)

from prorata.core.errors import DomainError

MOST_CHARACTERS: Final = 20_000
"""Of an answer: real ones have some hundreds, with a certificate some thousands."""
MOST_ID_BYTES: Final = 1023
"""Of what a device calls a passkey, by the standard."""


class PasskeyNotUnderstood(DomainError):
    """What was sent is no answer of a passkey."""

    code = "passkey_not_understood"


class PasskeyOtherOrigin(DomainError):
    """The answer was given to a page of another address."""

    code = "passkey_other_origin"


class PasskeyOtherSite(DomainError):
    """The passkey belongs to another site."""

    code = "passkey_other_site"


class PasskeyNotVerified(DomainError):
    """The device did not make sure who holds it: no PIN, finger or face was asked for."""

    code = "passkey_not_verified"


class PasskeyNotGenuine(DomainError):
    """The signature does not fit the key, or what is said of the key contradicts itself."""

    code = "passkey_not_genuine"


class PasskeyCopied(DomainError):
    """The device counts its answers, and this one is not after the last: there may be a copy of the key."""

    code = "passkey_copied"


@dataclass(frozen=True, slots=True)
class Site:
    """Whose passkeys count: `origin` of the pages, and the name of the host that the keys are made for."""

    origin: str
    host: str

    @staticmethod
    def of(address: str) -> Site:
        """The site that is reached at an address: the one of the settings, never one that a request names."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        usual = {"https": 443, "http": 80}.get(parts.scheme)
        port = f":{parts.port}" if parts.port not in {None, usual} else ""
        return Site(f"{parts.scheme}://{host}{port}", host)


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a device has made."""

    id: bytes
    public_key: bytes
    sign_count: int
    synced: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A new key as it came: nothing of it is proved yet."""

    credential: RegistrationCredential
    client: CollectedClientData
    device: AuthenticatorData


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: nothing of it is proved yet."""

    credential: AuthenticationCredential
    client: CollectedClientData
    device: AuthenticatorData

    @property
    def id(self) -> bytes:
        """What the device calls the passkey."""
        return self.credential.raw_id

    @property
    def handle(self) -> bytes | None:
        """Whom the device believes the passkey to belong to; None where it does not say."""
        return self.credential.response.user_handle


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a passkey: its public half, and how often it had answered."""

    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What an answer that holds tells of its device."""

    sign_count: int
    synced: bool


def made_of(text: str) -> Made:
    """Read what a device has made. Raises `PasskeyNotUnderstood`."""
    with _or(PasskeyNotUnderstood):
        credential = parse_registration_credential_json(_short(text))
        client = parse_client_data_json(credential.response.client_data_json)
        device = parse_attestation_object(credential.response.attestation_object).auth_data
    return Made(credential, client, device)


def new_key(site: Site, made: Made) -> NewKey:
    """The key, if all that is said of it holds; which question it answers is the caller's to know. Raises what is
    wrong with it.
    """
    _check_client(site, made.client)
    _check_device(site, made.device)
    with _or(PasskeyNotGenuine):
        found = verify_registration_response(
            credential=made.credential,
            expected_challenge=made.client.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    if len(found.credential_id) > MOST_ID_BYTES or found.credential_id != made.credential.raw_id:
        raise PasskeyNotGenuine
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count, found.credential_backed_up)


def answer_of(text: str) -> Answer:
    """Read an answer. Raises `PasskeyNotUnderstood`."""
    with _or(PasskeyNotUnderstood):
        credential = parse_authentication_credential_json(_short(text))
        client = parse_client_data_json(credential.response.client_data_json)
        device = parse_authenticator_data(credential.response.authenticator_data)
    return Answer(credential, client, device)


def check(site: Site, answer: Answer, *, kept: Kept) -> Counted:
    """Whether an answer holds against what is known of its passkey; which question it answers is the caller's to know.
    Raises what is wrong with it.
    """
    _check_client(site, answer.client)
    _check_device(site, answer.device)
    with _or(PasskeyNotGenuine):
        found = verify_authentication_response(
            credential=answer.credential,
            expected_challenge=answer.client.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=0,  # counted below, where it has a name of its own
            require_user_verification=True,
        )
    if kept.sign_count and found.new_sign_count <= kept.sign_count:
        raise PasskeyCopied
    return Counted(found.new_sign_count, found.credential_backed_up)


def _check_client(site: Site, client: CollectedClientData) -> None:
    """What the browser says: on a page of which address it was asked."""
    if client.origin != site.origin or client.cross_origin:
        raise PasskeyOtherOrigin(address=site.origin)


def _check_device(site: Site, device: AuthenticatorData) -> None:
    """What the device says: for which site, and whether it made sure who holds it."""
    if not hmac.compare_digest(device.rp_id_hash, sha256(site.host.encode()).digest()):
        raise PasskeyOtherSite(site=site.host)
    if not (device.flags.up and device.flags.uv):
        raise PasskeyNotVerified


def _short(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise PasskeyNotUnderstood
    return text


@contextmanager
def _or(fault: type[DomainError]) -> Generator[None]:
    """Whatever the library makes of a stranger's bytes is one fault: what it may raise is written down nowhere."""
    try:
        yield
    except Exception as error:
        raise fault from error
