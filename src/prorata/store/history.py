"""An account's history as the rules need it: loaded, decided on, saved.

`load_all` reads the open tails of any number of accounts and nothing else, in a fixed number of queries, so that a
renewal costs the same after ten years as after one month, and a run asks once for hundreds of accounts. No query joins
accounts: each row meets only rows of its own. The tail is chosen so that `step` decides exactly what it would decide
with everything in memory:

- every subscription, since a name stays taken and an ended one is refused by name; but of one that is deleted and
  settled only its last licence change, and none of its lines;
- licence changes from the first day that may still be written, or that a window of the terms looks back to, and the
  one before, on which they stand;
- the lines that charged any day from there on, the last seats charged before (they say up to where a subscription is
  billed), and every other charge of the same documents (a credit note that closes a document takes all its tax);
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

from sqlalchemy import Connection, TextClause, text

from prorata.core.history import Charge, History
from prorata.core.money import UnknownCurrency
from prorata.core.planning import Parked
from prorata.core.subscriptions.model import Subscription
from prorata.store import accounts
from prorata.store.accounts import Counted
from prorata.store.bulk import array
from prorata.store.codec import Unreadable
from prorata.store.document_rows import charge_of, standing_of
from prorata.store.ledger_rows import lot_of, payment_of
from prorata.store.rows import Any, AnyRow
from prorata.store.saving import save
from prorata.store.subscription_rows import COLUMNS, change_of, check_readable, subscription_of, terms_of

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
    charges: list[Charge] = field(default_factory=list[Charge])
    standings: list[AnyRow] = field(default_factory=list[AnyRow])
    payments: list[AnyRow] = field(default_factory=list[AnyRow])
    lots: list[AnyRow] = field(default_factory=list[AnyRow])


def load(conn: Connection, account_id: int, *, on: date, lock: bool = False) -> History:
    """The open tail as of a day, not later than the event that is to be decided on.

    `lock`: nobody else can decide for this account until the transaction ends. Raises `NoSuchAccount`, `Busy`, and
    `Unreadable` where something stored is not what this program writes and is not parked.
    """
    account = accounts.counted(conn, account_id, lock=lock)
    return load_all(conn, [(account, on)])[0].history


def load_all(conn: Connection, asked: Iterable[tuple[Counted, date]], *, parking: bool = False) -> tuple[Loaded, ...]:
    """The open tails of accounts, each as of a day, in the order given.

    `parking`: a subscription that cannot be read is left out and told of; else it raises `Unreadable`, unless it is
    parked already.
    """
    found = {account.row.account_id: _Found(account, on) for account, on in asked}
    for row in conn.execute(_SUBSCRIPTIONS, {"accounts": array(list(found))}):
        one = found[row.account_id]
        one.rows.append(row)
        if row.is_parked:
            one.parked.add(row.id)
    unreadable = {account: tuple(_unreadable(one, parking=parking)) for account, one in found.items()}
    _read_changes(conn, found)
    _read_charges(conn, found)
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


def _read_changes(conn: Connection, found: Mapping[int, _Found]) -> None:
    since = {(row.account_id, row.id): _changes_since(row, one.on) for one in found.values() for row in one.rows}
    for row in _of_each(conn, _CHANGES, asked=since):
        found[row.account_id].changes.setdefault(row.subscription_id, []).append(row)


def _changes_since(row: AnyRow, on: date) -> date:
    horizon = _horizon(row, on)
    if horizon is None:
        return date.max
    return min(horizon, on - timedelta(days=max(LOOK_BACK_DAYS, terms_of(row).window_days)))


def _horizon(row: AnyRow, on: date) -> date | None:
    """The first day that may still be compared with what was billed; None where nothing can come of it any more."""
    unwritten, ends = row.unwritten_start, row.ending_charged_to
    if row.state == "deleted" and unwritten is None and row.covered_to >= ends:
        return None
    days: tuple[date | None, ...] = (unwritten, row.pending_effective, ends if row.state == "active" else None)
    return min(on, row.covered_to, *(day for day in days if day is not None))


def _read_charges(conn: Connection, found: Mapping[int, _Found]) -> None:
    since = {
        (row.account_id, row.id): horizon
        for one in found.values()
        for row in one.rows
        if (horizon := _horizon(row, one.on)) is not None
    }
    rows = list(_of_each(conn, _CHARGES, asked=since))
    credits_: dict[tuple[int, int, int], list[AnyRow]] = defaultdict(list)
    charged = dict.fromkeys((row.account_id, row.document_id) for row in rows)
    for row in _of_each(conn, _CREDITS, asked=charged):
        credits_[row.account_id, row.corrects_document, row.corrects_line].append(row)
    for row in rows:
        one = found[row.account_id]
        taken_back = credits_.get((row.account_id, row.document_id, row.line), ())
        one.charges.append(charge_of(row, of=one.account.row.currency, credits_=taken_back))


def _read_money(conn: Connection, found: Mapping[int, _Found]) -> None:
    charged = {(account, charge.ref.document): None for account, one in found.items() for charge in one.charges}
    mine = {"accounts": array(list(found))}
    for row in conn.execute(_STANDINGS, {**mine, **_columns(charged)}):
        found[row.account_id].standings.append(row)
    behind = {(row.account_id, row.document_id): None for one in found.values() for row in one.standings}
    for row in _of_each(conn, _PAYMENTS, asked=behind):
        found[row.account_id].payments.append(row)
    for row in conn.execute(_LOTS, mine):
        found[row.account_id].lots.append(row)


def _loaded(found: _Found, unreadable: tuple[Parked, ...]) -> Loaded:
    account = found.account
    of = account.row.currency
    history = History(
        account=account.row.account,
        mode=account.row.payment_mode,
        subscriptions=tuple(_with_changes(row, found.changes.get(row.id, ())) for row in found.rows),
        charges=tuple(found.charges),
        standings=tuple(standing_of(row, of=of) for row in found.standings),
        payments=tuple(payment_of(row, of) for row in found.payments),
        lots=tuple(lot_of(row, of) for row in found.lots),
        next=account.next,
        parked=frozenset(found.parked),
    )
    return Loaded(account, history, unreadable)


def _with_changes(row: AnyRow, changes: Iterable[AnyRow]) -> Subscription:
    return subscription_of(row, map(change_of, changes))


def _of_each(conn: Connection, query: TextClause, *, asked: Mapping[Own, date | None]) -> Sequence[AnyRow]:
    """Ask a query of many accounts' own things at once, each perhaps with a day."""
    if not asked:
        return ()
    return conn.execute(query, {**_columns(asked), "since": array(list(asked.values()))}).all()


