"""Workers on a billing run, each a process of its own, begun at the same instant."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from typing import Final

from prorata.store.measuring import server_process
from prorata.usecases.benchmarks.machine import peak_memory_mb, server_cpu_seconds
from prorata.usecases.benchmarks.places import Place, services_of
from prorata.usecases.run_billing import open_runs, work
from prorata.usecases.run_summary import RunSummary, find_run, summarise

_PATIENCE: Final = 120
"""Seconds until every worker is at the start."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What one worker used: seconds of the processor, and its peak of memory in MiB."""

    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class RunMeasured:
    """A run that is done. `server_cpu_seconds`: of all processes of the database; None where nobody tells."""

    summary: RunSummary
    run: int
    documents: int
    seconds: float
    workers: tuple[Worked, ...]
    server_cpu_seconds: float | None

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds

    @property
    def worker_micros(self) -> float:
        """Processor time of the workers for one document, in millionths of a second."""
        return sum(worked.cpu_seconds for worked in self.workers) / self.documents * 1e6

    @property
    def server_micros(self) -> float | None:
        """The same of the database's processes."""
        return None if self.server_cpu_seconds is None else self.server_cpu_seconds / self.documents * 1e6

    @property
    def peak_mb(self) -> float:
        """The most that any worker held."""
        return max(worked.peak_mb for worked in self.workers)


@dataclass(frozen=True, slots=True)
class _Order:
    """What a worker is sent: the database, the run, and the day on which its clock stands."""

    owner_url: str
    run: int
    on: date
    batch_size: int


def run_with(place: Place, *, workers: int) -> RunMeasured:
    """Do the run of the day in a database with so many workers; RuntimeError where something is left or parked.

    The time is that of the work, from the beginning of all to the end of the last, without starting Python.
    """
    services = place.services
    (run,) = open_runs(services, as_of=None, seller=None, batch_size=None)
    with services.database.owner(read_only=True) as conn:
        process = server_process(conn)
    order = _Order(place.owner_url, run.id, services.clock.now().date(), services.batch_size)
    context = get_context("spawn")
    start = context.Barrier(workers + 1, timeout=_PATIENCE)
    answers: SimpleQueue[Worked] = context.SimpleQueue()
    processes = [context.Process(target=_work, args=(order, start, answers), daemon=True) for _ in range(workers)]
    for one in processes:
        one.start()
    start.wait()
    before, began = server_cpu_seconds(process), time.perf_counter()
    for one in processes:
        one.join()
    seconds, after = time.perf_counter() - began, server_cpu_seconds(process)
    if any(one.exitcode for one in processes):
        raise RuntimeError("a worker has failed")
    worked = tuple(answers.get() for _ in processes)
    summary = summarise(services, run.id)
    if not summary.well:
        raise RuntimeError(f"something is left over or parked: {summary}")
    documents = sum(total.invoices + total.credit_notes for total in summary.totals)
    used = None if before is None or after is None else after - before
    return RunMeasured(summary, run.id, documents, seconds, worked, used)


def _work(order: _Order, start: Barrier, answers: SimpleQueue[Worked]) -> None:  # noqa: PLR0917 - as a process is given it
    """A worker, in its own process."""
    services = services_of(order.owner_url, on=order.on, batch_size=order.batch_size)
    run = find_run(services, order.run)
    gc.collect()
    start.wait()
    cpu = time.process_time()
    work(services, run)
    answers.put(Worked(time.process_time() - cpu, peak_memory_mb()))
    services.database.dispose()
