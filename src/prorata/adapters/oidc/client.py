"""Asks a directory who somebody is: the authorization code flow of OpenID Connect, with PKCE."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

from authlib.oauth2 import rfc7636
from authlib.oauth2.rfc6749 import parameters

from prorata.adapters.oidc.document import Document, document_of, keys_of
from prorata.adapters.oidc.tokens import claims_of, email_of, judged
from prorata.adapters.oidc.wire import SECONDS, Bounds, send
from prorata.usecases.vouching import Client, DirectoryRefusedUs, Question, Vouched

_SCOPE = "openid email profile"

# Authlib says nothing of its types.
_REQUESTS = cast("Any", parameters)
_PKCE = cast("Any", rfc7636)


@dataclass(frozen=True, slots=True)
class OpenIdConnect:
    """`loopback`: a directory may be on this machine, without TLS, for trying things out. `seconds`: for a request."""

    loopback: bool = False
    seconds: float = SECONDS

    def reach(self, client: Client) -> None:
        """See whether a directory is there, is what it is trusted as, and shows keys."""
        bounds = self._bounds(client)
        keys_of(document_of(bounds), bounds)

    def way_there(self, client: Client, question: Question) -> str:
        """The address at the directory where the reader says who they are."""
        way: str = _REQUESTS.prepare_grant_uri(
            document_of(self._bounds(client)).way,
            client.client_id,
            "code",
            redirect_uri=question.redirect,
            scope=_SCOPE,
            state=question.state,
            nonce=question.nonce,
            code_challenge=_PKCE.create_s256_code_challenge(question.verifier),
            code_challenge_method="S256",
        )
        return way

    def answer(self, client: Client, question: Question, *, code: str, at: datetime) -> Vouched:
        """Who came back with a code."""
        bounds = self._bounds(client)
        document = document_of(bounds)
        given = _redeem(document, client, question=question, code=code, bounds=bounds)
        claims = claims_of(given.get("id_token"), keys_of(document, bounds), issuer=client.issuer)
        vouched = judged(claims, client, nonce=question.nonce, at=at)
        if vouched.email is not None or document.people is None:
            return vouched
        return _told_more(document.people, given.get("access_token"), vouched=vouched, bounds=bounds)

    def _bounds(self, client: Client) -> Bounds:
        return Bounds(client.issuer, client.inside, self.loopback, self.seconds)


def _redeem(document: Document, client: Client, *, question: Question, code: str, bounds: Bounds) -> dict[str, Any]:
    fields: dict[str, str] = {"code": code, "code_verifier": question.verifier}
    headers: dict[str, str] = {}
    if document.secret_in_form:
        fields |= {"client_id": client.client_id, "client_secret": client.client_secret}
    else:
        pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    body: str = _REQUESTS.prepare_token_request("authorization_code", redirect_uri=question.redirect, **fields)
    status, given = send(document.tokens, bounds, fields=body, headers=headers)
    if status != 200:
        raise DirectoryRefusedUs(issuer=client.issuer)
    return given


def _told_more(address: str, token: object, *, vouched: Vouched, bounds: Bounds) -> Vouched:
    """What the directory tells of a person apart from the signed answer: some give the address only there.

    What is told of somebody else counts for nothing.
    """
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        return vouched
    status, told = send(address, bounds, headers={"Authorization": f"Bearer {token}"})
    if status != 200 or told.get("sub") != vouched.subject:
        return vouched
    name = told.get("name")
    return Vouched(
        subject=vouched.subject,
        email=email_of(told),
        name=vouched.name or (" ".join(name.split())[:255] if isinstance(name, str) else ""),
    )
