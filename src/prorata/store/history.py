"""An account's history as the rules need it: loaded, decided on, saved.

`load_all` reads the open tails of any number of accounts and nothing else, in a fixed number of queries, so that a
renewal costs the same after ten years as after one month, and a run asks once for hundreds of accounts. No query joins
accounts: each row meets only rows of its own. The tail is chosen so that `step` decides exactly what it would decide
with everything in memory:

- every subscription, since a name stays taken and an ended one is refused by name; but of one that is deleted and
  settled only its last licence change, and none of its lines;
- licence changes from the first day that may still be written, or that a window of the terms looks back to, and the
  one before, on which they stand;
- the lines that charged any day from there on, or of the period that it lies in, the last seats charged before (they
  say up to where a subscription is billed), and every other charge of the same documents (a credit note that closes a
  document takes all its tax); documents that an event names, however old;
- what was sold, from the first day of these lines on; the discounts that were not over by then; and prices of the same
  plans that are newer than the subscriptions';
- what was taken back of these, in the order in which it was;
- documents that are open, those of the lines, and those that they corrected, and so on: where their money came from;
- payments of these that were not all given back, and account credit that is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, TextClause

from prorata.core.catalog.plans import NewPrice
from prorata.core.history import Charge, History
from prorata.core.money import UnknownCurrency
from prorata.core.planning import Parked
from prorata.core.subscriptions.model import RUNNING, Subscription
from prorata.store import accounts, tail_queries
from prorata.store.accounts import Counted
from prorata.store.bulk import array
from prorata.store.codec import Unreadable
from prorata.store.discount_rows import discount_of
from prorata.store.document_rows import charge_of, standing_of
from prorata.store.ledger_rows import lot_of, payment_of
from prorata.store.rows import Any, AnyRow, fetch
from prorata.store.saving import save
from prorata.store.subscription_rows import (
    change_of,
    check_readable,
    grid_of,
    pending_plan_of,
    plan_change_of,
    plan_from,
    sold_of,
    subscription_of,
    terms_of,
)

__all__ = ["Loaded", "load", "load_all", "save"]

LOOK_BACK_DAYS = 40
"""Licence changes of so many days are always there: more than the days for which a change may wait."""

_WRONG: Final = (Unreadable, UnknownCurrency, ValueError, TypeError, KeyError, OverflowError)
"""How a row fails that no program of ours has written."""

_SHORT: Final = 200

Own = tuple[int, int]
"""An account, and the id of something that it owns."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An account with its open tail. `unreadable`: subscriptions that are not in it, for nobody can read them."""

    account: Counted
    history: History
    unreadable: tuple[Parked, ...] = ()


@dataclass(slots=True)
class _Found:
    """What was read of one account so far."""

    account: Counted
    on: date
    rows: list[AnyRow] = field(default_factory=list[AnyRow])
    parked: set[int] = field(default_factory=set[int])
    changes: dict[int, list[AnyRow]] = field(default_factory=dict[int, list[AnyRow]])
    plans: dict[int, list[AnyRow]] = field(default_factory=dict[int, list[AnyRow]])
    horizons: dict[int, date] = field(default_factory=dict[int, date])
    prices: list[NewPrice] = field(default_factory=list[NewPrice])
    discounts: list[AnyRow] = field(default_factory=list[AnyRow])
    charges: list[Charge] = field(default_factory=list[Charge])
    standings: list[AnyRow] = field(default_factory=list[AnyRow])
    payments: list[AnyRow] = field(default_factory=list[AnyRow])
    lots: list[AnyRow] = field(default_factory=list[AnyRow])


def load(conn: Connection, account_id: int, *, on: date, lock: bool = False, documents: Iterable[int] = ()) -> History:
    """The open tail as of a day, not later than the event that is to be decided on, or that it counts from.

    `lock`: nobody else can decide for this account until the transaction ends. `documents`: those that the event names.
    Raises `NoSuchAccount`, `Busy`, and `Unreadable` where something stored is not what this program writes and is not
    parked.
    """
    account = accounts.counted(conn, account_id, lock=lock)
    named = [(account_id, document) for document in documents]
    return load_all(conn, [(account, on)], documents=named)[0].history


