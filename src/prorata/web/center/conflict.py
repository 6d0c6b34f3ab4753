"""More licences are assigned than there are: what happened, until when, who would lose theirs, and the two ways out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.pages.licences import HoldersPage, holders_page
from prorata.web.center import paths
from prorata.web.center.conflicts import too_many, what_happens
from prorata.web.center.shell import around
from prorata.web.center.too_few import too_few
from prorata.web.center.whom import Answer, Whom, answer_of, read, still_fits, whom
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import visit
from prorata.wording import Wording
from prorata.wording.roles import refused_to

_PATH = paths.PRODUCTS + "/{name}/conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was answered, what is wrong with it, and whether somebody was faster."""

    answer: Answer
    error: str | None = None
    changed: bool = False
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Loser:
    """Somebody who would lose their licence on the day, and since when they have it."""

    name: str
    email: str
    since: str


def routes() -> Sequence[BaseRoute]:
    """What is the matter with the ways out, and unassigning those who were chosen."""
    return get(_PATH, show, name="conflict"), post(_PATH, unassign)


def show(request: Request) -> Response:
    """Show it; where nothing is the matter, say so."""
    return _page(request, _Said(answer=Answer()))


def unassign(request: Request, form: Form) -> Response:
    """Take back the licences of those who were chosen. Where it is resolved already, nothing happens."""
    here, w = visit(request), wording_of(request)
    here.actor.must("assign")
    page = _holders(request)
    name, answer = page.facts.subscription.name, answer_of(form)
    needed = too_many(page.facts.subscription)
    if needed != form.whole_number("unassign"):
        return _page(request, _Said(answer=answer, changed=True, status=409))
    if not needed:
        return RedirectResponse(paths.product(name), status_code=303)
    picked = read(w, answer, needed=needed)
    if isinstance(picked, str):
        return _page(request, _Said(answer=answer, error=picked, status=422))
    if not still_fits(answer, picked, holders=page.holders, needed=needed):
        return _page(request, _Said(answer=answer, changed=True, status=409))
    try:
        act(here.services, here.request(), AssignLicences(name, remove=picked))
    except ChangedMeanwhile:
        return _page(request, _Said(answer=answer, changed=True, status=409))
    return RedirectResponse(paths.product(name, news="resolved"), status_code=303)


def _holders(request: Request) -> HoldersPage:
    here = visit(request)
    return holders_page(here.services, here.request(), name=request.path_params["name"])


def _page(request: Request, said: _Said) -> Response:
    here, w = visit(request), wording_of(request)
    page = _holders(request)
    subscription = page.facts.subscription
    conflict, many = subscription.conflict, too_many(subscription)
    product = titles(w, around(request, here).subscriptions)[subscription.id]
    question = _whom(w, page, said=said, many=many) if conflict and many else None
    return render(
        request,
        "center/conflict.html",
        status=said.status,
        title=w.t("More licences are assigned than there are") if question else w.t("No conflict"),
        lead=what_happens(w, subscription, conflict=conflict, today=page.here.today)
        if conflict and question
        else w.t("No more licences are assigned than there are. Nobody loses theirs."),
        product=product,
        href=paths.product(subscription.name),
        action=paths.product(subscription.name, "conflict"),
        changed=said.changed,
        errors=question.errors if question else (),
        whom=question,
        until=conflict.until if conflict else None,
        losers=tuple(Loser(name=one.name, email=one.email, since=w.date(one.since)) for one in page.holders[:many]),
        few=too_few(w, here, facts=page.facts, missing=many) if question else None,
        unassign=Action(
            label=w.n("Unassign {count} member", "Unassign {count} members", many),
            kind="primary",
            disabled_reason=refused_to(w, here.actor, permission="assign"),
        ),
    )


def _whom(w: Wording, page: HoldersPage, *, said: _Said, many: int) -> Whom:
    return whom(w, page.holders, count=many, title="", text="", answer=said.answer, error=said.error)
