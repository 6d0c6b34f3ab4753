"""Billing runs: opened once for each seller and day, worked off in batches that several workers share.

A batch is claimed by holding its row, and marked done in the transaction that wrote its documents. If a worker dies,
the row is free again at once; if nobody knows whether a commit came through, the row knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, text, update

from prorata.core.money import Currency, Money, currency
from prorata.store.rows import AnyRow
from prorata.store.tables.runs import RUN_BATCHES, RUN_TOTALS, RUNS

RunState = Literal["open", "finished", "superseded"]
_MAX_LISTED = 200


@dataclass(frozen=True, slots=True)
class Run:
    """A run of one seller's day. `superseded`: a run of a later day took over what was left."""

    id: int
    seller_id: int
    as_of: date
    state: RunState
    batch_size: int
    opened_at: datetime
    opened_by: str
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of a run's accounts, claimed until the transaction ends."""

    run: Run
    place: int
    account_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What was issued in one currency, with tax; `test`: for test accounts, which are no part of any report."""

    currency: Currency
    test: bool
    invoices: int
    invoiced: Money
    credit_notes: int
    credited: Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: accounts of which something was written, subscriptions parked, and what was issued."""

    billed: int
    parked: int
    unexpected: int
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: accounts and batches, done and in all, and what came of those that are done."""

    accounts: int
    accounts_done: int
    batches: int
    batches_done: int
    billed: int
    parked: int
    unexpected: int


def hold(conn: Connection, seller_id: int) -> None:
    """Nobody else opens or ends a run of this seller until the transaction ends."""
    conn.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('prorata.run', :seller))"), {"seller": seller_id})


def get(conn: Connection, run_id: int) -> Run | None:
    """The run of that id."""
    row = conn.execute(select(RUNS).where(RUNS.c.id == run_id)).one_or_none()
    return _run_of(row) if row else None


def latest(conn: Connection, seller_id: int, *, up_to: date | None = None) -> Run | None:
    """The run of the seller's last day that had one; later ones than `up_to` only where they have written something."""
    row = conn.execute(_LATEST, {"seller": seller_id, "after": up_to}).one_or_none()
    return _run_of(row) if row else None


def drop_unused(conn: Connection, seller_id: int, *, after: date) -> None:
    """Forget the seller's runs of later days that have written nothing: a clock was wrong when they were opened."""
    asked = {"seller": seller_id, "after": after}
    for statement in _DROP_UNUSED:
        conn.execute(statement, asked)


def listed(conn: Connection, *, limit: int = 50) -> tuple[Run, ...]:
    """The last runs of all sellers, the newest first."""
    query = select(RUNS).order_by(RUNS.c.as_of.desc(), RUNS.c.id.desc()).limit(min(limit, _MAX_LISTED))
    return tuple(_run_of(row) for row in conn.execute(query))


def create(conn: Connection, seller_id: int, *, as_of: date, batch_size: int, at: datetime, by: str) -> Run:
    """Open the run of a day with a batch for all that is due; what earlier runs left over is superseded."""
    earlier = update(RUNS).where(RUNS.c.seller_id == seller_id, RUNS.c.state == "open")
    conn.execute(earlier.values(state="superseded"))
    opened = {"batch_size": batch_size, "opened_at": at, "opened_by": by}
    values = {"seller_id": seller_id, "as_of": as_of, "state": "open", **opened}
    row = conn.execute(insert(RUNS).values(values).returning(RUNS)).one()
    run = _run_of(row)
    _add_batches(conn, run, batch_size=batch_size)
    return run


def reopen(conn: Connection, run: Run, *, batch_size: int) -> Run:
    """Go on with a finished run where something is due after all: batches are added; without any it stays finished."""
    if not _add_batches(conn, run, batch_size=batch_size):
        return run
    query = update(RUNS).where(RUNS.c.id == run.id).values(state="open", finished_at=None).returning(RUNS)
    return _run_of(conn.execute(query).one())


def _add_batches(conn: Connection, run: Run, *, batch_size: int) -> int:
    asked = {"run": run.id, "seller": run.seller_id, "as_of": run.as_of, "size": batch_size}
    return conn.execute(_ADD_BATCHES, asked).rowcount


def due(conn: Connection, seller_id: int, *, as_of: date, after: int, limit: int) -> tuple[int, ...]:
    """The next accounts that a run would visit, by their ids."""
    asked = {"seller": seller_id, "as_of": as_of, "after": after, "limit": limit}
    return tuple(conn.scalars(_DUE, asked))


def claim(conn: Connection, run: Run, *, after: int = 0) -> Batch | None:
    """The next batch that is neither done nor held by somebody else; None where there is none or the run is over.

    `after`: a batch that is to be tried again only when all others are done.
    """
    row = conn.execute(_CLAIM, {"run": run.id, "after": after}).one_or_none()
    return Batch(run, row.place, tuple(row.account_ids)) if row else None


def done(conn: Connection, batch: Batch, *, at: datetime, outcome: Outcome) -> None:
    """Mark a batch done, with what came of it."""
    key = {"run_id": batch.run.id, "place": batch.place}
    table = RUN_BATCHES.c
    conn.execute(
        update(RUN_BATCHES)
        .where(table.run_id == batch.run.id, table.place == batch.place)
        .values(done_at=at, billed=outcome.billed, parked=outcome.parked, unexpected=outcome.unexpected)
    )
    rows = [{**key, **_total_row(total)} for total in outcome.totals]
    if rows:
        conn.execute(insert(RUN_TOTALS), rows)


