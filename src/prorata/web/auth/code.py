"""The code that was mailed: asked for, and what follows when it is right."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.door.codes import MINUTES, Answer, CodeOver, NotACode, WrongCode, asked
from prorata.usecases.door.sign_in import NowhereToGo, sign_in
from prorata.usecases.door.throttle import TooOften
from prorata.web.addresses import HOME, SIGN_IN, with_query
from prorata.web.auth.cookies import door_token, forget_session, keep_session, seen_of
from prorata.web.auth.paths import CODE
from prorata.web.failures import failure_page
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.rendering import render, wording_of
from prorata.web.views import FieldError
from prorata.web.visits import services_of
from prorata.wording.errors import sentence

WRONG = (NotACode, WrongCode, CodeOver, TooOften)


def routes() -> Sequence[BaseRoute]:
    """Asking for the code, and trying it."""
    return get(CODE, show, name="code"), post(CODE, answer)


def show(request: Request) -> Response:
    """Ask for the code that this browser waits for."""
    return code_page(request, next_page=own_path(query_form(request).text("next", HOME)), action=CODE, anew=SIGN_IN)


def answer(request: Request, form: Form) -> Response:
    """Let in who has the code, with a new session, and go on to where they wanted to be."""
    next_page = own_path(form.text("next", HOME))
    given = Answer(door_token(request), form.text("code"), seen_of(request))
    try:
        token = sign_in(services_of(request), given)
    except WRONG as error:
        return code_page(request, next_page=next_page, action=CODE, anew=SIGN_IN, typed=form.text("code"), error=error)
    except NowhereToGo as error:
        response = failure_page(request, status=403, sentence=sentence(error, wording_of(request)))
        forget_session(response)
        return response
    response = RedirectResponse(next_page, status_code=303)
    keep_session(response, token)
    return response


def code_page(
    request: Request, *, next_page: str, action: str, anew: str, typed: str = "", error: DomainError | None = None
) -> Response:
    """The page that asks for a code: it posts to `action`; at `anew` another one is asked for.

    Where no code waits any more there is nothing to type: the page says so, and leads there.
    """
    waiting = asked(services_of(request), door_token(request))
    said = sentence(error or CodeOver(), wording_of(request)) if error or not waiting else ""
    over = waiting is None or isinstance(error, CodeOver)
    status = 429 if isinstance(error, TooOften) else 422 if error else 200
    return render(
        request,
        "auth/code.html",
        status=status,
        email=waiting.email if waiting else "",
        known=action != CODE,
        minutes=MINUTES,
        over=said if over else "",
        errors=(FieldError(field="code", text=said),) if said and not over else (),
        typed=typed,
        next_page=next_page,
        action=action,
        anew=with_query(anew, next=next_page),
    )
