"""What a monitor asks for, for the owner: counts and times of all sellers, and nothing about anybody.

Each is read from few rows, however many documents there are: a monitor asks every few seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from prorata.store.jobs import STALLED_SECONDS


@dataclass(frozen=True, slots=True)
class LatestRun:
    """The run of the latest day that a seller has, as far as it has come.

    `billed`: accounts of which something was written; `parked`: subscriptions that it parked, `unexpected` of them by a
    failure that no rule foresaw.
    """

    seller: int
    as_of: date
    batches: int
    waiting: int
    billed: int
    parked: int
    unexpected: int


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """The finished run of a seller's latest day."""

    seller: int
    as_of: date
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class LastVerification:
    """The last time that everything was made again."""

    began_at: datetime
    ended_at: datetime
    documents: int
    lines: int
    findings: int


def runs(conn: Connection) -> Mapping[tuple[int, str], int]:
    """How many runs there are, by seller and state."""
    return {(row.seller_id, row.state): row.runs for row in conn.execute(_RUNS)}


def latest_runs(conn: Connection) -> tuple[LatestRun, ...]:
    """One for each seller that has had a run."""
    return tuple(
        LatestRun(row.seller_id, row.as_of, row.batches, row.waiting, row.billed, row.parked, row.unexpected)
        for row in conn.execute(_LATEST)
    )


def finished_runs(conn: Connection) -> tuple[FinishedRun, ...]:
    """One for each seller of which a run was finished."""
    return tuple(FinishedRun(row.seller_id, row.as_of, row.finished_at) for row in conn.execute(_FINISHED))


def issued(conn: Connection) -> Mapping[tuple[int, str], int]:
    """How many documents were ever issued, by seller and series: their numbers have no gap."""
    return {(row.seller_id, row.series): int(row.documents) for row in conn.execute(_ISSUED)}


def parked(conn: Connection) -> Mapping[str, int]:
    """How many subscriptions cannot be billed just now, by the code of the reason."""
    return {row.code: row.parked for row in conn.execute(_PARKED)}


def jobs(conn: Connection) -> Mapping[tuple[str, str], int]:
    """How many jobs the queue has, by task and state; those that ended go after a while."""
    return {(row.task_name, row.status): row.jobs for row in conn.execute(_JOBS)}


def workers(conn: Connection) -> int:
    """How many workers have said lately that they live."""
    return conn.scalar(_WORKERS, {"seconds": STALLED_SECONDS}) or 0


def last_verification(conn: Connection) -> LastVerification | None:
    """None where nothing was ever verified."""
    row = conn.execute(_VERIFICATION).one_or_none()
    if row is None:
        return None
    return LastVerification(row.began_at, row.ended_at, row.documents, row.lines, row.findings)


_RUNS = text("SELECT seller_id, state, count(*) AS runs FROM runs GROUP BY seller_id, state ORDER BY seller_id, state")

_LATEST = text("""
    SELECT run.seller_id, run.as_of, count(batch.place) AS batches,
           count(batch.place) FILTER (WHERE batch.done_at IS NULL) AS waiting,
           coalesce(sum(batch.billed), 0) AS billed, coalesce(sum(batch.parked), 0) AS parked,
           coalesce(sum(batch.unexpected), 0) AS unexpected
    FROM (SELECT DISTINCT ON (seller_id) * FROM runs ORDER BY seller_id, as_of DESC) AS run
    LEFT JOIN run_batches AS batch ON batch.run_id = run.id
    GROUP BY run.seller_id, run.as_of
    ORDER BY run.seller_id
""")

_FINISHED = text("""
    SELECT DISTINCT ON (seller_id) seller_id, as_of, finished_at
    FROM runs WHERE state = 'finished' ORDER BY seller_id, as_of DESC
""")

_ISSUED = text("""
    SELECT seller_id, series, sum(next - 1) AS documents
    FROM number_ranges GROUP BY seller_id, series ORDER BY seller_id, series
""")

_PARKED = text("SELECT code, count(*) AS parked FROM parked GROUP BY code ORDER BY code")

_JOBS = text("""
    SELECT task_name, CAST(status AS text) AS status, count(*) AS jobs
    FROM procrastinate.procrastinate_jobs GROUP BY task_name, status ORDER BY task_name, status
""")

_WORKERS = text("""
    SELECT count(*) FROM procrastinate.procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => :seconds)
""")

_VERIFICATION = text("""
    SELECT began_at, ended_at, documents, lines, findings FROM verifications ORDER BY ended_at DESC, id DESC LIMIT 1
""")
