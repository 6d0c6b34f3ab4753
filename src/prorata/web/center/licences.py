"""Buy or remove licences: a new total, what it changes and what is billed when, then the confirmation.

Below what is assigned the page says how many members must give theirs back, lets the admin choose whom, and does both
at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.licences.assignment import BelowAssigned
from prorata.core.subscriptions.buy import AmountTooLarge, LicencesOutOfBounds
from prorata.store.errors import ChangedMeanwhile
from prorata.usecases.act import Preview, act, preview
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.command import Command
from prorata.usecases.pages.subscription import SubscriptionPage, subscription_page
from prorata.web.center import paths
from prorata.web.center.consequences import deed, points
from prorata.web.center.decision import Decision, decision_page
from prorata.web.center.outcome import Outcome, outcome
from prorata.web.center.shell import around
from prorata.web.center.words import price_each, titles
from prorata.web.forms import Form, get, post, query_form, whole_numbers
from prorata.web.rendering import wording_of
from prorata.web.views import FieldError, Option
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.prices import parts_in_words

_PATH = paths.PRODUCTS + "/{name}/licences"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What somebody typed and ticked. `error` is about the number, `choice` about the members."""

    typed: str
    total: int | None
    ticked: tuple[str, ...] = ()
    error: str | None = None
    choice: str | None = None
    changed: bool = False
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassign:
    """How many members must give their licence back for the new total, and who holds one."""

    count: int
    title: str
    text: str
    legend: str
    options: tuple[Option, ...]


def routes() -> Sequence[BaseRoute]:
    """The page with its preview, and the act."""
    return get(_PATH, show, name="licences"), post(_PATH, change)


def show(request: Request) -> Response:
    """Show what the total of the query would change; without one, the present total."""
    query = query_form(request)
    return _page(request, _Asked(typed=query.text("licences"), total=query.whole_number("licences")))


def change(request: Request, form: Form) -> Response:
    """Do what was shown. Where somebody was faster nothing is done and the page is shown anew (409)."""
    here = visit(request)
    name = request.path_params["name"]
    asked = _Asked(typed=form.text("licences"), total=form.whole_number("licences"), ticked=form.all("members"))
    needed = form.whole_number("unassign") or 0
    if len(set(asked.ticked)) != needed:
        return _page(request, replace(asked, choice=_choose(wording_of(request), asked, needed=needed), status=422))
    if asked.total is None:
        return _page(request, replace(asked, status=422))
    ticked = frozenset(whole_numbers(asked.ticked))
    try:
        act(here.services, here.request(seen=form.text("seen")), *_commands(name, asked.total, ticked=ticked))
    except (ChangedMeanwhile, BelowAssigned):
        return _page(request, replace(asked, changed=True, status=409))
    except (LicencesOutOfBounds, AmountTooLarge):
        return _page(request, replace(asked, status=422))
    return RedirectResponse(paths.product(name, news="licences"), status_code=303)


def _choose(w: Wording, asked: _Asked, *, needed: int) -> str:
    ticked = len(set(asked.ticked))
    return w.n(
        "Choose {count} member; {ticked} are chosen.", "Choose {count} members; {ticked} are chosen.", needed,
        ticked=ticked,
    )  # fmt: skip


def _commands(name: str, total: int, *, ticked: frozenset[int]) -> tuple[Command, ...]:
    licences = ChangeLicences(name, total)
    return (AssignLicences(name, remove=ticked), licences) if ticked else (licences,)


def _page(request: Request, asked: _Asked) -> Response:
    here = visit(request)
    w = wording_of(request)
    page = subscription_page(here.services, here.request(), name=request.path_params["name"])
    subscription = page.facts.subscription
    product = titles(w, around(request, here).subscriptions)[subscription.id]
    typed = asked.typed or str(subscription.licences)
    asked = replace(asked, typed=typed, total=asked.total if asked.typed else subscription.licences)
    shown, unassign, asked = _preview(w, here, page=page, asked=asked)
    decision = Decision(
        title=w.t("Buy or remove licences"),
        lead=w.t(
            "{product}, {price}.", product=product, price=price_each(w, subscription.plan, phase=page.facts.phase)
        ),
        product=product,
        href=paths.product(subscription.name),
        action=paths.product(subscription.name, "licences"),
        keep=w.t("Leave it as it is"),
        hidden=_hidden(asked, unassign=unassign),
        outcome=_outcome(request, shown, page=page, unassign=unassign) if shown else None,
        errors=(FieldError(field="members", text=asked.choice),) if asked.choice else (),
        error=asked.error,
        nothing=w.t("Enter another number: what it changes is shown here before anything happens."),
        changed=asked.changed,
        status=asked.status,
    )
    return decision_page(
        request,
        decision,
        template="center/licences.html",
        subscription=subscription,
        bounds=subscription.terms.licences,
        costs=parts_in_words(w, subscription.plan),
        asked=asked,
        unassign=unassign,
    )


def _hidden(asked: _Asked, *, unassign: Unassign | None) -> tuple[tuple[str, str], ...]:
    total = ("licences", str(asked.total))
    return (total, ("unassign", str(unassign.count))) if unassign else (total,)


def _outcome(request: Request, shown: Preview, *, page: SubscriptionPage, unassign: Unassign | None) -> Outcome | None:
    """What the new total brings; None where it is the present one."""
    w = wording_of(request)
    names = titles(w, around(request, visit(request)).subscriptions)
    said = deed(w, shown, facts=page.facts, unassign=unassign.count if unassign else 0)
    if said is None:
        return None
    return outcome(w, shown, names=names, points=points(w, shown, facts=page.facts), deed=said)


def _preview(
    w: Wording, here: Visit, *, page: SubscriptionPage, asked: _Asked
) -> tuple[Preview | None, Unassign | None, _Asked]:
    """What would happen; who must give a licence back for it; and what was asked, with what is wrong with it."""
    name = page.facts.subscription.name
    if asked.total is None:
        wrong = w.t("Enter a whole number of licences.")
        return None, None, replace(asked, error=wrong, status=422)
    try:
        return preview(here.services, here.request(), ChangeLicences(name, asked.total)), None, asked
    except (LicencesOutOfBounds, AmountTooLarge) as refusal:
        return None, None, replace(asked, error=sentence(refusal, w), status=422)
    except BelowAssigned as refusal:
        count = int(refusal.parameters["unassign"])
    # Whom one chooses changes neither amounts nor dates, so any so many stand for them in the preview.
    some = frozenset(sorted(page.holders)[:count])
    shown = preview(here.services, here.request(), *_commands(name, asked.total, ticked=some))
    return shown, _unassign(w, page, count=count), asked


def _unassign(w: Wording, page: SubscriptionPage, *, count: int) -> Unassign:
    holders = sorted((m for m in page.members if m.id in page.holders), key=lambda m: m.name.casefold())
    return Unassign(
        count=count,
        title=w.n("{count} member must give a licence back", "{count} members must give their licence back", count),
        text=w.t("{assigned} licences are assigned, more than there would be.", assigned=len(page.holders)),
        legend=w.n(
            "Choose {count} member who loses access today", "Choose {count} members who lose access today", count
        ),
        options=tuple(Option(value=str(m.id), label=m.name) for m in holders),
    )
