"""The queue looked after: jobs of workers that died come back, and jobs that are long done go."""

from __future__ import annotations

from typing import Final

from prorata.store import jobs
from prorata.store.jobs import Rescued
from prorata.usecases.act import Services

MOST_ATTEMPTS: Final = 4
"""How often a job is tried, its first time included."""
DONE_DAYS: Final = 7
FAILED_DAYS: Final = 30


def rescue_jobs(services: Services) -> Rescued:
    """Put the jobs of dead workers back, so that they are done after all."""
    with services.database.owner() as conn:
        return jobs.rescue(conn, most_attempts=MOST_ATTEMPTS)


def forget_jobs(services: Services) -> int:
    """Remove jobs that succeeded a week ago, and the others that ended a month ago; how many there were."""
    with services.database.owner() as conn:
        return jobs.forget(conn, done_days=DONE_DAYS, failed_days=FAILED_DAYS)
