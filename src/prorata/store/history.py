"""An account's history as the rules need it: loaded, decided on, saved.

`load` reads the open tail and nothing else, in a fixed number of queries, so that a renewal costs the same after ten
years as after one month. The tail is chosen so that `step` decides exactly what it would decide with everything in
memory:

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
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, text

from prorata.core.documents.model import Standing
from prorata.core.history import Charge, History
from prorata.core.money import Currency
from prorata.core.subscriptions.model import Subscription
from prorata.store import accounts
from prorata.store.document_rows import charge_of, standing_of
from prorata.store.ledger_rows import lot_of, payment_of
from prorata.store.rows import Any, AnyRow
from prorata.store.saving import save
from prorata.store.subscription_rows import change_of, subscription_of

__all__ = ["load", "save"]

LOOK_BACK_DAYS = 40
"""Licence changes of so many days are always there: more than the days for which a change may wait."""


def load(conn: Connection, account_id: int, *, on: date, lock: bool = False) -> History:
    """The open tail as of a day, not later than the event that is to be decided on.

    `lock`: nobody else can decide for this account until the transaction ends. Raises `NoSuchAccount`, `Busy`.
    """
    account = accounts.counted(conn, account_id, lock=lock)
    of = account.row.currency
    rows = conn.execute(_SUBSCRIPTIONS, {"account": account_id}).all()
    horizons = _horizons(rows, on)
    charges = _charges(conn, account_id, horizons=horizons, of=of)
    standings = _standings(conn, account_id, documents={charge.ref.document for charge in charges}, of=of)
    known = {"account": account_id, "documents": [standing.document for standing in standings]}
    return History(
        account=account.row.account,
        mode=account.row.payment_mode,
        subscriptions=_with_changes(
            conn, rows, since={row.id: _changes_since(row, horizons.get(row.id), on=on) for row in rows}
        ),
        charges=charges,
        standings=standings,
        payments=tuple(payment_of(row, of) for row in conn.execute(_PAYMENTS, known)),
        lots=tuple(lot_of(row, of) for row in conn.execute(_LOTS, {"account": account_id})),
        next=account.next,
    )


def _settled(row: AnyRow) -> bool:
    """Whether nothing can come of a subscription any more."""
    return row.state == "deleted" and row.unwritten_start is None and row.covered_to >= row.ending_charged_to


def _horizons(rows: Iterable[AnyRow], on: date) -> dict[int, date]:
    """The first day of each subscription that may still be compared with what was billed."""
    found: dict[int, date] = {}
    for row in rows:
        if not _settled(row):
            ends = row.ending_charged_to if row.state == "active" else None
            days: tuple[date | None, ...] = (
                on,
                row.covered_to,
                row.unwritten_start,
                row.pending_effective,
                ends,
            )
            found[row.id] = min(day for day in days if day is not None)
    return found


def _with_changes(conn: Connection, rows: Sequence[AnyRow], *, since: dict[int, date]) -> tuple[Subscription, ...]:
    if not rows:
        return ()
    asked = {"account": rows[0].account_id, "ids": list(since), "since": list(since.values())}
    changes: dict[int, list[AnyRow]] = defaultdict(list)
    for change in conn.execute(_CHANGES, asked):
        changes[change.subscription_id].append(change)
    return tuple(subscription_of(row, map(change_of, changes[row.id])) for row in rows)


def _changes_since(row: AnyRow, horizon: date | None, *, on: date) -> date:
    if horizon is None:
        return date.max
    window: int = row.terms["terms"]["window_days"]
    return min(horizon, on - timedelta(days=max(LOOK_BACK_DAYS, window)))


def _charges(conn: Connection, account_id: int, *, horizons: dict[int, date], of: Currency) -> tuple[Charge, ...]:
    asked: dict[str, Any] = {
        "account": account_id,
        "ids": list(horizons),
        "since": list(horizons.values()),
    }
    rows = conn.execute(_CHARGES, asked).all()
    credits_: dict[tuple[int, int], list[AnyRow]] = defaultdict(list)
    documents = sorted({row.document_id for row in rows})
    for row in conn.execute(_CREDITS, {"account": account_id, "documents": documents}):
        credits_[row.corrects_document, row.corrects_line].append(row)
    return tuple(charge_of(row, of=of, credits_=credits_[row.document_id, row.line]) for row in rows)


def _standings(conn: Connection, account_id: int, *, documents: set[int], of: Currency) -> tuple[Standing, ...]:
    asked = {"account": account_id, "documents": sorted(documents)}
    rows = conn.execute(_STANDINGS, asked).all()
    return tuple(standing_of(row, of=of) for row in rows)


_SUBSCRIPTIONS = text("SELECT * FROM subscriptions WHERE account_id = :account ORDER BY id")

_CHANGES = text("""
    SELECT change.*
    FROM unnest(CAST(:ids AS integer[]), CAST(:since AS date[])) AS asked (id, since)
    JOIN licence_changes AS change
      ON change.account_id = :account AND change.subscription_id = asked.id
     AND change.place >= coalesce(
         (SELECT min(later.place) - 1 FROM licence_changes AS later
           WHERE later.account_id = :account AND later.subscription_id = asked.id
             AND later.effective >= asked.since),
         (SELECT max(last.place) FROM licence_changes AS last
           WHERE last.account_id = :account AND last.subscription_id = asked.id))
    ORDER BY change.subscription_id, change.place
