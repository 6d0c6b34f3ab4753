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
from prorata.core.planning import plan
from prorata.store import accounts, history, parked
from prorata.store.engine import Connection
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


def parked_subscriptions(services: Services, *, seller: int | None = None) -> tuple[ParkedRow, ...]:
    """All that is parked, of one seller or of all, at most a thousand."""
    with services.database.owner(read_only=True) as conn:
        return parked.listed(conn, seller_id=seller)


def mend(services: Services, actor: Actor, *, account: int, subscription: str) -> Mended:
    """Take a subscription off the list if it can be billed. For the vendor's staff.

    Raises `NoSuchAccount`, `NotParked`, and `StillParked` with what stops it now, which is then on the list.
    """
    actor.must("mend")
    with services.database.owner() as conn:
        row = next((one for one in parked.of_account(conn, account) if one.subscription == subscription), None)
        locked = accounts.locked(conn, account)
        if row is None:
            raise NotParked(account=account, subscription=subscription)
        at = now(services, locked)
        found = _look(conn, row, at=at)
        if isinstance(found, StillParked):
            still = found
        else:
            parked.release(conn, account, subscription=row.why.subscription)
            accounts.set_due(conn, {account: due_on(found[0], business_date(at, locked.zone))})
            note(Ground(conn, locked, actor, at), action="subscription.mend", subject=subscription, issued=())
            return Mended(account, subscription, found[1])
    raise still


def _look(conn: Connection, row: ParkedRow, *, at: datetime) -> tuple[History, tuple[Document, ...]] | StillParked:
    """What a run would write were the subscription not parked; or what stops it, which is noted."""
    counted = accounts.counted(conn, row.account_id, lock=True)
    on = business_date(at, counted.row.zone)
    (loaded,) = history.load_all(conn, [(counted, on)], parking=True)
    which = row.why.subscription
    freed = replace(loaded.history, parked=loaded.history.parked - {which})
    planned = plan(freed, as_of=on, at=at)
    stopped = next((one for one in (*loaded.unreadable, *planned.parked) if one.subscription == which), None)
    if stopped is None and any(s.id == which for s in freed.subscriptions):
        return freed, planned.decision.documents if planned.decision else ()
    why = stopped or row.why
    parked.write(conn, row.account_id, parked=[why], as_of=on, at=at, run_id=row.run_id)
    return StillParked(subscription=row.subscription, why=why.code)
