"""Secrets: made, known again by their hash only, and sealed where they must be read once more.

A token is 32 random bytes as text. What is stored is its SHA-256: it needs no salt and no slow hash, for nobody can
guess 256 bits. A code of six digits can be guessed: its hash is keyed with the installation's own secret, and only few
tries are allowed.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from prorata.core.errors import DomainError

TOKEN_BYTES: Final = 32


class NotOurSeal(DomainError):
    """What is stored was sealed with another secret than the installation's."""

    code = "not_our_seal"


def new_token() -> str:
    """A secret that nobody can guess, fit for addresses and cookies."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06}"


def hash_of(token: str) -> bytes:
    """What a token is known by."""
    return sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Keys:
    """What the installation's secret is used for; each use has a key of its own."""

    secret: str = field(default_factory=new_token, repr=False)

    def of_code(self, code: str, *, about: str) -> bytes:
        """What a code is known by; `about`: what it was made for, so that it fits nothing else."""
        return hmac.digest(self._key("code"), f"{about}\0{code}".encode(), "sha256")

    def of_throttle(self, what: str) -> bytes:
        """What a person or an address is known by where tries are counted: nobody reads there who tried."""
        return hmac.digest(self._key("throttle"), what.encode(), "sha256")

    def seal(self, text: str) -> str:
        """Make text unreadable to whoever has only the database."""
        return self._box().encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Read it again. Raises `NotOurSeal`."""
        try:
            return self._box().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise NotOurSeal from error

    def _box(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._key("seal")))

    def _key(self, use: str) -> bytes:
        return hmac.digest(self.secret.encode(), use.encode(), "sha256")
