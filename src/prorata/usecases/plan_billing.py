"""A dry run: what a billing run would bring, planned and not written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from prorata.store import accounts, parked, runs
from prorata.store.engine import Connection, savepoint
from prorata.store.errors import StoreError
from prorata.store.sellers import SellerRow
from prorata.usecases.act import Services
from prorata.usecases.run_batch import Tally, park_all, plan_accounts
from prorata.usecases.run_billing import days_to_run, size_of_batch
from prorata.usecases.run_summary import RunSummary


def plan_billing(
    services: Services, *, as_of: date | None = None, seller: int | None = None, batch_size: int | None = None
) -> tuple[RunSummary, ...]:
    """What the run of a day would bring if it were started now; nothing is written. Raises what `open_runs` raises."""
    asked = days_to_run(services, as_of=as_of, seller=seller)
    size = size_of_batch(services, batch_size)
    return tuple(_planned(services, one, day=day, size=size) for one, day in asked)


def _planned(services: Services, seller: SellerRow, *, day: date, size: int) -> RunSummary:
    at = services.clock.now()
    tally, visited, after = Tally(), 0, 0
    while True:
        with services.database.owner(read_only=True) as conn:
            ids = runs.due(conn, seller.id, as_of=day, after=after, limit=size)
            if not ids:
                break
            _plan(conn, ids, run_day=day, at=at, tally=tally)
        visited, after = visited + len(ids), ids[-1]
    outcome = tally.outcome()
    with services.database.owner(read_only=True) as conn:
        listed, count = parked.listed(conn, seller_id=seller.id), parked.count(conn, seller_id=seller.id)
    return RunSummary(
        run=None,
        seller=seller,
        as_of=day,
        state=None,
        accounts=visited,
        billed=outcome.billed,
        waiting=0,
        totals=outcome.totals,
        parked=listed,
        parked_count=count,
        parked_now=outcome.parked,
        unexpected=outcome.unexpected,
        would_park=tuple(tally.parked),
    )


def _plan(conn: Connection, ids: Sequence[int], *, run_day: date, at: datetime, tally: Tally) -> None:
    """Plan accounts together; where that fails, each by itself, as the run would."""
    try:
        with savepoint(conn):
            planned = plan_accounts(conn, accounts.some(conn, ids), run_day=run_day, at=at)
    except StoreError:
        raise
    except Exception as failure:  # noqa: BLE001 - a failure is a value
        if len(ids) == 1:
            tally.parked += ((ids[0], one) for one in park_all(conn, ids[0], failure=failure))
            return
        for one in ids:
            _plan(conn, [one], run_day=run_day, at=at, tally=tally)
        return
    for one in planned:
        tally.add(one)
