"""The open tail of a history: what can still matter to `step`, so that a story's last year plays as fast as its first.

What is cut off decides nothing any more: lines all of whose days lie behind everything that may still be compared,
documents that are settled and stand behind no line that is kept, money that was given back, credit that is used up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from prorata.core.billing.billed import is_seats
from prorata.core.billing.settle import behind
from prorata.core.catalog.plans import NewPrice
from prorata.core.history import Charge, History
from prorata.core.subscriptions.model import Subscription


def open_tail(history: History, on: date, *, keep: frozenset[int] = frozenset()) -> History:
    """Cut off what is over as of a day, but for documents to `keep`; `step` decides the same on any later day."""
    documents = {charge.ref.document for s in history.subscriptions for charge in _kept(history, s, on=on)} | keep
    still_open = {standing.document for standing in history.standings if standing.left}
    standing = behind(history, documents) | still_open
    return replace(
        history,
        # Whole documents: a credit note that closes one takes all that is left of its tax.
        charges=tuple(c for c in history.charges if c.ref.document in documents),
        standings=tuple(s for s in history.standings if s.document in standing),
        payments=tuple(p for p in history.payments if p.left and p.document in standing),
        lots=tuple(lot for lot in history.lots if lot.left),
        discounts=tuple(d for d in history.discounts if d.until is None or d.until > min(on, _earliest(history))),
    )


def _earliest(history: History) -> date:
    """The first day on which a line that is not written yet may begin."""
    days = [s.covered_to for s in history.subscriptions]
    return min(days + [s.unwritten.start for s in history.subscriptions if s.unwritten], default=date.max)


def _kept(history: History, subscription: Subscription, *, on: date) -> list[Charge]:
    """The lines that reach past the beginning of the first period still in question, and the last seats before it.

    These say up to where the subscription is billed once all later ones are taken back. Whole periods: an amount is
    taken off each of them once, whatever lines it has.
    """
    charges = [c for c in history.charges if c.subscription == subscription.id]
    since = subscription.grid.period(_in_question(subscription, on, prices=history.prices)).start
    older = [c for c in charges if is_seats(c) and c.period.end <= since and c.seat_days_kept]
    if not older:
        return charges
    last = max(older, key=lambda c: (c.period.end, c.period.start))
    first = min(since, last.period.start)
    # A line that ends at an instant may charge hours of the day that it is shown to end before.
    return [c for c in charges if c.period.end > first or (c.exact and c.period.end == first)]


def _in_question(subscription: Subscription, on: date, *, prices: Iterable[NewPrice]) -> date:
    """The first day that may still be compared with what was billed."""
    days = [on, subscription.covered_to, *_prices_from(subscription, prices)]
    if subscription.unwritten:
        days.append(subscription.unwritten.start)
    if subscription.pending:
        days.append(subscription.pending.effective)
    if subscription.pending_plan:
        days.append(subscription.pending_plan.effective)
    if subscription.ending and subscription.is_running:
        days.append(subscription.ending.charged_to)
    return min(days)


def _prices_from(subscription: Subscription, prices: Iterable[NewPrice]) -> list[date]:
    """Days before which newer prices of its plan do not begin."""
    last, notice = subscription.plans[-1], timedelta(days=subscription.terms.price_change_notice)
    mine = (new for new in prices if new.plan == last.plan.name and new.price.version > last.plan.price.version)
    return [max(last.effective, new.valid_from + notice) for new in mine]
