"""One member: who they are, letting them be something else, and removing them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.store.account_roles import UnknownRole
from prorata.store.members import MemberRow
from prorata.usecases.pages.members import MemberPage, member_page
from prorata.usecases.people.change_role import change_role
from prorata.usecases.people.end_access import end_access
from prorata.usecases.people.rules import BeyondYourRole, LastOwner
from prorata.usecases.permissions import ProofNeeded
from prorata.web.center import paths
from prorata.web.center.proving import prove_first
from prorata.web.center.role_words import role_options
from prorata.web.center.shell import around
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post, query_form, whole_number
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError
from prorata.web.visits import Visit, visit
from prorata.wording import Wording, mark
from prorata.wording.errors import sentence
from prorata.wording.people import member_name
from prorata.wording.roles import refused_to, role_does, role_word

_PATH = paths.MEMBERS + "/{member}"
_NEWS = {"role": mark("The role is changed. It holds from now on.")}


def routes() -> Sequence[BaseRoute]:
    """A member's page, and removing them."""
    return (
        get(_PATH, show_one, name="member"),
        post(_PATH, change, name="change_role"),
        get(_PATH + "/end", ask_end, name="end_access"),
        post(_PATH + "/end", end),
    )


def show_one(request: Request) -> Response:
    """One member."""
    return _member(request, role=query_form(request).text("role"))


def change(request: Request, form: Form) -> Response:
    """Give them another role."""
    here, member, role = visit(request), _id(request), form.text("role")
    try:
        change_role(here.services, here.request(), member=member, role=role)
    except ProofNeeded:
        return prove_first(paths.member(member), role=role)
    except (UnknownRole, BeyondYourRole, LastOwner) as refusal:
        return _member(request, role=role, refusal=refusal)
    return RedirectResponse(paths.member(member, news="role"), status_code=303)


def ask_end(request: Request) -> Response:
    """Say what comes of it, before it is done."""
    return _end_page(request)


def end(request: Request, _: Form) -> Response:
    """Remove them."""
    here, member = visit(request), _id(request)
    try:
        end_access(here.services, here.request(), member=member)
    except ProofNeeded:
        return prove_first(paths.member(member, "end"))
    except LastOwner as refusal:
        return _end_page(request, refusal=refusal)
    if member == here.actor.member:
        return RedirectResponse(paths.HOME, status_code=303)
    return RedirectResponse(f"{paths.MEMBERS}?news=removed", status_code=303)


def _id(request: Request) -> int:
    """The member of the address; what is no number is nobody's."""
    number = whole_number(request.path_params["member"])
    return number if number is not None and 0 < number < 2**31 else 0


def _member(request: Request, *, role: str = "", refusal: DomainError | None = None) -> Response:
    here, w = visit(request), wording_of(request)
    page = member_page(here.services, here.request(), member=_id(request))
    options = role_options(w, page.roles)
    chosen = role if any(one.value == role for one in options) else page.member.role
    refused = _refused(w, here, page=page)
    stays = _stays(w, here, page=page)
    change_it = Action(label=w.t("Change the role"), kind="primary", disabled_reason=refused)
    news = _NEWS.get(query_form(request).text("news"))
    return render(
        request,
        "center/member.html",
        status=422 if refusal else 200,
        news=w.t(news) if news else "",
        errors=(FieldError(field="role", text=sentence(refusal, w)),) if refusal else (),
        name=member_name(w, page.member),
        lead=_state(w, page.member),
        facts=_facts(w, page, names=_names(request, w)),
        left=page.member.left_at is not None,
        options=options,
        chosen=chosen,
        action=paths.member(page.member.id),
        change=change_it,
        end=Action(
            label=w.t("Remove from the account"),
            kind="danger",
            href=paths.member(page.member.id, "end"),
            disabled_reason=stays,
        ),
        erase=Action(
            label=w.t("Erase their data"), href=paths.member(page.member.id, "erase"), disabled_reason=refused
        ),
        erased=page.member.erased_at is not None,
        back_href=paths.MEMBERS,
    )


def _end_page(request: Request, *, refusal: DomainError | None = None) -> Response:
    here, w = visit(request), wording_of(request)
    page = member_page(here.services, here.request(), member=_id(request))
    refused = _stays(w, here, page=page)
    if page.member.left_at:
        return RedirectResponse(paths.member(page.member.id), status_code=303)
    return render(
        request,
        "center/end_access.html",
        status=422 if refusal else 200,
        name=member_name(w, page.member),
        points=tuple(_points(w, here, page=page, names=_names(request, w))),
        end=Action(
            label=w.t("Remove {name}", name=member_name(w, page.member)), kind="danger", disabled_reason=refused
        ),
        keep=Action(label=w.t("Leave it as it is"), href=paths.member(page.member.id), kind="quiet"),
        action=paths.member(page.member.id, "end"),
        back_href=paths.member(page.member.id),
    )


def _points(w: Wording, here: Visit, *, page: MemberPage, names: dict[str, str]) -> list[str]:
    """What comes of removing somebody."""
    found = [w.t("From their next click on they can do nothing in this account, on any device.")]
    if page.holds:
        held = w.list([names.get(name, name) for name in page.holds])
        found.append(
            w.t("Their licence of {product} is free at once, for somebody else or to be given up.", product=held)
        )
    if page.member.person:
        found.append(w.t("They are told by mail. Other accounts that they belong to are not touched."))
    if page.member.id == here.actor.member:
        found.append(w.t("This is you: you leave this account at once, and only somebody else can invite you again."))
    return found


def _refused(w: Wording, here: Visit, *, page: MemberPage) -> str | None:
    """Why the reader cannot change what this member is."""
    refused = refused_to(w, here.actor, permission="manage_people")
    if refused is None and page.beyond:
        return sentence(BeyondYourRole(), w)
    if refused is None and page.last_owner:
        return sentence(LastOwner(name=page.member.name), w)
    return refused


def _stays(w: Wording, here: Visit, *, page: MemberPage) -> str | None:
    """Why the reader cannot remove this member: who only holds licences may be removed by more people."""
    if page.member.role == "member" and here.actor.may("add_people"):
        return None
    return _refused(w, here, page=page)


def _state(w: Wording, member: MemberRow) -> str:
    if member.erased_at:
        return w.t("Their personal data were erased.")
    if member.left_at:
        return w.t("{name} has no access to this account any more.", name=member.name)
    role = role_word(w, member.role, own=member.own_role)
    return w.t("{role}. {does}", role=role[:1].upper() + role[1:], does=role_does(w, member.role))


def _facts(w: Wording, page: MemberPage, *, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    held = w.list([names.get(name, name) for name in page.holds]) if page.holds else w.t("none")
    return (w.t("E-mail"), page.member.email or "–"), (w.t("Licences"), held)


def _names(request: Request, w: Wording) -> dict[str, str]:
    """What the account's subscriptions are called, by their names."""
    facts = around(request, visit(request)).subscriptions
    said = titles(w, facts)
    return {one.subscription.name: said[one.subscription.id] for one in facts}
