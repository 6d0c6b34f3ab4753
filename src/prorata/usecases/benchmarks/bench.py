"""The whole benchmark: populations are made, measured, verified and thrown away."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from prorata.store import measuring
from prorata.store.embedded import EmbeddedServer
from prorata.store.measuring import ServerFacts
from prorata.store.populating import settle
from prorata.usecases.benchmarks.asking import ask_a_crowd
from prorata.usecases.benchmarks.figures import Bench, Figure, Progress, Share
from prorata.usecases.benchmarks.machine import machine
from prorata.usecases.benchmarks.measures import OBJECTS, Beside, ageing, bare_copy, planning, verifying
from prorata.usecases.benchmarks.places import Place, Places
from prorata.usecases.benchmarks.sharing import shares
from prorata.usecases.benchmarks.working import RunMeasured, run_with
from prorata.usecases.lives import LifeOptions
from prorata.usecases.population import Populated, populate

_MOST_PLANNED: Final = 2000
_MICRO: Final = 1e6
_COPY: Final = "COPY of the same rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchOptions:
    """What is measured, and how large.

    `life`: how accounts live; `accounts` of them are run, with each number of `workers` in turn. `crowds`: few and many
    accounts, for which the memory of a worker is compared. `aged` accounts have one month behind them, and as many have
    `old` months. `asked`: among so many accounts it is asked whether a member may use a product. `split`: say where the
    time of a batch goes. `keep`: leave the databases there.
    """

    life: LifeOptions = field(default_factory=LifeOptions)
    accounts: int = 20_000
    workers: tuple[int, ...] = (1, 2)
    crowds: tuple[int, int] = (2000, 20_000)
    aged: int = 3000
    old: int = 24
    asked: int = 100_000
    batch_size: int = 1000
    split: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """What every measurement is given, and the peak of a worker's memory, in MiB, by number of accounts."""

    places: Places
    options: BenchOptions
    tell: Progress
    peaks: dict[int, float] = field(default_factory=dict[int, float])
    shares: list[Share] = field(default_factory=list[Share])
    findings: list[int] = field(default_factory=list[int])

    @property
    def crowd(self) -> str:
        """How many accounts are run, in words."""
        return f"{self.options.accounts:,} accounts"


def bench(server: EmbeddedServer, options: BenchOptions, *, progress: Progress) -> Bench:
    """Measure everything. `progress` is told what begins. RuntimeError where a run does not end well."""
    places = Places(server, options.life.on, options.batch_size, options.keep)
    work = _Work(places, options, progress)
    facts = _facts(work)
    figures = (*_running(work), *_ageing(work), *_memory(work), _asking(work))
    return Bench(
        on=options.life.on,
        seed=options.life.seed,
        batch_size=options.batch_size,
        machine=machine(),
        server=facts,
        figures=figures,
        shares=tuple(work.shares),
        findings=sum(work.findings),
    )


def _facts(work: _Work) -> ServerFacts:
    with work.places.new("empty") as place, place.services.database.owner(read_only=True) as conn:
        return measuring.server_facts(conn)


def _running(work: _Work) -> Iterator[Figure]:
    """The run from its beginning to its end, planning alone, and verifying what was written."""
    options, places = work.options, work.places
    with places.new("run") as place:
        populated = _populate(work, place, life=options.life, size=options.accounts)
        work.tell("planning")
        yield _planning(place, populated)
        place.rest()
        for workers in options.workers:
            with places.like("run", f"run_{workers}") as ran:
                work.tell(f"run, workers: {workers}")
                measured = run_with(ran, workers=workers)
                if workers == 1:
                    work.peaks[options.accounts] = measured.peak_mb
                work.tell("bare COPY")
                yield from _run(work, ran, measured=measured)
                if workers == options.workers[-1]:
                    work.tell("verify")
                    yield from _verifying(work, ran, what=f"{work.crowd}, {options.life.months} months")
        if options.split:
            with places.like("run", "split") as split:
                work.tell("run, with a stopwatch")
                work.shares.extend(shares(split))


def _populate(work: _Work, place: Place, *, life: LifeOptions, size: int) -> Populated:
    work.tell(f"population of {size:,} accounts, months: {life.months}")
    populated = populate(place.services, life, size=size)
    settle(place.owner_url)
    return populated


def _planning(place: Place, populated: Populated) -> Figure:
    found = planning(place.services, populated.accounts[:_MOST_PLANNED], on=populated.on)
    return Figure(
        key="plan",
        what="planning a renewal",
        value=_micros(found.seconds, found.pieces),
        unit="µs",
        yardstick=_micros(found.yardstick, found.pieces),
        yardstick_is=f"making {OBJECTS} plain objects",
        ratio=found.ratio,
        wanted="< 60",
    )


