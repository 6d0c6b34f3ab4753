"""Accounts with all that belongs to them, loaded whole, many at once, in a fixed number of queries.

JSON and decimals come as text: most of it is the same again and again, and is read once for each spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

from psycopg import Connection as Driver
from sqlalchemy import Connection, text

from prorata.store import accounts
from prorata.store.accounts import Counted
from prorata.store.rows import AnyRow
from prorata.store.subscription_rows import COLUMNS
from prorata.store.verifying.rows import (
    ChangeRow,
    CountRow,
    DocumentRow,
    HoldersRow,
    LineRow,
    MoneyRow,
    ParkedRow,
    TaxRow,
    TransferRow,
    by,
)

_Row = TypeVar("_Row", bound=tuple[Any, ...])
_New = Callable[[type[_Row], tuple[Any, ...]], _Row]


@dataclass(slots=True)
class Whole:
    """One account and its rows, each kind in the order of its ids."""

    account: Counted
    documents: list[DocumentRow] = field(default_factory=list[DocumentRow])
    lines: list[LineRow] = field(default_factory=list[LineRow])
    taxes: list[TaxRow] = field(default_factory=list[TaxRow])
    transfers: list[TransferRow] = field(default_factory=list[TransferRow])
    payments: list[MoneyRow] = field(default_factory=list[MoneyRow])
    lots: list[MoneyRow] = field(default_factory=list[MoneyRow])
    subscriptions: list[AnyRow] = field(default_factory=list[AnyRow])
    changes: list[ChangeRow] = field(default_factory=list[ChangeRow])
    holders: list[HoldersRow] = field(default_factory=list[HoldersRow])
    counts: list[CountRow] = field(default_factory=list[CountRow])
    parked: list[ParkedRow] = field(default_factory=list[ParkedRow])


def load(conn: Connection, account_ids: Sequence[int]) -> list[Whole]:
    """Those of the accounts that there are, in the order of their ids. Wants a transaction that sees one moment."""
    ids = list(account_ids)

    def read(query: str, kind: type[_Row]) -> dict[int, list[_Row]]:
        # The driver's own rows: there are many, and what SQLAlchemy would make of them is not needed.
        driver = cast("Driver[tuple[Any, ...]]", conn.connection.driver_connection)
        with driver.cursor(binary=True) as cursor:
            # Planned each time: a plan for any number of accounts is a bad one for hundreds.
            rows = cursor.execute(query.encode(), {"ids": ids}, prepare=False).fetchall()
        # What `_make` does, but for counting the columns of each row.
        return by("account_id", map(partial(cast("_New[_Row]", tuple.__new__), kind), rows))

    documents, lines = read(_DOCUMENTS, DocumentRow), read(_LINES, LineRow)
    taxes, transfers = read(_TAXES, TaxRow), read(_TRANSFERS, TransferRow)
    payments, lots = read(_PAYMENTS, MoneyRow), read(_LOTS, MoneyRow)
    changes, holders = read(_CHANGES, ChangeRow), read(_HOLDERS, HoldersRow)
    counts, parked = read(_COUNTS, CountRow), read(_PARKED, ParkedRow)
    subscriptions = by("account_id", conn.execute(text(_SUBSCRIPTIONS), {"ids": ids}).all())
    return [
        Whole(
            counted,
            documents[account],
            lines[account],
            taxes=taxes[account],
            transfers=transfers[account],
            payments=payments[account],
            lots=lots[account],
            subscriptions=subscriptions[account],
            changes=changes[account],
            holders=holders[account],
            counts=counts[account],
            parked=parked[account],
        )
        for counted in accounts.some(conn, ids)
        for account in [counted.row.account_id]
    ]


def _of_these(query: str) -> str:
    """A query for the accounts that are asked for: `@` stands for them."""
    return query.replace("@", "account_id = ANY(CAST(%(ids)s AS bigint[]))")


# What has become of a document stands beside it; where one of the two is missing, its columns are empty.
_DOCUMENTS = _of_these("""
    SELECT coalesce(document.account_id, standing.account_id) AS account_id, document.id, document.seller_id,
           document.series, document.year, document.place, document.number, document.kind, document.issued_on,
           document.due_on, document.profile_id, document.currency, CAST(document.seller AS text) AS seller,
           CAST(document.customer AS text) AS customer, document.language, document.net, document.tax,
           document.total, document.final, CAST(document.statement AS text) AS statement, document.content_hash,
           standing.document_id, standing.credit_used, standing.paid, standing."left"
    FROM (SELECT * FROM documents WHERE @) AS document
    FULL JOIN (SELECT * FROM standings WHERE @) AS standing
      ON standing.account_id = document.account_id AND standing.document_id = document.id
    ORDER BY 1, coalesce(document.id, standing.document_id)
