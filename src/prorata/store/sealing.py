"""What is written so that only who has its key can read it: once the key is destroyed, nobody ever can.

AES-256-GCM with a random nonce. Its first byte says in which form something was sealed, so that what is sealed today
can be opened by every later program.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from prorata.store.errors import DatabaseBroken

_FORM: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BITS: Final = 256
_AS_TEXT: Final = "sealed:"


def new_key() -> bytes:
    """A key that nobody can guess."""
    return AESGCM.generate_key(bit_length=_KEY_BITS)


def seal(key: bytes, text: str, *, about: str) -> bytes:
    """Text as only the key opens it. `about`: what it is; it opens as nothing else."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def unseal(key: bytes, sealed: bytes, *, about: str) -> str:
    """The text again; raises `DatabaseBroken` where it is none that this key has sealed about this."""
    form, rest = sealed[:1], sealed[1:]
    if form != _FORM:
        msg = f"What is stored of {about} was sealed in a form that this program does not know."
        raise DatabaseBroken(msg)
    try:
        return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], about.encode()).decode()
    except (InvalidTag, ValueError) as error:
        msg = f"What is stored of {about} does not open with its key: it was changed, or its key was."
        raise DatabaseBroken(msg) from error


def seal_text(key: bytes, text: str, *, about: str) -> str:
    """The same for a column of text, which may hold readable text too; nothing stays nothing."""
    return _AS_TEXT + b64encode(seal(key, text, about=about)).decode() if text else ""


def is_sealed(text: str) -> bool:
    """Whether a text is what `seal_text` makes."""
    return text.startswith(_AS_TEXT)


def unseal_text(key: bytes | None, text: str, *, about: str) -> str:
    """What `seal_text` has sealed, and any other text as it is; empty where the key is gone."""
    if not is_sealed(text):
        return text
    return unseal(key, b64decode(text.removeprefix(_AS_TEXT)), about=about) if key else ""
