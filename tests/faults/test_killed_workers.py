"""Workers that are killed at any moment, and several that work at once."""

import time
from datetime import timedelta
from random import Random

import pytest

from faults.attacks import must_be_whole, work_on
from faults.records import differences
from faults.site import EVENING, Ground, Site, eventually
from faults.workers import Worker, until_all_have_ended, working


def _kill_midway(site: Site, worker: Worker, *, dice: Random) -> bool:
    """Kill a worker at a random moment after its next batch; whether it was still at work."""
    before = site.batches_done()
    eventually(lambda: site.batches_done() > before or not worker.is_alive)
    time.sleep(dice.random() * 0.08)
    was_alive = worker.is_alive
    worker.kill()
    return was_alive


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_that_is_killed_again_and_again_writes_what_an_undisturbed_one_does(
    ground: Ground, site: Site, seed: int
):
    dice = Random(seed)  # noqa: S311 - a reproducible draw
    kills = 0
    for _ in range(5):
        with working(work_on(site)) as (worker,):
            kills += _kill_midway(site, worker, dice=dice)
    with working(work_on(site)) as (worker,):
        assert worker.ended() == 0, worker.said
    assert kills >= 3
    must_be_whole(site, ground, numbers=False)


@pytest.mark.parametrize("workers", [2, 4])
def test_runs_that_are_started_at_once_share_the_work(ground: Ground, site: Site, workers: int):
    with working(*[work_on(site)] * workers) as started:
        assert until_all_have_ended(started) == [0] * workers, [one.said for one in started]
    assert site.sql("SELECT count(*) FROM runs WHERE as_of = '2026-06-15'") == [(1,)]
    must_be_whole(site, ground, numbers=False)


def test_those_that_are_left_do_the_work_of_a_worker_that_was_killed(ground: Ground, site: Site):
    dice = Random(3)  # noqa: S311 - a reproducible draw
    with working(work_on(site), work_on(site), work_on(site)) as (first, second, third):
        assert _kill_midway(site, first, dice=dice)
        assert _kill_midway(site, second, dice=dice)
        assert third.ended() == 0, third.said
    must_be_whole(site, ground, numbers=False)


def test_a_run_of_the_next_day_takes_over_from_one_that_is_still_going(ground: Ground, site: Site):
    with working(work_on(site)) as (today,):
        eventually(lambda: site.batches_done() >= 5)
        with working(work_on(site, at=EVENING + timedelta(days=1))) as (tomorrow,):
            assert until_all_have_ended([today, tomorrow]) == [0, 0], today.said + tomorrow.said
    assert site.faults() == []
    assert site.sql("SELECT as_of::text, state FROM runs WHERE as_of >= '2026-06-15' ORDER BY as_of") == [
        ("2026-06-15", "superseded"),
        ("2026-06-16", "finished"),
    ]
    # Every account has the one bill of the 15th, on whichever of the two days it was written.
    query = "SELECT account_id FROM documents WHERE issued_on >= '2026-06-15' ORDER BY account_id"
    assert site.sql(query) == [(account,) for account in site.accounts()]
    (days,) = site.sql("SELECT count(DISTINCT issued_on) FROM documents WHERE issued_on >= '2026-06-15'")
    assert days == (2,)
    # Taxes say nothing of a day.
    found, expected = site.records(numbers=False), ground.expected_without_numbers
    taxes = {"document_taxes": expected["document_taxes"]}
    assert differences({"document_taxes": found["document_taxes"]}, taxes) == []
