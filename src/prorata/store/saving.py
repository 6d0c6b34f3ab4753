"""Saving decisions: what is new is inserted, what changed is updated, and numbers are taken last.

Documents need their number when they are inserted, and its counter is shared by all accounts of a seller. So
everything that hangs on a document goes in first (its foreign keys are looked at when the transaction ends), then the
counter is taken, and only the documents are still to come while others wait for it, and the entries of the audit, which
name them, with the accounts, which keep the hash of the last entry.

The decision of one person and those of a run for hundreds of accounts are saved in the same way.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection, Table, select

from prorata.core.billing.due import due_on
from prorata.core.decision import Decision
from prorata.core.documents.model import Standing
from prorata.core.documents.numbers import Issued
from prorata.core.history import Discount
from prorata.core.subscriptions.model import Subscription
from prorata.store import audit, issuing, parties, seats_lost
from prorata.store.accounts import AccountRow
from prorata.store.audit import AuditEntry, Place
from prorata.store.bulk import Change, How, NewRows, update
from prorata.store.discount_rows import discount_row
from prorata.store.document_rows import line_rows, tax_rows, transfer_row
from prorata.store.errors import ChangedMeanwhile
from prorata.store.ledger_rows import lot_row, payment_row
from prorata.store.rows import Any
from prorata.store.saving_ledgers import Entered, add_entered
from prorata.store.subscription_rows import changed_row_of, row_of
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.audit import AUDIT
from prorata.store.tables.catalogue import PLANS
from prorata.store.tables.discounts import DISCOUNTS
from prorata.store.tables.documents import DOCUMENT_LINES, DOCUMENT_TAXES, STANDINGS
from prorata.store.tables.ledger import CREDIT_LOTS, LOT_BALANCES, PAYMENT_BALANCES, PAYMENTS, TRANSFERS
from prorata.store.tables.subscriptions import LICENCE_CHANGES, PLAN_CHANGES, SUBSCRIPTIONS

_TABLES: Final = (
    SUBSCRIPTIONS,
    LICENCE_CHANGES,
    PLAN_CHANGES,
    DISCOUNTS,
    DOCUMENT_LINES,
    DOCUMENT_TAXES,
    TRANSFERS,
    PAYMENTS,
    CREDIT_LOTS,
    STANDINGS,
    PAYMENT_BALANCES,
    LOT_BALANCES,
)
"""In the order in which rows may refer to each other."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the audit that is written with a decision; `place` is the account's next one."""

    place: Place
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class Saving:
    """A decision on an account's history that was loaded and held in this transaction."""

    account: AccountRow
    decision: Decision
    noted: Noted | None = None


def save(conn: Connection, account: AccountRow, *, decision: Decision) -> tuple[Issued, ...]:
    """Save the decision of one account; returns its documents, numbered. Raises `ChangedMeanwhile`."""
    return save_all(conn, [Saving(account, decision)])[0]


def save_all(
    conn: Connection,
    savings: Sequence[Saving],
    *,
    how: How = "insert",
    run_id: int | None = None,
    at: datetime | None = None,
) -> tuple[tuple[Issued, ...], ...]:
    """Save decisions of several accounts of one seller; returns the documents of each, numbered.

    `how`: by COPY only as the owner. `run_id`: the run that the numbers are taken for, `at` an instant; without
    them there is one account, and the instant is that of its decision.
    Raises `ChangedMeanwhile` where a subscription is not the one that was loaded.
    """
    new, balances = NewRows(), dict[Table, list[Change]]()
    for saving in savings:
        _collect(new, saving)
        _collect_balances(new, saving, changes=balances)
    _save_subscriptions(conn, savings, new=new)
    new.write(conn, _TABLES, how=how)
    for table, changes in balances.items():
        update(conn, table, changes=changes)
    numbers = _issue(conn, savings, how=how, run_id=run_id, at=at)
    notes = [_note(saving, given) for saving, given in zip(savings, numbers, strict=True)]
    update(conn, ACCOUNTS, changes=map(_account_change, savings, notes))
    _write_notes(conn, savings, notes=notes, how=how)
    return tuple(_issued(saving.decision, given) for saving, given in zip(savings, numbers, strict=True))


