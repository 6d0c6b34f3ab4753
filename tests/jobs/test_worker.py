"""A worker does each job once, tries again what fails, and stops when it is asked to."""

import logging
import threading
import time

import pytest
from procrastinate import App, JobContext
from sqlalchemy import event, text

from jobs.workplace import AT_ONCE, Workplace, eventually
from prorata.jobs.worker import work_off
from prorata.store import jobs


def counting(app: App, done: list[int], *, after: tuple[threading.Event, ...] = ()) -> App:
    """The queue with a task that counts; `after`: what says that it has begun, and what it then waits for."""

    @app.task(name="count")
    def count(number: int) -> None:
        for place, each in enumerate(after):
            if place == 0:
                each.set()
            assert each.wait(100)
        done.append(number)

    assert count.name == "count"
    return app


def test_a_job_is_done_once(workplace: Workplace):
    done: list[int] = []
    with workplace.worker(counting(workplace.tasks(), done)):
        job = workplace.defer("count", number=1)
        eventually(lambda: workplace.job(job)[0] == "succeeded")
    assert done == [1]


def test_two_workers_do_no_job_twice(workplace: Workplace):
    one: list[int] = []
    two: list[int] = []
    numbers = range(100, 130)
    made = [workplace.defer("count", number=number) for number in numbers]
    # Neither ends its first job before the other has one too.
    begun = threading.Event(), threading.Event()
    with (
        workplace.worker(counting(workplace.tasks(), one, after=(begun[0], begun[1]))),
        workplace.worker(counting(workplace.tasks(), two, after=(begun[1], begun[0]))),
    ):
        eventually(lambda: all(workplace.job(job)[0] == "succeeded" for job in made))
    assert sorted(one + two) == list(numbers)
    assert one
    assert two


def test_a_job_that_fails_is_tried_again_and_then_counted_as_failed(
    workplace: Workplace, caplog: pytest.LogCaptureFixture
):
    done: list[int] = []
    tasks = counting(workplace.tasks(), done)
    tries: list[int] = []

    # The first time, and twice more.
    @tasks.task(name="crash", retry=AT_ONCE)
    def crash() -> None:
        tries.append(1)
        raise ZeroDivisionError

    assert crash.name == "crash"
    with workplace.worker(tasks):
        failing = workplace.defer("crash")
        other = workplace.defer("count", number=2)
        eventually(lambda: workplace.job(failing)[0] == "failed")
        eventually(lambda: workplace.job(other)[0] == "succeeded")
    assert len(tries) == 3
    told = [record for record in caplog.records if record.name == "prorata.jobs.worker"]
    assert [record.message for record in told] == [f"job crash[{failing}]() failed: ZeroDivisionError: "] * 3
    assert workplace.job(failing) == ("failed", 3)
    assert done == [2]


def test_a_job_that_nobody_knows_fails_and_stops_no_other(workplace: Workplace):
    done: list[int] = []
    with workplace.worker(counting(workplace.tasks(), done)):
        unknown = workplace.defer("from_a_later_version")
        known = workplace.defer("count", number=3)
        eventually(lambda: workplace.job(unknown)[0] == "failed")
        eventually(lambda: workplace.job(known)[0] == "succeeded")
    assert done == [3]


def test_a_job_that_is_told_to_end_ends_and_the_worker_with_it(workplace: Workplace):
    tasks = workplace.tasks()
    begun = threading.Event()

    @tasks.task(name="patient", pass_context=True)
    def patient(context: JobContext) -> None:
        begun.set()
        while not context.should_abort():
            time.sleep(0.01)

    assert patient.name == "patient"
    workplace.defer("patient")
    with workplace.worker(tasks) as worker:
        assert begun.wait(100)
        assert worker.stop()


def test_a_job_that_does_not_end_holds_nobody_up_for_longer_than_was_said(workplace: Workplace):
    tasks = workplace.tasks()
    begun, may_end = threading.Event(), threading.Event()

    @tasks.task(name="deaf")
    def deaf() -> None:
        begun.set()
        may_end.wait(100)

    assert deaf.name == "deaf"
    job = workplace.defer("deaf")
    with workplace.worker(tasks) as worker:
        assert begun.wait(100)
        assert not worker.stop(seconds=0.2)
        assert workplace.job(job)[0] == "doing"
        may_end.set()
        assert worker.stop()
    assert workplace.job(job)[0] == "succeeded"


def test_a_worker_goes_on_after_its_connections_were_cut(workplace: Workplace, caplog: pytest.LogCaptureFixture):
    done: list[int] = []
    caplog.set_level(logging.CRITICAL, logger="procrastinate")
    with workplace.worker(counting(workplace.tasks(), done)):
        first = workplace.defer("count", number=4)
        eventually(lambda: workplace.job(first)[0] == "succeeded")
        with workplace.shop.services.database.owner() as conn:
            cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name"
            assert (conn.scalar(text(cut), {"name": "prorata jobs"}) or 0) >= 1
        second = workplace.defer("count", number=5)
        eventually(lambda: workplace.job(second)[0] == "succeeded")
    assert done == [4, 5]


def test_the_jobs_of_a_worker_that_was_killed_are_done_by_the_next_one(workplace: Workplace):
    done: list[int] = []
    job = workplace.defer("count", number=6)
    with workplace.shop.services.database.owner() as conn:
        conn.execute(text("SET LOCAL search_path TO procrastinate"))
        dead = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        taken = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE id = :job"
        conn.execute(text(taken), {"worker": conn.scalar(text(dead)), "job": job})
    with workplace.worker(counting(workplace.tasks(), done)):
        eventually(lambda: workplace.job(job) == ("succeeded", 2))
    assert done == [6]


def test_putting_a_job_into_the_queue_is_one_statement(workplace: Workplace):
    asked: list[str] = []
    with workplace.shop.services.database.app() as conn:
        event.listen(conn, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
        for number in range(3):
            jobs.defer(conn, "never", args={"number": number})
        conn.rollback()
    assert len(asked) == 3


def test_the_queue_can_be_worked_off_once_without_a_server(workplace: Workplace):
    left = [workplace.defer("tidy_queue", timestamp=0) for _ in range(3)]
    assert work_off(workplace.tasks()) == (3, 0)
    assert [workplace.job(one)[0] for one in left] == ["succeeded"] * 3


def test_working_off_the_queue_counts_what_failed(workplace: Workplace):
    tasks = workplace.tasks()

    @tasks.task(name="crash_once")
    def crash_once() -> None:
        raise ZeroDivisionError

    assert crash_once.name == "crash_once"
    failing = workplace.defer("crash_once")
    assert work_off(tasks) == (0, 1)
    assert workplace.job(failing)[0] == "failed"
