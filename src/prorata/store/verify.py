"""Making everything that is stored again: amounts from their proofs, sums from lines, balances from transfers.

It changes nothing, runs in production, and finds nothing where nobody has changed rows by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import Connection, text

from prorata.core.billing.due import due_on
from prorata.core.documents.numbers import document_number
from prorata.core.ledger.transfers import LEDGER
from prorata.store import accounts, documents, history, subscriptions
from prorata.store.codec import Unreadable
from prorata.store.findings import Finding, check_credits, check_document, check_standings
from prorata.store.rows import AnyRow

__all__ = ["Finding", "verify_account", "verify_numbers"]


def verify_account(conn: Connection, account_id: int) -> tuple[Finding, ...]:
    """Verify one account; raises `NoSuchAccount`. Wants a transaction in which every query sees the same moment."""
    accounts.find(conn, account_id)
    return tuple(_findings(conn, account_id))


def verify_numbers(conn: Connection) -> tuple[Finding, ...]:
    """Verify the numbers of all documents of all sellers, for the owner: no gap, none twice, as counted."""
    found: list[Finding] = []
    rows = conn.execute(_NUMBERS).all()
    for row in rows:
        if row.number != document_number(row.series, row.year, place=row.place):
            found.append(Finding("number_differs", row.number, f"its place is {row.place} of {row.year}"))
        if row.taken_by is None:
            found.append(Finding("number_not_taken", row.number, "no range was taken that has it"))
        elif row.taken_by != row.account_id:
            found.append(Finding("number_not_taken", row.number, "another account has taken it"))
        if row.place >= row.next:
            found.append(Finding("number_not_counted", row.number, f"the next document would have place {row.next}"))
    for one, two in pairwise(rows):
        if _place(one) == _place(two):
            found.append(Finding("number_twice", two.number, "two documents have it"))
    return (*found, *(_gap(row) for row in conn.execute(_GAPS)))


def _place(row: AnyRow) -> tuple[int, str, int, int]:
    return row.seller_id, row.series, row.year, row.place


def _gap(row: AnyRow) -> Finding:
    where = document_number(row.series, row.year, place=row.place)
    return Finding("number_missing", where, f"it was taken at seller {row.seller_id}, and no document has it")


def _findings(conn: Connection, account_id: int) -> Iterator[Finding]:
    asked = {"account": account_id}
    for row in conn.execute(_MISSING, asked):
        yield Finding("row_missing", f"{row.kind} {row.id}", "it was there once, and is not any more")
    try:
        kept = documents.all_of(conn, account_id)
    except Unreadable as error:
        yield Finding("unreadable", "documents", str(error))
        return
    for document in kept:
        yield from check_document(document)
    yield from check_credits(kept)
    moved = {(row.name, row.other, row.of): int(row.amount) for row in conn.execute(_MOVED, asked)}
    yield from check_standings(kept, moved)
    for row in conn.execute(_BALANCES, asked):
        yield Finding("ledger_differs", f"{row.name} {row.id}", f"{row.kept} is stored, {row.moved} was moved")
    for row in conn.execute(_LICENCES, asked):
        yield Finding("licences_differ", row.name, f"{row.found} {row.what} are on record, and not {row.stored}")
    yield from _unbalanced(conn, account_id)
    yield from _watermark(conn, account_id)


def _watermark(conn: Connection, account_id: int) -> Iterator[Finding]:
    """The day on which a run comes next: where it is too late or missing, billing would stop without a word."""
    stored = accounts.find(conn, account_id).due_on
    if stored is None:
        for subscription in subscriptions.all_of(conn, account_id):
            if subscription.state != "deleted":
                yield Finding("never_due", subscription.name, "no run will ever come to it")
        return
    day_before = stored - timedelta(days=1)
    should = due_on(history.load(conn, account_id, on=day_before), day_before)
    if should != stored:
        yield Finding("due_day_differs", "account", f"{stored} is stored, {should} is when a run has something to do")


def _unbalanced(conn: Connection, account_id: int) -> Iterator[Finding]:
    """Transfers balance by their form; what can go wrong is an account that is none, or another currency."""
    for row in conn.execute(_ODD_TRANSFERS, {"account": account_id, "names": list(LEDGER)}):
        yield Finding("odd_transfer", f"transfer {row.id}", "an account or a currency that does not belong there")


# What was counted up for each kind of row, against the rows that there are.
_MISSING = text("""
    SELECT missing.kind, missing.id FROM accounts, LATERAL (
        SELECT 'document' AS kind, id FROM generate_series(1, next_document - 1) AS id
        WHERE NOT EXISTS (SELECT FROM documents AS d WHERE d.account_id = :account AND d.id = id.id)
        UNION ALL
        SELECT 'standing', id FROM generate_series(1, next_document - 1) AS id
        WHERE NOT EXISTS (SELECT FROM standings AS s WHERE s.account_id = :account AND s.document_id = id.id)
        UNION ALL
        SELECT 'transfer', id FROM generate_series(1, next_transfer - 1) AS id
        WHERE NOT EXISTS (SELECT FROM transfers AS t WHERE t.account_id = :account AND t.id = id.id)
        UNION ALL
        SELECT 'payment', id FROM generate_series(1, next_payment - 1) AS id
        WHERE NOT EXISTS (SELECT FROM payments AS p WHERE p.account_id = :account AND p.id = id.id)
        UNION ALL
        SELECT 'credit', id FROM generate_series(1, next_lot - 1) AS id
        WHERE NOT EXISTS (SELECT FROM credit_lots AS l WHERE l.account_id = :account AND l.id = id.id)
        UNION ALL
        SELECT 'audit entry', id FROM generate_series(1, next_audit - 1) AS id
        WHERE NOT EXISTS (SELECT FROM audit AS a WHERE a.account_id = :account AND a.id = id.id)
    ) AS missing
    WHERE accounts.account_id = :account
    ORDER BY missing.kind, missing.id
