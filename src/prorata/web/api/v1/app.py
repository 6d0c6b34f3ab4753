"""The API as an application of its own, beside the pages: no cookie, no form and no page has a part in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.core.errors import DomainError
from prorata.store.errors import StoreError
from prorata.usecases.act import Services
from prorata.web.api.v1 import documents, entitlements, me, subscriptions
from prorata.web.api.v1.guards import AskedLanguage, OwnAddress, SmallBody
from prorata.web.api.v1.limits import Buckets
from prorata.web.api.v1.problems import (
    Problem,
    Wrong,
    on_misfit,
    on_refusal,
    on_status,
    on_store_failure,
    on_unforeseen,
)
from prorata.web.api.v1.security import DESCRIPTION, KeyNeeded, ScopeMissing, on_missing_scope
from prorata.web.middleware import SecureAnswers
from prorata.web.outside import Outside

PREFIX: Final = "/api/v1"
_ANSWERS: Final = (
    (HTTPException, on_status),
    (RequestValidationError, on_misfit),
    (ScopeMissing, on_missing_scope),
    (DomainError, on_refusal),
    (StoreError, on_store_failure),
    (Exception, on_unforeseen),
)
_ABOUT: Final = (
    "Subscriptions, documents and entitlements of one account, with a key that one of its people has made. "
    "Amounts are whole minor units; days are dates in the account’s zone, and a period ends before its `to_date`. "
    "What goes wrong is a problem (RFC 9457) with a code that never changes."
)


def create_api(services: Services, *, outside: Outside | None = None, buckets: Buckets | None = None) -> FastAPI:
    """Make the application; `buckets` count how often each key is used."""
    api = FastAPI(
        title="Prorata",
        version="1",
        openapi_url=DESCRIPTION,
        docs_url=None,  # its page would fetch scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(SecureAnswers),
            Middleware(AskedLanguage),
            Middleware(OwnAddress, outside=outside or Outside()),
            Middleware(KeyNeeded, services=services, buckets=buckets or Buckets(services.clock.now)),
            Middleware(SmallBody),
        ],
    )
    for kind, answer in _ANSWERS:
        api.add_exception_handler(kind, answer)
    parts = (me.ROUTER, subscriptions.ROUTER, documents.ROUTER, entitlements.ROUTER)
    for part in parts:
        api.include_router(part)
    api.state.routes = tuple(route for part in parts for route in part.routes)
    api.openapi = partial(_description, api)
    return api


def _description(api: FastAPI) -> dict[str, Any]:
    """The description (OpenAPI 3.1): with our problems in the place of what the framework would answer."""
    if api.openapi_schema is None:
        made = get_openapi(
            title=api.title, version=api.version, description=_ABOUT, routes=api.routes, servers=[{"url": PREFIX}]
        )
        schemas: dict[str, Any] = made["components"]["schemas"]
        for model in (Wrong, Problem):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schema.pop("$defs", None)
            schemas[model.__name__] = schema
        api.openapi_schema = made
    return api.openapi_schema


@dataclass(frozen=True, slots=True)
class Beside:
    """Leads to the API what is for it, before anything that belongs to pages has looked at it."""

    app: ASGIApp
    api: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on, to the one or the other."""
        if scope["type"] != "http" or not f"{scope['path']}/".startswith(f"{PREFIX}/"):
            await self.app(scope, receive, send)
            return
        # In place: the log of requests reads there afterwards which route it took.
        scope["root_path"] = scope.get("root_path", "") + PREFIX
        await self.api(scope, receive, send)