""")

_LINES = _of_these("""
    SELECT account_id, document_id, line, subscription_id, kind, from_date, to_date, licences,
           CAST(price AS text) AS price, price_version, days, of_days, amount, CAST(tax_rate AS text) AS tax_rate, tax,
           CAST(proof AS text) AS proof, cause, cause_on, cause_by, corrects_document, corrects_line, refund
    FROM document_lines WHERE @ ORDER BY account_id, document_id, line
""")

_TAXES = _of_these("""
    SELECT account_id, document_id, place, CAST(rate AS text) AS rate, base, tax, CAST(proof AS text) AS proof
    FROM document_taxes WHERE @ ORDER BY account_id, document_id, place
""")

_TRANSFERS = _of_these("""
    SELECT account_id, id, on_date, debit, debit_of, credit, credit_of, amount, currency, document_id, line
    FROM transfers WHERE @ ORDER BY account_id, id
""")

_PAYMENTS = _of_these("""
    SELECT coalesce(payment.account_id, balance.account_id) AS account_id, payment.id, payment.document_id,
           payment.on_date, payment.amount, payment.currency, balance.payment_id, balance.amount, balance."left",
           CAST(NULL AS text) AS origin
    FROM (SELECT * FROM payments WHERE @) AS payment
    FULL JOIN (SELECT * FROM payment_balances WHERE @) AS balance
      ON balance.account_id = payment.account_id AND balance.payment_id = payment.id
    ORDER BY 1, coalesce(payment.id, balance.payment_id)
""")

_LOTS = _of_these("""
    SELECT coalesce(lot.account_id, balance.account_id) AS account_id, lot.id, lot.document_id, lot.on_date,
           lot.amount, lot.currency, balance.lot_id, balance.amount, balance."left", lot.origin
    FROM (SELECT * FROM credit_lots WHERE @) AS lot
    FULL JOIN (SELECT * FROM lot_balances WHERE @) AS balance
      ON balance.account_id = lot.account_id AND balance.lot_id = lot.id
    ORDER BY 1, coalesce(lot.id, balance.lot_id)
""")

_SUBSCRIPTIONS = f"""
    SELECT {COLUMNS} FROM subscriptions AS subscription
    WHERE account_id = ANY(CAST(:ids AS bigint[])) ORDER BY account_id, id
"""  # noqa: S608 - these are names of our own columns

_CHANGES = _of_these("""
    SELECT account_id, subscription_id, place, at, effective, licences, by_side
    FROM licence_changes WHERE @ ORDER BY account_id, subscription_id, place
""")

# Where an account has members, whoever counts holders names them: that nobody is named is a number too.
_HOLDERS = _of_these("""
    SELECT account_id, subscription_id, count(*) AS holders
    FROM licence_assignments WHERE @ GROUP BY account_id, subscription_id
    UNION ALL
    SELECT account_id, id, 0 FROM subscriptions AS subscription
    WHERE @ AND assigned > 0
      AND EXISTS (SELECT FROM members WHERE members.account_id = subscription.account_id)
      AND NOT EXISTS (
          SELECT FROM licence_assignments AS held
          WHERE held.account_id = subscription.account_id AND held.subscription_id = subscription.id)
""")

# Rows of which only the number matters: ids are given one after the other, and none is ever removed.
_COUNTS = _of_these("""
    SELECT account.account_id, kept.kind, kept.counted, coalesce(kept.last, 0) AS last, kept.following
    FROM accounts AS account, LATERAL (
        SELECT 'audit entry' AS kind, account.next_audit AS following, count(*) AS counted, max(id) AS last
        FROM audit WHERE audit.account_id = account.account_id
        UNION ALL
        SELECT 'member', account.next_member, count(*), max(id)
        FROM members WHERE members.account_id = account.account_id
        UNION ALL
        SELECT 'profile', account.next_profile, count(*), max(id)
        FROM billing_profiles WHERE billing_profiles.account_id = account.account_id
    ) AS kept
    WHERE account.@ AND (counted <> following - 1 OR coalesce(last, 0) <> following - 1)
""")

_PARKED = _of_these("SELECT account_id, subscription_id FROM parked WHERE @ ORDER BY 1, 2")
