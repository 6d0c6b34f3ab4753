"""Which days of a subscription a run looks at, and on which day there is something to do.

In advance a period is charged on its first day, up to a known end; in arrears on the day after its last. Changes of
licences wait for the profile's next document where the terms say so; endings do not.
"""

from __future__ import annotations

from datetime import date, timedelta

from prorata.core.calendar import Period
from prorata.core.history import History
from prorata.core.subscriptions.cancel import final_due
from prorata.core.subscriptions.lifecycle import on_day
from prorata.core.subscriptions.model import Subscription, timetable


def is_over(subscription: Subscription) -> bool:
    """Whether nothing can come of a subscription any more: it is deleted, and its end is settled."""
    ending = subscription.ending
    settled = ending is not None and subscription.covered_to >= ending.charged_to
    return subscription.state == "deleted" and subscription.unwritten is None and settled


def horizon(subscription: Subscription, today: date) -> date:
    """The day up to which everything is to be charged as of today."""
    if subscription.state != "active":
        end = subscription.ending.charged_to if subscription.ending else subscription.covered_to
        return max(end, subscription.covered_to)
    running = subscription.grid.period(today)
    until = running.end if subscription.in_advance else max(running.start, subscription.start)
    if subscription.ending:
        until = min(until, subscription.ending.charged_to)
    return until


def window(subscription: Subscription, today: date, *, renew: bool = True) -> Period:
    """The days to compare: from the first that may differ, to the horizon; without `renew`, of billed days only."""
    covered = subscription.covered_to
    start = min(covered, subscription.unwritten.start) if subscription.unwritten else covered
    until = horizon(subscription, today)
    return Period(start, until if renew else min(until, covered))


def must_write(subscription: Subscription, today: date) -> bool:
    """Whether the run of the day must write what it finds: a period is due, a wait is over, an end is to be settled."""
    if subscription.unwritten and subscription.unwritten.due <= today:
        return True
    if horizon(subscription, today) <= subscription.covered_to:
        return False
    if subscription.state != "active" and subscription.ending:
        return final_due(subscription, subscription.ending) <= today
    return True


def may_write(subscription: Subscription, today: date) -> bool:
    """Whether anything at all could be written: something waits, or days are not yet compared."""
    return subscription.unwritten is not None or horizon(subscription, today) > subscription.covered_to


def waits(subscription: Subscription) -> bool:
    """Whether changes wait here that any document of the profile takes along."""
    return (
        subscription.unwritten is not None
        and subscription.state == "active"
        and subscription.terms.invoice_changes == "next"
    )


def next_day(subscription: Subscription, after: date) -> date | None:
    """The first day after the given one on which a run may have something to do; None where nothing is to come."""
    days: list[date] = []
    if subscription.unwritten:
        days.append(subscription.unwritten.due)
    if subscription.ending:
        days.append(subscription.ending.on)
        days.append(final_due(subscription, subscription.ending))
        days.append(subscription.ending.on + timedelta(days=subscription.terms.disabled_days))
    if subscription.state == "active":
        days.append(subscription.grid.next_boundary(after))
        if horizon(subscription, after) > subscription.covered_to:
            days.append(after + timedelta(days=1))
    if subscription.pending:
        days.append(subscription.pending.effective)
    to_come = [day for day in days if day > after]
    return min(to_come) if to_come else None


def due_on(history: History, today: date) -> date | None:
    """The watermark of an account: the next day on which the daily run has something to do, today included.

    None where nothing is to come; of what is parked only changes of its state count. Runs visit accounts by it: too
    early a day costs a look, too late a day a bill.
    """
    daily = history.account.billing == "daily"
    days: list[date] = []
    for subscription in history.subscriptions:
        is_parked = subscription.id in history.parked
        writes = daily and not is_parked and must_write(subscription, today)
        if writes or on_day(subscription, today) is not subscription:
            return today
        following = _effects(subscription, today) if is_parked else next_day(subscription, today)
        if following:
            days.append(following)
    return min(days, default=None)


def _effects(subscription: Subscription, after: date) -> date | None:
    """The first day after the given one on which the state of a subscription changes, whatever is billed."""
    days = [turn.on for turn in timetable(subscription)]
    if subscription.pending:
        days.append(subscription.pending.effective)
    return min((day for day in days if day > after), default=None)
