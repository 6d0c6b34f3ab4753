"""A core `Subscription` as a row of its table, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from prorata.core.calendar import Grid
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Terms
from prorata.core.licences.ledger import Forfeit, LicenceChange
from prorata.core.subscriptions.model import Ending, PendingLicences, Subscription, Unwritten
from prorata.store import codec
from prorata.store.rows import Any, AnyRow

COLUMNS: Final = """
    subscription.account_id, subscription.id, subscription.name, subscription.profile_id,
    CAST(subscription.plan AS text) AS plan, CAST(subscription.terms AS text) AS terms,
    CAST(subscription.grid AS text) AS grid, CAST(subscription.forfeits AS text) AS forfeits,
    subscription.start_on, subscription.started_at, subscription.covered_to, subscription.billed_to,
    subscription.state, subscription.licences, subscription.assigned, subscription.version,
    subscription.pending_effective, subscription.pending_licences, subscription.pending_at, subscription.pending_by,
    subscription.pending_asked, subscription.ending_on, subscription.ending_charged_to, subscription.ending_at,
    subscription.ending_by, subscription.ending_refund, subscription.ending_asked,
    subscription.unwritten_start, subscription.unwritten_due"""
"""What a query over `subscriptions AS subscription` selects for `subscription_of`. JSON comes as text: thousands of
subscriptions have the same plan and terms, and each is read once."""


def row_of(subscription: Subscription) -> dict[str, Any]:
    """The columns of a subscription, without the account and what serves display. JSON is text."""
    return {name: value for write in _COLUMNS.values() for name, value in write(subscription).items()}


def changed_row_of(subscription: Subscription, *, known: Subscription) -> dict[str, Any]:
    """Those of the columns that are to be written where `known` is stored; a run changes few of them."""
    return {
        name: value
        for field, write in _COLUMNS.items()
        if getattr(subscription, field) is not getattr(known, field)
        for name, value in write(subscription).items()
    }


_COLUMNS: Final[Mapping[str, Callable[[Subscription], dict[str, Any]]]] = {
    "id": lambda s: {"id": s.id},
    "name": lambda s: {"name": s.name},
    "profile": lambda s: {"profile_id": s.profile},
    "plan": lambda s: {"plan": codec.PLAN.text(s.plan)},
    "terms": lambda s: {"terms": codec.TERMS.text(s.terms)},
    "grid": lambda s: {"grid": codec.GRID.text(s.grid)},
    "start": lambda s: {"start_on": s.start},
    "started_at": lambda s: {"started_at": s.started_at},
    "covered_to": lambda s: {"covered_to": s.covered_to},
    "billed_to": lambda s: {"billed_to": s.billed_to},
    "state": lambda s: {"state": s.state},
    "changes": lambda s: {"licences": s.licences},
    "assigned": lambda s: {"assigned": s.assigned},
    "forfeits": lambda s: {"forfeits": codec.FORFEITS.text(s.forfeits)},
    "version": lambda s: {"version": s.version},
    "pending": lambda s: _pending(s.pending),
    "ending": lambda s: _ending(s.ending),
    "unwritten": lambda s: _unwritten(s.unwritten),
}
"""Which columns each field of a subscription is kept in."""


def _pending(pending: PendingLicences | None) -> dict[str, Any]:
    return {
        "pending_effective": pending.effective if pending else None,
        "pending_licences": pending.licences if pending else None,
        "pending_at": pending.at if pending else None,
        "pending_by": pending.by if pending else None,
        "pending_asked": pending.asked if pending else None,
    }


def _ending(ending: Ending | None) -> dict[str, Any]:
    return {
        "ending_on": ending.on if ending else None,
        "ending_charged_to": ending.charged_to if ending else None,
        "ending_at": ending.at if ending else None,
        "ending_by": ending.by if ending else None,
        "ending_refund": ending.refund if ending else None,
        "ending_asked": ending.asked if ending else None,
    }


def _unwritten(unwritten: Unwritten | None) -> dict[str, Any]:
    return {
        "unwritten_start": unwritten.start if unwritten else None,
        "unwritten_due": unwritten.due if unwritten else None,
    }


def subscription_of(row: AnyRow, changes: Iterable[LicenceChange]) -> Subscription:
    """The subscription of a row with `COLUMNS` and of what was loaded of its licence ledger, the last change at least.

    Raises `Unreadable` where something stored is not what `row_of` writes.
    """
    return Subscription(
        id=row.id,
        name=row.name,
        profile=row.profile_id,
        plan=_plan(row.plan),
        terms=terms_of(row),
        grid=_grid(row.grid),
        start=row.start_on,
        started_at=row.started_at,
        changes=tuple(changes),
        covered_to=row.covered_to,
        assigned=row.assigned,
        state=row.state,
        pending=_pending_of(row),
        ending=_ending_of(row),
        forfeits=_forfeits(row.forfeits),
        unwritten=_unwritten_of(row),
        billed_to=row.billed_to,
        version=row.version,
    )


def check_readable(row: AnyRow) -> None:
    """Raise what `subscription_of` would raise for a row."""
    _plan(row.plan)
    _terms(row.terms)
    _grid(row.grid)
    _forfeits(row.forfeits)


def terms_of(row: AnyRow) -> Terms:
    """The terms of a row with `COLUMNS`; raises `Unreadable`."""
    return _terms(row.terms)


@lru_cache(maxsize=4096)
def _plan(stored: str) -> Plan:
    return codec.PLAN.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _terms(stored: str) -> Terms:
    return codec.TERMS.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _grid(stored: str) -> Grid:
    return codec.GRID.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _forfeits(stored: str) -> tuple[Forfeit, ...]:
    return codec.FORFEITS.read(json.loads(stored))


def change_of(row: AnyRow) -> LicenceChange:
    """A row of the licence ledger."""
    return LicenceChange(row.at, row.effective, row.licences, row.by_side)


def _pending_of(row: AnyRow) -> PendingLicences | None:
    if row.pending_effective is None:
        return None
    return PendingLicences(
        row.pending_effective, row.pending_licences, row.pending_at, row.pending_by, row.pending_asked
    )


def _ending_of(row: AnyRow) -> Ending | None:
    if row.ending_on is None:
        return None
    return Ending(
        row.ending_on, row.ending_charged_to, row.ending_at, row.ending_by, row.ending_refund, row.ending_asked
    )


def _unwritten_of(row: AnyRow) -> Unwritten | None:
    return Unwritten(row.unwritten_start, row.unwritten_due) if row.unwritten_start else None
