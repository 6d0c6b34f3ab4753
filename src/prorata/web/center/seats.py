"""The licence history of a subscription: who got a licence or lost it, when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.insights.standing import Standing
from prorata.core.licences.seats import SeatChange
from prorata.usecases.pages.seats import PER_PAGE, SeatsPage, seats_page
from prorata.web.center import paths
from prorata.web.center.picks import pages_of
from prorata.web.center.shell import around
from prorata.web.center.words import titles
from prorata.web.forms import get, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Figure
from prorata.web.visits import visit
from prorata.wording import Wording, mark
from prorata.wording.people import former_member

_PATH = paths.PRODUCTS + "/{name}/history"
_WHY = {
    "left": mark("left the account"),
    "conflict": mark("more were assigned than there are"),
    "deleted": mark("the subscription was deleted"),
    "before": mark("so since before this history"),
}
_BY = {"admin": mark("by this account"), "vendor": mark("by the vendor"), "system": mark("by itself")}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """Somebody got a licence or lost it; `why` says by whom too."""

    href: str
    name: str
    got: bool
    at: str
    why: str


def routes() -> Sequence[BaseRoute]:
    """The one page."""
    return (get(_PATH, show, name="licence_history"),)


def show(request: Request) -> Response:
    """Show the history, newest first."""
    here, w, name = visit(request), wording_of(request), request.path_params["name"]
    page = seats_page(here.services, here.request(), name=name, page=query_form(request).whole_number("page") or 1)
    return render(
        request,
        "center/seats.html",
        product=titles(w, around(request, here).subscriptions)[page.subscription_id],
        href=paths.product(name),
        figures=_figures(w, page.standing),
        lines=tuple(_line(w, change, page=page) for change in page.changes),
        pages=pages_of(
            w, page=page.page, shown=len(page.changes), found=page.count, per_page=PER_PAGE,
            address=paths.product(name, "history"), query={},
        ),
    )  # fmt: skip


def _figures(w: Wording, standing: Standing) -> tuple[Figure, ...]:
    found = [
        Figure(label=w.t("Bought now"), value=w.number(standing.bought)),
        Figure(label=w.t("Assigned now"), value=w.number(standing.assigned)),
        Figure(label=w.t("Free"), value=w.number(standing.free)),
    ]
    if standing.renewal:
        note = w.t("from {day} on", day=standing.renewal)
        found.append(Figure(label=w.t("At the next renewal"), value=w.number(standing.at_renewal), note=note))
    return tuple(found)


def _line(w: Wording, change: SeatChange, *, page: SeatsPage) -> SeatLine:
    by = [w.t(_BY[change.by])] if change.why != "before" else []
    said = [w.t(_WHY[change.why])] if change.why in _WHY else []
    return SeatLine(
        href=paths.member(change.member),
        name=page.names.get(change.member) or former_member(w, change.member),
        got=change.holds,
        at=w.moment(change.at.astimezone(page.here.account.zone)),
        why=", ".join([*said, *by]),
    )
