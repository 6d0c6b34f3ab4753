"""Saving a decision: what is new is inserted, what changed is updated, and numbers are taken last.

Documents need their number when they are inserted, and its counter is shared by all accounts of a seller. So
everything that hangs on a document goes in first (its foreign keys are looked at when the transaction ends), then the
counter is taken, and only the documents are still to come while others wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, bindparam, func, insert, literal, select, update

from prorata.core.billing.due import due_on
from prorata.core.decision import Decision
from prorata.core.documents.model import Standing
from prorata.core.documents.numbers import Issued
from prorata.core.subscriptions.model import Subscription
from prorata.store import issuing, parties
from prorata.store.accounts import AccountRow
from prorata.store.document_rows import line_rows, tax_rows, transfer_row
from prorata.store.errors import ChangedMeanwhile
from prorata.store.ledger_rows import lot_row, payment_row
from prorata.store.rows import Any
from prorata.store.subscription_rows import row_of
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.catalogue import PLANS
from prorata.store.tables.documents import DOCUMENT_LINES, DOCUMENT_TAXES, STANDINGS
from prorata.store.tables.ledger import CREDIT_LOTS, LOT_BALANCES, PAYMENT_BALANCES, PAYMENTS, TRANSFERS
from prorata.store.tables.subscriptions import LICENCE_CHANGES, SUBSCRIPTIONS

Rows = Sequence[dict[str, Any]]


def save(conn: Connection, account: AccountRow, *, decision: Decision) -> tuple[Issued, ...]:
    """Save a decision on a history that was loaded with `lock` in this transaction; returns its documents, numbered.

    Raises `ChangedMeanwhile` where a subscription is not the one that was loaded.
    """
    account_id = account.account_id
    _save_subscriptions(conn, account, decision=decision)
    for table, rows in _new_rows(decision):
        _insert(conn, table, account_id=account_id, rows=rows)
    _save_balances(conn, account_id, decision=decision)
    _save_account(conn, account_id, decision=decision)
    # What stands on a document is read only where one is written.
    faces = parties.faces(conn, account) if decision.documents else {}
    numbers = issuing.issue(conn, account, decision=decision, faces=faces)
    standings = {standing.document: standing for standing in decision.after.standings}
    return tuple(
        Issued(number, document, standings[document.id])
        for number, document in zip(numbers, decision.documents, strict=True)
    )


def _insert(conn: Connection, table: Table, *, account_id: int, rows: Rows) -> None:
    if rows:
        conn.execute(insert(table), [{"account_id": account_id, **row} for row in rows])


def _new_rows(decision: Decision) -> list[tuple[Table, Rows]]:
    return [
        (DOCUMENT_LINES, [row for document in decision.documents for row in line_rows(document)]),
        (DOCUMENT_TAXES, [row for document in decision.documents for row in tax_rows(document)]),
        (TRANSFERS, [transfer_row(transfer) for transfer in decision.transfers]),
        (PAYMENTS, [payment_row(payment) for payment in decision.payments]),
        (CREDIT_LOTS, [lot_row(lot) for lot in decision.lots]),
    ]


def _save_subscriptions(conn: Connection, account: AccountRow, *, decision: Decision) -> None:
    account_id = account.account_id
    before = {s.id: s for s in decision.before.subscriptions}
    for subscription in decision.after.subscriptions:
        known = before.get(subscription.id)
        if known is None:
            sold = _sold(conn, subscription, seller_id=account.seller_id)
            _insert(conn, SUBSCRIPTIONS, account_id=account_id, rows=[{**row_of(subscription), **sold}])
        elif known != subscription:
            _update_subscription(conn, account_id, known=known, subscription=subscription)
        new = subscription.changes[len(known.changes) if known else 0 :]
        if new:
            _add_changes(conn, account_id, subscription=subscription, count=len(new))


def _sold(conn: Connection, subscription: Subscription, *, seller_id: int) -> dict[str, Any]:
    """The plan and product of the catalogue, for display; none where the seller's catalogue has no such plan."""
    query = select(PLANS.c.id, PLANS.c.product_id).where(
        PLANS.c.seller_id == seller_id, PLANS.c.code == subscription.plan.name
    )
    row = conn.execute(query).one_or_none()
    return {"plan_id": row.id, "product_id": row.product_id} if row else {}


