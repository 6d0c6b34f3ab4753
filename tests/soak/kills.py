"""Days of billing by two workers that are killed at random, and the database now and then, beside an undisturbed twin.

Each round has a population of its own, which lives on for some days: customers act, before the run and while it is
going on, and every day is run until it is done. The twin sees the same acts and nobody is killed there. In the end
both must say the same, but for which number went to which document.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random, SystemRandom
from signal import SIGKILL

import psycopg

from faults.records import differences
from faults.site import BATCH, DAY, Server, Site, plain
from faults.workers import Work, Worker, working
from prorata.core.errors import DomainError
from prorata.store.errors import StoreError
from prorata.usecases.act import Request, act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.command import Command
from prorata.usecases.lives import LifeOptions
from prorata.usecases.pay_document import PayDocument
from prorata.usecases.permissions import operator
from prorata.usecases.population import populate
from prorata.usecases.run_billing import run_billing
from support.shop import admin

Say = Callable[[str], None]

ACCOUNTS = 200
DAYS = 6
WORKERS = 2
MOST_KILLS = 6
"""Of one day's workers: so that every day comes to its end."""
_MOST_NAMED = 10
_ENDS = {0, 2, -SIGKILL}
"""How a worker may end: well, because the database stayed away, or killed."""


@dataclass
class _Hunt:
    """What is hunted on, and what was done so far."""

    server: Server
    dice: Random
    say: Say
    counts: Counter[str] = field(default_factory=Counter[str])


@dataclass
class _Wish:
    """What a customer asks for."""

    account: int
    command: Command


def hunt(until: float, say: Say) -> list[str]:
    """Play rounds until the time is up; returns what was found, each with the seed of its round."""
    seed = SystemRandom().randrange(10**6)
    said = time.monotonic()
    failures: list[str] = []
    server = Server()
    counts = Counter[str]()
    try:
        while time.monotonic() < until and not failures:
            seed += 1
            hunting = _Hunt(server, Random(seed), say, counts)  # noqa: S311 - a reproducible draw
            failures += [f"round {seed}: {one}" for one in _played(hunting, seed)]
            counts["rounds"] += 1
            if time.monotonic() - said > 60:
                say(_told(counts))
                said = time.monotonic()
    finally:
        server.remove()
    say(_told(counts))
    return failures


def _told(counts: Counter[str]) -> str:
    names = (
        "rounds",
        "days",
        "documents",
        "acts",
        "refused acts",
        "killed workers",
        "killed servers",
        "killed backends",
    )
    return ", ".join(f"{counts[name]} {name}" for name in names)


def _played(hunting: _Hunt, seed: int) -> list[str]:
    try:
        return _round(hunting, seed)
    except Exception:  # noqa: BLE001 - whatever it was, it is what was hunted for
        return [traceback.format_exc()]


def _round(hunting: _Hunt, seed: int) -> list[str]:
    with _populated(hunting, seed) as (site, twin):
        days = list(_days(hunting.dice))
        for day in days:
            for one in (site, twin):
                one.clock.set(day.isoformat())
            _live(hunting, site, twin, day=day)
            hunting.counts["days"] += 1
        ((documents,),) = site.sql("SELECT count(*) FROM documents WHERE issued_on >= :day", day=DAY)
        hunting.counts["documents"] += int(str(documents))
        wrong = [f"twin: {one}" for one in twin.faults(until=days[-1])] + site.faults(until=days[-1])
        return (wrong + differences(site.records(numbers=False), twin.records(numbers=False)))[:_MOST_NAMED]


def _days(dice: Random) -> Iterator[date]:
    day = DAY
    for _ in range(DAYS):
        yield day
        day += timedelta(days=dice.randint(1, 9))


@contextmanager
def _populated(hunting: _Hunt, seed: int) -> Generator[tuple[Site, Site]]:
    server = hunting.server
    names = f"round_{seed}", f"twin_{seed}"
    server.make_database(names[0])
    site = Site(server, names[0], 0)
    lives = LifeOptions(on=DAY, months=2, anchoring="mixed", lives=30, seed=seed)
    seller = populate(site.services, lives, size=ACCOUNTS).seller
    site.close()
    server.copy_database(*names)
    site, twin = (Site(server, name, seller) for name in names)
    try:
        yield site, twin
    finally:
        for one in (site, twin):
            one.close()
        server.drop_database(names[0])
        server.drop_database(names[1])


