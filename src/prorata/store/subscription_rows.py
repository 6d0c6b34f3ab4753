"""A core `Subscription` as a row of its table, and back."""

from __future__ import annotations

from collections.abc import Iterable

from prorata.core.licences.ledger import LicenceChange
from prorata.core.subscriptions.model import Ending, PendingLicences, Subscription, Unwritten
from prorata.store import codec
from prorata.store.rows import Any, AnyRow


def row_of(subscription: Subscription) -> dict[str, Any]:
    """The columns of a subscription, without the account and what serves display."""
    return {
        "id": subscription.id,
        "name": subscription.name,
        "profile_id": subscription.profile,
        "plan": codec.PLAN.write(subscription.plan),
        "terms": codec.TERMS.write(subscription.terms),
        "grid": codec.GRID.write(subscription.grid),
        "start_on": subscription.start,
        "started_at": subscription.started_at,
        "covered_to": subscription.covered_to,
        "billed_to": subscription.billed_to,
        "state": subscription.state,
        "licences": subscription.licences,
        "assigned": subscription.assigned,
        "forfeits": codec.FORFEITS.write(subscription.forfeits),
        "version": subscription.version,
        **_pending(subscription.pending),
        **_ending(subscription.ending),
        **_unwritten(subscription.unwritten),
    }


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
    """The subscription of a row and of what was loaded of its licence ledger (the last change at least)."""
    return Subscription(
        id=row.id,
        name=row.name,
        profile=row.profile_id,
        plan=codec.PLAN.read(row.plan),
        terms=codec.TERMS.read(row.terms),
        grid=codec.GRID.read(row.grid),
        start=row.start_on,
        started_at=row.started_at,
        changes=tuple(changes),
        covered_to=row.covered_to,
        assigned=row.assigned,
        state=row.state,
        pending=_pending_of(row),
        ending=_ending_of(row),
        forfeits=codec.FORFEITS.read(row.forfeits),
        unwritten=_unwritten_of(row),
        billed_to=row.billed_to,
        version=row.version,
    )


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
