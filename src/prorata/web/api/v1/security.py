"""Who asks: nothing but the description of the API is answered without a key, and nothing is read before it is known.

A key comes in a header that no browser sends by itself, so no page elsewhere can use it: there are no cookies here, no
origins to compare, and no other site is let in by CORS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends
from fastapi.security import HTTPBearer, SecurityScopes
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import get_route_path  # pyright: ignore[reportPrivateImportUsage]
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.store.errors import StoreError
from prorata.usecases.act import Request, Services
from prorata.usecases.api_keys import KeyUse, use_key
from prorata.web.api.v1.limits import Buckets
from prorata.web.api.v1.problems import problem, unavailable
from prorata.web.visits import Visit

DESCRIPTION: Final = "/openapi.json"
_REALM: Final = 'Bearer realm="prorata"'
_SCHEME: Final = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    bearerFormat="prorata_{account}_{id}_{token}",
    description="A key of an account, made on its page *API keys*. Each may be used for what its scopes say.",
)


class ScopeMissing(Exception):
    """A key is good, but not for this. It is no rule's refusal: the edge alone knows what its addresses want."""

    def __init__(self, scope: str) -> None:
        """Keep what would be wanted."""
        super().__init__(scope)
        self.scope = scope


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that asks, and the key that it shows."""

    visit: Visit
    use: KeyUse

    @property
    def services(self) -> Services:
        """The use cases' services."""
        return self.visit.services

    @property
    def request(self) -> Request:
        """What use cases are asked with."""
        return self.visit.request()


@dataclass(frozen=True, slots=True)
class KeyNeeded:
    """Lets through what names a good key, and not too often; answers 401 and 429 to the rest."""

    app: ASGIApp
    services: Services
    buckets: Buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Find out who asks, and pass on."""
        if scope["type"] != "http" or get_route_path(scope) == DESCRIPTION:
            await self.app(scope, receive, send)
            return
        known = await self._known(scope)
        if isinstance(known, Response):
            await known(scope, receive, send)
            return
        visit = Visit(self.services, known.account, known.actor)
        # The log of requests finds it there, as it finds who looks at pages.
        scope.setdefault("state", {}).update(visit=visit, caller=Caller(visit, known))
        await self.app(scope, receive, send)

    async def _known(self, scope: Scope) -> KeyUse | Response:
        key = _bearer(Headers(scope=scope).get("authorization", ""))
        if not key:
            return problem(scope, 401, code="key_needed", headers={"WWW-Authenticate": _REALM})
        address = scope["client"][0] if scope.get("client") else ""
        try:
            use = await run_in_threadpool(use_key, self.services, key, address=address)
        except StoreError as error:
            return unavailable(scope, error)
        if use is None:
            return problem(scope, 401, headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'})
        seconds = self.buckets.take((use.account, use.key.id))
        if seconds:
            return problem(scope, 429, headers={"Retry-After": str(seconds)}, most=self.buckets.most)
        return use


def caller(request: WebRequest, scopes: SecurityScopes, _: Annotated[object, Depends(_SCHEME)]) -> Caller:
    """Who asks; raises `ScopeMissing` where their key is not for this."""
    found: Caller = request.state.caller
    for scope in scopes.scopes:
        if scope not in found.use.key.scopes:
            raise ScopeMissing(scope)
    return found


def on_missing_scope(request: WebRequest, error: Exception) -> Response:
    """The problem that says which scope would be wanted."""
    if not isinstance(error, ScopeMissing):
        raise error
    wanted = f'{_REALM}, error="insufficient_scope", scope="{error.scope}"'
    return problem(request.scope, 403, headers={"WWW-Authenticate": wanted}, named=error.scope)


def _bearer(header: str) -> str:
    scheme, _, key = header.strip().partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
