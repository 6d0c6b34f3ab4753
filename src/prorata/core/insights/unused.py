"""What licences cost that nobody holds: what is charged, less what would be charged with only the assigned ones.

By the real price, so that steps, flat parts, phases and discounts count as they do on a bill. Fractions stay exact
until the one rounding of each figure, and no tax is in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final

from prorata.core.billing.desired import totals
from prorata.core.billing.difference import Level
from prorata.core.billing.shares import shares
from prorata.core.calendar import Every, Grid, Period, add_months, after_months
from prorata.core.catalog.plans import parts
from prorata.core.catalog.terms import Terms
from prorata.core.history import Discount
from prorata.core.licences.ledger import LicenceChange
from prorata.core.money import Money, half_up, total, zero
from prorata.core.records import record
from prorata.core.subscriptions.change import apply_pending
from prorata.core.subscriptions.change_plan import apply_pending_plan
from prorata.core.subscriptions.ledgers import PlanChange
from prorata.core.subscriptions.model import Subscription

_YEAR: Final = 12
_PERCENT: Final = 100


@record
class Unused:
    """`count` licences are bought and held by nobody. `month`: what they are charged in the month of the subscription
    that a day lies in; `year`: in twelve months from the beginning of its period, as things stand.

    `more`: where having only the assigned ones would cost more, so much more in that year; then `year` is zero.
    """

    count: int
    month: Money
    year: Money
    more: Money


def unused(subscription: Subscription, today: date, *, discounts: Iterable[Discount] = ()) -> Unused:
    """What the unassigned licences of a subscription cost. Nothing in a trial, in a pause and after the end.

    `discounts`: those of its account; an amount that is taken off all subscriptions together lowers no figure here.
    """
    nothing = zero(subscription.plan.price.amount.currency)
    count = max(subscription.licences - subscription.assigned, 0) if subscription.is_running else 0
    if not count or subscription.state == "trial" or subscription.paused:
        return Unused(count, nothing, nothing, nothing)
    mine = tuple(one for one in discounts if _is_of(one, subscription))
    month = _saved(subscription, _month(subscription.grid, today), discounts=mine)
    period = subscription.grid.period(today)
    year = _saved(
        _as_things_stand(subscription), Period(period.start, _later(subscription.grid, period.start)), discounts=mine
    )
    of = nothing.currency
    return Unused(count, Money(max(month, 0), of), Money(max(year, 0), of), Money(max(-year, 0), of))


def in_all(found: Collection[Unused]) -> tuple[Unused, ...]:
    """The sums of several, one for each currency in the order of the first of each. What would cost more without is no
    part of them.
    """
    return tuple(
        Unused(
            sum(one.count for one in found if one.month.currency == of),
            total((one.month for one in found if one.month.currency == of), of),
            total((one.year for one in found if one.month.currency == of), of),
            zero(of),
        )
        for of in dict.fromkeys(one.month.currency for one in found)
    )


def _is_of(discount: Discount, subscription: Subscription) -> bool:
    return discount.subscription == subscription.id or (discount.subscription is None and discount.percent is not None)


def _month(grid: Grid, today: date) -> Period:
    """The month that the day lies in, on the grid's own day; where periods are days, from the beginning of one."""
    if grid.day is not None:
        return replace(grid, every=Every(1, "month")).period(today)
    start = grid.period(today).start
    months = 0
    while after_months(start, months + 1) <= today:
        months += 1
    return Period(after_months(start, months), after_months(start, months + 1))


def _later(grid: Grid, start: date) -> date:
    """A year after the beginning of a period, on the grid's own day."""
    return add_months(start.year, start.month, months=_YEAR, day=grid.day or start.day)


def _as_things_stand(subscription: Subscription) -> Subscription:
    """The subscription with its present licences all along, and with what waits for its day."""
    steady = replace(subscription, changes=_all_along(subscription.changes), rests=())
    return apply_pending(apply_pending_plan(steady))


def _all_along(changes: Sequence[LicenceChange]) -> tuple[LicenceChange, ...]:
    return (replace(changes[-1], effective=changes[0].effective),)


def _saved(subscription: Subscription, days: Period, *, discounts: Sequence[Discount]) -> int:
    """What the days cost, less what they would with no more licences than are assigned; in minor units, rounded."""
    held = subscription.assigned
    changes = tuple(replace(one, licences=min(one.licences, held)) for one in subscription.changes)
    fewer = replace(subscription, changes=changes)
    return half_up(_charged(subscription, days, discounts=discounts) - _charged(fewer, days, discounts=discounts))


def _charged(subscription: Subscription, days: Period, *, discounts: Sequence[Discount]) -> Fraction:
    """What is charged for the days, exactly: each period as a whole, then the share of it that lies in them."""
    ending = subscription.ending
    end = min(days.end, ending.charged_to) if ending else days.end
    asked = Period(days.start, end)
    found = Fraction(0)
    for level, sold, running in _pieces(subscription, asked):
        share = level.period.meet(asked)
        if share.days > 0:
            found += _share(subscription.terms, share, running=running, months=sold.grid.every.months) * _price(
                level, sold, discounts=discounts
            )
    return found


def _pieces(subscription: Subscription, asked: Period) -> Iterator[tuple[Level, PlanChange, Period]]:
    """Stretches with one number of licences and one price, none reaching over the end of its period.

    Whole periods are looked at, so that a stretch begins where its charge does.
    """
    first = subscription.grid.period(asked.start).start
    for level, sold in totals(subscription, Period(min(first, asked.start), max(asked.end, asked.start))):
        start = level.period.start
        while start < level.period.end:
            running = sold.grid.period(start)
            part = Period(start, min(running.end, level.period.end))
            yield Level(part, level.licences), sold, running
            start = part.end


def _share(terms: Terms, part: Period, *, running: Period, months: int) -> Fraction:
    """Which share of its period a part is, as the terms count days; where they know only wholes, by days."""
    proration = "thirty" if terms.proration == "thirty" else "day"
    return Fraction(*shares(part, running, proration=proration, months=months))


def _price(level: Level, sold: PlanChange, *, discounts: Sequence[Discount]) -> Fraction:
    """What a whole period of so many licences costs, in minor units, after discounts."""
    begins = level.period.start
    phase = max(0, sum(1 for start in sold.phase_starts() if start <= begins) - 1)
    full = sum((part.price.minor * part.count for part in parts(sold.plan, level.licences, phase=phase)), Fraction(0))
    applying = [one for one in discounts if one.start <= begins and (one.until is None or begins < one.until)]
    off = sum((full * one.percent / _PERCENT for one in applying if one.percent is not None), Fraction(0))
    off += sum((Fraction(one.amount.minor) for one in applying if one.amount), Fraction(0))
    return max(full - off, Fraction(0))
