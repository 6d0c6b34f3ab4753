"""An invitation: who invites to what, and coming in by it. Looking at it spends nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.store.members import EmailTaken
from prorata.usecases.people.accept_invitation import (
    InvitationExpired,
    InvitationNotValid,
    InvitationTakenBack,
    InvitationUsed,
    Invited,
    Joined,
    accept,
    invited,
)
from prorata.web.addresses import HOME, SIGN_IN
from prorata.web.auth.cookies import seen_of
from prorata.web.auth.known import maybe_known
from prorata.web.auth.paths import SIGN_OUT
from prorata.web.failures import failure_page
from prorata.web.forms import Form, get, post
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, Link
from prorata.web.visits import door_of, services_of
from prorata.wording.errors import sentence
from prorata.wording.roles import role_does, role_word

INVITATION: Final = "/invitation/{link}"
_BAD: Final = (InvitationNotValid, InvitationExpired, InvitationUsed, InvitationTakenBack, EmailTaken)
_NOT_THERE: Final = 404
_GONE: Final = 410

Keep = Callable[[Request, Response, Joined], None]
"""Lets the browser be that of who has come in, from now on."""


def routes(keep: Keep) -> Sequence[BaseRoute]:
    """Looking at an invitation, and accepting it."""

    def come_in(request: Request, _: Form) -> Response:
        return _accept(request, keep)

    return get(INVITATION, show, name="invitation"), post(INVITATION, come_in, name="accept_invitation")


def show(request: Request) -> Response:
    """Say who invites to what, with the button that accepts."""
    try:
        found = invited(services_of(request), request.path_params["link"])
    except _BAD as refusal:
        return _refused(request, refusal)
    return _page(request, found)


def _accept(request: Request, keep: Keep) -> Response:
    """Come in; whoever is somebody else here signs out first."""
    services, link = services_of(request), request.path_params["link"]
    try:
        found = invited(services, link)
        if _somebody_else(request, found):
            return _page(request, found)
        joined = accept(services, link, seen=seen_of(request))
    except _BAD as refusal:
        return _refused(request, refusal)
    response = RedirectResponse(HOME, status_code=303)
    keep(request, response, joined)
    return response


def _somebody_else(request: Request, found: Invited) -> str:
    """The address of who is here, where that is not who is invited."""
    here = maybe_known(request)
    return here.email if here and here.email != found.row.email else ""


def _page(request: Request, found: Invited) -> Response:
    w, row = wording_of(request), found.row
    other = _somebody_else(request, found)
    return render(
        request,
        "auth/invitation.html",
        bare=True,
        status=409 if other and request.method == "POST" else 200,
        account=found.account,
        lead=w.t("{by} invites you to the account {account}.", by=row.by_name, account=found.account),
        facts=(
            (w.t("For"), f"{row.name}, {row.email}"),
            (w.t("Role"), role_word(w, row.role, own=row.own_role)),
            (w.t("What that is"), role_does(w, row.role)),
        ),
        other=other,
        action=request.url.path,
        accept=Action(label=w.t("Accept the invitation"), kind="primary"),
        sign_out=SIGN_OUT,
    )


def _refused(request: Request, refusal: DomainError) -> Response:
    w = wording_of(request)
    status = _NOT_THERE if isinstance(refusal, InvitationNotValid) else _GONE
    way_on = None if door_of(request).demo else Link(label=w.t("Sign in"), href=SIGN_IN)
    return failure_page(request, status=status, sentence=sentence(refusal, w), way_on=way_on)
