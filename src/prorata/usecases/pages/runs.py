"""Billing runs as the vendor's staff see them: the latest of all sellers, one of them, and what today's would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prorata.store import parked, runs, sellers
from prorata.store.engine import Connection
from prorata.store.parked import ParkedRow
from prorata.store.runs import Progress, Run, Total
from prorata.store.sellers import SellerRow
from prorata.usecases.act import Services
from prorata.usecases.permissions import Actor
from prorata.usecases.plan_billing import plan_billing
from prorata.usecases.run_billing import days_to_run
from prorata.usecases.run_summary import RunSummary, UnknownRun
from prorata.usecases.start_run import MOST_AT_ONCE

MOST_SHOWN = 40
_MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run with what came of it so far. `taken_over_by`: the later run that superseded it, if that is known."""

    run: Run
    seller: SellerRow
    progress: Progress
    totals: tuple[Total, ...]
    taken_over_by: Run | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run. `parked`: what it parked and is parked still."""

    facts: RunFacts
    parked: tuple[ParkedRow, ...]


@dataclass(frozen=True, slots=True)
class DueToday:
    """What a run of today would do for a seller.

    `summary`: None where too many accounts are due to work it out; `started`: today's run, where there is one that is
    not over.
    """

    seller: SellerRow
    as_of: date
    summary: RunSummary | None
    started: Run | None


def runs_page(services: Services, actor: Actor) -> tuple[RunFacts, ...]:
    """The last runs of all sellers, the newest first; raises `NotAllowed`."""
    actor.must("see_runs")
    with services.database.owner(read_only=True) as conn:
        found = runs.listed(conn, limit=MOST_SHOWN)
        return tuple(_facts(conn, run, among=found) for run in found)


def run_page(services: Services, actor: Actor, *, run_id: int) -> RunPage:
    """One run; raises `NotAllowed`, `UnknownRun`."""
    actor.must("see_runs")
    with services.database.owner(read_only=True) as conn:
        run = runs.get(conn, run_id)
        if run is None:
            raise UnknownRun(run=run_id)
        among = runs.listed(conn, limit=_MOST_LOOKED_AT) if run.state == "superseded" else ()
        rows = parked.listed(conn, seller_id=run.seller_id)
        return RunPage(_facts(conn, run, among=among), tuple(row for row in rows if row.run_id == run.id))


def due_today(services: Services, actor: Actor) -> tuple[DueToday, ...]:
    """What the run of today would do for each seller, planned and not written. Raises `NotAllowed`, `RunBeforeLast`."""
    actor.must("see_runs")
    return tuple(_due(services, one, day=day) for one, day in days_to_run(services, as_of=None, seller=None))


def _due(services: Services, seller: SellerRow, *, day: date) -> DueToday:
    with services.database.owner(read_only=True) as conn:
        found = runs.due(conn, seller.id, as_of=day, after=0, limit=MOST_AT_ONCE + 1)
        last = runs.latest(conn, seller.id)
    started = last if last and last.as_of == day and last.state == "open" else None
    if len(found) > MOST_AT_ONCE:
        return DueToday(seller, day, None, started)
    (summary,) = plan_billing(services, as_of=day, seller=seller.id)
    return DueToday(seller, day, summary, started)


def _facts(conn: Connection, run: Run, *, among: Sequence[Run]) -> RunFacts:
    later = [one for one in among if one.seller_id == run.seller_id and one.as_of > run.as_of]
    by = min(later, key=lambda one: one.as_of, default=None) if run.state == "superseded" else None
    return RunFacts(
        run=run,
        seller=sellers.find(conn, run.seller_id),
        progress=runs.progress(conn, run.id),
        totals=runs.totals(conn, run.id),
        taken_over_by=by,
    )
