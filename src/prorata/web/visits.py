"""Who is here, as every page asks it: somebody of an account (`Visit`) or of the vendor (`StaffVisit`).

How that is known is the door's business: in the demo somebody chose to be that person (`web/demo`), in production they
signed in (`web/auth`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.store.errors import StoreError
from prorata.usecases.act import Request, Services
from prorata.usecases.permissions import Actor
from prorata.web.addresses import CONSOLE, HOME, with_query
from prorata.web.assets import STATIC_PATH
from prorata.web.languages import LANGUAGE_COOKIE
from prorata.web.rendering import wording_of
from prorata.web.views import Link
from prorata.wording import Language, Wording


class NobodyHere(HTTPException):
    """Nobody is known: the way on is the door."""

    def __init__(self) -> None:
        """Keep the status of the way on."""
        super().__init__(303)


class OtherAccount(HTTPException):
    """A form was sent that was shown for another account than the one that is open by now."""

    code = "other_account"

    def __init__(self) -> None:
        """Keep the status: what was shown is not what is there."""
        super().__init__(409)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody in an account: one of its people, or one of the vendor's who acts on its behalf.

    `role` as their account or the vendor has it; `language` of their screens, None: as the browser asks.
    """

    services: Services
    account: int
    actor: Actor
    language: Language | None = None

    @property
    def name(self) -> str:
        """Who it is, for readers."""
        return self.actor.name

    @property
    def role(self) -> str:
        """What they are here."""
        return self.actor.role

    def request(self, *, seen: str | None = None) -> Request:
        """What use cases are asked with; `seen` is the fingerprint of a preview that is now confirmed.

        Where a preview was wanted and none is named, nothing fits: the reader is shown it first.
        """
        return Request(self.account, self.actor, seen=seen if seen is None else seen or "nothing")


@dataclass(frozen=True, slots=True)
class StaffVisit:
    """A request of somebody who works for the vendor; `vendor` is what it is called."""

    services: Services
    actor: Actor
    vendor: str
    language: Language | None = None


class Door(Protocol):
    """How the people who come are known."""

    @property
    def entrance(self) -> str:
        """The path where one comes in."""
        ...

    @property
    def demo(self) -> bool:
        """Whether one may be anybody."""
        ...

    def screens(self) -> Sequence[BaseRoute]:
        """The routes of the door's own pages."""
        ...

    def who(self, request: WebRequest) -> Visit | StaffVisit | None:
        """Who sends a request; None for nobody that is known. Raises `StoreError`."""
        ...

    def way_out(self, w: Wording) -> Link:
        """Where one stops being who one is."""
        ...

    def session(self, request: WebRequest) -> int | None:
        """The session of who is here, where the door keeps them in the database."""
        ...

    def keep_behalf(self, request: WebRequest, response: Response, *, account: int | None, reason: str = "") -> None:
        """Let one of the vendor's people act for an account from now on, or for none, where the door keeps that with
        the browser.
        """
        ...


def door_of(request: WebRequest) -> Door:
    """The door, put there when the application was made."""
    found: Door = request.app.state.door
    return found


def services_of(request: WebRequest) -> Services:
    """The use cases' services, put there when the application was made."""
    found: Services = request.app.state.services
    return found


def on_nobody(request: WebRequest, _: Exception) -> Response:
    """Send the reader to the door, and from there to what was asked for; the vendor's staff to the console."""
    if maybe_staff(request):
        return RedirectResponse(CONSOLE, status_code=303)
    reads = request.method == "GET" and request.url.path != "/"
    asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return RedirectResponse(with_query(door_of(request).entrance, next=asked if reads else ""), status_code=303)


@dataclass(frozen=True, slots=True)
class KnownReader:
    """Finds out who is here before anything is worded: the person's own language counts on pages of failures too."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Look up and pass on. Where the database does not answer, the page itself will say so."""
        if scope["type"] == "http" and not scope["path"].startswith(STATIC_PATH):
            with contextlib.suppress(StoreError):
                await run_in_threadpool(_find_out, WebRequest(scope))
        await self.app(scope, receive, send)


def visit(request: WebRequest) -> Visit:
    """Who of an account is here; raises `NobodyHere`, 403 for the vendor's staff: this is the customers' side, and
    `OtherAccount` where a form is of another one.
    """
    found = maybe_visit(request)
    if found is None:
        if maybe_staff(request) and request.url.path != HOME:
            raise HTTPException(403, wording_of(request).t("This page is for the people of an account."))
        raise NobodyHere
    if getattr(request.state, "shown", None) not in {None, found.account}:
        raise OtherAccount
    return found


def staff(request: WebRequest) -> StaffVisit:
    """Who of the vendor is here; raises `NobodyHere`, and 403 for everybody else."""
    found = maybe_staff(request)
    if found is None:
        if maybe_visit(request):
            raise HTTPException(403, wording_of(request).t("This page is for the people who work for the vendor."))
        raise NobodyHere
    return found


def maybe_visit(request: WebRequest) -> Visit | None:
    """Who of an account is here, or None."""
    found = _find_out(request)
    return found if isinstance(found, Visit) else None


def maybe_staff(request: WebRequest) -> StaffVisit | None:
    """Who of the vendor is here, or None."""
    found = _find_out(request)
    return found if isinstance(found, StaffVisit) else None


def _find_out(request: WebRequest) -> Visit | StaffVisit | None:
    """Who is here; looked up once for a request."""
    if not hasattr(request.state, "visit"):
        request.state.visit = found = door_of(request).who(request)
        if found and found.language:
            _speak(request, found.language)
    known: Visit | StaffVisit | None = request.state.visit
    return known


def _speak(request: WebRequest, language: Language) -> None:
    """Use the person's own language where none was chosen on this browser."""
    if Language.of_tag(request.cookies.get(LANGUAGE_COOKIE, "")) is None:
        request.scope["language"] = language
