"""Desired: how many licences should be charged on each day, from the subscription's history alone."""

from __future__ import annotations

from prorata.core.billing.difference import Level, cut
from prorata.core.calendar import Period
from prorata.core.licences.ledger import licences_on
from prorata.core.subscriptions.model import Subscription


def desired(subscription: Subscription, days: Period) -> tuple[Level, ...]:
    """Licences held plus licences forfeited, day by day, cut where either changes."""
    changes, forfeits = subscription.changes, subscription.forfeits
    ends = subscription.ending.charged_to if subscription.ending else None
    edges = [change.effective for change in changes]
    for forfeit in forfeits:
        edges += (forfeit.period.start, forfeit.period.end)
    if ends:
        edges.append(ends)
    levels: list[Level] = []
    for part in cut(days, edges):
        on = part.start
        held = 0 if ends and on >= ends else licences_on(changes, on)
        forfeited = sum([f.licences for f in forfeits if f.period.start <= on < f.period.end])
        levels.append(Level(part, held + forfeited))
    return tuple(levels)
