"""Cancelling several subscriptions together: ticked, shown as one, confirmed once, done in one transaction.

What stands in the way of one of them is said before, and the others go on without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.core.subscriptions.cancel import EndInThePast, EndsBefore, EndTooFar
from prorata.usecases.act import Preview, act, preview
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.pages.cancel import FARTHEST
from prorata.usecases.pages.cancel_several import SeveralPage, several_page
from prorata.usecases.permissions import NotAllowed, ProofNeeded
from prorata.web.center import paths
from prorata.web.center.cancel_answers import Said
from prorata.web.center.cancel_several_words import (
    candidates,
    done_rows,
    end_choices,
    refusals,
    several_forecast,
)
from prorata.web.center.cancel_wish import Days, Wish, read_wish, reasons
from prorata.web.center.kept_words import sealed, unsealed
from prorata.web.center.proving import prove_first
from prorata.web.center.shell import around
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError
from prorata.web.visits import visit
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to

_ABOUT_THE_DAY = (EndInThePast, EndTooFar, EndsBefore)


def routes() -> Sequence[BaseRoute]:
    """The choice with its preview, the act, and what it has done."""
    return (
        get(paths.CANCEL, show, name="cancel_several"),
        post(paths.CANCEL, confirm, name="cancel_several_now"),
        get(paths.CANCELLED, done, name="cancelled_several"),
    )


def show(request: Request) -> Response:
    """Show what cancelling those that are ticked does."""
    form = query_form(request)
    wish = _wish(request, form, words=unsealed(visit(request), form.text("sealed")))
    return _answer(request, form=form, wish=wish)


def confirm(request: Request, form: Form) -> Response:
    """Cancel all of them as it was shown, or none; or show what it does, with what was typed."""
    here = visit(request)
    wish, names, seen = (
        _wish(request, form, words=form.text("words")),
        dict.fromkeys(form.all("name")),
        form.text("seen"),
    )
    shows = form.text("act") == "show"
    if shows or wish.when is None or wish.errors or not names or not seen:
        return _answer(request, form=form, wish=wish, said=Said(status=200 if shows else 422))
    try:
        act(here.services, here.request(seen=seen), *_commands(names, wish))
    except ProofNeeded:
        typed = {**wish.query(), "sealed": sealed(here, wish.words)}
        return prove_first(f"{paths.CANCEL}?{urlencode([*(('name', name) for name in names), *typed.items()])}")
    except DomainError as error:
        # What was shown could be done; by now it cannot, unless somebody sent what no page offers.
        status = 403 if isinstance(error, NotAllowed) else 409
        return _answer(request, form=form, wish=wish, said=Said(status=status, news=_sentence(request, error)))
    return RedirectResponse(paths.cancelled_together(names), status_code=303)


def done(request: Request) -> Response:
    """Say what was cancelled, with the way to each."""
    here, w = visit(request), wording_of(request)
    names = query_form(request).all("name")
    page = several_page(here.services, here.request(), names=names, when=None)
    rows = done_rows(w, page)
    if not rows:
        return RedirectResponse(paths.CANCEL, status_code=303)
    return render(
        request,
        "center/cancelled_several.html",
        lead=w.n("{count} subscription is cancelled.", "{count} subscriptions are cancelled.", len(rows)),
        href=paths.PRODUCTS,
        rows=rows,
    )


def _wish(request: Request, form: Form, *, words: str) -> Wish:
    today = around(request, visit(request)).here.today
    return read_wish(wording_of(request), form, days=Days("now", today, today + FARTHEST), words=words)


def _commands(names: Sequence[str] | dict[str, None], wish: Wish) -> tuple[CancelSubscription, ...]:
    return tuple(CancelSubscription(name, wish.when, reason=wish.reason, words=wish.words) for name in names)


def _sentence(request: Request, error: DomainError) -> str:
    """A refusal that calls the subscription by the name that its reader knows."""
    facts = dict(error.parameters)
    w, found = wording_of(request), around(request, visit(request)).subscriptions
    ids = {one.subscription.name: one.subscription.id for one in found}
    name = facts.get("subscription")
    if isinstance(name, str) and name in ids:
        facts["subscription"] = titles(w, found)[ids[name]]
    return sentence(type(error)(**facts), w)


def _answer(request: Request, *, form: Form, wish: Wish, said: Said | None = None) -> Response:
    said = said or Said()
    here, w = visit(request), wording_of(request)
    names = form.all("name")
    page = several_page(here.services, here.request(), names=names, when=wish.when)
    refused = refused_to(w, here.actor, permission="cancel")
    shown, problem = (None, None) if refused or wish.errors else _preview(request, page, wish=wish)
    errors = (*wish.errors, *((problem,) if problem else ()))
    status = max(said.status, 422) if errors else said.status
    called = titles(w, page.everything)
    return render(
        request,
        "center/cancel_several.html",
        status=status,
        href=paths.PRODUCTS,
        action=paths.CANCEL,
        said=said,
        refused=refused,
        candidates=candidates(w, page, actor=here.actor, names=called),
        picked=tuple(facts.subscription.name for facts in page.chosen),
        choices=end_choices(w),
        reasons=reasons(w),
        wish=wish,
        today=page.here.today,
        latest=page.latest,
        errors=errors,
        fragment="x-fragment" in request.headers,
        refusals=() if refused or errors else refusals(page, names=called, say=lambda error: _sentence(request, error)),
        shown=several_forecast(w, page, shown=shown, names=called) if shown else None,
        backup=Action(
            label=w.t("Back up data"),
            href=paths.BACK_UP,
            disabled_reason=refused_to(w, here.actor, permission="export"),
        ),
    )


def _preview(request: Request, page: SeveralPage, *, wish: Wish) -> tuple[Preview | None, FieldError | None]:
    here = visit(request)
    over = next((one for one in page.refused.values() if isinstance(one, _ABOUT_THE_DAY)), None)
    if over:
        return None, FieldError(field="end", text=_sentence(request, over))
    names = [facts.subscription.name for facts in page.possible]
    if not names or wish.when is None:
        return None, None
    try:
        return preview(here.services, here.request(), *_commands(names, wish)), None
    except DomainError as error:
        field = "end" if isinstance(wish.when, date) else "when"
        return None, FieldError(field=field, text=_sentence(request, error))