""")

# `older` is the newest charge before the first day in question that has seats left. Seats may reach further than its
# own only on lines that end after it begins: so everything from its beginning on is loaded. Where there is none, all.
_CHARGES = text("""
    WITH asked AS (
        SELECT * FROM unnest(CAST(:ids AS integer[]), CAST(:since AS date[])) AS asked (id, since)
    ), reach AS (
        SELECT asked.id, least(asked.since, coalesce(older.from_date, '-infinity')) AS since
        FROM asked LEFT JOIN LATERAL (
            SELECT line.from_date FROM document_lines AS line
            WHERE line.account_id = :account AND line.subscription_id = asked.id
              AND line.kind <> 'credit' AND line.to_date <= asked.since
              AND line.licences * line.days > (
                  SELECT coalesce(sum(credit.licences * credit.days), 0) FROM document_lines AS credit
                  WHERE credit.account_id = :account AND credit.kind = 'credit'
                    AND credit.corrects_document = line.document_id AND credit.corrects_line = line.line)
            ORDER BY line.to_date DESC, line.from_date DESC LIMIT 1
        ) AS older ON true
    ), touched AS (
        SELECT DISTINCT line.document_id
        FROM reach JOIN document_lines AS line
          ON line.account_id = :account AND line.subscription_id = reach.id
         AND line.kind <> 'credit' AND line.to_date > reach.since
    )
    SELECT line.* FROM document_lines AS line JOIN touched USING (document_id)
    WHERE line.account_id = :account AND line.kind <> 'credit'
    ORDER BY line.document_id, line.line
""")

_CREDITS = text("""
    SELECT corrects_document, corrects_line, from_date, to_date, licences, amount, tax
    FROM document_lines
    WHERE account_id = :account AND kind = 'credit'
      AND corrects_document = ANY(CAST(:documents AS integer[]))
    ORDER BY document_id, line
""")

_STANDINGS = text("""
    WITH RECURSIVE behind (document_id) AS (
        SELECT unnest(CAST(:documents AS integer[]))
        UNION
        SELECT line.corrects_document FROM behind JOIN document_lines AS line
          ON line.account_id = :account AND line.document_id = behind.document_id
        WHERE line.corrects_document IS NOT NULL
    ), wanted AS (
        SELECT document_id FROM behind
        UNION
        SELECT document_id FROM standings WHERE account_id = :account AND "left" <> 0
    )
    SELECT standing.*, document.profile_id, document.due_on, ARRAY(
        SELECT DISTINCT line.corrects_document FROM document_lines AS line
        WHERE line.account_id = :account AND line.document_id = standing.document_id
          AND line.corrects_document IS NOT NULL
    ) AS corrects
    FROM wanted
    JOIN standings AS standing ON standing.account_id = :account AND standing.document_id = wanted.document_id
    JOIN documents AS document ON document.account_id = :account AND document.id = wanted.document_id
    ORDER BY standing.document_id
""")

_PAYMENTS = text("""
    SELECT payment.*, balance."left"
    FROM payments AS payment
    JOIN payment_balances AS balance ON balance.account_id = :account AND balance.payment_id = payment.id
    WHERE payment.account_id = :account AND balance."left" > 0
      AND payment.document_id = ANY(CAST(:documents AS integer[]))
    ORDER BY payment.id
""")

_LOTS = text("""
    SELECT lot.*, balance."left"
    FROM credit_lots AS lot
    JOIN lot_balances AS balance ON balance.account_id = :account AND balance.lot_id = lot.id
    WHERE lot.account_id = :account AND balance."left" > 0
    ORDER BY lot.id
""")
