"""Inviting somebody into the account, sending the invitation again, taking it back."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.store.account_roles import UnknownRole
from prorata.store.members import EmailTaken
from prorata.usecases.door.codes import NotAnEmail
from prorata.usecases.door.staff import NameNeeded
from prorata.usecases.pages.members import invite_page
from prorata.usecases.people.invite import (
    AlreadyInvited,
    Invitee,
    TooManyInvitations,
    invite,
    invite_again,
    take_back,
)
from prorata.usecases.people.rules import BeyondYourRole
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.kept_words import sealed, unsealed
from prorata.web.center.proving import prove_first
from prorata.web.center.role_words import role_options
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import visit
from prorata.wording import Language
from prorata.wording.errors import sentence

_FIELDS: dict[type[DomainError], str] = {
    NameNeeded: "name",
    NotAnEmail: "email",
    EmailTaken: "email",
    AlreadyInvited: "email",
    TooManyInvitations: "email",
    UnknownRole: "role",
    BeyondYourRole: "role",
}
_ONE = paths.MEMBERS + "/invitations/{invitation}"


def routes() -> Sequence[BaseRoute]:
    """The form, and what can be done with an invitation that waits."""
    return (
        get(paths.INVITE, show, name="invite"),
        post(paths.INVITE, send),
        post(_ONE + "/again", again),
        post(_ONE + "/take-back", withdraw),
    )


def show(request: Request) -> Response:
    """The form, with what the address says of it."""
    asked = query_form(request)
    name, _, email = unsealed(visit(request), asked.text("sealed")).partition("\n")
    return _page(request, Form((("name", name), ("email", email), *asked.fields)))


def send(request: Request, form: Form) -> Response:
    """Invite them."""
    here = visit(request)
    language = Language.of_tag(form.text("language")) or language_of(request)
    invitee = Invitee(name=form.text("name"), email=form.text("email"), role=form.text("role"), language=language.value)
    try:
        invite(here.services, here.request(), invitee=invitee)
    except ProofNeeded:
        # Who somebody is stands in no address that can be read.
        who = sealed(here, f"{invitee.name}\n{invitee.email}")
        return prove_first(paths.INVITE, sealed=who, role=invitee.role, language=invitee.language)
    except tuple(_FIELDS) as refusal:
        return _page(request, form, refusal=refusal)
    return RedirectResponse(f"{paths.MEMBERS}?news=invited", status_code=303)


def again(request: Request, _: Form) -> Response:
    """Send the link anew."""
    here = visit(request)
    try:
        invite_again(here.services, here.request(), invitation=_id(request))
    except ProofNeeded:
        return prove_first(paths.MEMBERS)
    return RedirectResponse(f"{paths.MEMBERS}?news=again", status_code=303)


def withdraw(request: Request, _: Form) -> Response:
    """Take it back."""
    here = visit(request)
    try:
        take_back(here.services, here.request(), invitation=_id(request))
    except ProofNeeded:
        return prove_first(paths.MEMBERS)
    return RedirectResponse(f"{paths.MEMBERS}?news=taken_back", status_code=303)


def _id(request: Request) -> int:
    number = whole_number(request.path_params["invitation"])
    return number if number is not None and 0 < number < 2**31 else 0


def _page(request: Request, typed: Form, *, refusal: DomainError | None = None) -> Response:
    here, w = visit(request), wording_of(request)
    page = invite_page(here.services, here.request())
    spoken = Language.of_tag(typed.text("language")) or language_of(request)
    return render(
        request,
        "center/invite.html",
        status=422 if refusal else 200,
        errors=(FieldError(field=_FIELDS[type(refusal)], text=sentence(refusal, w)),) if refusal else (),
        name=typed.text("name"),
        email=typed.text("email"),
        roles=role_options(w, page.roles),
        role=typed.text("role", "reader"),
        languages_offered=tuple(Option(value=one.value, label=one.own_name) for one in Language),
        spoken=spoken.value,
        action=paths.INVITE,
        send=Action(label=w.t("Send the invitation"), kind="primary"),
        keep=Action(label=w.t("Invite nobody"), href=paths.MEMBERS, kind="quiet"),
        back_href=paths.MEMBERS,
    )
