"""Staff: who works for the vendor as what, taking somebody on, another role, a new link, letting somebody go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.store.people import StaffRow
from prorata.usecases.door.codes import NotAnEmail
from prorata.usecases.door.staff import (
    LastStaffOwner,
    NameNeeded,
    NewStaff,
    StaffAlready,
    UnknownStaff,
    change_staff_role,
    create_staff,
    end_staff,
    staff_link,
    staff_list,
)
from prorata.usecases.permissions import STAFF_ROLES, ProofNeeded, StaffRole
from prorata.web.addresses import PROOF, with_query
from prorata.web.console import paths
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import language_of, render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import staff
from prorata.wording import Language, Wording, mark
from prorata.wording.errors import sentence
from prorata.wording.roles import staff_role_does, staff_role_word

_ONE = paths.STAFF + "/{staff}"
_FIELDS: dict[type[DomainError], str] = {NameNeeded: "name", NotAnEmail: "email", StaffAlready: "email"}
_NEWS = {
    "taken_on": mark("They work for the vendor now. A link that lets them in once is mailed to them."),
    "link": mark("Another link is mailed to them. The one of before does not work any more."),
    "role": mark("The role is changed. It holds from now on."),
    "ended": mark("They are out at once, on every device."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """One of the vendor's people; `href` is None for who has left."""

    name: str
    email: str
    role: str
    href: str | None


def routes() -> Sequence[BaseRoute]:
    """The list, taking somebody on, and what can be done with one of them."""
    return (
        get(paths.STAFF, show, name="staff"),
        get(paths.NEW_STAFF, show_new, name="new_staff"),
        post(paths.NEW_STAFF, take_on),
        get(_ONE, show_one, name="one_of_staff"),
        post(_ONE, change, name="change_staff_role"),
        post(_ONE + "/link", mail_link, name="mail_staff_link"),
        post(_ONE + "/end", end, name="end_staff"),
    )


def show(request: Request) -> Response:
    """Everybody, who has left last."""
    here, w = staff(request), wording_of(request)
    found = staff_list(here.services, here.actor)
    news = _NEWS.get(query_form(request).text("news"))
    return render(
        request,
        "console/staff.html",
        news=w.t(news) if news else "",
        rows=tuple(_line(w, row) for row in sorted(found, key=lambda row: (row.until is not None, row.id))),
        take_on=Action(label=w.t("Take somebody on"), href=paths.NEW_STAFF, kind="primary"),
    )


def show_new(request: Request) -> Response:
    """The form, with what the address says of it."""
    here = staff(request)
    here.actor.must("manage_staff")
    here.actor.must_prove()
    return _new(request, query_form(request))


def take_on(request: Request, form: Form) -> Response:
    """Take them on, and mail them a link."""
    here, role = staff(request), _role(form)
    language = Language.of_tag(form.text("language")) or language_of(request)
    if role is None:
        w = wording_of(request)
        return _new(request, form, error=FieldError(field="role", text=w.t("Choose a role from the list.")))
    new = NewStaff(email=form.text("email"), name=form.text("name"), role=role, language=language.value)
    try:
        create_staff(here.services, here.actor, new=new, mailed=True)
    except ProofNeeded:
        typed = {"name": new.name, "email": new.email, "role": role, "language": language.value}
        return _prove(with_query(paths.NEW_STAFF, **typed))
    except tuple(_FIELDS) as refusal:
        text = sentence(refusal, wording_of(request))
        return _new(request, form, error=FieldError(field=_FIELDS[type(refusal)], text=text))
    return RedirectResponse(f"{paths.STAFF}?news=taken_on", status_code=303)


def show_one(request: Request) -> Response:
    """One of them."""
    return _page(request, role=query_form(request).text("role"))


def change(request: Request, form: Form) -> Response:
    """Give them another role."""
    here, row, role = staff(request), _found(request), _role(form)
    if role is None:
        return _page(request, error=wording_of(request).t("Choose a role from the list."))
    try:
        change_staff_role(here.services, here.actor, email=row.person.email, role=role)
    except ProofNeeded:
        return _prove(paths.one_of_staff(row.id, role=role))
    except LastStaffOwner as refusal:
        return _page(request, role=role, error=sentence(refusal, wording_of(request)))
    return RedirectResponse(f"{paths.STAFF}?news=role", status_code=303)


def mail_link(request: Request, _: Form) -> Response:
    """Mail them another link."""
    here, row = staff(request), _found(request)
    try:
        staff_link(here.services, here.actor, email=row.person.email, mailed=True)
    except ProofNeeded:
        return _prove(paths.one_of_staff(row.id))
    return RedirectResponse(f"{paths.STAFF}?news=link", status_code=303)


def end(request: Request, _: Form) -> Response:
    """Let them go."""
    here, row = staff(request), _found(request)
    try:
        end_staff(here.services, here.actor, email=row.person.email)
    except ProofNeeded:
        return _prove(paths.one_of_staff(row.id))
    except LastStaffOwner as refusal:
        return _page(request, error=sentence(refusal, wording_of(request)))
    return RedirectResponse(f"{paths.STAFF}?news=ended", status_code=303)


def _prove(address: str) -> Response:
    return RedirectResponse(with_query(PROOF, next=address), status_code=303)


def _found(request: Request) -> StaffRow:
    """The one of the address; raises `UnknownStaff` for nobody, and for who has left."""
    here, wanted = staff(request), whole_number(request.path_params["staff"])
    for row in staff_list(here.services, here.actor):
        if row.id == wanted and row.until is None:
            return row
    raise UnknownStaff(email=request.path_params["staff"])


def _role(form: Form) -> StaffRole | None:
    return next((role for role in STAFF_ROLES if role == form.text("role")), None)


def _options(w: Wording) -> tuple[Option, ...]:
    return tuple(
        Option(value=role, label=staff_role_word(w, role), hint=staff_role_does(w, role)) for role in STAFF_ROLES
    )


def _new(request: Request, typed: Form, *, error: FieldError | None = None) -> Response:
    w = wording_of(request)
    spoken = Language.of_tag(typed.text("language")) or language_of(request)
    return render(
        request,
        "console/new_staff.html",
        status=422 if error else 200,
        errors=(error,) if error else (),
        name=typed.text("name"),
        email=typed.text("email"),
        roles=_options(w),
        role=typed.text("role", "support"),
        languages_offered=tuple(Option(value=one.value, label=one.own_name) for one in Language),
        spoken=spoken.value,
        action=paths.NEW_STAFF,
        send=Action(label=w.t("Take them on"), kind="primary"),
        keep=Action(label=w.t("Take nobody on"), href=paths.STAFF, kind="quiet"),
        back_href=paths.STAFF,
    )


def _page(request: Request, *, role: str = "", error: str = "") -> Response:
    row, w = _found(request), wording_of(request)
    return render(
        request,
        "console/one_of_staff.html",
        status=422 if error else 200,
        errors=(FieldError(field="role", text=error),) if error else (),
        name=row.person.name,
        lead=row.person.email,
        roles=_options(w),
        role=role if role in STAFF_ROLES else row.role,
        action=paths.one_of_staff(row.id),
        link_action=paths.one_of_staff(row.id, "link"),
        end_action=paths.one_of_staff(row.id, "end"),
        back_href=paths.STAFF,
    )


def _line(w: Wording, row: StaffRow) -> StaffLine:
    return StaffLine(
        name=row.person.name,
        email=row.person.email,
        role=w.t("has left") if row.until else staff_role_word(w, row.role),
        href=None if row.until else paths.one_of_staff(row.id),
    )
