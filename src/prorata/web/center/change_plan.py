"""Another plan, or another billing frequency: choose it and when, see what it changes and costs, confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.calendar import AnchorNotPossible
from prorata.core.catalog.terms import AnchorChange, When
from prorata.core.errors import DomainError
from prorata.core.licences.assignment import BelowAssigned
from prorata.core.subscriptions.buy import AmountTooLarge, LicencesOutOfBounds
from prorata.core.subscriptions.change import NoRenewalInTrial
from prorata.store.catalogue import Offer
from prorata.usecases.act import Done, Preview, preview
from prorata.usecases.change_plan import ChangePlan
from prorata.usecases.pages.change_plan import ChangePlanPage, change_plan_page
from prorata.web.center import paths
from prorata.web.center.change_plan_options import Kind, anchor_options, plan_options, when_options
from prorata.web.center.change_plan_words import deed, lead, moments, points, title
from prorata.web.center.decision import Decision, confirm, decision_page
from prorata.web.center.doings import refused
from prorata.web.center.one_act import instead
from prorata.web.center.outcome import Outcome, outcome
from prorata.web.center.shell import around
from prorata.web.center.words import chip_kinds, titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import wording_of
from prorata.web.views import Action, FieldError
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.prices import parts_in_words

_PLAN, _FREQUENCY = paths.PRODUCTS + "/{name}/plan", paths.PRODUCTS + "/{name}/frequency"
_REFUSALS = (LicencesOutOfBounds, BelowAssigned, AmountTooLarge, AnchorNotPossible, NoRenewalInTrial)
"""Refusals of what was typed: they are said on the page, beside the field or below the choice."""

_WHEN: Mapping[str, When] = {"now": "now", "renewal": "renewal"}
_ANCHOR: Mapping[str, AnchorChange] = {"keep": "keep", "restart": "restart"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What somebody chose, as far as it can be; `licences` is what was typed, `total` the number that it is."""

    offer: Offer | None
    when: str
    anchor: str
    licences: str
    total: int | None

    @property
    def is_wrong(self) -> bool:
        """Whether something was typed that is no number of licences."""
        return bool(self.licences) and self.total is None

    def command(self, name: str) -> ChangePlan | None:
        """The change that was chosen; None where none was."""
        if self.offer is None or self.is_wrong:
            return None
        when, anchor = _WHEN.get(self.when), _ANCHOR.get(self.anchor)
        return ChangePlan(name, self.offer.plan_id, when, anchor, self.total)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What is wrong with a choice, with which of its fields if with one, and what can be done about it."""

    text: str
    field: str | None = None
    way_on: Action | None = None


def routes() -> Sequence[BaseRoute]:
    """Both pages, each with its preview and its act."""
    return (
        get(_PLAN, show_plan, name="plan_of"),
        post(_PLAN, change_plan),
        get(_FREQUENCY, show_frequency, name="frequency"),
        post(_FREQUENCY, change_frequency),
    )


def show_plan(request: Request) -> Response:
    """Show the other plans, and what the one of the query would change."""
    return _page(request, query_form(request), kind="plan")


def show_frequency(request: Request) -> Response:
    """Show the other frequencies of the plan, and what the one of the query would change."""
    return _page(request, query_form(request), kind="frequency")


def change_plan(request: Request, form: Form) -> Response:
    """Go over to the plan that was shown, or show anew how it is."""
    return _change(request, form, kind="plan")


def change_frequency(request: Request, form: Form) -> Response:
    """Go over to the frequency that was shown, or show anew how it is."""
    return _change(request, form, kind="frequency")


def _change(request: Request, form: Form, *, kind: Kind) -> Response:
    here = visit(request)
    page = change_plan_page(here.services, here.request(), name=request.path_params["name"])
    name = page.facts.subscription.name
    command = _asked(form, page, kind=kind).command(name)
    if command is None:
        return _page(request, form, kind=kind)

    def done(found: Done) -> str:
        waits = found.decision.after.subscription(name).pending_plan
        return paths.product(name, news="planned" if waits else kind)

    def again(changed: bool, refusal: DomainError | None) -> Response:  # noqa: FBT001 - what `confirm` tells
        return _page(request, form, kind=kind, changed=changed and refusal is None)

    return confirm(request, form, commands=(command,), done=done, again=again, refusals=_REFUSALS)


def _offers(page: ChangePlanPage, kind: Kind) -> tuple[Offer, ...]:
    return page.other_plans() if kind == "plan" else page.other_frequencies()


def _asked(form: Form, page: ChangePlanPage, *, kind: Kind) -> _Asked:
    """What was chosen; before anything was, what is planned already, or the only plan that there is."""
    offers = _offers(page, kind)
    waits = page.facts.subscription.pending_plan
    chosen = form.whole_number("plan")
    found = next((offer for offer in offers if offer.plan_id == chosen), None)
    when = form.text("when")
    if "plan" not in form:
        planned = next((offer for offer in offers if waits and offer.plan.name == waits.plan.name), None)
        found = planned or (offers[0] if len(offers) == 1 else None)
        when = "renewal" if planned else when
    return _Asked(
        offer=found,
        when=when,
        anchor=form.text("anchor"),
        licences=form.text("licences"),
        total=form.whole_number("licences"),
    )


def _page(request: Request, form: Form, *, kind: Kind, changed: bool = False) -> Response:
    here = visit(request)
    w = wording_of(request)
    page = change_plan_page(here.services, here.request(), name=request.path_params["name"])
    subscription = page.facts.subscription
    names = titles(w, around(request, here).subscriptions)
    offers, asked = _offers(page, kind), _asked(form, page, kind=kind)
    why_not = refused(w, page.facts, actor=here.actor, permission="change_plan")
    shown, wrong = _preview(w, here, page=page, asked=asked) if why_not is None else (None, None)
    beside = _beside(request, wrong)
    address = paths.product(subscription.name, kind)
    decision = Decision(
        title=title(w, kind),
        lead=lead(w, page, kind=kind, product=names[subscription.id]),
        product=names[subscription.id],
        href=paths.product(subscription.name),
        action=address,
        keep=w.t("Leave it as it is"),
        chips=chip_kinds(page.facts),
        hidden=_hidden(asked),
        outcome=_outcome(w, shown, page=page, asked=asked, names=names) if shown else None,
        refused=Action(label=title(w, kind), kind="primary", disabled_reason=why_not) if why_not else None,
        errors=beside,
        error=wrong.text if wrong and not beside else None,
        way_on=wrong.way_on if wrong else None,
        nothing=w.t("Choose a plan: what it changes is shown here before anything happens.") if offers else None,
        changed=changed,
    )
    return decision_page(
        request,
        decision,
        template="center/change_plan.html",
        kind=kind,
        plans=plan_options(w, page, offers=offers),
        plan=str(asked.offer.plan_id) if asked.offer else "",
        when=when_options(w, page, kind=kind, offers=offers),
        chosen_when=asked.when,
        anchor=anchor_options(w, page, offers=offers),
        chosen_anchor=asked.anchor,
        licences=asked.licences or str((subscription.pending or subscription).licences),
        assigned=subscription.assigned,
        instead=instead(w, here, facts=page.facts, but=kind) if why_not else (),
        bounds=subscription.terms.licences,
        costs=parts_in_words(w, asked.offer.plan) if asked.offer else (),
    )


def _beside(request: Request, wrong: _Wrong | None) -> tuple[FieldError, ...]:
    """What is wrong with one field, to be said beside it; while somebody types only the preview is renewed."""
    if wrong is None or wrong.field is None or "x-fragment" in request.headers:
        return ()
    return (FieldError(field=wrong.field, text=wrong.text),)


def _hidden(asked: _Asked) -> tuple[tuple[str, str], ...]:
    return (
        ("plan", str(asked.offer.plan_id) if asked.offer else ""),
        ("when", asked.when),
        ("anchor", asked.anchor),
        ("licences", asked.licences),
    )


def _preview(w: Wording, here: Visit, *, page: ChangePlanPage, asked: _Asked) -> tuple[Preview | None, _Wrong | None]:
    """What the choice would bring, or what is wrong with it."""
    if asked.is_wrong:
        return None, _Wrong(w.t("Enter a whole number of licences."), "licences")
    name = page.facts.subscription.name
    command = asked.command(name)
    if command is None:
        return None, None
    try:
        return preview(here.services, here.request(), command), None
    except _REFUSALS as refusal:
        return None, _wrong(w, refusal, name=name)


def _wrong(w: Wording, refusal: DomainError, *, name: str) -> _Wrong:
    """Which field a refusal is about."""
    match refusal:
        case NoRenewalInTrial():
            return _Wrong(w.t("In a trial a change takes effect at once."), "when")
        case BelowAssigned():
            way_on = Action(label=w.t("Assign licences"), href=paths.product(name, "members"))
            return _Wrong(sentence(refusal, w), "licences", way_on)
        case AnchorNotPossible():
            return _Wrong(sentence(refusal, w))
        case _:
            return _Wrong(sentence(refusal, w), "licences")


def _outcome(
    w: Wording, shown: Preview, *, page: ChangePlanPage, asked: _Asked, names: Mapping[int, str]
) -> Outcome | None:
    if asked.offer is None:
        return None
    return outcome(
        w,
        shown,
        names=names,
        points=points(w, shown, page=page, offer=asked.offer),
        deed=deed(w, shown, page=page, offer=asked.offer),
        moments=moments(w, shown, page=page, offer=asked.offer),
    )
