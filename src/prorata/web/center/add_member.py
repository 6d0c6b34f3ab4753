"""Adding somebody who holds licences, without inviting them to sign in."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.core.licences.assignment import NotEnoughLicences
from prorata.store.members import EmailTaken
from prorata.usecases.door.codes import NotAnEmail
from prorata.usecases.door.staff import NameNeeded
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.people.add_member import Addition, TooManyMembers, add_member
from prorata.usecases.permissions import NotAllowed
from prorata.web.center import paths
from prorata.web.center.shell import around
from prorata.web.center.shortage import offer
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import visit
from prorata.wording import Language
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to

_FIELDS: dict[type[DomainError], str] = {
    NameNeeded: "name",
    NotAnEmail: "email",
    EmailTaken: "email",
    TooManyMembers: "name",
}


def routes() -> Sequence[BaseRoute]:
    """The form, and adding them."""
    return get(paths.ADD_MEMBER, show, name="add_member"), post(paths.ADD_MEMBER, add)


def show(request: Request) -> Response:
    """The form."""
    return _page(request, query_form(request))


def add(request: Request, form: Form) -> Response:
    """Add them, with the licences that are ticked."""
    here = visit(request)
    language = Language.of_tag(form.text("language")) or language_of(request)
    new = Addition(
        name=form.text("name"), email=form.text("email"), language=language.value, licences=form.all("licence")
    )
    try:
        add_member(here.services, here.request(), new=new)
    except NotAllowed:
        raise
    except DomainError as refusal:
        return _page(request, form, refusal=refusal)
    return RedirectResponse(f"{paths.MEMBERS}?news=added", status_code=303)


def _page(request: Request, typed: Form, *, refusal: DomainError | None = None) -> Response:
    here, w = visit(request), wording_of(request)
    here.actor.must("add_people")
    spoken = Language.of_tag(typed.text("language")) or language_of(request)
    field = _FIELDS.get(type(refusal), "licence") if refusal else ""
    sold, chosen = _sold(request), typed.all("licence")
    full = [f.subscription.name for f in sold if f.subscription.name in chosen and _free(f) < 1]
    short = isinstance(refusal, NotEnoughLicences)
    return render(
        request,
        "center/add_member.html",
        status=422 if refusal else 200,
        errors=(FieldError(field=field, text=sentence(refusal, w)),) if refusal else (),
        offers=tuple(one for one in (offer(request, name, missing=1) for name in full) if one) if short else (),
        name=typed.text("name"),
        email=typed.text("email"),
        languages_offered=tuple(Option(value=one.value, label=one.own_name) for one in Language),
        spoken=spoken.value,
        licences=_options(request, sold) if refused_to(w, here.actor, permission="assign") is None else (),
        chosen=chosen,
        action=paths.ADD_MEMBER,
        add=Action(label=w.t("Add them"), kind="primary"),
        keep=Action(label=w.t("Add nobody"), href=paths.MEMBERS, kind="quiet"),
        back_href=paths.MEMBERS,
    )


def _sold(request: Request) -> tuple[SubscriptionFacts, ...]:
    return tuple(f for f in around(request, visit(request)).subscriptions if f.subscription.is_running)


def _free(facts: SubscriptionFacts) -> int:
    return max(facts.subscription.licences - facts.subscription.assigned, 0)


def _options(request: Request, sold: Sequence[SubscriptionFacts]) -> tuple[Option, ...]:
    w = wording_of(request)
    called = titles(w, around(request, visit(request)).subscriptions)
    return tuple(
        Option(
            value=f.subscription.name,
            label=called[f.subscription.id],
            hint=w.n("{count} is free", "{count} are free", _free(f)),
        )
        for f in sold
    )
