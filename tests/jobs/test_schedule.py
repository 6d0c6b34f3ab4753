"""What comes by itself: each once, however many servers there are."""

from datetime import UTC, datetime, time

import pytest
from croniter import croniter
from sqlalchemy import text

from jobs.workplace import Workplace, eventually
from prorata.jobs.tasks import Schedule


def test_what_comes_by_itself_comes_once_though_two_servers_run(workplace: Workplace):
    tasks = [workplace.tasks(schedule=Schedule()) for _ in range(2)]
    with workplace.worker(tasks[0]), workplace.worker(tasks[1]):
        for task in ("daily_run", "nightly_verify", "tidy_queue"):
            eventually(lambda task=task: workplace.jobs(task)["succeeded"] >= 1)
    twice = """
        SELECT task_name, args FROM procrastinate.procrastinate_jobs
        WHERE task_name IN ('daily_run', 'nightly_verify', 'tidy_queue')
        GROUP BY task_name, args HAVING count(*) > 1
    """
    with workplace.shop.services.database.owner() as conn:
        assert conn.execute(text(twice)).all() == []
    # And not again when a server starts anew.
    before = workplace.jobs("nightly_verify")
    with workplace.worker(workplace.tasks(schedule=Schedule())):
        job = workplace.defer("tidy_queue", timestamp=0)
        eventually(lambda: workplace.job(job)[0] == "succeeded")
    assert workplace.jobs("nightly_verify") == before


def test_without_a_schedule_only_what_is_in_the_queue_is_done(workplace: Workplace):
    before = workplace.jobs("daily_run")
    with workplace.worker():
        job = workplace.defer("tidy_queue", timestamp=0)
        eventually(lambda: workplace.job(job)[0] == "succeeded")
    assert workplace.jobs("daily_run") == before


@pytest.mark.parametrize(
    ("schedule", "after", "next_run", "next_verification"),
    [
        (Schedule(), "2026-03-01T03:29:59", "2026-03-01T03:30:00", "2026-03-01T03:30:00"),
        (Schedule(15, time(23, 5)), "2026-03-01T23:05:00", "2026-03-01T23:15:00", "2026-03-02T23:05:00"),
        (Schedule(60, time(0, 0)), "2026-12-31T23:30:00", "2027-01-01T00:00:00", "2027-01-01T00:00:00"),
        (Schedule(1), "2026-03-29T00:59:30", "2026-03-29T01:00:00", "2026-03-29T03:30:00"),
    ],
)
def test_the_times_are_those_that_were_said_in_utc(
    schedule: Schedule, after: str, next_run: str, next_verification: str
):
    begin = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert croniter(schedule.runs, begin).get_next(datetime) == datetime.fromisoformat(next_run).replace(tzinfo=UTC)
    found = croniter(schedule.verification, begin).get_next(datetime)
    assert found == datetime.fromisoformat(next_verification).replace(tzinfo=UTC)


def test_a_schedule_says_what_it_will_do():
    assert str(Schedule(15, time(4, 5))) == (
        "Runs that are due begin every 15 minutes, everything is verified at 04:05 UTC."
    )
    assert str(Schedule(60)).startswith("Runs that are due begin every hour")
    assert str(Schedule(1)).startswith("Runs that are due begin every minute")
