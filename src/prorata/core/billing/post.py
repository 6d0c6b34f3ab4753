"""Posting transfers: every movement of money goes through here, and all standings follow from it."""

from __future__ import annotations

from dataclasses import replace

from prorata.core.decision import Decision
from prorata.core.documents.model import Document, LineRef, Standing
from prorata.core.history import History
from prorata.core.ledger.transfers import SALES, TAX, LedgerAccount, Transfer, receivable
from prorata.core.money import Money


def post(
    decision: Decision,
    debit: LedgerAccount,
    *,
    credit: LedgerAccount,
    amount: Money,
    document: int | None = None,
    line: LineRef | None = None,
) -> Decision:
    """Move an amount from the credit account to the debit account. Zero moves nothing; less is a mistake of ours."""
    if amount.minor < 0:
        raise ValueError(amount)
    if not amount:
        return decision
    history = decision.after
    transfer = Transfer(history.next.transfer, decision.today, debit, credit, amount, document, line)
    history = replace(history, next=replace(history.next, transfer=transfer.id + 1))
    history = _moved(_moved(history, debit, amount=amount, other=credit), credit, amount=-amount, other=debit)
    return replace(decision, after=history, transfers=(*decision.transfers, transfer))


def post_document(decision: Decision, document: Document) -> Decision:
    """The transfers that issue a document: each line between its receivable and sales, each tax group and tax."""
    owed = receivable(document.id)
    for place, line in enumerate(document.lines, start=1):
        ref = LineRef(document.id, place)
        decision = _either_way(decision, owed, other=SALES, amount=line.amount, document=document.id, line=ref)
    for group in document.taxes:
        decision = _either_way(decision, owed, other=TAX, amount=group.tax, document=document.id)
    return decision


def _either_way(
    decision: Decision,
    owed: LedgerAccount,
    *,
    other: LedgerAccount,
    amount: Money,
    document: int,
    line: LineRef | None = None,
) -> Decision:
    if amount.minor >= 0:
        return post(decision, owed, credit=other, amount=amount, document=document, line=line)
    return post(decision, other, credit=owed, amount=-amount, document=document, line=line)


def _moved(history: History, account: LedgerAccount, *, amount: Money, other: LedgerAccount) -> History:
    """Let the balance that a ledger account stands for follow a debit (a credit is negative)."""
    if account.name == "receivable":
        found = (_stand(s, amount, other=other) if s.document == account.of else s for s in history.standings)
        return replace(history, standings=tuple(found))
    if account.name == "cash":
        payments = (replace(p, left=p.left + amount) if p.id == account.of else p for p in history.payments)
        return replace(history, payments=tuple(payments))
    if account.name == "customer_credit":
        lots = (replace(lot, left=lot.left - amount) if lot.id == account.of else lot for lot in history.lots)
        return replace(history, lots=tuple(lots))
    return history


def _stand(standing: Standing, amount: Money, *, other: LedgerAccount) -> Standing:
    """What is left grows with a debit. Sales and tax issue it, cash pays it, credit and other documents settle it."""
    left = standing.left + amount
    if other.name in {"sales", "tax"}:
        return replace(standing, left=left)
    if other.name == "cash":
        return replace(standing, left=left, paid=standing.paid - amount)
    return replace(standing, left=left, credit_used=standing.credit_used - amount)
