"""What a directory says of itself: where readers go, where codes are redeemed, and which keys it signs with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from prorata.adapters.oidc.wire import Bounds, checked, send
from prorata.usecases.vouching import NoDirectoryThere, OtherDirectory

_PLACE: Final = "/.well-known/openid-configuration"
_BASIC: Final = "client_secret_basic"
_POST: Final = "client_secret_post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`people`: where more is told of a person, None where nothing is. `secret_in_form`: it wants the secret there."""

    way: str
    tokens: str
    keys: str
    people: str | None
    secret_in_form: bool


def document_of(bounds: Bounds) -> Document:
    """Read it anew: keys and addresses change, and people do not sign in so often that it would have to be kept.

    Raises what the wire does, `NoDirectoryThere`, and `OtherDirectory`.
    """
    status, found = send(checked(bounds.issuer, bounds).rstrip("/") + _PLACE, bounds)
    if status != 200 or not isinstance(found.get("issuer"), str):
        raise NoDirectoryThere(issuer=bounds.issuer)
    if found["issuer"] != bounds.issuer:
        raise OtherDirectory(issuer=bounds.issuer, other=str(found["issuer"])[:200])
    people = found.get("userinfo_endpoint")
    return Document(
        way=_address(found, "authorization_endpoint", bounds=bounds),
        tokens=_address(found, "token_endpoint", bounds=bounds),
        keys=_address(found, "jwks_uri", bounds=bounds),
        people=None if people is None else _address(found, "userinfo_endpoint", bounds=bounds),
        secret_in_form=_in_form(found.get("token_endpoint_auth_methods_supported")),
    )


def keys_of(document: Document, bounds: Bounds) -> tuple[dict[str, Any], ...]:
    """The keys that a directory signs with, as they stand there now. Raises what the wire does."""
    status, found = send(document.keys, bounds)
    listed = found.get("keys")
    if status != 200 or not isinstance(listed, list):
        raise NoDirectoryThere(issuer=bounds.issuer)
    return tuple(cast("dict[str, Any]", one) for one in cast("list[object]", listed) if isinstance(one, dict))


def _address(found: dict[str, Any], name: str, *, bounds: Bounds) -> str:
    if name not in found:
        raise NoDirectoryThere(issuer=bounds.issuer)
    return checked(found[name], bounds)


def _in_form(methods: object) -> bool:
    """Whether the secret goes into the form: only where the directory takes it in no header."""
    return isinstance(methods, list) and _POST in methods and _BASIC not in methods