def load_all(
    conn: Connection, asked: Iterable[tuple[Counted, date]], *, parking: bool = False, documents: Iterable[Own] = ()
) -> tuple[Loaded, ...]:
    """The open tails of accounts, each as of a day, in the order given; with `documents` that an event names.

    `parking`: a subscription that cannot be read is left out and told of; else it raises `Unreadable`, unless it is
    parked already.
    """
    found = {account.row.account_id: _Found(account, on) for account, on in asked}
    for row in fetch(conn, tail_queries.SUBSCRIPTIONS, asked={"accounts": array(list(found))}):
        one = found[row.account_id]
        one.rows.append(row)
        if row.is_parked:
            one.parked.add(row.id)
    unreadable = {account: tuple(_unreadable(one, parking=parking)) for account, one in found.items()}
    _read_prices(conn, found)
    for one in found.values():
        one.horizons = {
            row.id: day for row in one.rows if (day := _horizon(row, one.on, prices=one.prices)) is not None
        }
    _read_changes(conn, found)
    _read_charges(conn, found, named=documents)
    _read_plans(conn, found)
    _read_discounts(conn, found)
    _read_money(conn, found)
    return tuple(_loaded(one, unreadable[account]) for account, one in found.items())


def _unreadable(found: _Found, *, parking: bool) -> Iterator[Parked]:
    """Leave out the subscriptions that cannot be read, and say why."""
    for row in list(found.rows):
        try:
            check_readable(row)
        except _WRONG as failure:
            found.rows.remove(row)
            if row.id not in found.parked:
                if not parking:
                    raise
                yield Parked(row.id, "unreadable", {"subscription": row.name, "detail": str(failure)[:_SHORT]})


def _read_prices(conn: Connection, found: Mapping[int, _Found]) -> None:
    """Newer prices of the plans that are sold, or wait, in each account's currency."""
    sold = {account: _versions(one.rows) for account, one in found.items()}
    codes = {code for versions in sold.values() for code in versions}
    if not codes:
        return
    oldest = min(version for versions in sold.values() for version in versions.values())
    newer: dict[tuple[int, str, str], list[NewPrice]] = defaultdict(list)
    for row in fetch(conn, tail_queries.PRICES, asked={"codes": list(codes), "version": oldest}):
        new = NewPrice(row.code, plan_from(row.plan).price, row.valid_from)
        newer[row.seller_id, row.currency, row.code].append(new)
    for account, one in found.items() if newer else ():
        of = one.account.row
        for code, version in sold[account].items():
            prices = newer.get((of.seller_id, of.currency.code, code), ())
            one.prices += (new for new in prices if new.price.version > version)


def _versions(rows: Iterable[AnyRow]) -> dict[str, int]:
    """The oldest price that each plan is sold at to an account, by the plan's name."""
    found: dict[str, int] = {}
    for row in rows:
        if row.state == "deleted":
            continue
        waits = pending_plan_of(row)
        for plan in (plan_from(row.plan), waits.plan) if waits else (plan_from(row.plan),):
            found[plan.name] = min(plan.price.version, found.get(plan.name, plan.price.version))
    return found


def _horizon(row: AnyRow, on: date, *, prices: Iterable[NewPrice]) -> date | None:
    """The first day that may still be compared with what was billed; None where nothing can come of it any more."""
    unwritten, ends = row.unwritten_start, row.ending_charged_to
    if row.state == "deleted" and unwritten is None and row.covered_to >= ends:
        return None
    waits = pending_plan_of(row)
    days: tuple[date | None, ...] = (
        unwritten,
        row.pending_effective,
        waits.effective if waits else None,
        ends if row.state in RUNNING else None,
        *(_begins(row, new) for new in prices),
    )
    return min(on, row.covered_to, *(day for day in days if day is not None))


def _begins(row: AnyRow, new: NewPrice) -> date | None:
    """A day before which a new price does not begin; None where it is of another plan."""
    if new.plan != plan_from(row.plan).name:
        return None
    return max(row.plan_effective, new.valid_from + timedelta(days=terms_of(row).price_change_notice))


def _read_changes(conn: Connection, found: Mapping[int, _Found]) -> None:
    since = {(row.account_id, row.id): _changes_since(one, row) for one in found.values() for row in one.rows}
    for row in _of_each(conn, tail_queries.CHANGES, asked=since):
        found[row.account_id].changes.setdefault(row.subscription_id, []).append(row)


def _changes_since(found: _Found, row: AnyRow) -> date:
    horizon = found.horizons.get(row.id)
    if horizon is None:
        return date.max
    return min(horizon, found.on - timedelta(days=max(LOOK_BACK_DAYS, terms_of(row).window_days)))


def _period_start(row: AnyRow, on: date) -> date:
    """The first day of the period of a day; of a grid that no calendar has, the day itself: planning finds it out."""
    try:
        return grid_of(row).period(on).start
    except (ValueError, OverflowError):
        return on


