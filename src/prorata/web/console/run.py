"""One run: how far it is, what it issued by currency, and what it had to leave."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.runs import RunFacts, run_page
from prorata.web.console import paths
from prorata.web.console.words import moment, parked_card, state, total_rows
from prorata.web.forms import get, query_form, whole_number
from prorata.web.rendering import render, wording_of
from prorata.web.views import Figure
from prorata.web.visits import staff
from prorata.wording import Wording


def routes() -> Sequence[BaseRoute]:
    """One run."""
    return (get(paths.RUNS + "/{run_id}", show, name="run"),)


def show(request: Request) -> Response:
    """Show it; an unknown one is a page that says so (404)."""
    here = staff(request)
    w = wording_of(request)
    run_id = whole_number(request.path_params["run_id"])
    if run_id is None:
        raise HTTPException(404)
    page = run_page(here.services, here.actor, run_id=run_id)
    facts = page.facts
    zone = facts.seller.zone
    stands = state(w, facts)
    return render(
        request,
        "console/run.html",
        news=_news(w, request, facts=facts),
        title=w.t("Run of {day}", day=facts.run.as_of),
        seller=facts.seller.name,
        state=stands,
        running=facts.run.state == "open",
        done=facts.run.state == "finished",
        progress=facts.progress,
        progress_words=_progress(w, facts),
        figures=_figures(w, facts),
        totals=total_rows(w, facts.totals),
        parked=tuple(parked_card(w, row, zone=zone) for row in page.parked),
        since_mended=facts.progress.parked - len(page.parked),
        opened=moment(w, facts.run.opened_at, zone=zone),
        finished=moment(w, facts.run.finished_at, zone=zone) if facts.run.finished_at else None,
        batch_size=w.number(facts.run.batch_size),
    )


def _news(w: Wording, request: Request, *, facts: RunFacts) -> str | None:
    if query_form(request).text("news") != "started":
        return None
    if facts.run.state == "open":
        return w.t("The run is open. A worker does what is left: that of prorata serve, or prorata run.")
    return w.t("The run is done.")


def _progress(w: Wording, facts: RunFacts) -> str:
    done, every = facts.progress.accounts_done, facts.progress.accounts
    return w.n("{done} of {count} account visited", "{done} of {count} accounts visited", every, done=done)


def _figures(w: Wording, facts: RunFacts) -> tuple[Figure, ...]:
    progress = facts.progress
    unexpected = progress.unexpected
    return (
        Figure(
            label=w.t("Accounts visited"),
            value=w.number(progress.accounts_done),
            note=w.t("those on which something was due"),
        ),
        Figure(
            label=w.t("Accounts billed"),
            value=w.number(progress.billed),
            note=w.t("those of which something was written"),
        ),
        Figure(
            label=w.t("Parked"),
            value=w.number(progress.parked),
            note=w.n("{count} of them unexpectedly", "{count} of them unexpectedly", unexpected)
            if unexpected
            else w.t("subscriptions that could not be billed"),
        ),
    )
