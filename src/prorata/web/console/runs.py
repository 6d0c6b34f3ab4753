"""Runs: the latest of all sellers, how they stand, what they issued and what they had to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.runs import MOST_SHOWN, RunFacts, runs_page
from prorata.web.addresses import CONSOLE
from prorata.web.console import paths
from prorata.web.console.words import State, issued, moment, state
from prorata.web.forms import get
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action
from prorata.web.visits import staff
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run in the list. `going_on`: how it stands needs a sentence, for it was not done to its end."""

    title: str
    href: str
    seller: str
    state: State
    going_on: bool
    visited: str
    billed: str
    issued: tuple[str, ...]
    parked: str
    unexpected: str | None
    opened: str
    finished: str | None


def routes() -> Sequence[BaseRoute]:
    """The list, which is also the console's first page."""
    return get(CONSOLE, start, name="console"), get(paths.RUNS, show, name="runs")


def start(request: Request) -> Response:
    """Go on to the list."""
    staff(request)
    return RedirectResponse(paths.RUNS, status_code=303)


def show(request: Request) -> Response:
    """Show the list; without any run, what one is and how it starts."""
    here = staff(request)
    w = wording_of(request)
    found = runs_page(here.services, here.actor)
    return render(
        request,
        "console/runs.html",
        lead=_lead(w, found),
        rows=tuple(_row(w, facts) for facts in found),
        today=Action(label=w.t("Run today"), href=paths.TODAY, kind="primary"),
        most=MOST_SHOWN if len(found) == MOST_SHOWN else None,
    )


def _lead(w: Wording, found: Sequence[RunFacts]) -> str | None:
    """How the newest day stands."""
    if not found:
        return None
    running = sum(facts.run.state == "open" for facts in found)
    if running:
        return w.n("{count} run is under way.", "{count} runs are under way.", running)
    return w.t("The last run was that of {day}. Nothing is under way.", day=found[0].run.as_of)


def _row(w: Wording, facts: RunFacts) -> RunRow:
    run, progress = facts.run, facts.progress
    unexpected = progress.unexpected
    return RunRow(
        title=w.date(run.as_of),
        href=paths.run(run.id),
        seller=facts.seller.name,
        state=state(w, facts),
        going_on=run.state != "finished",
        visited=w.number(progress.accounts_done),
        billed=w.number(progress.billed),
        issued=issued(w, facts.totals),
        parked=w.number(progress.parked),
        unexpected=w.n("{count} unexpected", "{count} unexpected", unexpected) if unexpected else None,
        opened=moment(w, run.opened_at, zone=facts.seller.zone),
        finished=moment(w, run.finished_at, zone=facts.seller.zone) if run.finished_at else None,
    )
