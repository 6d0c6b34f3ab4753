"""Settling: what becomes of a document when it is issued, and of money when it comes in.

An invoice takes account credit, then is paid by the saved method where there is one. What a credit note is worth goes,
in this order: to the open part of the documents it corrects; to other open documents of the profile, oldest due first;
back to the methods that paid the corrected documents, newest payment first, never more than was received and not yet
returned; the rest to account credit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from prorata.core.billing.post import post
from prorata.core.credits.model import CreditLot
from prorata.core.decision import Decision
from prorata.core.documents.model import Document, Standing
from prorata.core.history import History
from prorata.core.ledger.transfers import cash, customer_credit, receivable
from prorata.core.money import Money, total, zero
from prorata.core.payments.model import Payment


def settle(decision: Decision, document: Document) -> Decision:
    """Settle a document that was just issued."""
    decision = use_credit(decision)
    if document.kind == "credit_note":
        return use_credit(_settle_credit_note(decision, document))
    left = _standing(decision.after, document.id).left
    if decision.after.mode == "automatic" and left.minor > 0:
        decision = receive(decision, document.id, amount=left, method="saved")
    return decision


def receive(decision: Decision, document: int, *, amount: Money, method: str) -> Decision:
    """Take in money for a document."""
    history = decision.after
    payment = Payment(history.next.payment, document, decision.today, method, amount, left=zero(amount.currency))
    history = replace(
        history, payments=(*history.payments, payment), next=replace(history.next, payment=payment.id + 1)
    )
    decision = replace(decision, after=history, payments=(*decision.payments, payment))
    return post(decision, cash(payment.id), credit=receivable(document), amount=amount, document=document)


def use_credit(decision: Decision) -> Decision:
    """Let account credit pay open documents, oldest due first; what was a gift is used before what was money."""
    for lot in sorted(decision.after.lots, key=lambda lot: (lot.origin != "goodwill", lot.id)):
        for standing in decision.after.open_documents():
            left = next(found.left for found in decision.after.lots if found.id == lot.id)
            amount = min(left, standing.left)
            decision = post(
                decision,
                customer_credit(lot.id),
                credit=receivable(standing.document),
                amount=amount,
                document=standing.document,
            )
    return decision


def _standing(history: History, document: int) -> Standing:
    return next(s for s in history.standings if s.document == document)


def _settle_credit_note(decision: Decision, note: Document) -> Decision:
    corrected = {line.corrects.document for line in note.lines if line.corrects}
    still_open = decision.after.open_documents()
    own = [s for s in still_open if s.document in corrected]
    others = [s for s in still_open if s.document not in corrected and s.profile == note.profile]
    for standing in (*own, *others):
        amount = min(_worth(decision, note), standing.left)
        decision = post(
            decision, receivable(note.id), credit=receivable(standing.document), amount=amount, document=note.id
        )
    decision = _pay_back(decision, note, corrected=corrected)
    return _to_account_credit(decision, note)


def _worth(decision: Decision, note: Document) -> Money:
    """What of a credit note is not settled yet, as a positive amount."""
    return -_standing(decision.after, note.id).left


def _pay_back(decision: Decision, note: Document, *, corrected: Iterable[int]) -> Decision:
    """Pay back to the methods, at most what the lines with that policy are worth."""
    nothing = zero(note.total.currency)
    to_method = (line for line in note.lines if line.refund == "to_method")
    allowed = -total((line.amount + (line.tax or nothing) for line in to_method), note.total.currency)
    sources = behind(decision.after, corrected)
    payments = (p for p in decision.after.payments if p.document in sources and p.left.minor > 0)
    for payment in sorted(payments, key=lambda p: p.id, reverse=True):
        amount = min(allowed, _worth(decision, note), payment.left)
        decision = post(decision, receivable(note.id), credit=cash(payment.id), amount=amount, document=note.id)
        allowed -= amount
    return decision


def behind(history: History, documents: Iterable[int]) -> frozenset[int]:
    """The documents themselves and those whose lines they took back, and so on: where their money came from."""
    corrects = {s.document: s.corrects for s in history.standings}
    found: set[int] = set()
    todo = list(documents)
    while todo:
        document = todo.pop()
        if document not in found:
            found.add(document)
            todo.extend(corrects.get(document, ()))
    return frozenset(found)


def _to_account_credit(decision: Decision, note: Document) -> Decision:
    amount = _worth(decision, note)
    if not amount:
        return decision
    history = decision.after
    lot = CreditLot(history.next.lot, "paid", note.id, decision.today, amount, left=zero(amount.currency))
    history = replace(history, lots=(*history.lots, lot), next=replace(history.next, lot=lot.id + 1))
    decision = replace(decision, after=history, lots=(*decision.lots, lot))
    return post(decision, receivable(note.id), credit=customer_credit(lot.id), amount=amount, document=note.id)
