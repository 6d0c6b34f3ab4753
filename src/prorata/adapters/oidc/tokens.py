"""The signed answer of a directory: by one of its keys, about this sign-in, for this product, and of this moment."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, cast

from joserfc import jwk, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from prorata.usecases.vouching import (
    AnswerTooOld,
    AnswerUnreadable,
    Client,
    Vouched,
    WrongAlgorithm,
    WrongAudience,
    WrongIssuer,
    WrongNonce,
    WrongSignature,
)

_KINDS: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP", "Ed25519": "OKP"}
"""The algorithms that count, and the kind of key that each wants: those with a key of two halves. Whoever can check a
signature made with a shared secret can make one."""
_LEEWAY: Final = timedelta(minutes=1)
_OLDEST: Final = timedelta(minutes=10)
_MOST_KEYS: Final = 50
_LONGEST: Final = 255
_SHORTEST_RSA: Final = 342  # characters of 2048 bits


class _Registry(JWSRegistry):
    """Takes any header, since directories put things of their own there; which algorithms count is judged before."""

    max_header_length = 8192

    def get_alg(self, name: str):  # noqa: ANN202 - as the class above it has it
        """The algorithm of a name, also of the one that has got a newer name."""
        return self.algorithms[name]


_REGISTRY: Final = _Registry(algorithms=tuple(_KINDS), strict_check_header=False)


def claims_of(token: object, keys: Iterable[dict[str, Any]], *, issuer: str) -> dict[str, Any]:
    """What a token says, if one of the keys signed it.

    Raises `AnswerUnreadable`, `WrongAlgorithm`, `WrongSignature`.
    """
    if not isinstance(token, str):
        raise AnswerUnreadable(issuer=issuer)
    header = _header_of(token, issuer)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _KINDS:
        raise WrongAlgorithm(issuer=issuer)
    for key in _fitting(keys, algorithm, kid=header.get("kid")):
        try:
            return jwt.decode(token, key, registry=_REGISTRY).claims
        except BadSignatureError:
            continue
        except (JoseError, ValueError) as broken:
            raise AnswerUnreadable(issuer=issuer) from broken
    raise WrongSignature(issuer=issuer)


def judged(claims: dict[str, Any], client: Client, *, nonce: str, at: datetime) -> Vouched:
    """Whom the claims vouch for, if they are about this sign-in. Raises what is wrong with them."""
    issuer = client.issuer
    if claims.get("iss") != issuer:
        raise WrongIssuer(issuer=issuer)
    if not _is_for(claims, client.client_id):
        raise WrongAudience(issuer=issuer)
    found = claims.get("nonce")
    if not isinstance(found, str) or not hmac.compare_digest(found.encode(), nonce.encode()):
        raise WrongNonce(issuer=issuer)
    if not _is_of_now(claims, at):
        raise AnswerTooOld(issuer=issuer)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST or "\0" in subject:
        raise AnswerUnreadable(issuer=issuer)
    return Vouched(subject=subject, email=email_of(claims), name=_text(claims.get("name")))


def email_of(claims: dict[str, Any]) -> str | None:
    """The address of a person, if the directory says that it has been checked."""
    email = _text(claims.get("email"))
    return email if claims.get("email_verified") is True and "@" in email else None


def _header_of(token: str, issuer: str) -> dict[str, Any]:
    try:
        found: object = json.loads(urlsafe_b64decode(token.partition(".")[0].encode()))
    except (ValueError, RecursionError) as broken:
        raise AnswerUnreadable(issuer=issuer) from broken
    if token.count(".") != 2 or not isinstance(found, dict):
        raise AnswerUnreadable(issuer=issuer)
    return cast("dict[str, Any]", found)


def _fitting(keys: Iterable[dict[str, Any]], algorithm: str, *, kid: object) -> Iterator[jwk.Key]:
    """The keys that may have signed: of the kind, for signing, and of the name that the token gives."""
    for given in list(keys)[:_MOST_KEYS]:
        named = kid is None or given.get("kid") in (kid, None)
        for_signing = given.get("use") in (None, "sig") and given.get("alg") in (None, algorithm)
        short = given.get("kty") == "RSA" and len(str(given.get("n"))) < _SHORTEST_RSA
        if not (named and for_signing) or short or given.get("kty") != _KINDS[algorithm]:
            continue
        try:
            yield jwk.JWKRegistry.import_key(given)
        except (JoseError, ValueError, TypeError):
            continue  # one that cannot be read is no reason to refuse what another one signed


def _is_for(claims: dict[str, Any], client_id: str) -> bool:
    audience, party = claims.get("aud"), claims.get("azp")
    if isinstance(audience, list):
        listed = cast("list[object]", audience)
        return client_id in listed and (party == client_id or (party is None and len(listed) == 1))
    return audience == client_id and party in (None, client_id)


def _is_of_now(claims: dict[str, Any], at: datetime) -> bool:
    ends, made = _number(claims.get("exp")), _number(claims.get("iat"))
    if ends is None or made is None:
        return False
    earliest, latest = (at - _OLDEST - _LEEWAY).timestamp(), (at + _LEEWAY).timestamp()
    return ends > (at - _LEEWAY).timestamp() and earliest <= made <= latest


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    """A text of a person, as far as it can be kept."""
    plain = " ".join(value.split()) if isinstance(value, str) else ""
    return plain if plain.isprintable() and len(plain) <= _LONGEST else ""
