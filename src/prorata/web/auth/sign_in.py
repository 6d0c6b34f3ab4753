"""Signing in: the address is asked for, and a code is mailed to it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.usecases.door.codes import Ask, NotAnEmail, ask_code
from prorata.usecases.door.sign_in import sign_out
from prorata.usecases.door.throttle import TooOften
from prorata.web.addresses import HOME, SIGN_IN, with_query
from prorata.web.auth import ways
from prorata.web.auth.cookies import door_token, forget_session, keep_door, seen_of, session_token
from prorata.web.auth.known import maybe_known
from prorata.web.auth.paths import ACCOUNTS, CODE, SIGN_OUT, VENDOR
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.views import FieldError
from prorata.web.visits import services_of
from prorata.wording.errors import sentence


def routes() -> Sequence[BaseRoute]:
    """Asking for the address, mailing the code, and signing out."""
    return get(SIGN_IN, show, name="sign_in"), post(SIGN_IN, ask), post(SIGN_OUT, leave)


def show(request: Request) -> Response:
    """Ask who it is; who is in already goes on, or chooses an account first."""
    form = query_form(request)
    next_page = own_path(form.text("next", HOME))
    known = maybe_known(request)
    if known is None:
        return _page(request, next_page=next_page, out="out" in form)
    on = next_page if known.actor else with_query(ACCOUNTS, next=next_page)
    return RedirectResponse(on, status_code=303)


def ask(request: Request, form: Form) -> Response:
    """Mail a code and ask for it; nothing tells whether anybody has the address."""
    next_page = own_path(form.text("next", HOME))
    wanted = Ask(form.text("email"), seen_of(request), door_token(request), language=language_of(request).value)
    try:
        token = ask_code(services_of(request), wanted)
    except (NotAnEmail, TooOften) as error:
        said = FieldError(field="email", text=sentence(error, wording_of(request)))
        status = 429 if isinstance(error, TooOften) else 422
        return _page(request, next_page=next_page, typed=form.text("email"), errors=(said,), status=status)
    response = RedirectResponse(with_query(CODE, next=next_page), status_code=303)
    keep_door(response, token)
    return response


def leave(request: Request, _: Form) -> Response:
    """Sign out of this browser."""
    sign_out(services_of(request), session_token(request))
    response = RedirectResponse(with_query(SIGN_IN, out=1), status_code=303)
    forget_session(response)
    return response


def _page(
    request: Request,
    *,
    next_page: str,
    typed: str = "",
    errors: tuple[FieldError, ...] = (),
    out: bool = False,
    status: int = 200,
) -> Response:
    return render(
        request,
        "auth/sign_in.html",
        status=status,
        next_page=next_page,
        typed=typed,
        errors=errors,
        out=out,
        passkeys=ways.at_sign_in(request),
        vendor=with_query(VENDOR, next=next_page) if services_of(request).vendor_directory else "",
    )
