"""Showing once more who one is, then back to what one was at."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.usecases.door.proof import ask_proof, prove
from prorata.usecases.door.throttle import TooOften
from prorata.web.addresses import HOME, PROOF, with_query
from prorata.web.auth import ways
from prorata.web.auth.code import WRONG, code_page
from prorata.web.auth.cookies import door_token, keep_door, keep_session, seen_of
from prorata.web.auth.known import known
from prorata.web.auth.paths import PROOF_CODE
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.rendering import render, wording_of
from prorata.web.visits import services_of
from prorata.wording.errors import sentence


def routes() -> Sequence[BaseRoute]:
    """The ways to show it, and the code that is one of them."""
    return (
        get(PROOF, show, name="proof"),
        post(PROOF, ask),
        get(PROOF_CODE, show_code, name="proof_code"),
        post(PROOF_CODE, answer),
    )


def show(request: Request) -> Response:
    """Say what is asked and why; who has just shown it goes on."""
    next_page = own_path(query_form(request).text("next", HOME))
    if known(request).proved:
        return RedirectResponse(next_page, status_code=303)
    return _page(request, next_page=next_page)


def ask(request: Request, form: Form) -> Response:
    """Mail a code to who is in."""
    next_page, here = own_path(form.text("next", HOME)), known(request)
    try:
        token = ask_proof(services_of(request), here, seen=seen_of(request), old=door_token(request))
    except TooOften as error:
        return _page(request, next_page=next_page, refused=sentence(error, wording_of(request)))
    response = RedirectResponse(with_query(PROOF_CODE, next=next_page), status_code=303)
    keep_door(response, token)
    return response


def show_code(request: Request) -> Response:
    """Ask for the code."""
    known(request)
    return code_page(request, next_page=own_path(query_form(request).text("next", HOME)), action=PROOF_CODE, anew=PROOF)


def answer(request: Request, form: Form) -> Response:
    """Note that they have shown it, and go back."""
    next_page, here = own_path(form.text("next", HOME)), known(request)
    try:
        token = prove(
            services_of(request), here, token=door_token(request), code=form.text("code"), seen=seen_of(request)
        )
    except WRONG as error:
        typed = form.text("code")
        return code_page(request, next_page=next_page, action=PROOF_CODE, anew=PROOF, typed=typed, error=error)
    response = RedirectResponse(next_page, status_code=303)
    keep_session(response, token)
    return response


def _page(request: Request, *, next_page: str, refused: str = "") -> Response:
    here = known(request)
    return render(
        request,
        "auth/proof.html",
        status=429 if refused else 200,
        email=here.email,
        next_page=next_page,
        refused=refused,
        passkeys=ways.at_proof(request, here),
    )
