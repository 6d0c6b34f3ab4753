"""What a day brings to a subscription by itself: a trial's end, a waiting change, a new price, an end, the deletion.

That nobody has paid is no matter of a subscription alone, and stands in `billing/unpaid.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from prorata.core.catalog.plans import NewPrice
from prorata.core.events import PaymentMode
from prorata.core.records import record
from prorata.core.subscriptions.cancel import ended
from prorata.core.subscriptions.change import apply_pending
from prorata.core.subscriptions.change_plan import apply_pending_plan, new_price
from prorata.core.subscriptions.model import Subscription, Turn, timetable
from prorata.core.subscriptions.trials import converted, converts, lapse


@record
class Around:
    """What a subscription cannot know by itself: how its account pays, newer prices of plans, the instant."""

    mode: PaymentMode
    prices: Sequence[NewPrice]
    at: datetime


def on_day(subscription: Subscription, today: date, *, around: Around) -> Subscription:
    """Apply everything that takes effect on or before the day; the same subscription where there is nothing."""
    s = subscription
    if s.state == "active" and not (s.ending or s.pending or s.pending_plan or s.conflict or around.prices):
        return s
    trial = s.trial
    if s.state == "trial" and trial and trial.ends <= today:
        if converts(s, around.mode):
            s = converted(s, trial.ends, at=around.at)
        else:
            s = ended(s, lapse(s, trial.ends, at=around.at))
    if s.is_running:
        s = _changed(s, today, around=around)
    if s.is_running and s.ending and s.ending.on <= today:
        s = ended(s, s.ending)
    if s.conflict and s.conflict.until <= today:
        # So many hold a licence as there are: the newest have lost theirs.
        s = replace(s, assigned=s.licences, conflict=None)
    return _turned(s, today)


def _changed(s: Subscription, today: date, *, around: Around) -> Subscription:
    """Let waiting changes and new prices take effect that come before the end."""
    last = min(today, s.ending.on - timedelta(days=1)) if s.ending else today
    if s.pending_plan and s.pending_plan.effective <= last:
        s = apply_pending_plan(s)
    if s.pending and s.pending.effective <= last:
        s = apply_pending(s)
    if around.prices and s.state == "active":
        s = new_price(s, around.prices, today=last, at=around.at)
    return s


def _turned(s: Subscription, today: date) -> Subscription:
    """Let the states after an end follow each other."""
    if s.is_running:
        return s
    for turn in timetable(s)[len(s.turns) :]:
        if turn.on <= today:
            s = replace(s, state=turn.state, turns=(*s.turns, Turn(turn.on, turn.state, turn.at)))
            if turn.state == "deleted":
                s = replace(s, assigned=0, conflict=None, foreseen=None, pending=None, pending_plan=None)
    return s
