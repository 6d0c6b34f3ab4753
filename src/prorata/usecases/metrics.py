"""What a monitor asks for: whether the database can be worked with, and how the work goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prorata.store import outbox, schema
from prorata.store.outbox import MailCounts
from prorata.store.screens import metrics
from prorata.store.screens.metrics import FinishedRun, LastVerification, LatestRun
from prorata.usecases.act import Services


@dataclass(frozen=True, slots=True)
class Metrics:
    """How the work goes, of all sellers; a seller is its id. Nobody's name is in it.

    `runs` by seller and state; `issued` documents by seller and series; `parked` subscriptions by the code of the
    reason; `jobs` by task and state.
    """

    runs: Mapping[tuple[int, str], int]
    latest: tuple[LatestRun, ...]
    finished: tuple[FinishedRun, ...]
    issued: Mapping[tuple[int, str], int]
    parked: Mapping[str, int]
    jobs: Mapping[tuple[str, str], int]
    workers: int
    verification: LastVerification | None
    mails: MailCounts | None = None


def read_metrics(services: Services) -> Metrics:
    """Everything of one moment; raises `DatabaseUnreachable`."""
    with services.database.owner(read_only=True) as conn:
        return Metrics(
            runs=metrics.runs(conn),
            latest=metrics.latest_runs(conn),
            finished=metrics.finished_runs(conn),
            issued=metrics.issued(conn),
            parked=metrics.parked(conn),
            jobs=metrics.jobs(conn),
            workers=metrics.workers(conn),
            verification=metrics.last_verification(conn),
            mails=outbox.counts(conn),
        )


def check_ready(services: Services) -> None:
    """Raise a `StoreError` unless the database answers and its tables are those of this program."""
    with services.database.owner(read_only=True) as conn:
        schema.check_version(conn)