def _live(hunting: _Hunt, site: Site, twin: Site, *, day: date) -> None:
    """A day of both: what customers do, and the run, which comes to its end whatever happens."""
    dice = hunting.dice
    everybody = twin.accounts()
    early = [_wish(twin, dice, account=dice.choice(everybody), place=place) for place in range(dice.randint(2, 6))]
    for wish in early:
        _grant(hunting, twin, wish)
        _grant(hunting, site, wish)
    # While the run is going on, only those act for whom it does not come: else it would matter who was first.
    query = "SELECT account_id FROM accounts WHERE due_on IS NULL OR due_on > :day ORDER BY account_id"
    others = [int(str(row[0])) for row in twin.sql(query, day=day)]
    late = [_wish(twin, dice, account=one, place=9) for one in dice.sample(others, min(len(others), 8))]
    for wish in late:
        _grant(hunting, twin, wish)
    run_billing(twin.services, seller=twin.seller)
    _run_among_kills(hunting, site, late=late)
    # For what they asked for may be due today.
    run_billing(site.services, seller=site.seller)


def _run_among_kills(hunting: _Hunt, site: Site, *, late: list[_Wish]) -> None:
    """Two workers do the run; whoever was killed, or gave up, is started again until both say that it is over."""
    dice = hunting.dice
    work = Work(site.owner_url, site.app_url, site.seller, site.clock.now(), BATCH)
    left, kills = list(late), 0
    places = [_Place(work) for _ in range(WORKERS)]
    try:
        while not all(place.is_over for place in places):
            time.sleep(dice.random() * 0.1)
            if left:
                _grant(hunting, site, left.pop())
            if kills < MOST_KILLS and dice.random() < 0.5:
                kills += 1
                _kill_somebody(hunting, site, places)
            for place in places:
                place.go_on()
    finally:
        for place in places:
            place.close()
    for wish in left:
        _grant(hunting, site, wish)


class _Place:
    """Where a worker works, and another one after it was killed."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.is_over = False
        self._begin()

    def _begin(self) -> None:
        self._context = working(self._work)
        (self.worker,) = self._context.__enter__()

    def go_on(self) -> None:
        if self.is_over or self.worker.is_alive:
            return
        code = self.worker.ended()
        if code not in _ENDS:
            raise AssertionError(f"a worker ended with code {code}: {self.worker.said}")
        self.is_over = code == 0
        if not self.is_over:
            self.close()
            self._begin()

    def close(self) -> None:
        self._context.__exit__(None, None, None)


def _kill_somebody(hunting: _Hunt, site: Site, places: list[_Place]) -> None:
    drawn = hunting.dice.randrange(10)
    if drawn < 7:
        worker: Worker = hunting.dice.choice(places).worker
        if worker.is_alive:
            worker.kill()
            hunting.counts["killed workers"] += 1
        return
    if drawn < 9:
        _wait_for(site)  # it may be recovering from what was done to it before
        ((pid,),) = site.sql("SELECT pg_backend_pid()")
        # It may have gone down with the server meanwhile.
        with suppress(FileNotFoundError, ProcessLookupError):
            if int(str(pid)) in hunting.server.processes():
                hunting.server.kill(int(str(pid)))
        hunting.counts["killed backends"] += 1
    else:
        hunting.server.kill()
        hunting.server.start()
        hunting.counts["killed servers"] += 1
    _wait_for(site)


def _wait_for(site: Site) -> None:
    """Until the database answers again."""
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(plain(site.owner_url)).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _wish(site: Site, dice: Random, *, account: int, place: int) -> _Wish:
    names = [
        str(row[0]) for row in site.sql("SELECT name FROM subscriptions WHERE account_id = :a ORDER BY id", a=account)
    ]
    plans = [int(str(row[0])) for row in site.sql("SELECT id FROM plans ORDER BY id")]
    name, licences = dice.choice(names), dice.randint(1, 60)
    day = site.clock.now().date()
    commands: tuple[Command, ...] = (
        ChangeLicences(name, licences),
        ChangeLicences(name, licences),
        BuySubscription(dice.choice(plans), licences, f"new-{day}-{place}"),
        CancelSubscription(name),
        PayDocument(),
    )
    return _Wish(account, dice.choice(commands))


def _grant(hunting: _Hunt, site: Site, wish: _Wish) -> None:
    """Do what a customer asks for, once: where the answer of the database was lost, find out first."""
    query = "SELECT next_audit FROM accounts WHERE account_id = :a"
    before = site.sql(query, a=wish.account)
    while True:
        try:
            # What has arrived by transfer the vendor's people enter.
            pays = isinstance(wish.command, PayDocument)
            who = Request(wish.account, operator("Vendor")) if pays else admin(wish.account)
            act(site.services, who, wish.command)
        except DomainError:
            hunting.counts["refused acts"] += 1
            return
        except StoreError:
            _wait_for(site)
            if site.sql(query, a=wish.account) != before:
                return
        else:
            hunting.counts["acts"] += 1
            return
