"""What went wrong, as RFC 9457 has it: a status, a code for programs, a sentence for people in their language.

The type is `about:blank`: the status says what kind of problem it is, and `code` which one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final, cast

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from prorata.core.errors import DomainError
from prorata.store.errors import StoreError
from prorata.web.headers import secure
from prorata.wording import Language, Wording, mark, wording_for
from prorata.wording.errors import sentence

MEDIA_TYPE: Final = "application/problem+json"
AGAIN_SECONDS: Final = 5
"""After so long one may ask again where the database did not answer."""
_LOG = logging.getLogger(__name__)

_OF_RULES: Final[Mapping[str, int]] = {
    "not_allowed": 403,
    "unknown_subscription": 404,
    "unknown_document": 404,
    "no_such_account": 404,
}
_CODES: Final[Mapping[int, str]] = {
    400: "unreadable",
    401: "key_refused",
    403: "scope_missing",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    414: "address_too_long",
    415: "not_json",
    421: "not_this_server",
    422: "does_not_fit",
    429: "too_many_requests",
    431: "headers_too_long",
    500: "fault",
    503: "unavailable",
}
_TEXTS: Final[Mapping[str, str]] = {
    "unreadable": mark("What was sent could not be read. Send JSON."),
    "key_needed": mark("This address wants a key. Send it as “Authorization: Bearer”, followed by the key."),
    "key_refused": mark("This key is not accepted. An owner of the account can look at it, or make a new one."),
    "scope_missing": mark("This key may not be used for this. Make one that may, with the scope {named}."),
    "not_found": mark("There is nothing at this address. What there is stands in /api/v1/openapi.json."),
    "method_not_allowed": mark("This address does not take {method}. What it takes stands in /api/v1/openapi.json."),
    "too_slow": mark("Not all of it had come after half a minute, so nothing was done. Please send it again."),
    "address_too_long": mark("There is nothing at an address of this length."),
    "headers_too_long": mark("The headers of this request are longer than what is read of them."),
    "not_this_server": mark("There is nothing under this name. Use the address at which the site is reached."),
    "not_encrypted": mark(
        "This site answers over an encrypted connection only. Please use its address that begins with https."
    ),
    "too_large": mark("What was sent is larger than 1 MB. Nothing of it was kept."),
    "not_json": mark("Only JSON can be sent to this address. Nothing was done."),
    "does_not_fit": mark("What was sent does not fit what this address takes. What is wrong stands beside each value."),
    "too_many_requests": mark("At most {most} requests a minute are answered for one key. Try again in a moment."),
    "fault": mark(
        "The fault is on this side, and it has been noted. Nothing was half done. Please try again in a moment."
    ),
    "unavailable": mark(
        "What these pages are read from does not answer. Nothing was half done. Please try again in a moment."
    ),
}
CODES: Final = tuple(_TEXTS)
"""Which problems there are, but for the refusals of rules."""
_WRONG: Final[Mapping[str, str]] = {
    "missing": mark("This is missing."),
    "extra_forbidden": mark("There is nothing of this name."),
    "int_parsing": mark("Write a whole number."),
    "int_type": mark("Write a whole number."),
    "int_from_float": mark("Write a whole number."),
    "bool_parsing": mark("Write true or false."),
    "bool_type": mark("Write true or false."),
    "greater_than_equal": mark("Write {ge} or more."),
    "less_than_equal": mark("Write {le} or less."),
    "string_too_short": mark("Write {min_length} characters or more."),
    "string_too_long": mark("Write {max_length} characters or fewer."),
    "too_short": mark("Name {min_length} or more."),
    "too_long": mark("Name {max_length} or fewer."),
    "string_type": mark("Write text."),
    "string_pattern_mismatch": mark("This has characters that cannot be in it."),
    "string_unicode": mark("This has characters that cannot be in it."),
    "json_invalid": mark("This is no JSON."),
}
_WRONG_ELSE: Final = mark("This is not of the kind that is described.")


class Wrong(BaseModel):
    """A value that does not fit."""

    model_config = ConfigDict(frozen=True)

    place: str = Field(description="Where it is.", examples=["query.limit"])
    detail: str = Field(description="What is wrong, in a sentence.", examples=["Write 100 or less."])


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="Always `about:blank`: `code` says which problem it is.", examples=["about:blank"])
    title: str = Field(description="The name of the status.", examples=["Not Found"])
    status: int = Field(description="The status of the answer.", examples=[404])
    code: str = Field(description="Which problem it is; this never changes.", examples=["unknown_document"])
    detail: str = Field(
        description="A sentence for people, in the language of Accept-Language: English, Dutch or Italian.",
        examples=["There is no document 2026-000007. Choose one that has been issued."],
    )
    errors: tuple[Wrong, ...] | None = Field(default=None, description="Which values do not fit.")


def wording_of(scope: Scope) -> Wording:
    """The wording of the language that a request asks for."""
    return wording_for(cast("Language", scope.get("language", Language.EN)))


def problem(
    scope: Scope,
    status: int,
    *,
    code: str | None = None,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Wrong] | None = None,
    **params: str | int,
) -> Response:
    """Answer with a problem; without `detail` its sentence is that of the code, filled with `params`."""
    named = code or _CODES.get(status, "unreadable")
    said = detail or wording_of(scope).t(_TEXTS[named], **params)
    found = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        code=named,
        detail=said,
        errors=tuple(errors) if errors else None,
    )
    body = found.model_dump_json(exclude_none=True)
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def on_status(request: Request, error: Exception) -> Response:
    """A failure that has a status."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code not in _CODES:
        return problem(request.scope, 400)
    headers = dict(error.headers or {})
    if error.status_code == _WRONG_METHOD:
        headers["Allow"] = _taken(request) or headers.get("Allow", "")
    return problem(request.scope, error.status_code, headers=headers, method=request.method)


