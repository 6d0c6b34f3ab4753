"""The billing run: opened once for each seller and day, done in batches, gone on with by starting it again.

Any number of workers may work on one run, in this process and in others, on this machine and on others: they share its
batches by claiming them. Documents carry the day on which they are made, whatever day is run: nothing is dated back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from prorata.core.calendar import business_date
from prorata.core.errors import DomainError
from prorata.store import runs, sellers
from prorata.store.errors import DatabaseFull, StoreError
from prorata.store.runs import Batch, Progress, Run
from prorata.store.sellers import SellerRow
from prorata.usecases.act import Services
from prorata.usecases.permissions import SYSTEM, Actor
from prorata.usecases.run_batch import BatchHeld, run_batch
from prorata.usecases.run_summary import RunSummary, summarise

LARGEST_BATCH = 10_000
"""A bound on the memory of a worker, and on what a crash loses."""

WAITS: tuple[float, ...] = (0.0, 0.2, 1.0, 3.0, 10.0, 20.0)
"""Seconds before each try of a batch that the database refuses: a restart of it takes less than all of them."""
_WAIT_FOR_OTHERS = 0.2
_PATIENCE = 120.0
"""Seconds that a worker with nothing left to claim waits for a batch that others hold."""

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class RunInTheFuture(DomainError):
    """A run for a day that has not begun where the seller is: its documents would be for days to come."""

    code = "run_in_the_future"


class RunBeforeLast(DomainError):
    """A run for a day before the seller's last one."""

    code = "run_before_last"


class UnknownSeller(DomainError):
    """There is no seller of that id."""

    code = "unknown_seller"


class BatchSizeOutOfBounds(DomainError):
    """A batch has at least one account, and not so many that a worker cannot hold them."""

    code = "batch_size_out_of_bounds"


def run_billing(
    services: Services,
    *,
    as_of: date | None = None,
    seller: int | None = None,
    batch_size: int | None = None,
    progress: Callable[[Run, Progress], None] | None = None,
) -> tuple[RunSummary, ...]:
    """Open or go on with the run of a day, of one seller or of each, do all of it, and say what came of it.

    Raises what `open_runs` raises; `StoreError` where the database stays away or cannot write: then starting it again
    goes on.
    """
    opened = open_runs(services, as_of=as_of, seller=seller, batch_size=batch_size)
    for run in opened:
        work(services, run, progress=progress)
    return tuple(patiently(lambda run=run: summarise(services, run.id)) for run in opened)


def run_due(services: Services, *, progress: Callable[[Run, Progress], None] | None = None) -> tuple[RunSummary, ...]:
    """Open or go on with today's run of every seller whose run of today is not finished: what a schedule calls.

    A seller whose run fails does not stop the others; the first failure is raised at the end. `progress` is called
    after each batch; what it raises ends the work there, to be gone on with later.
    """
    summaries: list[RunSummary] = []
    failures: list[Exception] = []
    told = _Told(progress)
    for seller in _sellers(services, None):
        try:
            if _is_due(services, seller):
                summaries += run_billing(services, seller=seller.id, progress=told.tell)
        except StoreError:
            raise
        except Exception as failure:
            if told.ended:
                raise
            _log.exception("the run of seller %s failed; the others go on", seller.id)
            failures.append(failure)
    if failures:
        raise failures[0]
    return tuple(summaries)


@dataclass(slots=True)
class _Told:
    """Who is told of the progress, and whether they have ended the work by raising something."""

    tell_on: Callable[[Run, Progress], None] | None
    ended: bool = False

    def tell(self, run: Run, progress: Progress) -> None:
        if self.tell_on:
            try:
                self.tell_on(run, progress)
            except Exception:
                self.ended = True
                raise


def _is_due(services: Services, seller: SellerRow) -> bool:
    """Whether the seller's run of today is not finished. Raises `RunBeforeLast` where a run of a later day stands."""
    today = _today(services, seller)
    _check_day(services, seller, day=today)
    with services.database.owner(read_only=True) as conn:
        last = runs.latest(conn, seller.id, up_to=today)
    return last is None or last.as_of < today or last.state == "open"


def open_runs(
    services: Services, *, as_of: date | None, seller: int | None, batch_size: int | None, actor: Actor = SYSTEM
) -> tuple[Run, ...]:
    """Open the run of a day (None: today, where the seller is) with its batches, or find it; of one seller or of each.

    Raises `UnknownSeller`, `RunInTheFuture`, `RunBeforeLast`, `BatchSizeOutOfBounds`; then nothing is opened. Of a run
    that is not over the batches are as they were; to one that is over those are added that are due after all.
    """
    asked = days_to_run(services, as_of=as_of, seller=seller)
    size = size_of_batch(services, batch_size)
    return tuple(_open(services, one, as_of=day, size=size, by=actor.name) for one, day in asked)


