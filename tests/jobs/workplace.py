"""A shop whose queue is worked on by real workers."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from procrastinate import App
from sqlalchemy import text

from prorata.core.stories.result import Json
from prorata.jobs.tasks import Patience, Schedule, tasks_of
from prorata.jobs.worker import Worker, working
from prorata.store import jobs
from prorata.usecases.ports import Post
from prorata.usecases.tend_queue import rescue_jobs
from support.shop import Shop

AT_ONCE = Patience((0, 0))
"""Twice more, without waiting."""


@dataclass(frozen=True)
class Workplace:
    """The queue of a shop."""

    shop: Shop
    owner_url: str

    def tasks(self, *, schedule: Schedule | None = None, post: Post | None = None) -> App:
        """The product's tasks, and nothing comes by itself unless a schedule says so."""
        connector = jobs.connector(self.owner_url)
        return tasks_of(self.shop.services, connector, schedule=schedule, patience=AT_ONCE, post=post)

    @contextmanager
    def worker(self, tasks: App | None = None, *, at_once: int = 2) -> Generator[Worker]:
        rescue = partial(rescue_jobs, self.shop.services)
        with working(tasks or self.tasks(), at_once=at_once, rescue=rescue) as worker:
            yield worker

    def defer(self, task: str, **args: Json) -> int:
        with self.shop.services.database.app() as conn:
            return jobs.defer(conn, task, args=args)

    def job(self, job: int) -> tuple[str, int]:
        """The status of a job, and how often it was tried."""
        query = "SELECT CAST(status AS text), attempts FROM procrastinate.procrastinate_jobs WHERE id = :job"
        with self.shop.services.database.owner() as conn:
            row = conn.execute(text(query), {"job": job}).one()
        return row.status, row.attempts

    def run_of(self, account: int) -> int:
        """The last run that visited an account."""
        query = "SELECT max(run_id) FROM run_batches WHERE :account = ANY(account_ids)"
        with self.shop.services.database.owner() as conn:
            return conn.scalar(text(query), {"account": account}) or 0

    def jobs(self, task: str) -> Counter[str]:
        """How many jobs of a task there are, by status."""
        query = "SELECT CAST(status AS text) FROM procrastinate.procrastinate_jobs WHERE task_name = :task"
        with self.shop.services.database.owner() as conn:
            return Counter(conn.scalars(text(query), {"task": task}))


def eventually(holds: Callable[[], bool], *, seconds: float = 100) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come about in time")
        time.sleep(0.05)
