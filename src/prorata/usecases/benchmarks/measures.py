"""The measurements, each beside its yardstick: the same machine, the same minutes, the bare work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Final

from prorata.core.history import History
from prorata.core.planning import plan
from prorata.store import accounts, history, measuring, written
from prorata.store.collector import without_collector
from prorata.store.runs import Run
from prorata.store.verify import next_batch
from prorata.usecases.act import Services
from prorata.usecases.benchmarks.machine import cpu_seconds_of
from prorata.usecases.benchmarks.places import Place
from prorata.usecases.run_batch import run_batch
from prorata.usecases.run_billing import open_runs
from prorata.usecases.verify import verify

OBJECTS: Final = 100
"""So many plain objects are made where one renewal is planned."""
_REPEATS: Final = 5


@dataclass(frozen=True, slots=True)
class Beside:
    """Seconds of something, and of its yardstick, for so many pieces."""

    seconds: float
    yardstick: float
    pieces: int

    @property
    def ratio(self) -> float:
        """How many times the yardstick's time it took."""
        return self.seconds / self.yardstick


@dataclass(frozen=True, slots=True)
class _Four:
    """A plain object."""

    id: int
    on: date
    name: str
    amount: int


def bare_copy(ran: Place, fresh: Place, *, run: int) -> float:
    """Seconds that COPY alone takes for the rows of a run, into a database as it was before, a transaction a batch."""
    seconds, batch = 0.0, 1
    while True:
        with ran.services.database.owner() as conn:
            ids = written.accounts_of(conn, run_id=run, place=batch)
            if not ids:
                return seconds
            rows = measuring.take_out(conn, ids, run_id=run)
        began = time.perf_counter()
        with fresh.services.database.owner() as conn:
            measuring.put_in(conn, rows)
        seconds += time.perf_counter() - began
        batch += 1


def planning(services: Services, ids: Sequence[int], *, on: date) -> Beside:
    """Processor seconds for planning the run of a day for accounts in memory, beside making plain objects.

    Of accounts with one subscription, so that each plan is one renewal.
    """
    at = services.clock.now()
    with services.database.owner(read_only=True) as conn:
        loaded = history.load_all(conn, [(one, on) for one in accounts.some(conn, ids)])
    histories = [one.history for one in loaded if len(one.history.subscriptions) == 1]
    with without_collector():  # as a run does
        planned, made = _least(lambda: _plan(histories, on=on, at=at), lambda: _make(len(histories), on))
    return Beside(planned, made, len(histories))


def _plan(histories: Sequence[History], *, on: date, at: datetime) -> None:
    for one in histories:
        plan(one, as_of=on, at=at)


def _make(count: int, on: date) -> None:
    for place in range(count * OBJECTS):
        _Four(place, on, "plain", place)


def _least(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """The least processor seconds of each, done in turn: what disturbs only adds."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(_REPEATS):
        for do, found in zip((one, other), taken, strict=True):
            began = time.process_time()
            do()
            found.append(time.process_time() - began)
    return min(taken[0]), min(taken[1])


@dataclass(frozen=True, slots=True)
class Aged:
    """A renewal with a long history beside one with a short one, by the clock, and by the processor if that is told."""

    seconds: Beside
    cpu: Beside | None


def ageing(old: Place, young: Place) -> Aged:
    """Do the runs of two databases in turn, batch by batch, and compare the median batch of each."""
    one, other = _Stepping(old), _Stepping(young)
    while one.step() and other.step():
        pass
    pieces = one.run.batch_size
    seconds = Beside(median(one.seconds), median(other.seconds), pieces)
    cpu = Beside(sum(one.cpu), sum(other.cpu), pieces * len(one.cpu)) if sum(other.cpu) else None
    return Aged(seconds, cpu)


class _Stepping:
    """A run that is done batch by batch, each batch measured."""

    def __init__(self, place: Place) -> None:
        self.services = place.services
        self.run: Run = open_runs(self.services, as_of=None, seller=None, batch_size=None)[0]
        with self.services.database.owner(read_only=True) as conn:
            self._server = measuring.server_process(conn)
        self.seconds: list[float] = []
        self.cpu: list[float] = []

    def step(self) -> bool:
        """Do a batch; whether there was one."""
        server, mine, began = cpu_seconds_of(self._server), time.process_time(), time.perf_counter()
        if not run_batch(self.services, self.run):
            return False
        self.seconds.append(time.perf_counter() - began)
        after = cpu_seconds_of(self._server)
        if server is not None and after is not None:
            self.cpu.append(time.process_time() - mine + after - server)
        return True


@dataclass(frozen=True, slots=True)
class Verifying:
    """Verifying a database beside reading its rows; `pieces` are lines of documents. `cpu_seconds`: of this process."""

    beside: Beside
    cpu_seconds: float
    findings: int


def verifying(services: Services) -> Verifying:
    """Verify everything in this one process, and read the same rows without looking at them."""
    began, cpu = time.perf_counter(), time.process_time()
    verified = verify(services)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Verifying(Beside(seconds, _bare_read(services), verified.lines), cpu, verified.count)


def _bare_read(services: Services) -> float:
    """Seconds that it takes to read the rows, as many accounts at once."""
    began, after = time.perf_counter(), 0
    while True:
        with services.database.owner(read_only=True) as conn:
            ids = next_batch(conn, after=after)
            if not ids:
                return time.perf_counter() - began
            measuring.read_all(conn, ids)
        after = ids[-1]
