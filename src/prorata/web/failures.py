"""Pages for what went wrong: what it is, in the reader's language, and a way on."""

import contextlib

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from prorata.web.headers import secure
from prorata.web.rendering import render, wording_of
from prorata.web.views import Link
from prorata.wording import mark

_UNKNOWN = (mark("This does not work"), mark("The request could not be understood. Please go back and try again."))
_TEXTS = {
    400: _UNKNOWN,
    403: (mark("No access"), mark("Your role in this account does not allow this. An admin of the account can do it.")),
    404: (
        mark("Page not found"),
        mark("There is nothing at this address. It may have been mistyped, or belong to another account."),
    ),
    421: (
        mark("Not this server"),
        mark("This server does not answer under that name. Please use the address that it was started with."),
    ),
    422: (mark("This is not possible now"), mark("A rule of the subscription does not allow this. Nothing was done.")),
    405: (
        mark("This does not work"),
        mark("This address cannot be used in this way. Please begin from the page itself."),
    ),
    409: (
        mark("This has changed since it was shown"),
        mark("It was changed in the meantime, perhaps in another window. Nothing was done. Please look at it anew."),
    ),
    408: (
        mark("This took too long to arrive"),
        mark("Not all of it had come after half a minute, so nothing was done. Please send it again."),
    ),
    414: (mark("This address is too long"), mark("No page here has an address of this length. Nothing was done.")),
    431: (
        mark("Too much at once"),
        mark("The browser sent more about itself than this site reads. Deleting this site’s cookies may help."),
    ),
    413: (mark("Too much at once"), mark("What was sent is larger than 1 MB. Nothing of it was kept.")),
    415: (mark("This does not work"), mark("Only forms can be sent to this address. Nothing was done.")),
    503: (
        mark("Not available just now"),
        mark("What these pages are read from does not answer. Nothing was half done. Please try again in a moment."),
    ),
    500: (
        mark("Something went wrong here"),
        mark("The fault is on this side, and it has been noted. Nothing was half done. Please try again in a moment."),
    ),
}
_REFUSED = 422
_OURS = 500
_TEXTS_BY_CODE = {
    "busy": (
        mark("Somebody else is at it"),
        mark("Somebody else is changing the same thing just now. Nothing was done. Please try again in a moment."),
    ),
    "not_encrypted": (
        mark("This connection is not encrypted"),
        mark("This site answers over an encrypted connection only. Please use its address that begins with https."),
    ),
    "other_account": (
        mark("This page is of another account"),
        mark(
            "Another account was opened in this browser since, perhaps in another window. Nothing was done. Open "
            "the account that it was meant for, and do it anew there."
        ),
    ),
    "other_site": (
        mark("This was not sent from here"),
        mark("The request came from another site, so nothing was done. Please use the form on the page itself."),
    ),
}


def failure_page(
    request: Request,
    *,
    status: int,
    code: str | None = None,
    sentence: str | None = None,
    way_on: Link | None = None,
    bare: bool = True,
) -> Response:
    """Answer with a page for a failure; `code` picks a text that says more than the status does.

    `way_on` leads back to what the failure is about, else to the start page, unless its reader may not see that.
    `bare` leaves out the navigation and the reader, who may not be known yet when a request is refused.
    """
    w = wording_of(request)
    title, text = _TEXTS_BY_CODE.get(code or "", _TEXTS.get(status, _UNKNOWN))
    # A rule's refusal is no fault of the address: its number would say nothing to a reader.
    number = None if status == _REFUSED else status
    return render(
        request,
        "failure.html",
        status=status,
        bare=bare,
        title=w.t(title),
        text=sentence or w.t(text),
        number=number,
        request_id=request.scope.get("request_id") if status == _OURS else None,
        way_on=way_on,
        path=request.url.path,
    )


def on_http_exception(request: Request, error: Exception) -> Response:
    """The page for a failure that has a status; a sentence given with it is shown."""
    if not isinstance(error, HTTPException):
        raise error
    code: str | None = getattr(error, "code", None)
    response = failure_page(request, status=error.status_code, code=code, sentence=_own_sentence(error), bare=False)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def on_unforeseen(request: Request, _: Exception) -> Response:
    """The page for a fault of ours. What happened goes to the log, and never to the page."""
    response: Response = PlainTextResponse("500", status_code=500)
    with contextlib.suppress(Exception):  # the fault may be in what makes pages
        response = failure_page(request, status=500)
    secure(response.headers, encrypted=request.url.scheme == "https")  # this answer is made outside of all middleware
    return response


def _own_sentence(error: HTTPException) -> str | None:
    return None if error.detail == HTTPException(error.status_code).detail else error.detail