def size_of_batch(services: Services, asked: int | None) -> int:
    """How many accounts a batch has: as asked, or as the settings say. Raises `BatchSizeOutOfBounds`."""
    size = services.batch_size if asked is None else asked
    if not 1 <= size <= LARGEST_BATCH:
        raise BatchSizeOutOfBounds(size=size, largest=LARGEST_BATCH)
    return size


def days_to_run(services: Services, *, as_of: date | None, seller: int | None) -> list[tuple[SellerRow, date]]:
    """Which day is run of which seller. Raises `UnknownSeller`, `RunInTheFuture`, `RunBeforeLast`."""
    asked = [(one, as_of or _today(services, one)) for one in _sellers(services, seller)]
    for one, day in asked:
        _check_day(services, one, day=day)
    return asked


def _check_day(services: Services, seller: SellerRow, *, day: date) -> None:
    today = _today(services, seller)
    if day > today:
        raise RunInTheFuture(day=day.isoformat(), today=today.isoformat(), seller=seller.name)
    with services.database.owner(read_only=True) as conn:
        last = runs.latest(conn, seller.id, up_to=today)
    if last and day < last.as_of:
        raise RunBeforeLast(day=day.isoformat(), last=last.as_of.isoformat(), seller=seller.name)


def _open(services: Services, seller: SellerRow, *, as_of: date, size: int, by: str) -> Run:
    at = services.clock.now()
    with services.database.owner() as conn:
        runs.hold(conn, seller.id)
        runs.drop_unused(conn, seller.id, after=_today(services, seller))
        last = runs.latest(conn, seller.id)
        if last is None or last.as_of < as_of:
            return runs.create(conn, seller.id, as_of=as_of, batch_size=size, at=at, by=by)
        if last.as_of > as_of:
            raise RunBeforeLast(day=as_of.isoformat(), last=last.as_of.isoformat(), seller=seller.name)
        return runs.reopen(conn, last, batch_size=size) if last.state == "finished" else last


def _today(services: Services, seller: SellerRow) -> date:
    return business_date(services.clock.now(), seller.zone)


def _sellers(services: Services, seller: int | None) -> tuple[SellerRow, ...]:
    with services.database.owner(read_only=True) as conn:
        found = tuple(one for one in sellers.listed(conn) if seller in {None, one.id})
    if seller is not None and not found:
        raise UnknownSeller(seller=seller)
    return found


def work(services: Services, run: Run, *, progress: Callable[[Run, Progress], None] | None = None) -> None:
    """Do batches of a run until it is over, beside whoever else does; waits for what others still hold.

    A batch that the database refuses is tried again for half a minute; raises `StoreError` after that.
    """
    began, turn = time.monotonic(), _Turn()
    while True:
        done = patiently(lambda: turn.next_batch(services, run))
        if progress:
            progress(run, patiently(lambda: _progress(services, run)))
        if done is not None:
            began = time.monotonic()
        elif patiently(lambda: _finish(services, run)) or time.monotonic() - began > _PATIENCE:
            return
        else:
            time.sleep(_WAIT_FOR_OTHERS)


@dataclass(slots=True)
class _Turn:
    """Which batch comes next: where an account is held for long, the others are billed before it is tried again."""

    after: int = 0

    def next_batch(self, services: Services, run: Run) -> Batch | None:
        try:
            return run_batch(services, run, after=self.after)
        except BatchHeld as held:
            self.after = held.place
            raise


def _progress(services: Services, run: Run) -> Progress:
    with services.database.owner(read_only=True) as conn:
        return runs.progress(conn, run.id)


def _finish(services: Services, run: Run) -> bool:
    with services.database.owner() as conn:
        return runs.finish(conn, run, at=services.clock.now())


def patiently(do: Callable[[], _Result]) -> _Result:
    """Do it, again if the database refuses: somebody holds what it needs, it restarts, a connection was lost.

    Raises `StoreError` after half a minute; at once where the disk is full, for nobody makes room so soon.
    """
    for wait in WAITS[:-1]:
        time.sleep(wait)
        try:
            return do()
        except DatabaseFull:
            raise
        except StoreError as failure:
            _log.warning("%s; trying again", failure)
    time.sleep(WAITS[-1])
    return do()
