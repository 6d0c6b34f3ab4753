"""Refusals as answers: the sentence of the rule, the status that says whose turn it is, and a way on."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import Response

from prorata.core.errors import DomainError
from prorata.store.errors import Busy, StoreError
from prorata.web.center import paths
from prorata.web.center.shell import around
from prorata.web.center.visit import maybe_visit
from prorata.web.center.words import titles
from prorata.web.failures import failure_page
from prorata.web.rendering import wording_of
from prorata.web.views import Link
from prorata.wording.errors import sentence

_LOG = logging.getLogger(__name__)
_STATUS = {
    "not_allowed": 403,
    "unknown_subscription": 404,
    "unknown_document": 404,
    "unknown_plan": 404,
    "unknown_member": 404,
    "unknown_run": 404,
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
    about = _about(request, error)
    if about:
        error = type(error)(**{**error.parameters, "subscription": about.label})
    said = sentence(error, wording_of(request))
    return failure_page(request, status=status_of(error), sentence=said, way_on=about, bare=False)


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
