"""Cancelling a subscription: first what it does, then the act; above the online limit also whose licence goes.

One address for all of it. What is chosen stands in the query, what is said in one's own words never does. Enter in a
field shows and never cancels: only the button below what was shown brings the fingerprint of it along.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.core.subscriptions.cancel import AlreadyCancelled, TooManyLicences
from prorata.core.subscriptions.change import AlreadyEnded
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import act
from prorata.usecases.pages.cancel import CancelPage, cancel_page
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.cancel_answers import Said, answer, cancelled, is_cancelled, said_of
from prorata.web.center.cancel_limit import commands, pick, strangers
from prorata.web.center.cancel_wish import Days, Wish, read_wish
from prorata.web.center.failing import status_of
from prorata.web.center.kept_words import sealed, unsealed
from prorata.web.center.proving import prove_first
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import wording_of
from prorata.web.visits import Visit, visit

_PATH = paths.PRODUCTS + "/{name}/cancel"
_DONE = paths.PRODUCTS + "/{name}/cancelled"
_OVERTAKEN = (ChangedMeanwhile, AlreadyCancelled, AlreadyEnded, TooManyLicences)


def routes() -> Sequence[BaseRoute]:
    """The choice with its preview, the act, and what it has done."""
    return get(_PATH, show, name="cancel"), post(_PATH, confirm), get(_DONE, done, name="cancelled")


def show(request: Request) -> Response:
    """Show what cancelling does; where it cannot be done, why, who can, and what can be done instead."""
    here = visit(request)
    page = _page(request, here)
    asked = query_form(request)
    wish = _wish(request, page, form=asked, words=unsealed(here, asked.text("sealed")))
    return answer(request, page=page, wish=wish, said=Said(choose_again="choose" in asked))


def confirm(request: Request, form: Form) -> Response:
    """Cancel as it was shown, with all that was shown; or keep who was picked, and go on to what cancelling does; or
    show what it does, with what was typed.
    """
    here = visit(request)
    page = _page(request, here)
    wish = _wish(request, page, form=form, words=form.text("words"))
    if form.text("act") == "pick":
        return _picked(request, page=page, wish=wish, form=form)
    seen, shows = form.text("seen"), form.text("act") == "show"
    if shows or wish.when is None or wish.errors or not seen:
        return answer(request, page=page, wish=wish, said=Said(status=200 if shows else 422))
    if strangers(page, wish):
        return answer(request, page=page, wish=wish, said=Said(status=409))
    try:
        act(here.services, here.request(seen=seen), *commands(page, wish))
    except ProofNeeded:
        address = paths.product(page.facts.subscription.name, "cancel")
        return prove_first(address, **wish.query(), sealed=sealed(here, wish.words))
    except DomainError as error:
        return _overtaken(request, wish=wish, error=error)
    return RedirectResponse(paths.product(page.facts.subscription.name, "cancelled"), status_code=303)


def done(request: Request) -> Response:
    """Say what was done; where nothing is cancelled the way on is the choice."""
    page = _page(request, visit(request))
    if not is_cancelled(page):
        return RedirectResponse(paths.product(page.facts.subscription.name, "cancel"), status_code=303)
    w = wording_of(request)
    return cancelled(request, page=page, said=Said(news=w.t("The subscription is cancelled.")))


def _page(request: Request, here: Visit) -> CancelPage:
    return cancel_page(here.services, here.request(), name=request.path_params["name"])


def _wish(request: Request, page: CancelPage, *, form: Form, words: str) -> Wish:
    days = Days(page.usual, page.period_end, page.latest)
    return read_wish(wording_of(request), form, days=days, words=words)


def _picked(request: Request, *, page: CancelPage, wish: Wish, form: Form) -> Response:
    """Go on with those who were picked, if they are enough; nobody loses anything by being picked."""
    found = pick(wording_of(request), page, form=form)
    if found.error:
        said = Said(status=422, errors=(found.error,), picked=found.members, choose_again=True)
        return answer(request, page=page, wish=wish, said=said)
    query = {**wish.query(), "whom": found.whom, "sealed": sealed(visit(request), wish.words)}
    return RedirectResponse(paths.product(page.facts.subscription.name, "cancel", **query), status_code=303)


def _overtaken(request: Request, *, wish: Wish, error: DomainError) -> Response:
    """Nothing was done: the page as it is now, with the one sentence that says why."""
    page = _page(request, visit(request))
    status = 409 if isinstance(error, _OVERTAKEN) else status_of(error)
    return answer(request, page=page, wish=wish, said=Said(status=status, news=said_of(request, page, error=error)))
