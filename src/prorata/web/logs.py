"""The log of `prorata serve`: one line of JSON for each request and for each thing that went wrong, on standard error.

A log is read by more people than the data are, and is kept elsewhere and longer. So a line says by ids who did what:
no names, no addresses of people, no query, no path but the pattern of the route. An error is told by its kind and by
where it came from, never by its own words: these may repeat what somebody typed, or a secret.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prorata.usecases.door.sessions import Known
from prorata.web.visits import StaffVisit, Visit

REQUEST_HEADER: Final = "X-Request-ID"
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_MOST_FRAMES: Final = 30
_request: ContextVar[str | None] = ContextVar("request", default=None)
_log = logging.getLogger(__name__)

# What a sentence of some library may carry along. Ids of ours are shorter than any secret.
_HIDDEN: Final = (
    (re.compile(r"(?<=://)[^\s/@]+@"), "…@"),
    (re.compile(r"[^\s@<>\"'(,;:=/…]+@[^\s@<>\"'),;:]+"), "(an address)"),
    (re.compile(r"\?[^\s\"']+"), "?…"),
    (re.compile(r"[A-Za-z0-9_-]{32,}=*"), "(a secret)"),
    (re.compile(r"(?<![\d.-])\d{6}(?![\d-])"), "(a number)"),
)


def log_as_json() -> None:
    """Let everything that this process logs from now on go to standard error, a line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(is_worth_telling)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("prorata").setLevel(logging.INFO)
    # While the database is away the pool says so many times a second; the worker says it once.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def is_worth_telling(record: logging.LogRecord) -> bool:
    """What we say, and what others warn of. Whoever asks a library to tell more does not get it here: rows and packets
    are what it would tell.
    """
    ours = record.name == "prorata" or record.name.startswith("prorata.")
    return record.levelno >= (logging.INFO if ours else logging.WARNING)


class JsonLines(logging.Formatter):
    """A record as one line: when, how bad, from where, what it says, and the facts that were given with it."""

    def format(self, record: logging.LogRecord) -> str:
        """Tell it, without what does not belong in a log."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": without_secrets(record.getMessage()),
        }
        if _request.get():
            line["request"] = _request.get()
        facts: object = getattr(record, "facts", None)
        if isinstance(facts, dict):
            line |= facts
        if record.exc_info and record.exc_info[1]:
            line |= _told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def without_secrets(text: str) -> str:
    """A sentence without addresses of people, passwords in URLs, queries, tokens and codes."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def _told(error: BaseException) -> dict[str, object]:
    """What kind of error it is, what it came of, and the way to where it was raised; not its words."""
    of: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause and len(of) < _MOST_FRAMES:
        of.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    told: dict[str, object] = {"error": type(error).__qualname__, "where": list(_frames(error))[-_MOST_FRAMES:]}
    return told | ({"of": of} if of else {})


def _frames(error: BaseException) -> Iterator[str]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        file = re.split(r"/(?:site-packages|src|tests)/", code.co_filename)[-1]
        yield f"{file}:{line} {code.co_name}"


@dataclass(frozen=True, slots=True)
class RequestLog:
    """Gives each request an id, which its answer carries too, and tells how it went.

    It stands around the whole application: what nobody else has caught ends here, as a line and a plain answer.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on, and tell."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own = scope["request_id"] = secrets.token_hex(8)
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_HEADER] = own
            await send(message)

        token, began = _request.set(own), time.perf_counter()
        try:
            await self.app(scope, receive, send_named)
        except Exception:  # noqa: BLE001 - it is told here, and nobody is left who could do more
            _log.exception("A request failed.", extra={"facts": {"route": route_of(scope)}})
            if not status:
                await PlainTextResponse("500\n", 500)(scope, receive, send_named)
        finally:
            took = round((time.perf_counter() - began) * 1000)
            _log.info("request", extra={"facts": _facts(scope) | {"status": status, "ms": took}})
            _request.reset(token)


def _facts(scope: Scope) -> dict[str, object]:
    method = scope["method"]
    return {"method": method if method in _METHODS else "other", "route": route_of(scope), **_who(scope)}


def route_of(scope: Scope) -> str | None:
    """The pattern of the route that a request took, such as `/bills/{number}`; None where there is none."""
    route = scope.get("route")
    path: object = getattr(route, "path", None)
    if not isinstance(path, str):
        return None
    return path if isinstance(route, Mount) else f"{scope.get('root_path', '')}{path}"


def _who(scope: Scope) -> dict[str, object]:
    """Who it was, by ids: the account, whose side, the member or the person at the door."""
    state = scope.get("state", {})
    found: dict[str, object] = {}
    visit, known = state.get("visit"), state.get("known")
    if isinstance(visit, Visit):
        found = {"account": visit.account, "actor": visit.actor.side, "member": visit.actor.member}
    elif isinstance(visit, StaffVisit):
        found = {"actor": visit.actor.side}
    if isinstance(known, Known):
        found["person"] = known.person
    return {name: value for name, value in found.items() if value is not None}
