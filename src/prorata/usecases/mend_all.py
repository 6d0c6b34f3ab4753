"""Trying everything again that is parked, one subscription after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prorata.core.planning import Parked
from prorata.store import parked
from prorata.store.parked import ParkedRow
from prorata.usecases.act import Services
from prorata.usecases.mend_parked import Mended, NotParked, StillParked, mend
from prorata.usecases.pages.parked import parked_list
from prorata.usecases.permissions import Actor


@dataclass(frozen=True, slots=True)
class Tried:
    """A subscription that was parked. `mended`: it is billed again; `still`: what stops it now; neither where somebody
    else was faster.
    """

    row: ParkedRow
    mended: Mended | None
    still: Parked | None


def mend_all(services: Services, actor: Actor, *, seller: int | None = None) -> Iterator[Tried]:
    """Mend what can be mended, of one seller or of all; one of each is a transaction. Raises `NotAllowed`,
    `UnknownSeller`, and what `mend` raises but for its answers.
    """
    actor.must("mend")
    for row in _rows(services, seller):
        yield _tried(services, row, actor=actor)


def _rows(services: Services, seller: int | None) -> list[ParkedRow]:
    """All that is parked now, however much it is: so that what stays on the list is tried once."""
    found = list(parked_list(services, seller=seller).rows)
    seen = {(row.account_id, row.why.subscription) for row in found}
    while found:
        # From the last account itself on, of which some may have been left off.
        with services.database.owner(read_only=True) as conn:
            following = parked.listed(conn, seller_id=seller, after=found[-1].account_id - 1)
        new = [row for row in following if (row.account_id, row.why.subscription) not in seen]
        if not new:
            break
        found += new
        seen |= {(row.account_id, row.why.subscription) for row in new}
    return found


def _tried(services: Services, row: ParkedRow, *, actor: Actor) -> Tried:
    try:
        return Tried(row, mend(services, actor, account=row.account_id, subscription=row.subscription), None)
    except NotParked:
        return Tried(row, None, None)
    except StillParked:
        with services.database.owner(read_only=True) as conn:
            rows = parked.of_account(conn, row.account_id)
        now = next((one for one in rows if one.why.subscription == row.why.subscription), row)
        return Tried(row, None, now.why)
