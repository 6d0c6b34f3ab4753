"""Signing in by a directory: the page that says where one goes, the way there, and the way back.

Nobody is sent away by a mere link: another site could then sign its readers in as somebody else. And the way there is a
page, not an answer that forwards: a browser lets no form of ours lead to another site.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.door import directory_sign_in
from prorata.usecases.door.directory_sign_in import Back, UnknownDirectory
from prorata.usecases.door.throttle import TooOften
from prorata.web.addresses import HOME, SIGN_IN
from prorata.web.auth.cookies import door_token, keep_door, keep_session, seen_of
from prorata.web.auth.known import maybe_known
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.visits import services_of
from prorata.wording.errors import sentence

_PLACE = SIGN_IN + "/with/{place}"
_BACK = SIGN_IN + "/with/{whose}/back"


def routes() -> Sequence[BaseRoute]:
    """Where one signs in, the way to the directory, and the way back."""
    return get(_PLACE, show, name="directory"), post(_PLACE, go), get(_BACK, back, name="directory_back")


def show(request: Request) -> Response:
    """Say whose directory it is, before anybody is sent there."""
    try:
        entrance = directory_sign_in.entrance(services_of(request), request.path_params["place"])
    except DomainError as error:
        return _refused(request, error)
    here = maybe_known(request)
    return render(
        request,
        "auth/directory.html",
        directory=entrance.directory,
        account=entrance.account,
        next_page=own_path(query_form(request).text("next", HOME)),
        instead_of=here.email if here else "",
    )


def go(request: Request, form: Form) -> Response:
    """Send the reader to the directory."""
    place, wanted = request.path_params["place"], own_path(form.text("next", HOME))
    try:
        away = directory_sign_in.ask(services_of(request), place, wanted=wanted, seen=seen_of(request))
    except DomainError as error:
        return _refused(request, error)
    response = render(request, "auth/directory_way.html", bare=True, address=away.address)
    response.headers["Refresh"] = f"0; url={away.address}"
    keep_door(response, away.token)
    return response


def back(request: Request) -> Response:
    """Let in who comes back with an answer, and go on to where they wanted to be."""
    query = query_form(request)
    came = Back(
        whose=request.path_params["whose"],
        token=door_token(request),
        state=query.text("state"),
        code=query.text("code"),
        error=query.text("error"),
        issuer=query.text("iss"),
        language=language_of(request).value,
    )
    try:
        arrived = directory_sign_in.finish(services_of(request), came, seen=seen_of(request))
    except DomainError as error:
        return _refused(request, error)
    response = RedirectResponse(own_path(arrived.wanted), status_code=303)
    keep_session(response, arrived.token)
    return response


def _refused(request: Request, error: DomainError) -> Response:
    w = wording_of(request)
    status = 404 if isinstance(error, UnknownDirectory) else 429 if isinstance(error, TooOften) else 403
    inside = maybe_known(request) is not None
    return render(
        request, "auth/directory_failed.html", status=status, bare=True, said=sentence(error, w), inside=inside
    )
