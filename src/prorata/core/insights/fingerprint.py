"""What was shown before a decision, as a short text that the confirmation brings back.

If the same question has another answer by then (somebody else changed something, a day has passed), the fingerprints
differ, and nothing happens: what a person is shown is exactly what happens. The instant itself is no part of an answer:
who reads for a minute before they confirm may do so.
"""

from __future__ import annotations

import hashlib

from prorata.core.decision import Decision
from prorata.core.history import History
from prorata.core.subscriptions.ledgers import PlanChange
from prorata.core.subscriptions.model import Subscription

LENGTH = 32


def fingerprint(decision: Decision) -> str:
    """A digest of the documents and of what becomes of them, of the subscriptions before and after, of credit, and of
    what is given from now on.
    """
    known = {s.id: s for s in decision.before.subscriptions}
    touched = [s for s in decision.after.subscriptions if known.get(s.id) != s]
    facts = (
        decision.documents,
        decision.after.standings,
        decision.after.lots,
        [(s.name, known[s.id].version if s.id in known else 0, _outcome(s)) for s in touched],
        _given(decision.after),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:LENGTH]


def _outcome(subscription: Subscription) -> tuple[object, ...]:
    return (
        subscription.state,
        [(change.effective, change.licences) for change in subscription.changes],
        subscription.assigned,
        [_sold(change) for change in subscription.plans],
        subscription.terms,
        subscription.trial,
        [(rest.start, rest.end, rest.why) for rest in subscription.rests],
        subscription.setups,
        subscription.forfeits,
        *_to_come(subscription),
    )


def _sold(change: PlanChange) -> tuple[object, ...]:
    return change.effective, change.plan, change.grid, change.counted_from, change.why


def _to_come(subscription: Subscription) -> tuple[object, ...]:
    ending, pending, plan = subscription.ending, subscription.pending, subscription.pending_plan
    return (
        (ending.on, ending.charged_to, ending.refund, ending.why) if ending else None,
        (pending.effective, pending.licences) if pending else None,
        (plan.effective, plan.plan, plan.anchor) if plan else None,
        subscription.conflict,
    )


def _given(after: History) -> tuple[object, ...]:
    """Discounts and new prices, and how documents are paid."""
    discounts = [(d.id, d.subscription, d.percent, d.amount, d.start, d.until) for d in after.discounts]
    return after.mode, discounts, after.prices