def _issue(
    conn: Connection, savings: Sequence[Saving], *, how: How, run_id: int | None, at: datetime | None
) -> list[tuple[str, ...]]:
    """Number the documents and write them. What stands on them is read only where one is written."""
    with_documents = [saving for saving in savings if saving.decision.documents]
    if not with_documents:
        return [() for _ in savings]
    faces = parties.faces(conn, [saving.account for saving in with_documents])
    decided = [(s.account, s.decision) for s in with_documents]
    taken_at = at or decided[0][1].at
    given = issuing.issue(conn, decided, faces=faces, how=how, run_id=run_id, at=taken_at)
    numbers = {s.account.account_id: one for s, one in zip(with_documents, given, strict=True)}
    return [numbers.get(saving.account.account_id, ()) for saving in savings]


def _issued(decision: Decision, numbers: Iterable[str]) -> tuple[Issued, ...]:
    if not decision.documents:
        return ()
    standings = {standing.document: standing for standing in decision.after.standings}
    return tuple(
        Issued(number, document, standings[document.id])
        for number, document in zip(numbers, decision.documents, strict=True)
    )


def _collect(new: NewRows, saving: Saving) -> None:
    """What a decision adds for good."""
    account_id, decision = saving.account.account_id, saving.decision
    for document in decision.documents:
        for row in line_rows(document):
            new.add(DOCUMENT_LINES, row, account_id=account_id)
        for row in tax_rows(document):
            new.add(DOCUMENT_TAXES, row, account_id=account_id)
    for transfer in decision.transfers:
        new.add(TRANSFERS, transfer_row(transfer), account_id=account_id)
    for payment in decision.payments:
        new.add(PAYMENTS, payment_row(payment), account_id=account_id)
    for lot in decision.lots:
        new.add(CREDIT_LOTS, lot_row(lot), account_id=account_id)
    for discount in _new_discounts(decision):
        new.add(DISCOUNTS, discount_row(discount), account_id=account_id)


def _new_discounts(decision: Decision) -> Sequence[Discount]:
    before, after = decision.before.discounts, decision.after.discounts
    if after is before:
        return ()
    known = {discount.id for discount in before}
    return [discount for discount in after if discount.id not in known]


def _collect_balances(new: NewRows, saving: Saving, *, changes: dict[Table, list[Change]]) -> None:
    """The balances that there were none of before, and those that are not what they were."""
    account_id = saving.account.account_id
    for table, key, known, rows in _balances(saving.decision):
        for row in rows:
            if row[key] in known:
                changes.setdefault(table, []).append(Change({"account_id": account_id, key: row.pop(key)}, row))
            else:
                new.add(table, row, account_id=account_id)


Balances = tuple[Table, str, Container[int], list[dict[str, Any]]]


def _balances(decision: Decision) -> Iterator[Balances]:
    """The balances that are new or not what they were: their table, what tells them apart, and those known before."""
    before, after = decision.before, decision.after
    if after.standings is not before.standings:
        was = {s.document: s for s in before.standings}
        standings = [_standing(s) for s in after.standings if s is not was.get(s.document) and s != was.get(s.document)]
        yield STANDINGS, "document_id", was, standings
    if after.payments is not before.payments:
        paid = {p.id: p for p in before.payments}
        payments = [
            {"payment_id": p.id, "amount": p.amount.minor, "left": p.left.minor}
            for p in after.payments
            if p is not paid.get(p.id) and p != paid.get(p.id)
        ]
        yield PAYMENT_BALANCES, "payment_id", paid, payments
    if after.lots is not before.lots:
        owed = {lot.id: lot for lot in before.lots}
        lots = [
            {"lot_id": lot.id, "amount": lot.amount.minor, "left": lot.left.minor}
            for lot in after.lots
            if lot is not owed.get(lot.id) and lot != owed.get(lot.id)
        ]
        yield LOT_BALANCES, "lot_id", owed, lots


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "document_id": standing.document,
        "total": (standing.credit_used + standing.paid + standing.left).minor,
        "credit_used": standing.credit_used.minor,
        "paid": standing.paid.minor,
        "left": standing.left.minor,
    }


