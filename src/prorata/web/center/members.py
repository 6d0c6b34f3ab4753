"""Members: who belongs to the account as what, who is invited; finding people, doing something with many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.core.licences.assignment import NotEnoughLicences
from prorata.store.errors import ChangedMeanwhile
from prorata.store.invitations import InvitationRow
from prorata.store.screens.people import PersonRow
from prorata.usecases.act import act
from prorata.usecases.assign_picked import AssignPicked
from prorata.usecases.pages.members import PER_PAGE, MembersPage, members_page
from prorata.usecases.people.end_access import NobodyChosen
from prorata.usecases.people.picking import LEFT, Filter, Pick
from prorata.usecases.permissions import NotAllowed
from prorata.web.center import paths
from prorata.web.center.picks import filter_form, filter_of, ids_of, pages_of, pick_of, query_of
from prorata.web.center.removal import ask_removal
from prorata.web.center.shell import around
from prorata.web.center.shortage import Offer, offer
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post, query_form, whole_numbers
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, FieldError, Option
from prorata.web.visits import Visit, visit
from prorata.wording import Wording, mark
from prorata.wording.errors import sentence
from prorata.wording.people import member_name
from prorata.wording.roles import refused_to, role_word

_NEWS = {
    "invited": mark("The invitation is on its way. Its link works for seven days."),
    "again": mark("The invitation is on its way again. The link of before does not work any more."),
    "taken_back": mark("The invitation is taken back: its link lets nobody in."),
    "removed": mark("They do not belong to this account any more. Licences that they held are free."),
    "added": mark("They belong to the account now."),
    "assigned": mark("Who holds a licence is saved."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Somebody in the list; `holds`: of which subscriptions they hold a licence; `left`: they have no access."""

    id: str
    href: str
    name: str
    email: str
    role: str
    holds: str
    left: bool
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedLine:
    """Somebody who has not come yet, and what can be done about it."""

    name: str
    email: str
    role: str
    until: str
    again: str
    take_back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What can be done: at the head of the page, and with those who are picked.

    `kept` are the fields that say what was looked for; `all_of_them` the words of the box that picks all that are
    found, empty where they stand on one page; `sold` the subscriptions of which a licence can be assigned;
    `no_assigning`: why the reader cannot.
    """

    add: Action
    take_in: Action
    invite: Action
    can_pick: bool
    action: str
    kept: tuple[tuple[str, str], ...]
    all_of_them: str
    sold: tuple[Option, ...]
    subscription: str
    no_assigning: str | None
    remove: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is looked for, who is ticked, of which subscription a licence is meant, and what is wrong with it."""

    of: Filter
    page: int = 1
    ticked: frozenset[int] = frozenset()
    everybody: bool = False
    subscription: str = ""
    error: FieldError | None = None
    offered: Offer | None = None
    status: int = 200


def routes() -> Sequence[BaseRoute]:
    """The list, and what is done with those who are picked from it."""
    return get(paths.MEMBERS, show, name="people_of_account"), post(paths.PICK_MEMBERS, do, name="pick_members")


def show(request: Request) -> Response:
    """Those whom the filter of the query finds; `ticked` is what one had picked before showing who one is."""
    form = query_form(request)
    ticked = frozenset(whole_numbers(form.text("ticked").split(",")))
    return _page(request, _Asked(of=filter_of(form), page=form.whole_number("page") or 1, ticked=ticked))


def do(request: Request, form: Form) -> Response:
    """Assign, take back, or ask once more before removing."""
    w, pick = wording_of(request), pick_of(form)
    asked = _Asked(
        of=filter_of(form),
        page=form.whole_number("page") or 1,
        ticked=ids_of(form, "member") or frozenset(),
        everybody=bool(form.text("all")),
        subscription=form.text("subscription"),
        status=422,
    )
    if pick is None:
        return _page(
            request, replace(asked, error=FieldError(field="people", text=w.t("Choose people from the list.")))
        )
    try:
        if form.text("do") == "remove":
            return ask_removal(request, pick)
        return _assign(request, pick, asked=asked, take=form.text("do") == "take")
    except NotEnoughLicences as refusal:
        short = offer(request, asked.subscription, missing=int(refusal.parameters["missing"]))
        error = FieldError(field="people", text=sentence(refusal, w))
        return _page(request, replace(asked, error=error, offered=short))
    except NotAllowed:
        raise
    except DomainError as refusal:
        field = "people" if isinstance(refusal, NobodyChosen | ChangedMeanwhile) else "subscription"
        status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
        return _page(request, replace(asked, error=FieldError(field=field, text=sentence(refusal, w)), status=status))