def _columns(asked: Mapping[Own, object]) -> dict[str, Any]:
    return {"owners": array([own[0] for own in asked]), "ids": array([own[1] for own in asked])}


_SUBSCRIPTIONS = text(f"""
    SELECT {COLUMNS}, parked.code IS NOT NULL AS is_parked
    FROM subscriptions AS subscription LEFT JOIN parked
      ON parked.account_id = subscription.account_id AND parked.subscription_id = subscription.id
    WHERE subscription.account_id = ANY(CAST(:accounts AS bigint[]))
    ORDER BY subscription.account_id, subscription.id
""")  # noqa: S608 - these are names of our own columns

# These queries look things up one by one, by their keys: `LATERAL (... OFFSET 0)` holds the planner to that. Left to
# itself it reads whole tables for some hundred accounts, and a run would slow down with every month of history.

_CHANGES = text("""
    SELECT change.*
    FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[]), CAST(:since AS date[]))
      AS asked (account_id, id, since), LATERAL (
        SELECT * FROM licence_changes AS change
        WHERE change.account_id = asked.account_id AND change.subscription_id = asked.id
          AND change.place >= coalesce(
            (SELECT min(later.place) - 1 FROM licence_changes AS later
              WHERE later.account_id = asked.account_id AND later.subscription_id = asked.id
                AND later.effective >= asked.since),
            (SELECT max(last.place) FROM licence_changes AS last
              WHERE last.account_id = asked.account_id AND last.subscription_id = asked.id))
        OFFSET 0
    ) AS change
    ORDER BY change.account_id, change.subscription_id, change.place
""")

