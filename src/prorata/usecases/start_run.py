"""Starting the billing run of today from a page: a small one is done at once, a large one is left to a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prorata.store import jobs, runs, sellers
from prorata.store.runs import Run
from prorata.usecases.act import Services
from prorata.usecases.note import note_of_vendor
from prorata.usecases.permissions import Actor
from prorata.usecases.run_batch import run_batch
from prorata.usecases.run_billing import open_runs

DAILY_RUN: Final = "daily_run"
"""The job that goes on with every run of today that is open; the schedule defers it too."""

MOST_AT_ONCE: Final = 500
"""So many accounts of a seller are planned, or billed, while somebody waits for the page: a second or two."""


@dataclass(frozen=True, slots=True)
class Started:
    """The runs of today, one of each seller. `left`: those of them that a worker goes on with."""

    runs: tuple[Run, ...]
    left: tuple[Run, ...]


def start_run(services: Services, actor: Actor, *, seller: int | None = None) -> Started:
    """Open the run of today, or go on with it, of one seller or of each. For the vendor's staff.

    Raises what `open_runs` raises, `NotAllowed`, and `StoreError`: what is done by then stays done.
    """
    actor.must("start_run")
    opened = open_runs(services, as_of=None, seller=seller, batch_size=None, actor=actor)
    _note(services, actor, opened=opened)
    left = tuple(run for run in opened if not _done(services, run))
    if left:
        _leave_to_a_worker(services)
    return Started(opened, left)


def _note(services: Services, actor: Actor, *, opened: Sequence[Run]) -> None:
    """What a run does in accounts is noted there, as done by itself; here, that somebody wanted it."""
    with services.database.owner() as conn:
        names = {one.id: one.name for one in sellers.listed(conn)}
        for run in opened:
            subject, detail = f"{names[run.seller_id]}, {run.as_of.isoformat()}", {"run": run.id}
            at = services.clock.now()
            note_of_vendor(conn, actor, at=at, action="run.start", subject=subject, detail=detail)


def _done(services: Services, run: Run) -> bool:
    """Do a small run, beside whoever else does; whether nothing of it is left to be claimed."""
    with services.database.owner(read_only=True) as conn:
        progress = runs.progress(conn, run.id)
    if progress.accounts - progress.accounts_done > MOST_AT_ONCE:
        return False
    while run_batch(services, run) is not None:
        pass
    with services.database.owner() as conn:
        runs.finish(conn, run, at=services.clock.now())
    return True


def _leave_to_a_worker(services: Services) -> None:
    due = int(services.clock.now().timestamp())
    with services.database.owner() as conn:
        jobs.defer(conn, DAILY_RUN, args={"timestamp": due}, lock=DAILY_RUN)