def _assign(request: Request, pick: Pick, *, asked: _Asked, take: bool) -> Response:
    here, w = visit(request), wording_of(request)
    if asked.subscription not in _assignable(request, w):
        wrong = FieldError(field="subscription", text=w.t("Choose a subscription."))
        return _page(request, replace(asked, error=wrong))
    act(here.services, here.request(), AssignPicked(asked.subscription, pick, take=take))
    address = paths.with_query(paths.MEMBERS, **query_of(asked.of), page=asked.page, news="assigned")
    return RedirectResponse(address, status_code=303)


def _page(request: Request, asked: _Asked) -> Response:
    here, w = visit(request), wording_of(request)
    page = members_page(here.services, here.request(), of=asked.of, page=asked.page)
    names, news = _assignable(request, w), _NEWS.get(query_form(request).text("news"))
    refused = refused_to(w, here.actor, permission="manage_people")
    return render(
        request,
        "center/members.html",
        status=asked.status,
        news=w.t(news) if news else "",
        errors=(asked.error,) if asked.error else (),
        offered=asked.offered,
        lead=w.n("{count} person belongs to this account.", "{count} people belong to this account.", page.present),
        filter=filter_form(w, asked.of, action=paths.MEMBERS, own=page.own, names=names),
        found=w.n("{count} person is found.", "{count} people are found.", page.found),
        people=tuple(_person(w, one, names=names, ticked=asked.ticked) for one in page.people),
        everybody=asked.everybody,
        pages=pages_of(
            w,
            page=page.page,
            shown=len(page.people),
            found=page.found,
            per_page=PER_PAGE,
            address=paths.MEMBERS,
            query=query_of(asked.of),
        ),
        invited=tuple(_invited(w, row, at=page.at, zone=page.here.account.zone) for row in page.invited),
        may_manage=refused is None,
        roles_href=paths.ROLES,
        deeds=_deeds(request, here, page=page, asked=asked),
    )  # fmt: skip


def _deeds(request: Request, here: Visit, *, page: MembersPage, asked: _Asked) -> Deeds:
    w = wording_of(request)
    add = refused_to(w, here.actor, permission="add_people")
    removes = None if here.actor.may("manage_people") else add
    all_of_them = w.n("All {count} that are found", "All {count} that are found", page.found)
    return Deeds(
        add=Action(label=w.t("Add somebody"), href=paths.ADD_MEMBER, kind="primary", disabled_reason=add),
        take_in=Action(label=w.t("Import a list"), href=paths.IMPORT_MEMBERS, disabled_reason=add),
        invite=Action(
            label=w.t("Invite somebody"),
            href=paths.INVITE,
            disabled_reason=refused_to(w, here.actor, permission="manage_people"),
        ),
        can_pick=asked.of.role != LEFT and (here.actor.may("assign") or removes is None),
        action=paths.PICK_MEMBERS,
        kept=(*query_of(asked.of).items(), ("page", str(page.page)), ("found", str(page.found)), ("seen", page.seen)),
        all_of_them=all_of_them if page.found > len(page.people) else "",
        sold=tuple(Option(value=name, label=title) for name, title in _assignable(request, w).items()),
        subscription=asked.subscription,
        no_assigning=refused_to(w, here.actor, permission="assign"),
        remove=Action(label=w.t("Remove from the account"), kind="danger", disabled_reason=removes),
    )


def _assignable(request: Request, w: Wording) -> Mapping[str, str]:
    """The subscriptions of which a licence can be assigned, with what they are called."""
    facts = around(request, visit(request)).subscriptions
    said = titles(w, facts)
    can = (f.subscription for f in facts if f.subscription.is_running or f.subscription.state == "expired")
    return {one.name: said[one.id] for one in can}


def _person(w: Wording, one: PersonRow, *, names: Mapping[str, str], ticked: frozenset[int]) -> PersonLine:
    member = one.member
    return PersonLine(
        id=str(member.id),
        href=paths.member(member.id),
        name=member_name(w, member),
        email=member.email,
        role=w.t("has left") if member.left_at else role_word(w, member.role, own=member.own_role),
        holds=w.list([names.get(name, name) for name in one.holds]) if one.holds else "–",
        left=member.left_at is not None,
        ticked=member.id in ticked,
    )


def _invited(w: Wording, row: InvitationRow, *, at: datetime, zone: ZoneInfo) -> InvitedLine:
    day = row.expires_at.astimezone(zone).date()
    return InvitedLine(
        name=row.name,
        email=row.email,
        role=role_word(w, row.role, own=row.own_role),
        until=w.t("The link is too old") if row.expires_at <= at else w.t("until {day}", day=day),
        again=paths.invitation(row.id, "again"),
        take_back=paths.invitation(row.id, "take-back"),
    )
