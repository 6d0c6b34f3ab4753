"""What `prorata serve` answers: whether it lives, whether it can work, how the work goes. No page of any account.

    /health    200 as long as the process answers
    /ready     200 when the database answers and its tables are those of this program, else 503 and why
    /metrics   how the work goes, for Prometheus

Everywhere else stands one page that says why there is no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.store.errors import StoreError
from prorata.usecases.act import Services
from prorata.usecases.metrics import check_ready, read_metrics
from prorata.web.app import create_app
from prorata.web.exposition import CONTENT_TYPE, exposition
from prorata.web.forms import get
from prorata.web.rendering import render

_ANSWERED = frozenset({"/health", "/ready", "/metrics", "/language"})
_STATIC = "/static/"


def standing(services: Services) -> Starlette:
    """Make the application that stands in for the admin center until there is a sign-in."""
    app = create_app(
        routes=[get("/health", _health), get("/ready", _ready), get("/metrics", _metrics)],
        middleware=[Middleware(_NotServed)],
        refusals={StoreError: _on_store_failure},
    )
    app.state.services = services
    return app


@dataclass(frozen=True, slots=True)
class _NotServed:
    """Answers every other address with the page that says why nothing is there."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        if scope["type"] != "http" or scope["path"] in _ANSWERED or scope["path"].startswith(_STATIC):
            await self.app(scope, receive, send)
            return
        status = 200 if scope["path"] == "/" else 404
        await render(Request(scope, receive), "not_served.html", status=status)(scope, receive, send)


def _health(_: Request) -> Response:
    return PlainTextResponse("ok\n")


def _ready(request: Request) -> Response:
    check_ready(_services(request))
    return PlainTextResponse("ready\n")


def _metrics(request: Request) -> Response:
    return Response(exposition(read_metrics(_services(request))), media_type=CONTENT_TYPE)


def _on_store_failure(_: Request, error: Exception) -> Response:
    """For a program or whoever looks after one: the sentence of the failure, which names no secret."""
    return PlainTextResponse(f"{error}\n", status_code=503)


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)
