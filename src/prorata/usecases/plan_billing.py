"""A dry run: what a billing run would bring, planned and not written."""

from __future__ import annotations

from datetime import date

from prorata.store import accounts, parked, runs
from prorata.store.sellers import SellerRow
from prorata.usecases.act import Services
from prorata.usecases.run_batch import Tally, plan_accounts
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
            planned = plan_accounts(conn, accounts.some(conn, ids), run_day=day, at=at)
        visited, after = visited + len(ids), ids[-1]
        for one in planned:
            tally.add(one)
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
    )
