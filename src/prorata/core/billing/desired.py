"""Desired: how many licences should be charged on each day, from the subscription's history alone."""

from __future__ import annotations

from prorata.core.billing.difference import Level, cut
from prorata.core.calendar import Period
from prorata.core.licences.ledger import licences_on
from prorata.core.subscriptions.model import Subscription


def desired(subscription: Subscription, days: Period) -> tuple[Level, ...]:
    """Licences held plus licences forfeited, day by day, cut where either changes."""
    if days.days <= 0:
        return ()
    ends = subscription.ending.charged_to if subscription.ending else None
    edges = [change.effective for change in subscription.changes]
    edges += [edge for forfeit in subscription.forfeits for edge in (forfeit.period.start, forfeit.period.end)]
    levels: list[Level] = []
    for part in cut(days, [*edges, *([ends] if ends else [])]):
        gone = ends is not None and part.start >= ends
        held = 0 if gone else licences_on(subscription.changes, part.start)
        forfeited = sum(f.licences for f in subscription.forfeits if f.period.start <= part.start < f.period.end)
        levels.append(Level(part, held + forfeited))
    return tuple(levels)
