"""Roles: what each may do, and those of the account's own: made, changed, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.usecases.door.staff import NameNeeded
from prorata.usecases.pages.members import own_role_page, roles_page
from prorata.usecases.people.own_roles import (
    NothingAllowed,
    RoleInUse,
    RoleNameTaken,
    TooManyRoles,
    UnknownPermission,
    change_own_role,
    make_role,
    remove_role,
)
from prorata.usecases.people.rules import BeyondYourRole
from prorata.usecases.permissions import ACCOUNT_PERMISSIONS, ROLES, ProofNeeded
from prorata.web.center import paths
from prorata.web.center.proving import prove_first
from prorata.web.center.role_words import may_words
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import Visit, visit
from prorata.wording import Wording, mark
from prorata.wording.errors import sentence
from prorata.wording.roles import permission_word, refused_to, role_does, role_word

_ONE = paths.ROLES + "/{role}"
_FIELDS: dict[type[DomainError], str] = {
    NameNeeded: "name",
    RoleNameTaken: "name",
    TooManyRoles: "name",
    RoleInUse: "name",
    NothingAllowed: "may",
    UnknownPermission: "may",
    BeyondYourRole: "may",
}
_NEWS = {
    "made": mark("The role is made. It can be given to people now."),
    "changed": mark("The role is changed, for everybody who has it."),
    "removed": mark("The role is removed."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """A role in the list; `href` is None for those that every account has."""

    name: str
    may: str
    people: str
    href: str | None


def routes() -> Sequence[BaseRoute]:
    """The list, the form of a role, and removing it."""
    return (
        get(paths.ROLES, show, name="roles"),
        get(paths.NEW_ROLE, show_new, name="new_role"),
        post(paths.NEW_ROLE, make),
        get(_ONE, show_one, name="own_role"),
        post(_ONE, change, name="change_own_role"),
        post(_ONE + "/remove", remove, name="remove_role"),
    )


def show(request: Request) -> Response:
    """Every role there is."""
    here, w = visit(request), wording_of(request)
    page = roles_page(here.services, here.request())
    own = tuple(
        RoleLine(
            name=one.name,
            may=may_words(w, one.permissions),
            people=w.number(used),
            href=paths.own_role(one.id) if here.actor.may("manage_people") else None,
        )
        for one, used in page.own
    )
    every = tuple(RoleLine(name=role_word(w, role), may=role_does(w, role), people="", href=None) for role in ROLES)
    news = _NEWS.get(query_form(request).text("news"))
    return render(
        request,
        "center/roles.html",
        news=w.t(news) if news else "",
        own=own,
        every=every,
        make=Action(
            label=w.t("Make a role"),
            href=paths.NEW_ROLE,
            kind="primary",
            disabled_reason=refused_to(w, here.actor, permission="manage_people"),
        ),
        back_href=paths.MEMBERS,
    )


def show_new(request: Request) -> Response:
    """The form of a new role."""
    here = visit(request)
    here.actor.must("manage_people")
    here.actor.must_prove()
    typed = query_form(request)
    return _form(request, name=typed.text("name"), may=typed.all("may"), action=paths.NEW_ROLE)


def make(request: Request, form: Form) -> Response:
    """Make it."""
    here, name, may = visit(request), form.text("name"), form.all("may")
    try:
        make_role(here.services, here.request(), name=name, permissions=may)
    except ProofNeeded:
        return prove_first(paths.NEW_ROLE, name=name)
    except tuple(_FIELDS) as refusal:
        return _form(request, name=name, may=may, action=paths.NEW_ROLE, refusal=refusal)
    return RedirectResponse(f"{paths.ROLES}?news=made", status_code=303)


def show_one(request: Request) -> Response:
    """The form of a role that there is."""
    here = visit(request)
    found = own_role_page(here.services, here.request(), role=_id(request))
    return _form(request, name=found.name, may=found.permissions, action=paths.own_role(found.id), there=found.name)


def change(request: Request, form: Form) -> Response:
    """Change it."""
    here, role, name, may = visit(request), _id(request), form.text("name"), form.all("may")
    try:
        change_own_role(here.services, here.request(), role=role, name=name, permissions=may)
    except ProofNeeded:
        return prove_first(paths.own_role(role))
    except tuple(_FIELDS) as refusal:
        return _again(request, refusal, name=name, may=may)
    return RedirectResponse(f"{paths.ROLES}?news=changed", status_code=303)


def remove(request: Request, _: Form) -> Response:
    """Remove it."""
    here, role = visit(request), _id(request)
    try:
        remove_role(here.services, here.request(), role=role)
    except ProofNeeded:
        return prove_first(paths.own_role(role))
    except (RoleInUse, BeyondYourRole) as refusal:
        found = own_role_page(here.services, here.request(), role=role)
        return _again(request, refusal, name=found.name, may=found.permissions)
    return RedirectResponse(f"{paths.ROLES}?news=removed", status_code=303)


def _id(request: Request) -> int:
    number = whole_number(request.path_params["role"])
    return number if number is not None and 0 < number < 2**31 else 0


def _again(request: Request, refusal: DomainError, *, name: str, may: Sequence[str]) -> Response:
    here = visit(request)
    found = own_role_page(here.services, here.request(), role=_id(request))
    return _form(request, name=name, may=may, action=paths.own_role(found.id), there=found.name, refusal=refusal)


def _form(
    request: Request,
    *,
    name: str,
    may: Sequence[str],
    action: str,
    there: str = "",
    refusal: DomainError | None = None,
) -> Response:
    here, w = visit(request), wording_of(request)
    return render(
        request,
        "center/role.html",
        status=422 if refusal else 200,
        title=there or w.t("Make a role"),
        errors=(FieldError(field=_FIELDS[type(refusal)], text=sentence(refusal, w)),) if refusal else (),
        name=name,
        options=_options(w, here),
        may=tuple(may),
        action=action,
        save=Action(label=w.t("Save the role"), kind="primary"),
        keep=Action(label=w.t("Leave it as it is"), href=paths.ROLES, kind="quiet"),
        remove=Action(label=w.t("Remove this role"), kind="danger") if there else None,
        remove_action=f"{action}/remove",
        back_href=paths.ROLES,
    )


def _options(w: Wording, here: Visit) -> tuple[Option, ...]:
    """What a role may have; what the reader may not do is not theirs to give."""
    return tuple(
        Option(
            value=one,
            label=_first_large(permission_word(w, one)),
            disabled_reason=refused_to(w, here.actor, permission=one),
        )
        for one in ACCOUNT_PERMISSIONS
    )


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]
