"""A core `Subscription` as a row of its table, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Final

from prorata.core.calendar import Grid
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Terms
from prorata.core.licences.ledger import Forfeit, LicenceChange
from prorata.core.subscriptions.ledgers import PlanChange, Rest
from prorata.core.subscriptions.model import (
    Conflict,
    Ending,
    PendingLicences,
    PendingPlan,
    Setup,
    Subscription,
    Trial,
    Turn,
    Unwritten,
)
from prorata.store import codec
from prorata.store.rows import Any, AnyRow

COLUMNS: Final = """
    subscription.account_id, subscription.id, subscription.name, subscription.profile_id,
    CAST(subscription.plan AS text) AS plan, CAST(subscription.terms AS text) AS terms,
    CAST(subscription.grid AS text) AS grid, subscription.plan_at, subscription.plan_effective,
    subscription.plan_counted_from, subscription.plan_by, subscription.plan_why,
    CAST(subscription.forfeits AS text) AS forfeits, CAST(subscription.rests AS text) AS rests,
    CAST(subscription.setups AS text) AS setups, CAST(subscription.trial AS text) AS trial,
    CAST(subscription.pending_plan AS text) AS pending_plan, CAST(subscription.turns AS text) AS turns,
    subscription.start_on, subscription.started_at, subscription.covered_to, subscription.billed_to,
    subscription.state, subscription.licences, subscription.assigned, subscription.version,
    subscription.pending_effective, subscription.pending_licences, subscription.pending_at, subscription.pending_by,
    subscription.pending_asked, subscription.ending_on, subscription.ending_charged_to, subscription.ending_at,
    subscription.ending_by, subscription.ending_refund, subscription.ending_asked, subscription.ending_why,
    subscription.ending_renews, CAST(subscription.foreseen AS text) AS foreseen,
    subscription.conflict_since, subscription.conflict_until,
    subscription.unwritten_start, subscription.unwritten_due"""
"""What a query over `subscriptions AS subscription` selects for `subscription_of`. JSON comes as text: thousands of
subscriptions have the same plan and terms, and each is read once."""


PLAN_COLUMNS: Final = """
    entry.account_id, entry.subscription_id, entry.at, entry.effective, CAST(entry.plan AS text) AS plan,
    CAST(entry.grid AS text) AS grid, entry.counted_from, entry.by_side, entry.why"""
"""What a query over `plan_changes AS entry` selects for `plan_change_of`."""


def row_of(subscription: Subscription) -> dict[str, Any]:
    """The columns of a subscription, without the account and what serves display. JSON is text."""
    return {name: value for write in _COLUMNS.values() for name, value in write(subscription).items()}


def changed_row_of(subscription: Subscription, *, known: Subscription) -> dict[str, Any]:
    """Those of the columns that are to be written where `known` is stored; a run changes few of them."""
    row: dict[str, Any] = {}
    for new, was, write in zip(_fields_of(subscription), _fields_of(known), _COLUMNS.values(), strict=True):
        if new is not was:
            row |= write(subscription)
    return row


_COLUMNS: Final[Mapping[str, Callable[[Subscription], dict[str, Any]]]] = {
    "id": lambda s: {"id": s.id},
    "name": lambda s: {"name": s.name},
    "profile": lambda s: {"profile_id": s.profile},
    "plans": lambda s: _sold(s.plans[-1]),
    "terms": lambda s: {"terms": codec.TERMS.text(s.terms)},
    "start": lambda s: {"start_on": s.start},
    "started_at": lambda s: {"started_at": s.started_at},
    "covered_to": lambda s: {"covered_to": s.covered_to},
    "billed_to": lambda s: {"billed_to": s.billed_to},
    "state": lambda s: {"state": s.state},
    "changes": lambda s: {"licences": s.licences},
    "assigned": lambda s: {"assigned": s.assigned},
    "forfeits": lambda s: {"forfeits": codec.FORFEITS.text(s.forfeits)},
    "rests": lambda s: {"rests": codec.RESTS.text(s.rests)},
    "setups": lambda s: {"setups": codec.SETUPS.text(s.setups)},
    "trial": lambda s: {"trial": codec.TRIAL.text(s.trial) if s.trial else None},
    "pending_plan": lambda s: {"pending_plan": codec.PENDING_PLAN.text(s.pending_plan) if s.pending_plan else None},
    "turns": lambda s: {"turns": None if s.turns == _since_its_start(s) else codec.TURNS.text(s.turns)},
    "version": lambda s: {"version": s.version},
    "pending": lambda s: _pending(s.pending),
    "ending": lambda s: _ending(s.ending),
    "foreseen": lambda s: {"foreseen": codec.FORESEEN.text(s.foreseen) if s.foreseen else None},
    "conflict": lambda s: _conflict(s.conflict),
    "unwritten": lambda s: _unwritten(s.unwritten),
}
"""Which columns each field of a subscription is kept in."""
_fields_of = attrgetter(*_COLUMNS)


def _sold(change: PlanChange) -> dict[str, Any]:
    return {
        "plan": codec.PLAN.text(change.plan),
        "grid": codec.GRID.text(change.grid),
        "plan_at": change.at,
        "plan_effective": change.effective,
        "plan_counted_from": change.counted_from,
        "plan_by": change.by,
        "plan_why": change.why,
    }


def _since_its_start(of: Subscription) -> tuple[Turn, ...]:
    """What nearly every subscription has been, and is not written down: active since its start."""
    return (Turn(of.start, "active", of.started_at),)


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
        "ending_why": ending.why if ending else None,
        "ending_renews": ending.renews if ending else None,
    }


def _conflict(conflict: Conflict | None) -> dict[str, Any]:
    return {
        "conflict_since": conflict.since if conflict else None,
        "conflict_until": conflict.until if conflict else None,
    }


def _unwritten(unwritten: Unwritten | None) -> dict[str, Any]:
    return {
        "unwritten_start": unwritten.start if unwritten else None,
        "unwritten_due": unwritten.due if unwritten else None,
    }


def subscription_of(
    row: AnyRow, changes: Iterable[LicenceChange], *, plans: Iterable[PlanChange] | None = None
) -> Subscription:
    """The subscription of a row with `COLUMNS` and of what was loaded of its ledgers, the last of each at least.

    Without `plans` it has only what is sold now. Raises `Unreadable` where something stored is not what `row_of`
    writes.
    """
    return Subscription(
        id=row.id,
        name=row.name,
        profile=row.profile_id,
        terms=terms_of(row),
        start=row.start_on,
        started_at=row.started_at,
        plans=(sold_of(row),) if plans is None else tuple(plans),
        changes=tuple(changes),
        covered_to=row.covered_to,
        assigned=row.assigned,
        state=row.state,
        pending=_pending_of(row),
        pending_plan=pending_plan_of(row),
        ending=_ending_of(row),
        trial=None if row.trial is None else _trial(row.trial),
        rests=_rests(row.rests),
        setups=_setups(row.setups),
        forfeits=_forfeits(row.forfeits),
        unwritten=_unwritten_of(row),
        billed_to=row.billed_to,
        turns=_turns_of(row),
        conflict=Conflict(row.conflict_since, row.conflict_until) if row.conflict_until else None,
        foreseen=None if row.foreseen is None else _foreseen(row.foreseen),
        version=row.version,
    )


def check_readable(row: AnyRow) -> None:
    """Raise what `subscription_of` would raise for a row."""
    _terms(row.terms)
    sold_of(row)
    pending_plan_of(row)
    if row.trial is not None:
        _trial(row.trial)
    _rests(row.rests)
    _setups(row.setups)
    _forfeits(row.forfeits)
    _turns_of(row)
    if row.foreseen is not None:
        _foreseen(row.foreseen)


def sold_of(row: AnyRow) -> PlanChange:
    """What is sold now, of a row with `COLUMNS`; raises `Unreadable`."""
    return PlanChange(
        row.plan_at,
        row.plan_effective,
        plan_from(row.plan),
        _grid(row.grid),
        row.plan_counted_from,
        row.plan_by,
        row.plan_why,
    )


def grid_of(row: AnyRow) -> Grid:
    """Where the periods begin now, of a row with `COLUMNS`; raises `Unreadable`."""
    return _grid(row.grid)


def pending_plan_of(row: AnyRow) -> PendingPlan | None:
    """The plan that waits, of a row with `COLUMNS`; raises `Unreadable`."""
    return None if row.pending_plan is None else _pending_plan(row.pending_plan)


def _turns_of(row: AnyRow) -> tuple[Turn, ...]:
    return (Turn(row.start_on, "active", row.started_at),) if row.turns is None else _turns(row.turns)


def terms_of(row: AnyRow) -> Terms:
    """The terms of a row with `COLUMNS`; raises `Unreadable`."""
    return _terms(row.terms)


@lru_cache(maxsize=4096)
def plan_from(stored: str) -> Plan:
    """The plan of a JSON text; raises `Unreadable`."""
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


@lru_cache(maxsize=4096)
def _pending_plan(stored: str) -> PendingPlan:
    return codec.PENDING_PLAN.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _trial(stored: str) -> Trial:
    return codec.TRIAL.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _rests(stored: str) -> tuple[Rest, ...]:
    return codec.RESTS.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _setups(stored: str) -> tuple[Setup, ...]:
    return codec.SETUPS.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _foreseen(stored: str) -> Ending:
    return codec.FORESEEN.read(json.loads(stored))


@lru_cache(maxsize=4096)
def _turns(stored: str) -> tuple[Turn, ...]:
    return codec.TURNS.read(json.loads(stored))


def change_of(row: AnyRow) -> LicenceChange:
    """A row of the licence ledger."""
    return LicenceChange(row.at, row.effective, row.licences, row.by_side)


def change_row_of(change: LicenceChange) -> dict[str, Any]:
    """The columns of a change of the licence ledger, without its keys."""
    return {"at": change.at, "effective": change.effective, "licences": change.licences, "by_side": change.by}


def plan_change_of(row: AnyRow) -> PlanChange:
    """A row of `plan_changes` with its JSON as text; raises `Unreadable`."""
    return PlanChange(
        row.at, row.effective, plan_from(row.plan), _grid(row.grid), row.counted_from, row.by_side, row.why
    )


def plan_change_row_of(change: PlanChange) -> dict[str, Any]:
    """The columns of a change of what is sold, without its keys."""
    return {
        "at": change.at,
        "effective": change.effective,
        "plan": codec.PLAN.text(change.plan),
        "grid": codec.GRID.text(change.grid),
        "counted_from": change.counted_from,
        "by_side": change.by,
        "why": change.why,
    }


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
        row.ending_on,
        row.ending_charged_to,
        row.ending_at,
        row.ending_by,
        row.ending_refund,
        row.ending_asked,
        row.ending_why,
        row.ending_renews,
    )


def _unwritten_of(row: AnyRow) -> Unwritten | None:
    return Unwritten(row.unwritten_start, row.unwritten_due) if row.unwritten_start else None
