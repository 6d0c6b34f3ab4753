"""Who is here: in the demo, the person that somebody chose to be, kept in a signed cookie.

A person of an account is a `Visit`, somebody who works for the vendor a `StaffVisit`; nobody is both.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.store.errors import StoreError
from prorata.store.members import MemberRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.people import person, staff_person
from prorata.usecases.permissions import Actor
from prorata.web.assets import STATIC_PATH
from prorata.web.center.paths import CONSOLE, HOME, PEOPLE, with_query
from prorata.web.languages import LANGUAGE_COOKIE
from prorata.web.rendering import wording_of
from prorata.wording import Language

COOKIE = "prorata_person"
_STAFF = "staff"


class NobodyChosen(HTTPException):
    """No person was chosen yet, or one that does not exist any more: the way on is to choose one."""

    def __init__(self) -> None:
        """Keep the status of the way on."""
        super().__init__(303)


def on_nobody(request: WebRequest, _: Exception) -> Response:
    """Send the reader to the choice, and from there to what was asked for; the vendor's staff to the console."""
    if maybe_staff(request):
        return RedirectResponse(CONSOLE, status_code=303)
    reads = request.method == "GET" and request.url.path != "/"
    asked = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return RedirectResponse(with_query(PEOPLE, next=asked if reads else ""), status_code=303)


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


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody known."""

    services: Services
    account: int
    actor: Actor
    member: MemberRow

    def request(self, *, seen: str | None = None) -> Request:
        """What use cases are asked with; `seen` is the fingerprint of a preview that is now confirmed.

        Where a preview was wanted and none is named, nothing fits: the reader is shown it first.
        """
        return Request(self.account, self.actor, seen=seen if seen is None else seen or "nothing")


@dataclass(frozen=True, slots=True)
class StaffVisit:
    """A request of somebody who works for the vendor; `place` is theirs among the vendor's people."""

    services: Services
    actor: Actor
    place: int
    vendor: str


def services_of(request: WebRequest) -> Services:
    """The use cases' services, put there when the application was made."""
    found: Services = request.app.state.services
    return found


def visit(request: WebRequest) -> Visit:
    """Who of an account is here; raises `NobodyChosen`, and 403 for the vendor's staff: this is the customers' side."""
    found = maybe_visit(request)
    if found is None:
        if maybe_staff(request) and request.url.path != HOME:
            raise HTTPException(403, wording_of(request).t("This page is for the people of an account."))
        raise NobodyChosen
    return found


def staff(request: WebRequest) -> StaffVisit:
    """Who of the vendor is here; raises `NobodyChosen`, and 403 for everybody else."""
    found = maybe_staff(request)
    if found is None:
        if maybe_visit(request):
            raise HTTPException(403, wording_of(request).t("This page is for the people who work for the vendor."))
        raise NobodyChosen
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
        request.state.visit = _look_up(request)
    found: Visit | StaffVisit | None = request.state.visit
    return found


def _look_up(request: WebRequest) -> Visit | StaffVisit | None:
    match _chosen(request):
        case [int(account), int(member)]:
            return _member(request, account=account, member=member)
        case [str(kind), int(place)] if kind == _STAFF:
            return _staff(request, place)
        case _:
            return None


def _member(request: WebRequest, *, account: int, member: int) -> Visit | None:
    services = services_of(request)
    found = person(services, account=account, member=member)
    if found is None:
        return None
    _speak(request, found[1].language)
    return Visit(services, account, *found)


def _staff(request: WebRequest, place: int) -> StaffVisit | None:
    services = services_of(request)
    found = staff_person(services, place)
    if found is None:
        return None
    actor, one, vendor = found
    _speak(request, one.language)
    return StaffVisit(services, actor, place, vendor)


def _speak(request: WebRequest, language: str) -> None:
    """Use the person's own language where none was chosen on this browser."""
    if Language.of_tag(request.cookies.get(LANGUAGE_COOKIE, "")) is None:
        request.scope["language"] = Language(language)


def _chosen(request: WebRequest) -> object:
    try:
        value: object = _serializer(request).loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return value


def choose(request: WebRequest, response: Response, *, account: int, member: int) -> None:
    """Let the rest of the browser's visit be this person's."""
    _keep(request, response, chosen=[account, member])


def choose_staff(request: WebRequest, response: Response, *, place: int) -> None:
    """Let the rest of the browser's visit be that of one of the vendor's people."""
    _keep(request, response, chosen=[_STAFF, place])


def _keep(request: WebRequest, response: Response, *, chosen: list[int] | list[str | int]) -> None:
    value = _serializer(request).dumps(chosen)
    assert isinstance(value, str)  # noqa: S101 - dumps gives text for the text serializer
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, value, httponly=True, samesite="lax", secure=secure, path="/")


def _serializer(request: WebRequest) -> URLSafeSerializer:
    return URLSafeSerializer(request.app.state.secret, salt="person")
