"""The run of today: first what it would bill, then the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.runs import DueToday, due_today
from prorata.usecases.start_run import MOST_AT_ONCE, start_run
from prorata.web.console import paths
from prorata.web.console.words import TotalRow, total_rows
from prorata.web.forms import Form, get, post
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import staff
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerDue:
    """What the run would do for a seller: a sentence, what it would issue, and what it would leave."""

    seller: str
    says: str
    totals: tuple[TotalRow, ...]
    parked: str | None


def routes() -> Sequence[BaseRoute]:
    """What it would do, and doing it."""
    return get(paths.TODAY, show, name="today"), post(paths.TODAY, confirm)


def show(request: Request) -> Response:
    """Show what the run would do for each seller; nothing is written."""
    here = staff(request)
    w = wording_of(request)
    found = due_today(here.services, here.actor)
    return render(
        request,
        "console/today.html",
        sellers=tuple(_seller(w, due) for due in found),
        start=_start(w, found),
        cancel=Action(label=w.t("Do not start it"), href=paths.RUNS),
    )


def confirm(request: Request, _: Form) -> Response:
    """Start the run of each seller, and tell how it stands."""
    here = staff(request)
    started = start_run(here.services, here.actor)
    address = paths.run(started.runs[0].id, news="started") if len(started.runs) == 1 else paths.RUNS
    return RedirectResponse(address, status_code=303)


def _start(w: Wording, found: Sequence[DueToday]) -> Action:
    """The act with its figure; where there is nothing to do it says so."""
    known = [due.summary.accounts for due in found if due.summary]
    some_open = any(due.started for due in found)
    if len(known) < len(found):
        return Action(label=w.t("Start the run"), kind="primary")
    if not sum(known) and not some_open:
        return Action(label=w.t("Start the run"), kind="primary", disabled_reason=w.t("Nothing is due today."))
    return Action(label=w.n("Bill {count} account", "Bill {count} accounts", sum(known)), kind="primary")


def _seller(w: Wording, due: DueToday) -> SellerDue:
    parked = due.summary.parked_now if due.summary else 0
    return SellerDue(
        seller=due.seller.name,
        says=_says(w, due),
        totals=total_rows(w, due.summary.totals) if due.summary else (),
        parked=w.n(
            "{count} subscription cannot be billed and would be parked.",
            "{count} subscriptions cannot be billed and would be parked.",
            parked,
        )
        if parked
        else None,
    )


def _says(w: Wording, due: DueToday) -> str:
    if due.summary is None:
        return w.t(
            "More than {most} accounts are due on {day}: too many to work out on a page. The run is opened here, and a "
            "worker does it: that of prorata serve, or prorata run.",
            most=MOST_AT_ONCE,
            day=due.as_of,
        )
    if not due.summary.accounts:
        if due.started:
            return w.t("The run of {day} is under way. Nothing more is due.", day=due.as_of)
        return w.t("Nothing is due on {day}.", day=due.as_of)
    return w.n(
        "{count} account is due on {day}; {billed} would be billed.",
        "{count} accounts are due on {day}; {billed} would be billed.",
        due.summary.accounts,
        day=due.as_of,
        billed=due.summary.billed,
    )
