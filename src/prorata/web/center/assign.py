"""Who holds a licence of one subscription: boxes for everybody, found by words and page by page; with too few licences,
the way to buy the difference.
"""

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
from prorata.usecases.pages.members import PER_PAGE
from prorata.usecases.pages.subscription import SubscriptionPage, subscription_page
from prorata.usecases.people.picking import Filter
from prorata.web.center import paths
from prorata.web.center.picks import ids_of, pages_of, part
from prorata.web.center.shell import around
from prorata.web.center.shortage import Offer, offer
from prorata.web.center.words import titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import FieldError, FilterForm, Link, Option
from prorata.web.visits import visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.people import member_name
from prorata.wording.roles import role_word

_PATH = paths.PRODUCTS + "/{name}/members"
_WITH, _WITHOUT = "with", "without"


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
    offered: Offer | None = None


def routes() -> Sequence[BaseRoute]:
    """The boxes, and saving them."""
    return get(_PATH, show, name="members"), post(_PATH, save)


def show(request: Request) -> Response:
    """Show who holds a licence: those whom the query finds."""
    return _page(request, query_form(request))


def save(request: Request, form: Form) -> Response:
    """Assign and take back what was changed on the page; what others changed meanwhile stays."""
    here = visit(request)
    w = wording_of(request)
    name = request.path_params["name"]
    ticked, held = ids_of(form, "member"), ids_of(form, "held")
    if ticked is None or held is None:
        return _page(request, form, sent=_Sent(ticked=frozenset(), error=w.t("Choose people from the list.")))
    try:
        act(here.services, here.request(), AssignLicences(name, add=ticked - held, remove=held - ticked))
    except NotEnoughLicences as refusal:
        short = offer(request, name, missing=int(refusal.parameters["missing"]))
        return _page(request, form, sent=_Sent(ticked=ticked, error=sentence(refusal, w), offered=short))
    except UnknownMember as refusal:
        return _page(request, form, sent=_Sent(ticked=ticked, error=sentence(refusal, w)))
    if "page" in form:
        asked = {field: form.text(field) for field in ("q", "who", "page")}
        return RedirectResponse(paths.product(name, "members", **asked, news="saved"), status_code=303)
    return RedirectResponse(paths.product(name, news="assigned"), status_code=303)


def _page(request: Request, form: Form, *, sent: _Sent | None = None) -> Response:
    here = visit(request)
    here.actor.must("assign")
    w = wording_of(request)
    page = subscription_page(here.services, here.request(), name=request.path_params["name"])
    subscription = page.facts.subscription
    check_running(subscription)
    of, who = Filter(text=form.text("q")[:200]), form.text("who")
    found = _found(page, of, who=who)
    number = form.whole_number("page") or 1
    is_long = len(page.members) > PER_PAGE or bool(of.text or who)
    shown = found[part(found, number, per_page=PER_PAGE)]
    return render(
        request,
        "center/assign.html",
        status=422 if sent else 200,
        news=form.text("news") == "saved",
        product=titles(w, around(request, here).subscriptions)[subscription.id],
        href=paths.product(subscription.name),
        action=paths.product(subscription.name, "members"),
        lead=_lead(w, licences=subscription.licences, assigned=subscription.assigned),
        filter=_filter(w, subscription.name, of=of, who=who) if is_long else None,
        found=w.n("{count} person is found.", "{count} people are found.", len(found)),
        boxes=tuple(_box(w, member, page=page, sent=sent) for member in shown),
        kept=(("q", of.text), ("who", who), ("page", str(number))) if is_long else (),
        pages=pages_of(
            w,
            page=number,
            shown=len(shown),
            found=len(found),
            per_page=PER_PAGE,
            address=paths.product(subscription.name, "members"),
            query={"q": of.text, "who": who},
        ),
        errors=(FieldError(field="members", text=sent.error),) if sent else (),
        offered=sent.offered if sent else None,
        many=Link(
            label=w.t("Assign to many at once"),
            href=paths.with_query(paths.MEMBERS, licence=f"{_WITHOUT}:{subscription.name}"),
        ),
    )  # fmt: skip


def _found(page: SubscriptionPage, of: Filter, *, who: str) -> list[MemberRow]:
    """Those whom the words and the choice find, by name."""
    words = of.text.casefold().split()
    wanted = (m for m in page.members if who not in {_WITH, _WITHOUT} or (m.id in page.holders) == (who == _WITH))
    fits = (m for m in wanted if all(word in f"{m.name} {m.email}".casefold() for word in words))
    return sorted(fits, key=lambda m: (m.name.casefold(), m.id))


def _filter(w: Wording, name: str, *, of: Filter, who: str) -> FilterForm:
    choices = (
        Option(value="", label=w.t("with and without a licence")),
        Option(value=_WITH, label=w.t("with a licence")),
        Option(value=_WITHOUT, label=w.t("without a licence")),
    )
    return FilterForm(
        action=paths.product(name, "members"), text=of.text, roles=(), role="", licences=choices, licence=who,
        active=bool(of.text or who), choice="who",
    )  # fmt: skip


def _box(w: Wording, member: MemberRow, *, page: SubscriptionPage, sent: _Sent | None) -> MemberBox:
    ticked = sent.ticked if sent else page.holders
    return MemberBox(
        id=str(member.id),
        name=member_name(w, member),
        email=member.email,
        role=w.t("has left") if member.left_at else role_word(w, member.role, own=member.own_role),
        holds=member.id in ticked,
        held=member.id in page.holders,
    )


def _lead(w: Wording, *, licences: int, assigned: int) -> str:
    free = max(licences - assigned, 0)
    return w.n(
        "{assigned} of {licences} licences are assigned, {count} is free.",
        "{assigned} of {licences} licences are assigned, {count} are free.",
        free,
        assigned=assigned,
        licences=licences,
    )
