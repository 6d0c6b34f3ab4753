"""Who holds a licence: boxes for everybody in the account; with too few licences, the way to buy the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.licences.assignment import NotEnoughLicences
from prorata.core.subscriptions.change import check_running
from prorata.store.members import MemberRow, UnknownMember
from prorata.usecases.act import act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.pages.subscription import subscription_page
from prorata.web.center import paths
from prorata.web.center.shell import around
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError
from prorata.web.visits import visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to, role_word

_PATH = paths.PRODUCTS + "/{name}/members"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberBox:
    """Somebody of the account; `holds`: whether the box is ticked, `held`: whether it was when the page was shown."""

    id: str
    name: str
    email: str
    role: str
    holds: bool
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """What was ticked, and what is wrong with it."""

    ticked: frozenset[int]
    error: str
    missing: int = 0


def routes() -> Sequence[BaseRoute]:
    """The boxes, and saving them."""
    return get(_PATH, show, name="members"), post(_PATH, save)


def show(request: Request) -> Response:
    """Show who holds a licence."""
    return _page(request)


def save(request: Request, form: Form) -> Response:
    """Assign and take back what was changed on the page; what others changed meanwhile stays."""
    here = visit(request)
    w = wording_of(request)
    name = request.path_params["name"]
    ticked, held = _ids(form, "member"), _ids(form, "held")
    if ticked is None or held is None:
        return _page(request, _Sent(ticked=frozenset(), error=w.t("Choose people from the list.")))
    try:
        act(here.services, here.request(), AssignLicences(name, add=ticked - held, remove=held - ticked))
    except NotEnoughLicences as refusal:
        missing = int(refusal.parameters["missing"])
        return _page(request, _Sent(ticked=ticked, error=sentence(refusal, w), missing=missing))
    except UnknownMember as refusal:
        return _page(request, _Sent(ticked=ticked, error=sentence(refusal, w)))
    return RedirectResponse(paths.product(name, news="assigned"), status_code=303)


def _ids(form: Form, field: str) -> frozenset[int] | None:
    """The members of a field; None where something else stands in it."""
    values = form.all(field)
    if not all(value.isascii() and value.isdecimal() and len(value) < 10 for value in values):
        return None
    return frozenset(map(int, values))


def _page(request: Request, sent: _Sent | None = None) -> Response:
    here = visit(request)
    here.actor.must("assign")
    w = wording_of(request)
    page = subscription_page(here.services, here.request(), name=request.path_params["name"])
    subscription = page.facts.subscription
    check_running(subscription)
    ticked = sent.ticked if sent else page.holders
    boxes = tuple(
        MemberBox(
            id=str(member.id),
            name=member.name,
            email=member.email,
            role=_role(w, member),
            holds=member.id in ticked,
            held=member.id in page.holders,
        )
        for member in sorted(page.members, key=lambda m: m.name.casefold())
    )
    return render(
        request,
        "center/assign.html",
        status=422 if sent else 200,
        product=titles(w, around(request, here).subscriptions)[subscription.id],
        href=paths.product(subscription.name),
        action=paths.product(subscription.name, "members"),
        lead=_lead(w, licences=subscription.licences, assigned=subscription.assigned),
        boxes=boxes,
        errors=(FieldError(field="members", text=sent.error),) if sent else (),
        buy=_buy(w, sent, total=subscription.licences, name=subscription.name)
        if sent and sent.missing and refused_to(w, here.actor, permission="change_licences") is None
        else None,
    )


def _role(w: Wording, member: MemberRow) -> str:
    return w.t("has left") if member.left_at else role_word(w, member.role, own=member.own_role)


def _lead(w: Wording, *, licences: int, assigned: int) -> str:
    free = licences - assigned
    return w.n(
        "{assigned} of {licences} licences are assigned, {count} is free.",
        "{assigned} of {licences} licences are assigned, {count} are free.",
        free,
        assigned=assigned,
        licences=licences,
    )


def _buy(w: Wording, sent: _Sent, *, total: int, name: str) -> Action:
    label = w.n("Buy {count} more licence", "Buy {count} more licences", sent.missing)
    return Action(label=label, href=paths.product(name, "licences", licences=total + sent.missing))
