"""The queue of jobs: what an act leaves to be done afterwards is put there within the act's own transaction.

So a job exists if and only if what it is about does. The tables belong to procrastinate and lie in a schema of their
own; `defer_job`, made by the migration, is the application's one way to them. A worker is the owner.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from procrastinate import PsycopgConnector
from sqlalchemy import Connection, make_url, text

from prorata.core.stories.result import Json

QUEUE: Final = "default"
STALLED_SECONDS: Final = 30
"""A worker says every ten seconds that it lives. One that has not for this long is dead, and so are its jobs."""

_MOST_WAITING: Final = 8  # connections: the pool, beside one that listens
_OPEN_SECONDS: Final = 10


def defer(conn: Connection, task: str, *, args: Mapping[str, Json], queue: str = QUEUE, lock: str | None = None) -> int:
    """Put a job into the queue within this transaction, and return its id; about a millisecond.

    `task` is a name of `prorata.jobs`, which `args` must fit. Of the jobs with one `lock` only one is at work at a
    time, in the order in which they came. Nothing is checked here: a task that nobody knows fails in its turn.
    """
    asked = {"task": task, "args": json.dumps(dict(args)), "queue": queue, "lock": lock}
    return cast("int", conn.scalar(_DEFER, asked))


def connector(url: str) -> PsycopgConnector:
    """What a worker reaches the queue by: `url` is a SQLAlchemy URL of the owner."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return PsycopgConnector(
        conninfo=plain,
        min_size=1,
        max_size=_MOST_WAITING,
        timeout=_OPEN_SECONDS,
        kwargs={
            "application_name": "prorata jobs",
            "connect_timeout": _OPEN_SECONDS,
            "options": "-c search_path=procrastinate -c timezone=UTC",
        },
    )


@dataclass(frozen=True, slots=True)
class Rescued:
    """Jobs whose worker had died: put back into the queue, and those that are not tried again."""

    again: int
    given_up: int


def rescue(conn: Connection, *, most_attempts: int) -> Rescued:
    """Put the jobs of dead workers back, for the owner; several may do so at once.

    A job that was tried `most_attempts` times fails: it may be what kills workers. One whose like already waits is
    aborted, for that one does its work.
    """
    conn.execute(_IN_SCHEMA)
    asked = {"seconds": STALLED_SECONDS, "most": most_attempts}
    states = conn.scalars(_RESCUE, asked).all()
    return Rescued(states.count("todo"), len(states) - states.count("todo"))


def forget(conn: Connection, *, done_days: int, failed_days: int) -> int:
    """Remove jobs that ended so many days ago, well or not, for the owner; how many there were."""
    conn.execute(_IN_SCHEMA)
    return conn.execute(_FORGET, {"done": done_days, "failed": failed_days}).rowcount


_DEFER = text("SELECT defer_job(:task, CAST(:args AS jsonb), :queue, :lock)")

# What the tables' triggers do, they do with the names that are known where the change is made.
_IN_SCHEMA = text("SET LOCAL search_path TO procrastinate")

# One statement: of two that rescue at once the second waits for the first, and finds the job gone from `doing`.
_RESCUE = text("""
    UPDATE procrastinate_jobs AS job
    SET attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL, abort_requested = false, status = CAST(CASE
        WHEN attempts + 1 >= :most THEN 'failed'
        WHEN EXISTS (SELECT FROM procrastinate_jobs AS other
                     WHERE other.queueing_lock = job.queueing_lock AND other.status = 'todo') THEN 'aborted'
        ELSE 'todo' END AS procrastinate_job_status)
    WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id AND last_heartbeat > now() - make_interval(secs => :seconds))
    RETURNING CAST(status AS text)
""")

_FORGET = text("""
    WITH ended AS (
        SELECT job.id, job.status, max(event.at) AS at
        FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id
        WHERE job.status NOT IN ('todo', 'doing')
        GROUP BY job.id
    )
    DELETE FROM procrastinate_jobs USING ended
    WHERE procrastinate_jobs.id = ended.id
      AND ended.at < now() - make_interval(days => CASE WHEN ended.status = 'succeeded' THEN :done ELSE :failed END)
""")
