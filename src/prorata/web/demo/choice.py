"""Whom somebody chose to be, kept in a signed cookie."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "prorata_person"
STAFF = "staff"


def chosen(request: Request) -> object:
    """What was kept by `keep`; None where nothing was, or by somebody else."""
    try:
        value: object = _serializer(request).loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return value


def choose(request: Request, response: Response, *, account: int, member: int) -> None:
    """Let the rest of the browser's visit be this person's."""
    _keep(request, response, kept=[account, member])


def choose_staff(request: Request, response: Response, *, place: int) -> None:
    """Let the rest of the browser's visit be that of one of the vendor's people."""
    _keep(request, response, kept=[STAFF, place])


def choose_behalf(request: Request, response: Response, *, place: int, account: int, reason: str) -> None:
    """The same, and they act for an account."""
    _keep(request, response, kept=[STAFF, place, account, reason])


def _keep(request: Request, response: Response, *, kept: list[int] | list[str | int]) -> None:
    value = _serializer(request).dumps(kept)
    assert isinstance(value, str)  # noqa: S101 - dumps gives text for the text serializer
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, value, httponly=True, samesite="lax", secure=secure, path="/")


def _serializer(request: Request) -> URLSafeSerializer:
    return URLSafeSerializer(request.app.state.secret, salt="person")
