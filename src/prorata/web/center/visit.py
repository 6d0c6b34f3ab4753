"""Who is here: in the demo, the person that somebody chose to be, kept in a signed cookie."""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from prorata.store.members import MemberRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.people import person
from prorata.usecases.permissions import Actor

COOKIE = "prorata_person"
CHOOSE = "/people"


class NobodyChosen(HTTPException):
    """No person was chosen yet, or one that does not exist any more: the way on is to choose one."""

    def __init__(self) -> None:
        """Send the reader to the choice."""
        super().__init__(303, headers={"location": CHOOSE})


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody known."""

    services: Services
    account: int
    actor: Actor
    member: MemberRow

    def request(self, *, seen: str | None = None) -> Request:
        """What use cases are asked with; `seen` is the fingerprint of a preview that is now confirmed."""
        return Request(self.account, self.actor, seen=seen or None)


def services_of(request: WebRequest) -> Services:
    """The use cases' services, put there when the application was made."""
    found: Services = request.app.state.services
    return found


def visit(request: WebRequest) -> Visit:
    """Who is here; raises `NobodyChosen`."""
    found = maybe_visit(request)
    if found is None:
        raise NobodyChosen
    return found


def maybe_visit(request: WebRequest) -> Visit | None:
    """Who is here, or None; looked up once for a request."""
    if not hasattr(request.state, "visit"):
        request.state.visit = _look_up(request)
    found: Visit | None = request.state.visit
    return found


def _look_up(request: WebRequest) -> Visit | None:
    chosen = _chosen(request)
    if chosen is None:
        return None
    services = services_of(request)
    account, member = chosen
    found = person(services, account=account, member=member)
    return Visit(services, account, *found) if found else None


def _chosen(request: WebRequest) -> tuple[int, int] | None:
    try:
        value: object = _serializer(request).loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    match value:
        case [int(account), int(member)]:
            return account, member
        case _:
            return None


def choose(request: WebRequest, response: Response, *, account: int, member: int) -> None:
    """Let the rest of the browser's visit be this person's."""
    value = _serializer(request).dumps([account, member])
    assert isinstance(value, str)  # noqa: S101 - dumps gives text for the text serializer
    response.set_cookie(COOKIE, value, httponly=True, samesite="lax", path="/")


def _serializer(request: WebRequest) -> URLSafeSerializer:
    return URLSafeSerializer(request.app.state.secret, salt="person")
