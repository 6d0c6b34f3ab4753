"""Accounts with all that belongs to them, loaded whole, many at once, in a fixed number of queries.

JSON and decimals come as text: most of it is the same again and again, and is read once for each spelling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from prorata.core.history import Account
from prorata.core.money import currency
from prorata.store.subscription_rows import COLUMNS, PLAN_COLUMNS
from prorata.store.verifying.fetching import fetch
from prorata.store.verifying.holders import ODD_SEATS
from prorata.store.verifying.rows import (
    AccountRow,
    ChangeRow,
    CountRow,
    DocumentRow,
    HoldersRow,
    LineRow,
    MoneyRow,
    ParkedRow,
    PlanRow,
    SeatRow,
    SubscriptionRow,
    TaxRow,
    TransferRow,
    by,
)

_Row = TypeVar("_Row", bound=tuple[Any, ...])

_KEPT: Final = 1000


@dataclass(slots=True)
class Whole:
    """One account and its rows, each kind in the order of its ids; `rules`: what the rules ask of it."""

    account: AccountRow
    rules: Account
    documents: Sequence[DocumentRow]
    lines: Sequence[LineRow]
    taxes: Sequence[TaxRow]
    transfers: Sequence[TransferRow]
    payments: Sequence[MoneyRow]
    lots: Sequence[MoneyRow]
    subscriptions: Sequence[SubscriptionRow]
    changes: Sequence[ChangeRow]
    plans: Sequence[PlanRow]
    holders: Sequence[HoldersRow]
    odd_seats: Sequence[SeatRow]
    counts: Sequence[CountRow]
    parked: Sequence[ParkedRow]


def load(conn: Connection, account_ids: Sequence[int]) -> list[Whole]:
    """Those of the accounts that there are, in the order of their ids. Wants a transaction that sees one moment."""
    # To begin a process for so few rows takes longer than it saves. And hundreds of accounts are looked up by their
    # keys, even where the planner would read all that there are.
    conn.execute(text("SET LOCAL max_parallel_workers_per_gather = 0"))
    conn.execute(text("SET LOCAL enable_seqscan = off"))

    def read(query: str, kind: type[_Row]) -> dict[int, list[_Row]]:
        return by("account_id", fetch(conn, query, of=account_ids, kind=kind))

    documents, lines = read(_DOCUMENTS, DocumentRow), read(_LINES, LineRow)
    taxes, transfers = read(_TAXES, TaxRow), read(_TRANSFERS, TransferRow)
    payments, lots = read(_PAYMENTS, MoneyRow), read(_LOTS, MoneyRow)
    subscriptions, changes = read(_SUBSCRIPTIONS, SubscriptionRow), read(_CHANGES, ChangeRow)
    plans, holders, odd_seats = read(_PLANS, PlanRow), read(_HOLDERS, HoldersRow), read(ODD_SEATS, SeatRow)
    counts, parked = read(_COUNTS, CountRow), read(_PARKED, ParkedRow)
    return [
        Whole(
            row,
            _rules(row.zone, row.currency, row.tax_rate, (row.kind, row.country, row.billing)),
            documents.get(account, ()),
            lines.get(account, ()),
            taxes.get(account, ()),
            transfers.get(account, ()),
            payments.get(account, ()),
            lots.get(account, ()),
            subscriptions.get(account, ()),
            changes.get(account, ()),
            plans.get(account, ()),
            holders.get(account, ()),
            odd_seats.get(account, ()),
            counts.get(account, ()),
            parked.get(account, ()),
        )
        for row in fetch(conn, _ACCOUNTS, of=account_ids, kind=AccountRow)
        for account in [row.account_id]
    ]


@lru_cache(_KEPT)
def _rules(zone: str, of: str, rate: str | None, said: tuple[Any, ...]) -> Account:  # noqa: PLR0917 - as a cache has it
    """What the rules ask of an account in a zone and a currency, with tax at a rate in percent."""
    return Account(ZoneInfo(zone), currency(of), None if rate is None else Fraction(rate), *said)


_ACCOUNTS = """
    SELECT account.account_id, account.seller_id, seller.test AS seller_test, account.country, account.kind,
           account.currency, account.zone, CAST(account.tax_rate AS text) AS tax_rate, account.billing,
           account.payment_mode, account.test, account.clock_at, account.due_on, account.next_subscription,
           account.next_document, account.next_payment, account.next_lot, account.next_transfer
    FROM accounts AS account JOIN sellers AS seller ON seller.id = account.seller_id
    WHERE account.account_id = ANY($1) ORDER BY account.account_id