def _run(work: _Work, ran: Place, *, measured: RunMeasured) -> Iterator[Figure]:
    workers, documents = len(measured.workers), measured.documents
    with work.places.like("run", "copy") as fresh:
        copied = bare_copy(ran, fresh, run=measured.run)
    yield Figure(
        key=f"run_{workers}",
        what=f"run over {work.crowd}, workers: {workers}",
        value=measured.rate,
        unit="documents/s",
        yardstick=documents / copied,
        yardstick_is=_COPY,
        ratio=measured.seconds / copied,
        wanted="≥ 3,000" if workers == 2 else "",
    )
    parts = [("python", "worker", measured.worker_micros)]
    if measured.server_micros is not None:
        parts.append(("postgresql", "PostgreSQL", measured.server_micros))
    for key, whose, value in parts:
        yield Figure(
            key=f"run_{workers}_cpu_{key}",
            what=f"  processor time of a document, {whose}",
            value=value,
            unit="µs",
        )


def _verifying(work: _Work, ran: Place, *, what: str, aged: bool = False) -> Iterator[Figure]:
    """What verifying costs: of accounts with a past it is mostly their lines, of young ones the accounts themselves."""
    key = "verify_aged" if aged else "verify"
    verified = verifying(ran.services)
    work.findings.append(verified.findings)
    found = verified.beside
    yield Figure(
        key=key,
        what=f"verify {what}",
        value=found.pieces / found.seconds,
        unit="lines/s",
        yardstick=found.pieces / found.yardstick,
        yardstick_is="reading the same rows",
        ratio=found.ratio,
        wanted="≥ 20,000" if aged else "",
    )
    yield Figure(
        key=f"{key}_cpu_python",
        what="  processor time of a line, Python",
        value=_micros(verified.cpu_seconds, found.pieces),
        unit="µs",
    )


def _ageing(work: _Work) -> Iterator[Figure]:
    """A renewal after many months beside one after a single month."""
    options = work.options
    life = replace(options.life, lengths=("month",), changes=0, anchoring="renewal")
    with _aged(work, life, months=options.old) as old, _aged(work, life, months=1) as young:
        work.tell("runs after many months and after one, in turn")
        found = ageing(old, young)
        work.tell("verify")
        yield from _verifying(work, old, what=f"{options.aged:,} accounts, {options.old} months", aged=True)
    yield _aged_figure("renewal_after", "time", found=found.seconds, old=options.old)
    if found.cpu:
        yield _aged_figure("renewal_cpu_after", "processor time", found=found.cpu, old=options.old)


def _aged_figure(key: str, what: str, *, found: Beside, old: int) -> Figure:
    return Figure(
        key=f"{key}_{old}",
        what=f"{what} of a renewal after {old} months",
        value=_micros(found.seconds, found.pieces),
        unit="µs",
        yardstick=_micros(found.yardstick, found.pieces),
        yardstick_is="after 1 month",
        ratio=found.ratio,
        wanted="≤ 1.1 ×",
    )


@contextmanager
def _aged(work: _Work, life: LifeOptions, *, months: int) -> Generator[Place]:
    with work.places.new(f"aged_{months}") as place:
        _populate(work, place, life=replace(life, months=months), size=work.options.aged)
        yield place


def _memory(work: _Work) -> Iterator[Figure]:
    """What a worker holds at the most, of few accounts and of many."""
    few, many = (_peak(work, size) for size in work.options.crowds)
    yield Figure(
        key="worker_memory",
        what=f"memory of a worker, {work.options.crowds[1]:,} accounts",
        value=many,
        unit="MiB",
        yardstick=few,
        yardstick_is=f"{work.options.crowds[0]:,} accounts",
        ratio=many / few,
        wanted="flat",
    )


def _asking(work: _Work) -> Figure:
    """Whether somebody may use a product, beside looking up an account."""
    size = work.options.asked
    work.tell(f"questions about {size:,} accounts")
    with work.places.new("asked") as place:
        found = ask_a_crowd(place, work.options.life, size=size)
    return Figure(
        key="entitlement",
        what=f"whether a member may use a product, {size:,} accounts",
        value=_micros(found.seconds, found.pieces),
        unit="µs",
        yardstick=_micros(found.yardstick, found.pieces),
        yardstick_is="an account by its key",
        ratio=found.ratio,
        wanted="≤ 1.5 ×",
    )


def _peak(work: _Work, size: int) -> float:
    """As it was measured, or measured now."""
    if size not in work.peaks:
        with work.places.new("crowd") as place:
            _populate(work, place, life=replace(work.options.life, months=1), size=size)
            work.tell("run, workers: 1")
            work.peaks[size] = run_with(place, workers=1).peak_mb
    return work.peaks[size]


def _micros(seconds: float, pieces: int) -> float:
    return seconds / pieces * _MICRO