def _save_subscriptions(conn: Connection, savings: Sequence[Saving], *, new: NewRows) -> None:
    changes: list[Change] = []
    entered: list[Entered] = []
    lost: list[seats_lost.Lost] = []
    for saving in savings:
        account_id, before = saving.account.account_id, saving.decision.before
        known = {s.id: s for s in before.subscriptions}
        for subscription in saving.decision.after.subscriptions:
            was = known.get(subscription.id)
            if was is subscription:
                continue
            if was is None:
                sold = _sold(conn, subscription, seller_id=saving.account.seller_id)
                new.add(SUBSCRIPTIONS, {**row_of(subscription), **sold}, account_id=account_id)
            elif was != subscription:
                gone = seats_lost.lost(
                    was, subscription, account_id=account_id, at=saving.decision.at, today=saving.decision.today
                )
                lost += [gone] if gone else []
                found_by = {"account_id": account_id, "id": was.id, "version": was.version}
                columns = changed_row_of(subscription, known=was)
                if subscription.plans is not was.plans and subscription.plan.name != was.plan.name:
                    columns |= _sold(conn, subscription, seller_id=saving.account.seller_id)
                changes.append(Change(found_by, columns))
            entered.append(Entered(account_id, subscription, was))
    if update(conn, SUBSCRIPTIONS, changes=changes) != len(changes):
        raise ChangedMeanwhile
    seats_lost.take(conn, lost)
    add_entered(conn, entered, new=new)


def _sold(conn: Connection, subscription: Subscription, *, seller_id: int) -> dict[str, Any]:
    """The plan and product of the catalogue, for display; none where the seller's catalogue has no such plan."""
    query = select(PLANS.c.id, PLANS.c.product_id).where(
        PLANS.c.seller_id == seller_id, PLANS.c.code == subscription.plan.name
    )
    row = conn.execute(query).one_or_none()
    return {"plan_id": row.id if row else None, "product_id": row.product_id if row else None}


def _account_change(saving: Saving, note: dict[str, Any] | None) -> Change:
    account, decision = saving.account, saving.decision
    following = decision.after.next
    new: dict[str, Any] = {"due_on": due_on(decision.after, decision.today)}
    if decision.after is not decision.before:
        new["version"] = account.version + 1
        counted = zip(_COUNTERS, _counts(following), _counts(decision.before.next), strict=True)
        new |= {column: count for column, count, was in counted if count != was}
        if decision.after.mode != decision.before.mode:
            new["payment_mode"] = decision.after.mode
        if decision.after.account.closed:
            new["closed_at"] = decision.at
    if note:
        new |= {"next_audit": note["id"] + 1, "audit_hash": note["hash"]}
    return Change({"account_id": account.account_id}, new)


_KINDS: Final = ("subscription", "document", "payment", "lot", "transfer", "discount")
"""What an account counts, by the names of `Next` and of its columns."""
_COUNTERS: Final = tuple(f"next_{kind}" for kind in _KINDS)
_counts = attrgetter(*_KINDS)


def _note(saving: Saving, numbers: Sequence[str]) -> dict[str, Any] | None:
    """The row of the audit: it names the documents by their numbers, so it comes after them."""
    return audit.row_of(saving.noted.entry, saving.noted.place, documents=numbers) if saving.noted else None


def _write_notes(
    conn: Connection, savings: Iterable[Saving], *, notes: Iterable[dict[str, Any] | None], how: How
) -> None:
    new = NewRows()
    for saving, note in zip(savings, notes, strict=True):
        if note:
            new.add(AUDIT, note, account_id=saving.account.account_id)
    new.write(conn, (AUDIT,), how=how)