"""

# What has become of a document stands beside it; where one of the two is missing, its columns are empty.
_DOCUMENTS = """
    SELECT coalesce(document.account_id, standing.account_id) AS account_id, document.id, document.seller_id,
           document.series, document.year, document.place, document.number, document.kind, document.issued_on,
           document.due_on, document.profile_id, document.currency, CAST(document.seller AS text) AS seller,
           CAST(document.customer AS text) AS customer, document.language, document.net, document.tax,
           document.total, document.final, CAST(document.statement AS text) AS statement, document.form,
           document.content_hash,
           standing.document_id, standing.credit_used, standing.paid, standing."left"
    FROM (SELECT * FROM documents WHERE account_id = ANY($1)) AS document
    FULL JOIN (SELECT * FROM standings WHERE account_id = ANY($1)) AS standing
      ON standing.account_id = document.account_id AND standing.document_id = document.id
    ORDER BY 1, coalesce(document.id, standing.document_id)
"""

_LINES = """
    SELECT account_id, document_id, line, subscription_id, kind, from_date, to_date, licences,
           CAST(price AS text) AS price, plan, price_version, phase, step, flat, days, of_days, exact_from,
           exact_to, amount, CAST(tax_rate AS text) AS tax_rate, tax, CAST(proof AS text) AS proof, cause, cause_on,
           cause_by, corrects_document, corrects_line, refund, reduces, discount_id
    FROM document_lines WHERE account_id = ANY($1) ORDER BY account_id, document_id, line
"""

_TAXES = """
    SELECT account_id, document_id, place, CAST(rate AS text) AS rate, base, tax, CAST(proof AS text) AS proof
    FROM document_taxes WHERE account_id = ANY($1) ORDER BY account_id, document_id, place
"""

_TRANSFERS = """
    SELECT account_id, id, on_date, debit, debit_of, credit, credit_of, amount, currency, document_id, line
    FROM transfers WHERE account_id = ANY($1) ORDER BY account_id, id
"""

_PAYMENTS = """
    SELECT coalesce(payment.account_id, balance.account_id) AS account_id, payment.id, payment.document_id,
           payment.on_date, payment.amount, payment.currency, balance.payment_id, balance.amount, balance."left",
           CAST(NULL AS text) AS origin
    FROM (SELECT * FROM payments WHERE account_id = ANY($1)) AS payment
    FULL JOIN (SELECT * FROM payment_balances WHERE account_id = ANY($1)) AS balance
      ON balance.account_id = payment.account_id AND balance.payment_id = payment.id
    ORDER BY 1, coalesce(payment.id, balance.payment_id)
"""

_LOTS = """
    SELECT coalesce(lot.account_id, balance.account_id) AS account_id, lot.id, lot.document_id, lot.on_date,
           lot.amount, lot.currency, balance.lot_id, balance.amount, balance."left", lot.origin
    FROM (SELECT * FROM credit_lots WHERE account_id = ANY($1)) AS lot
    FULL JOIN (SELECT * FROM lot_balances WHERE account_id = ANY($1)) AS balance
      ON balance.account_id = lot.account_id AND balance.lot_id = lot.id
    ORDER BY 1, coalesce(lot.id, balance.lot_id)
"""

_SUBSCRIPTIONS = f"""
    SELECT {COLUMNS} FROM subscriptions AS subscription
    WHERE account_id = ANY($1) ORDER BY account_id, id
"""  # noqa: S608 - these are names of our own columns

_CHANGES = """
    SELECT account_id, subscription_id, place, at, effective, licences, by_side
    FROM licence_changes WHERE account_id = ANY($1) ORDER BY account_id, subscription_id, effective, place
"""

_PLANS = f"""
    SELECT {PLAN_COLUMNS}, entry.place
    FROM plan_changes AS entry WHERE account_id = ANY($1) ORDER BY account_id, subscription_id, effective, place
"""  # noqa: S608 - these are names of our own columns

# Where an account has members, whoever counts holders names them: that nobody is named is a number too.
_HOLDERS = """
    SELECT account_id, subscription_id, count(*) AS holders
    FROM licence_assignments WHERE account_id = ANY($1) GROUP BY account_id, subscription_id
    UNION ALL
    SELECT account_id, id, 0 FROM subscriptions AS subscription
    WHERE account_id = ANY($1) AND assigned > 0
      AND EXISTS (SELECT FROM members WHERE members.account_id = subscription.account_id)
      AND NOT EXISTS (
          SELECT FROM licence_assignments AS held
          WHERE held.account_id = subscription.account_id AND held.subscription_id = subscription.id)
"""

# Rows of which only the number matters: ids are given one after the other, and none is ever removed.
_COUNTS = """
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
        UNION ALL
        SELECT 'discount', account.next_discount, count(*), max(id)
        FROM discounts WHERE discounts.account_id = account.account_id
    ) AS kept
    WHERE account.account_id = ANY($1) AND (counted <> following - 1 OR coalesce(last, 0) <> following - 1)
"""

_PARKED = "SELECT account_id, subscription_id FROM parked WHERE account_id = ANY($1) ORDER BY 1, 2"
