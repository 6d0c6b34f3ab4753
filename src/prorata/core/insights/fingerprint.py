"""What was shown before a decision, as a short text that the confirmation brings back.

If the same question has another answer by then (somebody else changed something, a day has passed), the fingerprints
differ, and nothing happens: what a person is shown is exactly what happens.
"""

from __future__ import annotations

import hashlib

from prorata.core.decision import Decision
from prorata.core.subscriptions.model import Subscription

LENGTH = 32


def fingerprint(decision: Decision) -> str:
    """A digest of the documents, of what becomes of them, and of the subscriptions before and after."""
    known = {s.id: s for s in decision.before.subscriptions}
    touched = [s for s in decision.after.subscriptions if known.get(s.id) != s]
    facts = (
        decision.documents,
        decision.after.standings,
        [(s.name, known[s.id].version if s.id in known else 0, _outcome(s)) for s in touched],
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:LENGTH]


def _outcome(subscription: Subscription) -> tuple[object, ...]:
    ending, pending = subscription.ending, subscription.pending
    return (
        subscription.state,
        subscription.licences,
        subscription.assigned,
        (ending.on, ending.charged_to, ending.refund) if ending else None,
        (pending.effective, pending.licences) if pending else None,
    )