def finish(conn: Connection, run: Run, *, at: datetime) -> bool:
    """Close a run all of whose batches are done; whether it is over now."""
    conn.execute(_FINISH, {"run": run.id, "at": at})
    now = get(conn, run.id)
    return now is not None and now.state != "open"


def progress(conn: Connection, run_id: int) -> Progress:
    """How far a run is."""
    row = conn.execute(_PROGRESS, {"run": run_id}).one()
    return Progress(*row)


def totals(conn: Connection, run_id: int) -> tuple[Total, ...]:
    """What a run has issued so far, by currency, test accounts last."""
    return tuple(_total_of(row) for row in conn.execute(_TOTALS, {"run": run_id}))


def add_up(found: Iterable[Total]) -> tuple[Total, ...]:
    """Totals of each currency, real accounts before test accounts."""
    sums: dict[tuple[bool, str], Total] = {}
    for one in found:
        key = (one.test, one.currency.code)
        sums[key] = _plus(sums[key], one) if key in sums else one
    return tuple(sums[key] for key in sorted(sums))


def _plus(one: Total, other: Total) -> Total:
    return Total(
        one.currency,
        one.test,
        one.invoices + other.invoices,
        one.invoiced + other.invoiced,
        one.credit_notes + other.credit_notes,
        one.credited + other.credited,
    )


def _run_of(row: AnyRow) -> Run:
    return Run(
        row.id, row.seller_id, row.as_of, row.state, row.batch_size, row.opened_at, row.opened_by, row.finished_at
    )


def _total_row(total: Total) -> dict[str, object]:
    return {
        "test": total.test,
        "currency": total.currency.code,
        "invoices": total.invoices,
        "invoiced": total.invoiced.minor,
        "credit_notes": total.credit_notes,
        "credited": total.credited.minor,
    }


def _total_of(row: AnyRow) -> Total:
    of = currency(row.currency)
    return Total(
        of, row.test, row.invoices, Money(int(row.invoiced), of), row.credit_notes, Money(int(row.credited), of)
    )


# A test account is due by its own clock, every other by the day of the run. Which day its clock shows depends on its
# zone, which the database may not know: so it is taken a day early, and whoever plans it looks.
_IS_DUE = """
    seller_id = :seller AND due_on <= CASE
        WHEN clock_at IS NULL THEN CAST(:as_of AS date) ELSE CAST(clock_at AT TIME ZONE 'UTC' AS date) + 1 END
"""

_ADD_BATCHES = text(f"""
    INSERT INTO run_batches (run_id, place, account_ids)
    SELECT :run, (SELECT count(*) FROM run_batches WHERE run_id = :run) + row_number() OVER (ORDER BY bucket), ids
    FROM (
        SELECT bucket, array_agg(account_id ORDER BY account_id) AS ids
        FROM (
            SELECT account_id, (row_number() OVER (ORDER BY account_id) - 1) / :size AS bucket
            FROM accounts WHERE {_IS_DUE}
        ) AS due
        GROUP BY bucket
    ) AS batches
""")  # noqa: S608 - the condition is our own

_DUE = text(f"""
    SELECT account_id FROM accounts WHERE account_id > :after AND {_IS_DUE} ORDER BY account_id LIMIT :limit
""")  # noqa: S608 - the condition is our own

_UNUSED = """
    SELECT run.id FROM runs AS run
    WHERE run.seller_id = :seller AND run.as_of > :after AND NOT EXISTS (
        SELECT FROM run_batches AS batch WHERE batch.run_id = run.id AND batch.billed > 0)
"""

_LATEST = text(f"""
    SELECT * FROM runs WHERE seller_id = :seller
      AND (CAST(:after AS date) IS NULL OR id NOT IN ({_UNUSED}))
    ORDER BY as_of DESC LIMIT 1
""")  # noqa: S608 - the condition is our own

_DROP_UNUSED = tuple(
    text(f"DELETE FROM {table} WHERE {column} IN ({_UNUSED})")  # noqa: S608 - names and condition are our own
    for table, column in (("run_totals", "run_id"), ("run_batches", "run_id"), ("runs", "id"))
)

_CLAIM = text("""
    SELECT batch.place, batch.account_ids
    FROM run_batches AS batch JOIN runs AS run ON run.id = batch.run_id AND run.state = 'open'
    WHERE batch.run_id = :run AND batch.done_at IS NULL
    ORDER BY batch.place <= :after, batch.place
    LIMIT 1 FOR UPDATE OF batch SKIP LOCKED
""")

_FINISH = text("""
    UPDATE runs SET state = 'finished', finished_at = :at
    WHERE id = :run AND state = 'open'
      AND NOT EXISTS (SELECT FROM run_batches WHERE run_id = :run AND done_at IS NULL)
""")

_PROGRESS = text("""
    SELECT coalesce(sum(cardinality(account_ids)), 0),
           coalesce(sum(cardinality(account_ids)) FILTER (WHERE done_at IS NOT NULL), 0),
           count(*), count(done_at), coalesce(sum(billed), 0), coalesce(sum(parked), 0), coalesce(sum(unexpected), 0)
    FROM run_batches WHERE run_id = :run
""")

_TOTALS = text("""
    SELECT test, currency, sum(invoices) AS invoices, sum(invoiced) AS invoiced, sum(credit_notes) AS credit_notes,
           sum(credited) AS credited
    FROM run_totals WHERE run_id = :run
    GROUP BY test, currency ORDER BY test, currency
""")
