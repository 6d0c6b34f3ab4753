"""What a day brings to a subscription by itself: a waiting change, an end, the deletion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from prorata.core.subscriptions.cancel import ended
from prorata.core.subscriptions.change import apply_pending
from prorata.core.subscriptions.model import Subscription, state_on


def on_day(subscription: Subscription, today: date) -> Subscription:
    """Apply everything that takes effect on or before the day; the same subscription where there is nothing."""
    if subscription.state == "active" and subscription.ending and subscription.ending.on <= today:
        subscription = ended(subscription, subscription.ending)
    if subscription.pending and subscription.pending.effective <= today:
        subscription = apply_pending(subscription)
    if subscription.state == "disabled" and state_on(subscription, today) == "deleted":
        subscription = replace(subscription, state="deleted")
    return subscription
