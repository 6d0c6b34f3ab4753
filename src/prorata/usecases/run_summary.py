"""What came of a billing run, or would come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prorata.core.errors import DomainError
from prorata.core.planning import Parked
from prorata.store import parked, runs, sellers
from prorata.store.parked import ParkedRow
from prorata.store.runs import Run, RunState, Total
from prorata.store.sellers import SellerRow
from prorata.usecases.act import Services


class UnknownRun(DomainError):
    """There is no run of that id."""

    code = "unknown_run"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What came of a run so far. `run`: its id, None for a dry run, which has none.

    `accounts`: visited, of which something was written for `billed`; `waiting`: batches that are not done; `parked`:
    what is parked of the seller now; `parked_now`: subscriptions that this run parked, `unexpected` of them by a
    failure that no rule foresaw. `would_park`: by account, what a dry run found that cannot be billed.
    """

    run: int | None
    seller: SellerRow
    as_of: date
    state: RunState | None
    accounts: int
    billed: int
    waiting: int
    totals: tuple[Total, ...]
    parked: tuple[ParkedRow, ...]
    parked_count: int
    parked_now: int
    unexpected: int
    would_park: tuple[tuple[int, Parked], ...] = ()

    @property
    def well(self) -> bool:
        """Whether everything that was due is billed."""
        planned = self.run is None and self.parked_now
        return not (self.waiting or self.parked_count or planned or self.state == "open")

    @property
    def failed(self) -> bool:
        """Whether something is parked, or would be, by a failure that no rule foresaw."""
        planned = self.run is None and self.unexpected
        return bool(planned) or any(row.why.unexpected for row in self.parked)


def find_run(services: Services, run_id: int) -> Run:
    """The run of that id; raises `UnknownRun`."""
    with services.database.owner(read_only=True) as conn:
        run = runs.get(conn, run_id)
    if run is None:
        raise UnknownRun(run=run_id)
    return run


def summarise(services: Services, run_id: int) -> RunSummary:
    """What came of a run so far; raises `UnknownRun`."""
    with services.database.owner(read_only=True) as conn:
        run = runs.get(conn, run_id)
        if run is None:
            raise UnknownRun(run=run_id)
        progress = runs.progress(conn, run_id)
        return RunSummary(
            run=run.id,
            seller=sellers.find(conn, run.seller_id),
            as_of=run.as_of,
            state=run.state,
            accounts=progress.accounts_done,
            billed=progress.billed,
            waiting=progress.batches - progress.batches_done,
            totals=runs.totals(conn, run_id),
            parked=parked.listed(conn, seller_id=run.seller_id),
            parked_count=parked.count(conn, seller_id=run.seller_id),
            parked_now=progress.parked,
            unexpected=progress.unexpected,
        )
