"""Which days of a subscription a run looks at, and on which day there is something to do.

In advance a period is charged on its first day, up to a known end; in arrears on the day after its last. Changes of
licences wait for the profile's next document where the terms say so; endings do not.
"""

from __future__ import annotations

from datetime import date, timedelta

from prorata.core.calendar import Period, start_of_day
from prorata.core.history import History
from prorata.core.records import record
from prorata.core.subscriptions.cancel import final_due
from prorata.core.subscriptions.change import CHANGES_WAIT_DAYS
from prorata.core.subscriptions.lifecycle import Around, on_day
from prorata.core.subscriptions.model import Setup, Subscription, Unwritten, timetable
from prorata.core.subscriptions.unpaid import unpaid_from


@record
class Window:
    """Days to compare. What is missing is charged up to `charge_to`, what was charged too much taken back on all."""

    days: Period
    charge_to: date


def is_over(subscription: Subscription) -> bool:
    """Whether nothing can come of a subscription any more: it is deleted, and its end is settled."""
    ending = subscription.ending
    settled = ending is not None and subscription.covered_to >= ending.charged_to
    return subscription.state == "deleted" and subscription.unwritten is None and settled


def horizon(subscription: Subscription, today: date) -> date:
    """The day up to which everything is to be charged as of today."""
    if not subscription.is_running:
        end = subscription.ending.charged_to if subscription.ending else subscription.covered_to
        return max(end, subscription.covered_to)
    if subscription.state == "trial":
        return subscription.covered_to
    running = subscription.grid.period(today)
    if subscription.in_advance:
        until = running.end
    else:
        until = _begun(subscription, running.start)
        paused = subscription.paused
        if paused:
            until = max(until, paused.start)
    if subscription.ending:
        until = min(until, subscription.ending.charged_to)
    return until


def _begun(subscription: Subscription, boundary: date) -> date:
    """The last boundary that has really been: a grid does not reach back behind the day from which it was in force."""
    plans = subscription.plans
    place = len(plans) - 1
    while place and boundary < plans[place].effective:
        boundary = plans[place - 1].grid.period(plans[place].effective).start
        place -= 1
    return boundary


def window(subscription: Subscription, today: date, *, renew: bool = True) -> Window:
    """The days to compare, from the first that may differ; without `renew`, of billed days only.

    What was billed further than anything is charged now, on another grid, is compared as well, to be taken back.
    """
    covered, unwritten = subscription.covered_to, subscription.unwritten
    until = horizon(subscription, today)
    to = until if renew else min(until, covered)
    if not unwritten:
        return Window(Period(covered, to), until)
    return Window(Period(min(covered, unwritten.start), max(to, subscription.reach)), to)


def must_write(subscription: Subscription, today: date) -> bool:
    """Whether the run of the day must write what it finds: a period is due, a wait is over, an end is to be settled."""
    unwritten = subscription.unwritten
    if unwritten and unwritten.due <= today:
        return True
    if subscription.setups and setups_due(subscription, today):
        return True
    if horizon(subscription, today) <= subscription.covered_to:
        return bool(unwritten) and subscription.state == "active" and _has_begun(subscription, unwritten, today=today)
    if not subscription.is_running and subscription.ending:
        return final_due(subscription, subscription.ending) <= today
    return not unwritten or _has_begun(subscription, unwritten, today=today)


def _has_begun(subscription: Subscription, waiting: Unwritten, *, today: date) -> bool:
    """Whether a period has begun since a change that waits: that period's bill takes it along."""
    begun = _begun(subscription, subscription.grid.period(today).start)
    asked = waiting.due - timedelta(days=CHANGES_WAIT_DAYS)
    return begun >= subscription.covered_to or begun > asked


def setups_due(subscription: Subscription, today: date) -> tuple[Setup, ...]:
    """What is charged once and is due by a day: in advance on its own day, in arrears with the period it lies in."""
    setups = subscription.setups
    if not setups or subscription.state == "trial" or subscription.paused:
        return ()
    until = today + timedelta(days=1) if subscription.in_advance else horizon(subscription, today)
    ending = subscription.ending
    if ending:
        until = min(until, ending.charged_to)
    return tuple(setup for setup in setups if setup.on < until)


def may_write(subscription: Subscription, today: date) -> bool:
    """Whether anything at all could be written: something waits, or days are not yet compared."""
    if subscription.unwritten is not None or horizon(subscription, today) > subscription.covered_to:
        return True
    return bool(setups_due(subscription, today))


def waits(subscription: Subscription) -> bool:
    """Whether changes wait here that any document of the profile takes along."""
    return (
        subscription.unwritten is not None and subscription.is_running and subscription.terms.invoice_changes == "next"
    )


def next_day(subscription: Subscription, after: date) -> date | None:
    """The first day after the given one on which a run may have something to do; None where nothing is to come."""
    following = after + timedelta(days=1)
    if must_write(subscription, following):
        # What was entered late may have been due before today.
        return following
    days = _effects(subscription)
    if subscription.unwritten:
        days.append(subscription.unwritten.due)
    if subscription.setups:
        days += [setup.on for setup in subscription.setups]
    if subscription.ending:
        days.append(final_due(subscription, subscription.ending))
    if subscription.state == "active":
        days.append(subscription.grid.next_boundary(after))
    to_come = [day for day in days if day > after]
    return min(to_come) if to_come else None


def due_on(history: History, today: date) -> date | None:
    """The watermark of an account: the next day on which the daily run has something to do, today included.

    None where nothing is to come; of what is parked only changes of its state count. Runs visit accounts by it: too
    early a day costs a look, too late a day a bill.
    """
    daily = history.account.billing == "daily"
    around = Around(history.mode, history.prices, start_of_day(today, history.account.zone))
    days: list[date] = []
    for subscription in history.subscriptions:
        is_parked = subscription.id in history.parked
        writes = daily and not is_parked and must_write(subscription, today)
        if writes or on_day(subscription, today, around=around) is not subscription:
            return today
        following = _next_effect(subscription, today) if is_parked else next_day(subscription, today)
        if following:
            days.append(following)
    unpaid = unpaid_from(history.standings, history.subscriptions)
    days += (max(day, today) for day in unpaid.values())
    return min(days, default=None)


def _effects(subscription: Subscription) -> list[date]:
    """Days on which the state of a subscription changes, or what is sold, whatever is billed."""
    days: list[date] = []
    if subscription.ending:
        days += [turn.on for turn in timetable(subscription)]
    if subscription.pending:
        days.append(subscription.pending.effective)
    if subscription.pending_plan:
        days.append(subscription.pending_plan.effective)
    if subscription.trial and subscription.state == "trial":
        days.append(subscription.trial.ends)
    if subscription.conflict:
        days.append(subscription.conflict.until)
    return days


def _next_effect(subscription: Subscription, after: date) -> date | None:
    return min((day for day in _effects(subscription) if day > after), default=None)