_WRONG_METHOD: Final = 405


def _taken(request: Request) -> str:
    """Every method that the address takes: the framework names those of the first route it finds there."""
    routes: Sequence[Route] = request.app.state.routes
    there = [each for each in routes if each.matches(request.scope)[0] is not Match.NONE]
    return ", ".join(sorted({method for each in there for method in each.methods or ()}))


def on_misfit(request: Request, error: Exception) -> Response:
    """Values that do not fit, each with its place."""
    if not isinstance(error, RequestValidationError):
        raise error
    w = wording_of(request.scope)
    found = cast("Sequence[Mapping[str, object]]", error.errors())
    wrong = [Wrong(place=_place(each), detail=_said(each, w)) for each in found[:_MOST_WRONG]]
    return problem(request.scope, 422, errors=wrong)


_MOST_WRONG: Final = 20


def on_refusal(request: Request, error: Exception) -> Response:
    """What a rule refuses, with the rule's own code and sentence."""
    if not isinstance(error, DomainError):
        raise error
    said = sentence(error, wording_of(request.scope))
    return problem(request.scope, _OF_RULES.get(error.code, 422), code=error.code, detail=said)


def on_store_failure(request: Request, error: Exception) -> Response:
    """The database cannot answer just now; what it said goes to the log."""
    if not isinstance(error, StoreError):
        raise error
    return unavailable(request.scope, error)


def unavailable(scope: Scope, error: StoreError) -> Response:
    """The same where no request is at hand yet."""
    _LOG.error("The store does not answer: %s", error)
    return problem(scope, 503, headers={"Retry-After": str(AGAIN_SECONDS)})


def on_unforeseen(request: Request, _: Exception) -> Response:
    """A fault of ours. What happened goes to the log, and never into the answer."""
    answer = problem(request.scope, 500)
    secure(answer.headers, encrypted=request.url.scheme == "https")  # this answer is made outside of all middleware
    return answer


def _place(wrong: Mapping[str, object]) -> str:
    parts = cast("Sequence[str | int]", wrong["loc"])
    # Where JSON breaks off is told by a number of characters, which names no value.
    return "body" if wrong["type"] == "json_invalid" else ".".join(str(part)[:_LONGEST_PART] for part in parts)


_LONGEST_PART: Final = 60


def _said(wrong: Mapping[str, object], w: Wording) -> str:
    bounds = cast("Mapping[str, object]", wrong.get("ctx") or {})
    facts = {name: value for name, value in bounds.items() if isinstance(value, int) and not isinstance(value, bool)}
    return w.t(_WRONG.get(str(wrong["type"]), _WRONG_ELSE), **facts)
