"""What monitors ask: whether the process lives, whether it can work, how the work goes. Nothing of any account.

`/health`: 200 as long as the process answers. `/ready`: 200 when the database answers and its tables are those of this
program, else 503. `/metrics`: how the work goes, for Prometheus: for this machine, or for who shows the token where
there is one.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from prorata.store.errors import StoreError
from prorata.usecases.metrics import check_ready, read_metrics
from prorata.web.exposition import CONTENT_TYPE, exposition
from prorata.web.forms import get
from prorata.web.outside import Outside, is_near
from prorata.web.visits import services_of


def routes() -> Sequence[BaseRoute]:
    """What is asked, and how it is answered."""
    return get("/health", _health), get("/ready", _ready), get("/metrics", _metrics)


def _health(_: Request) -> Response:
    return PlainTextResponse("ok\n")


def _ready(request: Request) -> Response:
    try:
        check_ready(services_of(request))
    except StoreError as error:
        # What is wrong with the database is for who looks after it.
        return PlainTextResponse(f"{error}\n" if is_near(request.scope) else "not ready\n", 503)
    return PlainTextResponse("ready\n")


def _metrics(request: Request) -> Response:
    refused = _refusal(request)
    if refused:
        return refused
    try:
        return Response(exposition(read_metrics(services_of(request))), media_type=CONTENT_TYPE)
    except StoreError as error:
        return PlainTextResponse(f"{error}\n", 503)


def _refusal(request: Request) -> Response | None:
    outside: Outside = request.app.state.outside
    if outside.metrics_token is None:
        said = "The metrics are for this machine, or for who shows the token of PRORATA_METRICS_TOKEN.\n"
        return None if is_near(request.scope) else PlainTextResponse(said, 403)
    shown = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if hmac.compare_digest(shown, outside.metrics_token.encode()):
        return None
    headers = {"WWW-Authenticate": "Bearer"}
    return PlainTextResponse("Show the token of PRORATA_METRICS_TOKEN.\n", 401, headers=headers)
