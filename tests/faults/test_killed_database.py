"""A database that goes away while a run is going on: killed, ended, full of others."""

import logging
import time
from collections.abc import Callable
from random import Random
from threading import Thread

import psycopg
import pytest
from psycopg import OperationalError

from faults.attacks import IMPATIENT, must_be_whole, work_on
from faults.site import Ground, Site, eventually, plain
from faults.workers import working
from prorata.store import engine
from prorata.store.runs import Progress, Run
from prorata.usecases.run_billing import run_billing


def test_a_run_survives_a_database_that_is_killed_and_soon_back(ground: Ground, site: Site):
    dice = Random(1)  # noqa: S311 - a reproducible draw
    with working(work_on(site), work_on(site)) as workers:
        for done in (5, 20):
            eventually(lambda done=done: site.batches_done() >= done)
            time.sleep(dice.random() * 0.05)
            ground.server.kill()
            ground.server.start()
            site.database.dispose()
        assert [worker.ended() for worker in workers] == [0, 0], [worker.said for worker in workers]
    must_be_whole(site, ground, numbers=False)


def test_a_run_whose_database_stays_away_stops_with_a_sentence_and_goes_on_when_started_again(
    ground: Ground, site: Site
):
    with working(work_on(site, patience=IMPATIENT)) as (worker,):
        eventually(lambda: site.batches_done() >= 5)
        ground.server.kill()
        assert worker.ended() == 2
        *_, last = worker.said.splitlines()
    assert last.startswith("The database does not answer: ")
    ground.server.start()
    site.database.dispose()
    with working(work_on(site)) as (worker,):
        assert worker.ended() == 0, worker.said
    must_be_whole(site, ground, numbers=True)


def test_a_run_survives_the_crash_of_a_single_process_of_the_database(ground: Ground, site: Site):
    # PostgreSQL then ends all of its processes, and recovers by itself.
    with working(work_on(site)) as (worker,):
        eventually(lambda: site.batches_done() >= 5)
        ((pid,),) = site.sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1"
        )
        site.database.dispose()
        ground.server.kill(int(str(pid)))
        assert worker.ended() == 0, worker.said
    eventually(lambda: _answers(site))
    must_be_whole(site, ground, numbers=True)


def _answers(site: Site) -> bool:
    try:
        psycopg.connect(plain(site.owner_url)).close()
    except OperationalError:
        return False
    return True


def test_a_run_survives_connections_that_the_database_ends_at_any_moment(
    ground: Ground, site: Site, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.CRITICAL, "sqlalchemy.pool")
    dice = Random(4)  # noqa: S311 - a reproducible draw
    with working(work_on(site)) as (worker,):
        for done in range(2, 24, 4):
            eventually(lambda done=done: site.batches_done() >= done)
            time.sleep(dice.random() * 0.05)
            site.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert worker.ended() == 0, worker.said
    must_be_whole(site, ground, numbers=False)


def _at_batch(number: int, do: Callable[[], object]) -> Callable[[Run, Progress], None]:
    def look(_run: Run, progress: Progress) -> None:
        if progress.batches_done == number:
            do()

    return look


def test_a_run_waits_for_a_server_that_has_no_connection_left(ground: Ground, site: Site):
    taken: list[psycopg.Connection] = []

    def take_all() -> None:
        site.database.dispose()
        while True:
            try:
                taken.append(psycopg.connect(plain(site.owner_url)))
            except OperationalError:
                break
        Thread(target=give_back).start()

    def give_back() -> None:
        time.sleep(0.5)
        for connection in taken:
            connection.close()

    run_billing(site.services, seller=site.seller, progress=_at_batch(5, take_all))
    assert len(taken) > 50
    must_be_whole(site, ground, numbers=True)


def test_a_run_waits_for_its_own_connections_where_all_are_at_work(
    ground: Ground, site: Site, monkeypatch: pytest.MonkeyPatch
):
    for name, value in (("POOL_SIZE", 1), ("POOL_OVERFLOW", 0), ("WAIT_SECONDS", 1)):
        monkeypatch.setattr(engine, name, value)
    busy = Site(ground.server, site.name, site.seller)
    threads: list[Thread] = []

    def hold() -> None:
        with busy.database.owner():
            time.sleep(1.5)

    def hold_beside() -> None:
        threads.append(Thread(target=hold))
        threads[0].start()
        time.sleep(0.1)

    run_billing(busy.services, seller=busy.seller, progress=_at_batch(5, hold_beside))
    threads[0].join()
    busy.close()
    must_be_whole(site, ground, numbers=True)
