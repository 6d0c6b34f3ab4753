"""The cookies of the door, and what a request tells of the browser that sent it.

Their names begin with `__Host-`: browsers take such a cookie from this very host only, over TLS or on the machine
itself, for the whole of it, and from no page beside it.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from prorata.usecases.door.sessions import Seen
from prorata.web.auth.agents import agent_words

SESSION_COOKIE: Final = "__Host-prorata_session"
DOOR_COOKIE: Final = "__Host-prorata_door"
"""What a browser keeps between a question at the door and its answer."""


def session_token(request: Request) -> str:
    """The session's token that the browser keeps; empty where it has none."""
    return request.cookies.get(SESSION_COOKIE, "")


def door_token(request: Request) -> str:
    """The token of the question that waits for an answer of this browser; empty where there is none."""
    return request.cookies.get(DOOR_COOKIE, "")


def keep_session(response: Response, token: str) -> None:
    """Let the browser keep a session until it is closed, and forget the question that was answered."""
    _keep(response, SESSION_COOKIE, value=token)
    _forget(response, DOOR_COOKIE)


def keep_door(response: Response, token: str) -> None:
    """Let the browser keep what it was asked with."""
    _keep(response, DOOR_COOKIE, value=token)


def forget_door(response: Response) -> None:
    """Let the browser forget what it was asked with."""
    _forget(response, DOOR_COOKIE)


def forget_session(response: Response) -> None:
    """Let the browser forget who was here."""
    _forget(response, SESSION_COOKIE)
    _forget(response, DOOR_COOKIE)


def seen_of(request: Request) -> Seen:
    """What is seen of who sends a request."""
    return Seen(
        agent=agent_words(request.headers.get("user-agent", "")),
        address=request.client.host if request.client else "",
        session=session_token(request),
    )


def _keep(response: Response, name: str, *, value: str) -> None:
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=True, path="/")


def _forget(response: Response, name: str) -> None:
    response.delete_cookie(name, httponly=True, samesite="lax", secure=True, path="/")