""")

_MOVED = text("""
    SELECT name, other, "of", sum(amount) AS amount
    FROM (SELECT debit AS name, debit_of AS "of", credit AS other, amount FROM transfers
          WHERE account_id = :account AND debit_of IS NOT NULL
          UNION ALL
          SELECT credit, credit_of, debit, -amount FROM transfers
          WHERE account_id = :account AND credit_of IS NOT NULL) AS moved
    GROUP BY name, other, "of"
""")

# What is left of payments and of account credit, and how much there was of each, against the transfers.
_BALANCES = text("""
    WITH moved AS (
        SELECT debit AS name, debit_of AS id, amount, amount AS gained FROM transfers WHERE account_id = :account
        UNION ALL
        SELECT credit, credit_of, -amount, 0 FROM transfers WHERE account_id = :account
    ), kept AS (
        SELECT 'cash' AS name, payment.id, payment.amount, balance.amount AS noted, balance."left",
               (SELECT coalesce(sum(gained), 0) FROM moved WHERE name = 'cash' AND id = payment.id) AS came,
               (SELECT coalesce(sum(amount), 0) FROM moved WHERE name = 'cash' AND id = payment.id) AS stays
        FROM payments AS payment LEFT JOIN payment_balances AS balance
          ON balance.account_id = :account AND balance.payment_id = payment.id
        WHERE payment.account_id = :account
        UNION ALL
        SELECT 'customer_credit', lot.id, lot.amount, balance.amount, balance."left",
               (SELECT coalesce(sum(gained - amount), 0) FROM moved
                WHERE name = 'customer_credit' AND id = lot.id AND gained = 0),
               (SELECT coalesce(-sum(amount), 0) FROM moved WHERE name = 'customer_credit' AND id = lot.id)
        FROM credit_lots AS lot LEFT JOIN lot_balances AS balance
          ON balance.account_id = :account AND balance.lot_id = lot.id
        WHERE lot.account_id = :account
    )
    SELECT name, id, concat_ws(' of ', "left", amount) AS kept, concat_ws(' of ', stays, came) AS moved
    FROM kept
    WHERE (amount, noted, "left") IS DISTINCT FROM (came, came, stays)
    ORDER BY name, id
""")

_LICENCES = text("""
    SELECT subscription.name, 'licences' AS what, subscription.licences AS stored, last.licences AS found
    FROM subscriptions AS subscription LEFT JOIN LATERAL (
        SELECT licences FROM licence_changes AS change
        WHERE change.account_id = :account AND change.subscription_id = subscription.id
        ORDER BY place DESC LIMIT 1
    ) AS last ON true
    WHERE subscription.account_id = :account AND last.licences IS DISTINCT FROM subscription.licences
    UNION ALL
    SELECT subscription.name, 'holders', subscription.assigned, held.holders
    FROM subscriptions AS subscription CROSS JOIN LATERAL (
        SELECT count(*) AS holders FROM licence_assignments AS assigned
        WHERE assigned.account_id = :account AND assigned.subscription_id = subscription.id
    ) AS held
    WHERE subscription.account_id = :account AND held.holders <> 0 AND held.holders <> subscription.assigned
""")

_ODD_TRANSFERS = text("""
    SELECT transfer.id FROM transfers AS transfer JOIN accounts AS account USING (account_id)
    WHERE account_id = :account AND (
        transfer.currency <> account.currency OR transfer.amount <= 0
        OR NOT transfer.debit = ANY(:names) OR NOT transfer.credit = ANY(:names))
    ORDER BY transfer.id
""")

_NUMBERS = text("""
    SELECT document.account_id, document.seller_id, document.series, document.year, document.place, document.number,
           taken.account_id AS taken_by, coalesce(counted.next, 1) AS next
    FROM documents AS document
    LEFT JOIN number_ranges AS counted
      ON counted.seller_id = document.seller_id AND counted.series = document.series AND counted.year = document.year
    LEFT JOIN numbers_taken AS taken
      ON taken.seller_id = document.seller_id AND taken.series = document.series AND taken.year = document.year
     AND document.place BETWEEN taken.first AND taken.last
    ORDER BY document.seller_id, document.series, document.year, document.place, document.account_id
""")

# Up to the counter, not to the last document: one that is missing at the end is missing too.
_GAPS = text("""
    SELECT counted.seller_id, counted.series, counted.year, taken.place
    FROM number_ranges AS counted, generate_series(1, counted.next - 1) AS taken (place)
    WHERE NOT EXISTS (
        SELECT FROM documents AS document
        WHERE document.seller_id = counted.seller_id AND document.series = counted.series
          AND document.year = counted.year AND document.place = taken.place)
    ORDER BY counted.seller_id, counted.series, counted.year, taken.place
""")
