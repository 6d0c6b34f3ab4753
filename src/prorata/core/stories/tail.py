"""The open tail of a history: what can still matter to `step`, so that a story's last year plays as fast as its first.

What is cut off decides nothing any more: lines all of whose days lie behind everything that may still be compared,
documents that are settled and stand behind no line that is kept, money that was given back, credit that is used up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from prorata.core.billing.settle import behind
from prorata.core.history import Charge, History
from prorata.core.subscriptions.model import Subscription


def open_tail(history: History, on: date) -> History:
    """Cut off what is over as of a day; `step` decides the same on any later day."""
    documents = {charge.ref.document for s in history.subscriptions for charge in _kept(history, s, on=on)}
    still_open = {standing.document for standing in history.standings if standing.left}
    standing = behind(history, documents) | still_open
    return replace(
        history,
        # Whole documents: a credit note that closes one takes all that is left of its tax.
        charges=tuple(c for c in history.charges if c.ref.document in documents),
        standings=tuple(s for s in history.standings if s.document in standing),
        payments=tuple(p for p in history.payments if p.left and p.document in standing),
        lots=tuple(lot for lot in history.lots if lot.left),
    )


def _kept(history: History, subscription: Subscription, *, on: date) -> list[Charge]:
    """The lines that reach past the first day still in question, and the last seats charged before it.

    These say up to where the subscription is billed once all later ones are taken back.
    """
    charges = [c for c in history.charges if c.subscription == subscription.id]
    since = _in_question(subscription, on)
    older = [c for c in charges if c.period.end <= since and c.seat_days_kept]
    if not older:
        return charges
    last = max(older, key=lambda c: (c.period.end, c.period.start))
    return [c for c in charges if c.period.end > min(since, last.period.start)]


def _in_question(subscription: Subscription, on: date) -> date:
    """The first day that may still be compared with what was billed."""
    days = [on, subscription.covered_to]
    if subscription.unwritten:
        days.append(subscription.unwritten.start)
    if subscription.pending:
        days.append(subscription.pending.effective)
    if subscription.ending and subscription.state == "active":
        days.append(subscription.ending.charged_to)
    return min(days)