def _read_charges(conn: Connection, found: Mapping[int, _Found], *, named: Iterable[Own]) -> None:
    since = {
        (row.account_id, row.id): _period_start(row, one.horizons[row.id])
        for one in found.values()
        for row in one.rows
        if row.id in one.horizons
    }
    documents = list(named)
    if not since and not documents:
        return
    asked = {
        **_columns(since),
        "since": array(list(since.values())),
        "document_owners": array([own[0] for own in documents]),
        "documents": array([own[1] for own in documents]),
    }
    rows = fetch(conn, tail_queries.CHARGES, asked=asked)
    credits_: dict[tuple[int, int, int], list[AnyRow]] = defaultdict(list)
    charged = dict.fromkeys((row.account_id, row.document_id) for row in rows)
    for row in _of_each(conn, tail_queries.CREDITS, asked=charged):
        credits_[row.account_id, row.corrects_document, row.corrects_line].append(row)
    for row in rows:
        one = found[row.account_id]
        taken_back = credits_.get((row.account_id, row.document_id, row.line), ())
        one.charges.append(charge_of(row, of=one.account.row.currency, credits_=taken_back))


def _read_plans(conn: Connection, found: Mapping[int, _Found]) -> None:
    """What was sold since the first day of a charge that is loaded; of most it is what is sold now."""
    since: dict[Own, date] = {}
    for account, one in found.items():
        first = {row.id: _changes_since(one, row) for row in one.rows if row.plan_why != "purchase"}
        for charge in one.charges if first else ():
            if charge.subscription in first:
                first[charge.subscription] = min(first[charge.subscription], charge.period.start)
        effective = {row.id: row.plan_effective for row in one.rows}
        since |= {(account, one_id): day for one_id, day in first.items() if effective[one_id] >= day}
    for row in _of_each(conn, tail_queries.PLANS, asked=since):
        found[row.account_id].plans.setdefault(row.subscription_id, []).append(row)


def _read_discounts(conn: Connection, found: Mapping[int, _Found]) -> None:
    since = {
        account: min((one.on, *one.horizons.values()))
        for account, one in found.items()
        if one.account.next.discount > 1
    }
    if not since:
        return
    asked = {"accounts": array(list(since)), "since": array(list(since.values()))}
    for row in fetch(conn, tail_queries.DISCOUNTS, asked=asked):
        found[row.account_id].discounts.append(row)


def _read_money(conn: Connection, found: Mapping[int, _Found]) -> None:
    charged = {(account, charge.ref.document): None for account, one in found.items() for charge in one.charges}
    mine = {"accounts": array(list(found))}
    for row in fetch(conn, tail_queries.STANDINGS, asked={**mine, **_columns(charged)}):
        found[row.account_id].standings.append(row)
    behind = {(row.account_id, row.document_id): None for one in found.values() for row in one.standings}
    for row in _of_each(conn, tail_queries.PAYMENTS, asked=behind):
        found[row.account_id].payments.append(row)
    with_lots = [account for account, one in found.items() if one.account.next.lot > 1]
    for row in fetch(conn, tail_queries.LOTS, asked={"accounts": array(with_lots)}) if with_lots else ():
        found[row.account_id].lots.append(row)


def _loaded(found: _Found, unreadable: tuple[Parked, ...]) -> Loaded:
    account = found.account
    of = account.row.currency
    history = History(
        account=account.row.account,
        mode=account.row.payment_mode,
        subscriptions=tuple(_with_ledgers(row, found) for row in found.rows),
        charges=tuple(found.charges),
        standings=tuple(standing_of(row, of=of) for row in found.standings),
        payments=tuple(payment_of(row, of) for row in found.payments),
        lots=tuple(lot_of(row, of) for row in found.lots),
        next=account.next,
        parked=frozenset(found.parked),
        discounts=tuple(discount_of(row, of) for row in found.discounts),
        prices=tuple(found.prices),
    )
    return Loaded(account, history, unreadable)


def _with_ledgers(row: AnyRow, found: _Found) -> Subscription:
    plans = found.plans.get(row.id)
    sold = (sold_of(row),) if plans is None else map(plan_change_of, plans)
    return subscription_of(row, map(change_of, found.changes.get(row.id, ())), plans=sold)


def _of_each(conn: Connection, query: TextClause, *, asked: Mapping[Own, date | None]) -> Sequence[AnyRow]:
    """Ask a query of many accounts' own things at once, each perhaps with a day."""
    if not asked:
        return ()
    return fetch(conn, query, asked={**_columns(asked), "since": array(list(asked.values()))})


def _columns(asked: Mapping[Own, object]) -> dict[str, Any]:
    return {"owners": array([own[0] for own in asked]), "ids": array([own[1] for own in asked])}
