"""A link that lets somebody in once. Looking at it spends nothing: programs that check mails look at every link."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.door.links import LinkExpired, LinkUnknown, LinkUsed, look_at_link, use_link
from prorata.usecases.door.sign_in import NowhereToGo
from prorata.web.addresses import HOME, SIGN_IN
from prorata.web.auth.cookies import keep_session, seen_of
from prorata.web.auth.known import maybe_known
from prorata.web.auth.paths import LINK
from prorata.web.failures import failure_page
from prorata.web.forms import Form, get, post
from prorata.web.rendering import render, wording_of
from prorata.web.views import Link
from prorata.web.visits import services_of
from prorata.wording.errors import sentence

_BAD = (LinkUnknown, LinkUsed, LinkExpired, NowhereToGo)
_STATUS = {"link_unknown": 404, "nowhere_to_go": 403}
_GONE = 410


def routes() -> Sequence[BaseRoute]:
    """Looking at a link, and using it."""
    return get(LINK, show, name="link"), post(LINK, use)


def show(request: Request) -> Response:
    """Say whom the link lets in, with the button that does."""
    try:
        name = look_at_link(services_of(request), request.path_params["token"])
    except _BAD as error:
        return _refused(request, error)
    here = maybe_known(request)
    return render(request, "auth/link.html", bare=True, name=name, instead_of=here.email if here else "")


def use(request: Request, _: Form) -> Response:
    """Let them in."""
    try:
        token = use_link(services_of(request), request.path_params["token"], seen=seen_of(request))
    except _BAD as error:
        return _refused(request, error)
    response = RedirectResponse(HOME, status_code=303)
    keep_session(response, token)
    return response


def _refused(request: Request, error: DomainError) -> Response:
    w = wording_of(request)
    way_on = Link(label=w.t("Sign in"), href=SIGN_IN)
    return failure_page(request, status=_STATUS.get(error.code, _GONE), sentence=sentence(error, w), way_on=way_on)
