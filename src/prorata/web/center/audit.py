"""The audit: who did what, when, from where, and why somebody of the vendor did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.actors import Side
from prorata.store.audit import AuditEntry
from prorata.usecases.pages.audit import KINDS, PER_PAGE, AuditPage, Kind, Noted, PlanSold, Who, audit_page
from prorata.usecases.pages.change_plan import variant
from prorata.web.center import paths
from prorata.web.center.change_plan_options import with_variant
from prorata.web.center.shell import around
from prorata.web.center.words import own_text, titles
from prorata.web.forms import get, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Link, Option, Pages
from prorata.web.visits import Visit, visit
from prorata.wording import Wording, mark
from prorata.wording.deeds import Called, about, what, where
from prorata.wording.people import former_member
from prorata.wording.prices import how_often

_KINDS: Final[Mapping[Kind, str]] = {
    "subscriptions": mark("Subscriptions and licences"),
    "billing": mark("Bills and payments"),
    "access": mark("People and access"),
}
_MOST_BILLS: Final = 5
_Kind = TypeVar("_Kind", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry in the list; `about`: what it was done to, `bills`: what came of it, `why`: why the vendor acted."""

    at: str
    what: str
    about: str
    reason: str | None
    bills: tuple[Link, ...]
    more_bills: int
    who: str
    side: str | None
    why: str | None
    where: str


@dataclass(frozen=True, slots=True)
class Asked(Generic[_Kind]):
    """What is chosen from the list, and which page of it."""

    who: Who | None
    kind: _Kind | None
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[_Kind]):
    """What is around the list. `empty`: what is said where nothing was done yet; `kinds`: their words."""

    path: str
    lead: str
    empty: str
    kinds: Mapping[_Kind, str]


def routes() -> Sequence[BaseRoute]:
    """The list; `?who=admin:1`, `?kind=access` and `?page=2` choose from it."""
    return (get(paths.AUDIT, _audit, name="audit"),)


def _audit(request: Request) -> Response:
    w = wording_of(request)
    here = visit(request)
    asked = asked_of(request, KINDS)
    page = audit_page(here.services, here.request(), who=asked.who, kind=asked.kind, page=asked.page)
    sheet = Sheet(
        path=paths.AUDIT,
        lead=w.t("Everything that was done in this account, newest first. Nothing of it can be changed or removed."),
        empty=w.t("Whatever is done in this account stands here from then on."),
        kinds=_KINDS,
    )
    return show(request, page, asked=asked, sheet=sheet, subscriptions=_subscriptions(request, here))


def asked_of(request: Request, kinds: Iterable[_Kind]) -> Asked[_Kind]:
    """What is asked for; what is no person, kind or page is as if it were not there."""
    form = query_form(request)
    kind = next((one for one in kinds if one == form.text("kind")), None)
    return Asked(_who(form.text("who")), kind, form.whole_number("page") or 1)


def show(
    request: Request,
    page: AuditPage,
    *,
    asked: Asked[_Kind],
    sheet: Sheet[_Kind],
    subscriptions: Mapping[str, str] | None = None,
) -> Response:
    """Show a page of an audit; `subscriptions`: what those of an account are called."""
    w, who, kind = wording_of(request), _key(asked.who) if asked.who else "", asked.kind or ""
    called = _called(w, page, subscriptions=subscriptions or {})
    kinds = [Option(value=one, label=w.t(word)) for one, word in sheet.kinds.items()]
    return render(
        request,
        "center/audit.html",
        rows=[_line(w, row, page=page, called=called) for row in page.rows],
        whos=(Option(value="", label=w.t("Everybody")), *(_option(w, one, seller=page.seller) for one in page.people)),
        who=who,
        kinds=(Option(value="", label=w.t("Everything")), *kinds),
        kind=kind,
        action=sheet.path,
        lead=sheet.lead,
        nothing_yet=sheet.empty,
        pages=_pages(w, page, address=lambda number: paths.with_query(sheet.path, who=who, kind=kind, page=number)),
    )


def _called(w: Wording, page: AuditPage, *, subscriptions: Mapping[str, str]) -> Called:
    plans = {plan: _plan(w, sold) for plan, sold in page.plans.items()}
    return Called(
        subscriptions=subscriptions, members=page.members, invited=page.invited, documents=page.documents, plans=plans
    )


def _plan(w: Wording, sold: PlanSold) -> str:
    product = own_text(w, sold.names, otherwise=sold.product)
    called = with_variant(product, variant(sold.code, product=sold.product))
    return w.t("{plan}, {period}", plan=called, period=how_often(w, sold.every))


def _subscriptions(request: Request, here: Visit) -> Mapping[str, str]:
    """What subscriptions are called, for who may see them."""
    if not here.actor.may("see"):
        return {}
    facts = around(request, here).subscriptions
    names = titles(wording_of(request), facts)
    return {f.subscription.name: names[f.subscription.id] for f in facts}


def _line(w: Wording, row: Noted, *, page: AuditPage, called: Called) -> Line:
    entry, deed = row.entry, row.deed
    bills = _bills(entry)
    return Line(
        at=w.moment(entry.at.astimezone(page.zone)),
        what=what(w, deed),
        about=about(w, deed, called=called),
        reason=w.t("Reason: {reason}", reason=deed.reason) if deed.reason else None,
        bills=tuple(Link(label=number, href=paths.bill(number)) for number in bills[:_MOST_BILLS]),
        more_bills=max(0, len(bills) - _MOST_BILLS),
        who=_whose(w, entry.actor_name, member=entry.actor_id),
        side=_side(w, entry.actor_kind, seller=page.seller),
        why=w.t("For the account. Reason: {reason}", reason=entry.on_behalf) if entry.on_behalf else None,
        where=where(w, entry),
    )


def _bills(entry: AuditEntry) -> list[str]:
    found = entry.detail.get("documents")
    return [str(one) for one in found] if isinstance(found, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _side(w: Wording, kind: Side, *, seller: str) -> str | None:
    """Whose somebody is who is not one of the account's own people."""
    match kind:
        case "vendor":
            return seller
        case "system":
            return w.t("by itself")
        case "admin":
            return None


def _option(w: Wording, who: Who, *, seller: str) -> Option:
    side = _side(w, who.kind, seller=seller)
    name = _whose(w, who.name, member=who.id)
    return Option(value=_key(who), label=f"{name} ({side})" if side else name)


def _whose(w: Wording, name: str, *, member: int | None) -> str:
    return name or (former_member(w, member) if member is not None else "")


def _key(who: Who) -> str:
    return f"{who.kind}:{who.name if who.id is None else who.id}"


def _who(key: str) -> Who | None:
    """Who is meant by a key; None for everybody, and for what is no key."""
    kind, _, rest = key.partition(":")
    match kind:
        case "admin" | "vendor":
            return Who(kind, int(rest), "") if rest.isdecimal() and len(rest) <= 9 else Who(kind, None, rest)
        case "system":
            return Who("system", None, rest)
        case _:
            return None


def _pages(w: Wording, page: AuditPage, *, address: Callable[[int], str]) -> Pages | None:
    if page.count <= PER_PAGE:
        return None
    first = (page.page - 1) * PER_PAGE + 1
    last = first + len(page.rows) - 1
    return Pages(
        shown=w.t("{first}–{last} of {all}", first=first, last=last, all=page.count),
        previous_href=address(page.page - 1) if page.page > 1 else None,
        next_href=address(page.page + 1) if last < page.count else None,
    )
