"""Passkeys: what the browser asks a device, and what it is told about the answer, as JSON for `passkey.js`.

Each answer says `options` (what to hand to the device), `go` (done: where to go on) or `problem` (a sentence for the
reader). Questions are kept with the cookie of the door, so that only this browser can answer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.door import passkeys
from prorata.usecases.door.passkey_questions import Asked
from prorata.usecases.permissions import ProofNeeded
from prorata.web.addresses import HOME, PROOF, with_query
from prorata.web.auth.cookies import door_token, keep_door, keep_session, seen_of
from prorata.web.auth.known import known
from prorata.web.auth.paths import NEW_PASSKEY, PROOF_PASSKEY, SECURITY, SIGN_IN_PASSKEY
from prorata.web.forms import Form, post
from prorata.web.languages import own_path
from prorata.web.rendering import wording_of
from prorata.web.visits import services_of
from prorata.wording.agents import agent_said
from prorata.wording.errors import sentence

_STATUS = {"too_often": HTTPStatus.TOO_MANY_REQUESTS, "nowhere_to_go": HTTPStatus.FORBIDDEN}
_ADDED = with_query(SECURITY, passkey="added")


def routes() -> Sequence[BaseRoute]:
    """Questions and answers: to sign in, to show once more who one is, and for a new passkey."""
    return (
        post(f"{SIGN_IN_PASSKEY}/ask", ask_to_sign_in),
        post(SIGN_IN_PASSKEY, sign_in),
        post(f"{PROOF_PASSKEY}/ask", ask_to_prove),
        post(PROOF_PASSKEY, prove),
        post(f"{NEW_PASSKEY}/ask", ask_for_new),
        post(NEW_PASSKEY, add),
    )


def ask_to_sign_in(request: Request, _: Form) -> Response:
    """Ask for any passkey of this site."""
    try:
        asked = passkeys.ask_to_sign_in(services_of(request), token=door_token(request), seen=seen_of(request))
    except DomainError as error:
        return _problem(request, error)
    return _asked(asked)


def sign_in(request: Request, form: Form) -> Response:
    """Let the owner of the passkey in, with a new session, and say where they wanted to be."""
    token, answer = door_token(request), form.text("answer")
    try:
        session = passkeys.sign_in(services_of(request), token=token, answer=answer, seen=seen_of(request))
    except DomainError as error:
        return _problem(request, error)
    return _in(session, form)


def ask_to_prove(request: Request, _: Form) -> Response:
    """Ask who is in for one of their passkeys."""
    here = known(request)
    try:
        asked = passkeys.ask_to_prove(services_of(request), here, token=door_token(request))
    except DomainError as error:
        return _problem(request, error)
    return _asked(asked)


def prove(request: Request, form: Form) -> Response:
    """Note that they have shown it, and say where they were."""
    here, answer = known(request), form.text("answer")
    try:
        session = passkeys.prove(services_of(request), here, token=door_token(request), answer=answer)
    except DomainError as error:
        return _problem(request, error)
    return _in(session, form)


def ask_for_new(request: Request, _: Form) -> Response:
    """Ask the device to make a passkey."""
    here = known(request)
    try:
        asked = passkeys.ask_for_new(services_of(request), here, token=door_token(request))
    except DomainError as error:
        return _problem(request, error)
    return _asked(asked)


def add(request: Request, form: Form) -> Response:
    """Keep the passkey that was made, under the name of the browser until its owner calls it something else."""
    here, answer = known(request), form.text("answer")
    name = agent_said(wording_of(request), seen_of(request).agent)
    name = name[:1].upper() + name[1:]
    try:
        passkeys.add(services_of(request), here, token=door_token(request), answer=answer, name=name)
    except DomainError as error:
        return _problem(request, error)
    return JSONResponse({"go": _ADDED})


def _asked(asked: Asked) -> Response:
    response = JSONResponse({"options": json.loads(asked.options)})
    keep_door(response, asked.token)
    return response


def _in(session: str, form: Form) -> Response:
    response = JSONResponse({"go": own_path(form.text("next", HOME))})
    keep_session(response, session)
    return response


def _problem(request: Request, error: DomainError) -> Response:
    """What was refused, in the reader's language; who must show who they are first is sent there, and back."""
    if isinstance(error, ProofNeeded):
        return JSONResponse({"go": with_query(PROOF, next=SECURITY)}, status_code=HTTPStatus.FORBIDDEN)
    status = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return JSONResponse({"problem": sentence(error, wording_of(request))}, status_code=status)
