"""Refusals as answers: the sentence of the rule, the status that says whose turn it is, and a way on."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from prorata.core.errors import DomainError
from prorata.store.errors import Busy, StoreError
from prorata.usecases.permissions import ACCOUNT_PERMISSIONS, VENDOR_PERMISSIONS, NotAllowed, Permission, ProofNeeded
from prorata.web.addresses import PROOF, with_query
from prorata.web.center import paths
from prorata.web.center.shell import around
from prorata.web.center.words import titles
from prorata.web.failures import failure_page
from prorata.web.languages import own_path
from prorata.web.rendering import wording_of
from prorata.web.views import Link
from prorata.web.visits import door_of, maybe_staff, maybe_visit
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to

_LOG = logging.getLogger(__name__)
_PERMISSIONS: dict[str, Permission] = {str(each): each for each in (*ACCOUNT_PERMISSIONS, *VENDOR_PERMISSIONS)}
_STATUS = {
    "not_allowed": 403,
    "proof_needed": 403,
    "unknown_subscription": 404,
    "unknown_document": 404,
    "unknown_plan": 404,
    "unknown_member": 404,
    "unknown_key": 404,
    "unknown_export": 404,
    "unknown_run": 404,
    "unknown_role": 404,
    "unknown_invitation": 404,
    "unknown_staff": 404,
    "no_such_account": 404,
    "changed_meanwhile": 409,
}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal: 422 where the request itself asks for what a rule forbids."""
    return _STATUS.get(error.code, 422)


def on_refusal(request: Request, error: Exception) -> Response:
    """The page of a refusal that no form could show beside its field."""
    if not isinstance(error, DomainError):
        raise error
    if isinstance(error, ProofNeeded) and not door_of(request).demo:
        return RedirectResponse(with_query(PROOF, next=_asked_from(request)), status_code=303)
    about = _about(request, error)
    if about:
        error = type(error)(**{**error.parameters, "subscription": about.label})
    w = wording_of(request)
    way_on = Link(label=w.t("Go to {page}", page=about.label), href=about.href) if about else None
    said = _who_could(request, error) or sentence(error, w)
    return failure_page(request, status=status_of(error), sentence=said, way_on=way_on, bare=False)


def _asked_from(request: Request) -> str:
    """The page that a request came from, with the values that its reader had chosen there."""
    reads = request.method == "GET"
    try:
        page = urlsplit(str(request.url) if reads else request.headers.get("referer", ""))
    except ValueError:  # half an address in brackets; no browser sends it
        return request.url.path
    if page.netloc != request.url.netloc:
        return request.url.path
    return own_path(f"{page.path}?{page.query}" if page.query else page.path)


def _who_could(request: Request, error: DomainError) -> str | None:
    """Why the reader's role does not allow something and which ones do, where that is what was refused."""
    here = maybe_visit(request) or maybe_staff(request)
    wanted = _PERMISSIONS.get(str(error.parameters.get("permission")))
    if not isinstance(error, NotAllowed) or here is None or wanted is None:
        return None
    return refused_to(wording_of(request), here.actor, permission=wanted)


def _about(request: Request, error: DomainError) -> Link | None:
    """The subscription that a refusal names, as its reader knows it, and the way to its page."""
    name = error.parameters.get("subscription")
    visit = maybe_visit(request)
    if not name or visit is None or not visit.actor.may("see"):
        return None
    facts = around(request, visit).subscriptions
    found = next((f for f in facts if f.subscription.name == name), None)
    if found is None:
        return None
    label = titles(wording_of(request), facts)[found.subscription.id]
    return Link(label=label, href=paths.product(found.subscription.name))


def on_store_failure(request: Request, error: Exception) -> Response:
    """The page when the database cannot answer just now; what it said goes to the log."""
    if not isinstance(error, StoreError):
        raise error
    if isinstance(error, Busy):
        return failure_page(request, status=409, code=error.code, bare=False)
    _LOG.error("The store does not answer: %s", error)
    return failure_page(request, status=503)