def _update_subscription(conn: Connection, account_id: int, *, known: Subscription, subscription: Subscription) -> None:
    table = SUBSCRIPTIONS.c
    written = conn.execute(
        update(SUBSCRIPTIONS)
        .where(table.account_id == account_id, table.id == known.id, table.version == known.version)
        .values(row_of(subscription))
    )
    if written.rowcount != 1:
        raise ChangedMeanwhile(subscription=subscription.name)


def _add_changes(conn: Connection, account_id: int, *, subscription: Subscription, count: int) -> None:
    table = LICENCE_CHANGES.c
    last = conn.scalar(
        select(func.coalesce(func.max(table.place), literal(0))).where(
            table.account_id == account_id, table.subscription_id == subscription.id
        )
    )
    rows = [
        {
            "subscription_id": subscription.id,
            "place": (last or 0) + step,
            "at": change.at,
            "effective": change.effective,
            "licences": change.licences,
            "by_side": change.by,
        }
        for step, change in enumerate(subscription.changes[-count:], start=1)
    ]
    _insert(conn, LICENCE_CHANGES, account_id=account_id, rows=rows)


def _save_balances(conn: Connection, account_id: int, *, decision: Decision) -> None:
    before, after = decision.before, decision.after
    was: dict[int, Standing] = {s.document: s for s in before.standings}
    standings = [_standing(s) for s in after.standings if s != was.get(s.document)]
    _upsert(conn, STANDINGS, account_id=account_id, rows=standings, known=set(was))
    payments = [
        {"payment_id": p.id, "amount": p.amount.minor, "left": p.left.minor}
        for p in after.payments
        if p not in before.payments
    ]
    _upsert(conn, PAYMENT_BALANCES, account_id=account_id, rows=payments, known={p.id for p in before.payments})
    lots = [
        {"lot_id": lot.id, "amount": lot.amount.minor, "left": lot.left.minor}
        for lot in after.lots
        if lot not in before.lots
    ]
    _upsert(conn, LOT_BALANCES, account_id=account_id, rows=lots, known={lot.id for lot in before.lots})


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "document_id": standing.document,
        "total": (standing.credit_used + standing.paid + standing.left).minor,
        "credit_used": standing.credit_used.minor,
        "paid": standing.paid.minor,
        "left": standing.left.minor,
    }


def _upsert(conn: Connection, table: Table, *, account_id: int, rows: Rows, known: set[int]) -> None:
    """Insert the rows that were not there, update the others; their id is the first of their keys."""
    if not rows:
        return
    key, *others = rows[0]
    _insert(conn, table, account_id=account_id, rows=[row for row in rows if row[key] not in known])
    changed = [{f"new_{name}": value for name, value in row.items()} for row in rows if row[key] in known]
    if changed:
        conn.execute(
            update(table)
            .where(table.c.account_id == account_id, table.c[key] == bindparam(f"new_{key}"))
            .values({name: bindparam(f"new_{name}") for name in others}),
            changed,
        )


def _save_account(conn: Connection, account_id: int, *, decision: Decision) -> None:
    following = decision.after.next
    values: dict[Any, Any] = {"due_on": due_on(decision.after, decision.today)}
    if decision.after != decision.before:
        values |= {
            "payment_mode": decision.after.mode,
            "next_subscription": following.subscription,
            "next_document": following.document,
            "next_payment": following.payment,
            "next_lot": following.lot,
            "next_transfer": following.transfer,
            "version": ACCOUNTS.c.version + 1,
        }
    conn.execute(update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id).values(values))
