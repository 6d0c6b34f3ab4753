"""A device with passkeys, made by hand: what it says is put together byte by byte, so that a test can have it lie.

It answers the questions of a site as a browser hands them over, and in the form in which a browser passes answers on.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, MAY_SYNC, SYNCED, WITH_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
HELD = PRESENT | VERIFIED


def text64(data: bytes) -> str:
    """Bytes as the web writes them: base64url without its padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes64(text: str) -> bytes:
    """And back."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """A device with one passkey; `count` is how often it has answered, None: it does not count."""

    origin: str = "https://billing.example"
    host: str = "billing.example"
    id: bytes = b"key-of-the-first-device"
    count: int | None = 0
    flags: int = HELD
    handle: bytes | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str, **otherwise: object) -> str:
        """Make the passkey that a site asks for; `otherwise`: what the browser says instead of the truth."""
        asked = json.loads(options)
        self.handle = bytes64(asked["user"]["id"])
        made = (
            self._said(WITH_KEY)
            + bytes(16)
            + len(self.id).to_bytes(2, "big")
            + self.id
            + encode_cbor(self._public_key())
        )
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": made})
        client = self._client("webauthn.create", asked, otherwise)
        return self._answer({"clientDataJSON": text64(client), "attestationObject": text64(attested)})

    def answer(self, options: str, *, handle: bytes | None = None, **otherwise: object) -> str:
        """Answer a question with the passkey; `handle`: whom to claim it belongs to, else whom it was made for."""
        asked = json.loads(options)
        if self.count is not None:
            self.count += 1
        said, client = self._said(), self._client("webauthn.get", asked, otherwise)
        signature = self.key.sign(said + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        claimed = handle or self.handle
        return self._answer(
            {
                "clientDataJSON": text64(client),
                "authenticatorData": text64(said),
                "signature": text64(signature),
                "userHandle": text64(claimed) if claimed else None,
            }
        )

    def _said(self, more: int = 0) -> bytes:
        count = (self.count or 0).to_bytes(4, "big")
        return sha256(self.host.encode()).digest() + bytes([self.flags | more]) + count

    def _client(self, kind: str, asked: dict[str, Any], otherwise: dict[str, object]) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps({**told, **otherwise}).encode()

    def _public_key(self) -> dict[int, object]:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return {1: 2, 3: -7, -1: 1, -2: x, -3: y}

    def _answer(self, response: dict[str, str | None]) -> str:
        name = text64(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
