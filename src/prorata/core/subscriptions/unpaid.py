"""What nobody has paid: from which day on that ends a subscription.

Source: the table of states and the terms (`grace_days`, 30, counted from the day on which a document is due). Where
they are silent: ADR 0024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from prorata.core.documents.model import Standing
from prorata.core.subscriptions.cancel import ended
from prorata.core.subscriptions.model import Ending, Subscription


def unpaid_from(standings: Iterable[Standing], subscriptions: Iterable[Subscription]) -> Mapping[int, date]:
    """By id, the first day on which a running subscription counts as unpaid if nothing is paid until then.

    On the day that a document is due it can still be paid. What had gone unpaid for so long before the subscription was
    begun again does not end it once more.
    """
    owing = [s for s in standings if s.subscriptions and s.due is not None and s.left.minor > 0]
    if not owing:
        return {}
    active = {s.id: s for s in subscriptions if s.state == "active"}
    found: dict[int, date] = {}
    for standing in owing:
        for one in standing.subscriptions:
            day = _unpaid_from(standing, active[one]) if one in active else None
            if day is not None:
                found[one] = min(day, found.get(one, day))
    return found


def _unpaid_from(standing: Standing, subscription: Subscription) -> date | None:
    if standing.due is None:
        return None
    day = standing.due + timedelta(days=max(subscription.terms.grace_days, 1))
    return day if day > subscription.turns[-1].on else None


def past_due(standings: Iterable[Standing], *, today: date) -> frozenset[int]:
    """The subscriptions, by id, with lines on a document that is to be paid and was due before today."""
    late = (s for s in standings if s.subscriptions and s.due is not None and s.left.minor > 0 and s.due < today)
    return frozenset(one for standing in late for one in standing.subscriptions)


def is_unpaid(subscription: Subscription) -> bool:
    """Whether it is disabled because nobody has paid."""
    if subscription.state != "disabled":
        return False
    return subscription.ending is not None and subscription.ending.why == "unpaid"


def comes_back(subscription: Subscription, today: date) -> bool:
    """Whether it comes back by itself once it is paid: not if it would have ended by now for another reason."""
    foreseen = subscription.foreseen
    return is_unpaid(subscription) and not (foreseen and foreseen.on <= today)


def ended_unpaid(subscription: Subscription, on: date, *, at: datetime) -> Subscription:
    """The subscription, ended on a day because nobody has paid; the end that was to come is kept in mind."""
    refund = subscription.terms.refund.end
    ending = Ending(on, on, at, "system", refund, subscription.version, "unpaid")
    return replace(ended(subscription, ending), foreseen=subscription.ending)
