"""Parked subscriptions: what stops them, and letting them be billed again once that is mended.

Mending looks first: the subscription is planned as the next run would plan it. Only if that works is it taken off the
list, and then the next run bills what was left out, as if nothing had happened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from prorata.core.billing.due import due_on
from prorata.core.calendar import business_date
from prorata.core.documents.model import Document
from prorata.core.errors import DomainError
from prorata.core.history import History
from prorata.core.planning import Parked, parked_for, plan
from prorata.store import accounts, history, parked
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection, savepoint
from prorata.store.errors import StoreError
from prorata.store.failures import without_values
from prorata.store.parked import ParkedRow
from prorata.usecases.act import Services, now
from prorata.usecases.command import Ground
from prorata.usecases.note import note
from prorata.usecases.permissions import Actor


class NotParked(DomainError):
    """The subscription is not parked."""

    code = "not_parked"


class StillParked(DomainError):
    """What stopped the subscription stops it still, or something else does by now."""

    code = "still_parked"


@dataclass(frozen=True, slots=True)
class Mended:
    """A subscription that is billed again: the documents that the next run will write for its account."""

    account: int
    subscription: str
    documents: tuple[Document, ...]


def mend(services: Services, actor: Actor, *, account: int, subscription: str) -> Mended:
    """Take a subscription off the list if it can be billed. For the vendor's staff.

    Raises `NoSuchAccount`, `NotParked`, and `StillParked` with what stops it now, which is then on the list.
    """
    actor.must("mend")
    with services.database.owner() as conn:
        accounts.hold_all(conn, [account])
        row = next((one for one in parked.of_account(conn, account) if one.subscription == subscription), None)
        if row is None:
            accounts.find(conn, account)
            raise NotParked(account=account, subscription=subscription)
        looked = _look(services, conn, row=row)
        if isinstance(looked, _Freed):
            return _release(conn, actor, row=row, freed=looked)
        parked.write(conn, account, parked=[looked], as_of=row.as_of, at=row.at, run_id=row.run_id)
    raise StillParked(subscription=subscription, why=looked.code)


@dataclass(frozen=True, slots=True)
class _Freed:
    """An account with a subscription that is not parked any more, and what a run would write now."""

    account: AccountRow
    history: History
    documents: tuple[Document, ...]
    at: datetime


def _look(services: Services, conn: Connection, *, row: ParkedRow) -> _Freed | Parked:
    """What a run would write were the subscription not parked; or what stops it, be it that nobody can read it."""
    try:
        with savepoint(conn):
            return _planned(services, conn, row=row)
    except StoreError:
        raise
    except Exception as failure:  # noqa: BLE001 - a failure is a value
        return parked_for(row.why.subscription, without_values(failure))


def _planned(services: Services, conn: Connection, *, row: ParkedRow) -> _Freed | Parked:
    counted = accounts.counted(conn, row.account_id, lock=True)
    at = now(services, counted.row)
    on = business_date(at, counted.row.zone)
    (loaded,) = history.load_all(conn, [(counted, on)], parking=True)
    which = row.why.subscription
    freed = replace(loaded.history, parked=loaded.history.parked - {which})
    planned = plan(freed, as_of=on, at=at)
    stopped = next((one for one in (*loaded.unreadable, *planned.parked) if one.subscription == which), None)
    if stopped or all(s.id != which for s in freed.subscriptions):
        return stopped or row.why
    return _Freed(counted.row, freed, planned.decision.documents if planned.decision else (), at)


def _release(conn: Connection, actor: Actor, *, row: ParkedRow, freed: _Freed) -> Mended:
    parked.release(conn, row.account_id, subscription=row.why.subscription)
    accounts.set_due(conn, {row.account_id: due_on(freed.history, business_date(freed.at, freed.account.zone))})
    ground = Ground(conn, freed.account, actor, freed.at)
    note(ground, action="subscription.mend", subject=row.subscription, issued=())
    return Mended(row.account_id, row.subscription, freed.documents)