# `older` is the newest charge before the first day in question that has seats left. Seats may reach further than its
# own only on lines that end after it begins: so everything from its beginning on is loaded. Where there is none, all.
_CHARGES = text("""
    WITH asked AS (
        SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[]), CAST(:since AS date[]))
          AS asked (account_id, id, since)
    ), reach AS MATERIALIZED (
        SELECT asked.account_id, asked.id, least(asked.since, coalesce(older.from_date, '-infinity')) AS since
        FROM asked LEFT JOIN LATERAL (
            SELECT line.from_date FROM document_lines AS line
            WHERE line.account_id = asked.account_id AND line.subscription_id = asked.id
              AND line.kind <> 'credit' AND line.to_date <= asked.since
              AND line.licences * line.days > (
                  SELECT coalesce(sum(credit.licences * credit.days), 0) FROM document_lines AS credit
                  WHERE credit.account_id = line.account_id AND credit.kind = 'credit'
                    AND credit.corrects_document = line.document_id AND credit.corrects_line = line.line)
            ORDER BY line.to_date DESC, line.from_date DESC LIMIT 1
        ) AS older ON true
    ), touched AS (
        SELECT DISTINCT line.account_id, line.document_id
        FROM reach, LATERAL (
            SELECT * FROM document_lines AS line
            WHERE line.account_id = reach.account_id AND line.subscription_id = reach.id
              AND line.kind <> 'credit' AND line.to_date > reach.since
            OFFSET 0
        ) AS line
    )
    SELECT line.account_id, line.document_id, line.line, line.subscription_id, line.from_date, line.to_date,
           line.licences, line.price, line.price_version, line.of_days, line.amount, line.tax_rate, line.tax
    FROM touched, LATERAL (
        SELECT * FROM document_lines AS line
        WHERE line.account_id = touched.account_id AND line.document_id = touched.document_id AND line.kind <> 'credit'
        OFFSET 0
    ) AS line
    ORDER BY line.account_id, line.document_id, line.line
""")

_CREDITS = text("""
    SELECT credit.account_id, credit.corrects_document, credit.corrects_line, credit.from_date, credit.to_date,
           credit.licences, credit.amount, credit.tax
    FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[])) AS asked (account_id, id), LATERAL (
        SELECT * FROM document_lines AS credit
        WHERE credit.account_id = asked.account_id AND credit.kind = 'credit' AND credit.corrects_document = asked.id
        OFFSET 0
    ) AS credit
    ORDER BY credit.account_id, credit.document_id, credit.line
""")

_STANDINGS = text("""
    WITH RECURSIVE behind (account_id, document_id) AS (
        SELECT * FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[]))
        UNION
        SELECT line.account_id, line.corrects_document FROM behind, LATERAL (
            SELECT account_id, corrects_document FROM document_lines AS line
            WHERE line.account_id = behind.account_id AND line.document_id = behind.document_id
              AND line.corrects_document IS NOT NULL
            OFFSET 0
        ) AS line
    ), wanted AS (
        SELECT account_id, document_id FROM behind
        UNION
        SELECT account_id, document_id FROM standings
        WHERE account_id = ANY(CAST(:accounts AS bigint[])) AND "left" <> 0
    )
    SELECT standing.*, document.profile_id, document.due_on, ARRAY(
        SELECT DISTINCT line.corrects_document FROM document_lines AS line
        WHERE line.account_id = wanted.account_id AND line.document_id = wanted.document_id
          AND line.corrects_document IS NOT NULL
    ) AS corrects
    FROM wanted, LATERAL (
        SELECT * FROM standings AS standing
        WHERE standing.account_id = wanted.account_id AND standing.document_id = wanted.document_id
        OFFSET 0
    ) AS standing, LATERAL (
        SELECT profile_id, due_on FROM documents AS document
        WHERE document.account_id = wanted.account_id AND document.id = wanted.document_id
        OFFSET 0
    ) AS document
    ORDER BY wanted.account_id, wanted.document_id
""")

_PAYMENTS = text("""
    SELECT payment.*, balance."left"
    FROM unnest(CAST(:owners AS bigint[]), CAST(:ids AS integer[])) AS asked (account_id, id), LATERAL (
        SELECT * FROM payments AS payment
        WHERE payment.account_id = asked.account_id AND payment.document_id = asked.id
        OFFSET 0
    ) AS payment, LATERAL (
        SELECT "left" FROM payment_balances AS balance
        WHERE balance.account_id = payment.account_id AND balance.payment_id = payment.id AND balance."left" > 0
        OFFSET 0
    ) AS balance
    ORDER BY payment.account_id, payment.id
""")

_LOTS = text("""
    SELECT lot.*, balance."left"
    FROM lot_balances AS balance
    JOIN credit_lots AS lot ON lot.account_id = balance.account_id AND lot.id = balance.lot_id
    WHERE balance.account_id = ANY(CAST(:accounts AS bigint[])) AND balance."left" > 0
    ORDER BY lot.account_id, lot.id
""")
