"""Rectangles into charges: price × licences × days ÷ days of the period, each item for itself.

Source of the rules: section 5 of the product's design. What was charged too much goes to `credits.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from operator import attrgetter

from prorata.core.billing.billed import billed, is_seats, reaching, seats_left
from prorata.core.billing.causes import cause_of
from prorata.core.billing.credits import TooMuch, credits_for
from prorata.core.billing.desired import Wanted, desired
from prorata.core.billing.difference import Level, cut, difference, layers
from prorata.core.billing.shares import shares
from prorata.core.calendar import Grid, Period
from prorata.core.catalog.plans import Item
from prorata.core.documents.model import Cause, Line
from prorata.core.history import Charge
from prorata.core.money import MAX_MINOR, UnitPrice
from prorata.core.proof import ChargeProof, SetupProof, prove
from prorata.core.records import record
from prorata.core.subscriptions.buy import check_worth
from prorata.core.subscriptions.ledgers import plan_on, rests_on, sold_as
from prorata.core.subscriptions.model import Setup, Subscription


@record
class Drafted:
    """The lines of one subscription, credits first, and the new states of the charges that they take back from.

    `setups`: what was charged once among them. `left_from`: the first day that is to be charged later.
    """

    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]
    setups: tuple[Setup, ...] = ()
    left_from: date | None = None


def draft_lines(
    subscription: Subscription,
    charges: Sequence[Charge],
    *,
    days: Period,
    charge_to: date,
    tax_rate: Fraction | None,
    setups: Sequence[Setup] = (),
) -> Drafted:
    """Write the difference between desired and billed over a stretch of days, and what is charged once.

    What is missing is charged up to `charge_to`; what was charged too much is taken back wherever it lies.
    """
    wanted = desired(subscription, days)
    there = _by_item(reaching(charges, days))
    lines: list[Line] = [_setup(subscription, setup, tax_rate=tax_rate) for setup in setups]
    too_much: list[TooMuch] = []
    left_from: date | None = None
    gone = [(item, None) for item in there if item not in wanted]
    for item, want in (*wanted.items(), *gone):
        levels = want.levels if want else ()
        mine = there.get(item) if there else None
        if mine:
            gap = difference(levels, billed(mine), days=days)
            back = tuple(Level(level.period, -level.licences) for level in gap if level.licences < 0)
            if back:
                too_much.append(TooMuch(back, mine))
            levels = [level for level in gap if level.licences > 0]
        levels = _while_sold(subscription, levels)
        if want and levels:
            if days.end > charge_to and levels[-1].period.end > charge_to:
                later = next(level for level in levels if level.period.end > charge_to)
                first = max(later.period.start, charge_to)
                left_from = min(left_from or first, first)
                levels = _up_to(charge_to, levels)
            if subscription.terms.proration == "none":
                levels = _more_than_ever(subscription, levels, charges=charges, item=item)
            lines += _charges(subscription, item, want=want, missing=levels, tax_rate=tax_rate)
    if len(lines) > 1:
        lines.sort(key=attrgetter("period.start"))
    taken_back, changed = credits_for(subscription, charges, too_much=too_much) if too_much else ((), ())
    return Drafted((*taken_back, *lines), changed, tuple(setups), left_from)


def _while_sold(subscription: Subscription, missing: Sequence[Level]) -> Sequence[Level]:
    """Between an end and the reactivation nothing is charged, whatever was given up before."""
    rests = [rest for rest in subscription.rests if rest.why == "ended"] if subscription.forfeits else ()
    if not rests:
        return missing
    edges = [day for rest in rests for day in (rest.start, rest.end) if day]
    parts = ((level, part) for level in missing for part in cut(level.period, edges))
    return [Level(part, level.licences) for level, part in parts if not rests_on(rests, part.start)]


def _more_than_ever(
    subscription: Subscription, missing: Sequence[Level], *, charges: Sequence[Charge], item: Item
) -> list[Level]:
    """Where a part costs a whole, a period is charged for the most seats that it has, each of them once."""
    found: list[Level] = []
    mine = [charge for charge in charges if charge.item == item and is_seats(charge)]
    rises = billed(mine)
    for running, levels in _by_period(subscription, missing, item=item):
        wholes = sum(seats_left(one, one.period.start) for one in mine if _period_of(subscription, one) == running)
        most = wholes
        starts = [*(level.period.start for level in levels), levels[-1].period.end]
        for level, end in zip(levels, starts[1:], strict=True):
            there = sum(rise for day, rise in rises.items() if day <= level.period.start)
            most = max(most, level.licences + there)
            if most > wholes:
                found.append(Level(Period(level.period.start, end), most - wholes))
    return found


def _period_of(subscription: Subscription, charge: Charge) -> Period:
    on = charge.period.start
    return _grid_of(subscription, charge.item, on=on).period(on)


def _grid_of(subscription: Subscription, item: Item, *, on: date) -> Grid:
    """The grid that an item is charged on; that of a plan that was left is its own."""
    sold = sold_as(subscription.plans, item, on=on) if subscription.forfeits else None
    return (sold or plan_on(subscription.plans, on)).grid


def _up_to(end: date, levels: Iterable[Level]) -> list[Level]:
    """The levels cut off at a day."""
    kept = [level for level in levels if level.period.start < end]
    return [Level(Period(level.period.start, min(level.period.end, end)), level.licences) for level in kept]


def _by_item(charges: Iterable[Charge]) -> Mapping[Item, list[Charge]]:
    found: dict[Item, list[Charge]] = {}
    for charge in charges:
        found.setdefault(charge.item, []).append(charge)
    return found


def _charges(
    subscription: Subscription, item: Item, *, want: Wanted, missing: Sequence[Level], tax_rate: Fraction | None
) -> list[Line]:
    """One line for each rectangle, none reaching over the end of its period.

    After the end nothing more is charged, whatever was given up before.
    """
    ending = subscription.ending
    if ending and not subscription.is_running:
        missing = [level for level in missing if level.period.start < ending.charged_to]
    return [
        _charge(subscription, item, price=want.price, rectangle=rectangle, running=running, tax_rate=tax_rate)
        for running, levels in _by_period(subscription, missing, item=item)
        for rectangle in layers(levels)
    ]


def _by_period(subscription: Subscription, levels: Iterable[Level], *, item: Item) -> list[tuple[Period, list[Level]]]:
    """The levels (in the order of their days) of each period of the grid of their days, cut at its boundaries."""
    plans = subscription.plans
    edges = [entry.effective for entry in plans] if len(plans) > 1 else ()
    periods: list[tuple[Period, list[Level]]] = []
    for level in levels:
        for piece in cut(level.period, edges) if edges else (level.period,):
            grid = _grid_of(subscription, item, on=piece.start) if edges else subscription.grid
            _cut_by(grid, Level(piece, level.licences) if edges else level, periods=periods)
    return periods


def _cut_by(grid: Grid, level: Level, *, periods: list[tuple[Period, list[Level]]]) -> None:
    start, end = level.period.start, level.period.end
    while start < end:
        running = grid.period(start)
        if not periods or periods[-1][0] != running:
            periods.append((running, []))
        is_whole = start == level.period.start and end <= running.end
        part = level if is_whole else Level(Period(start, min(running.end, end)), level.licences)
        periods[-1][1].append(part)
        start = part.period.end


def _charge(
    subscription: Subscription,
    item: Item,
    *,
    price: UnitPrice,
    rectangle: Level,
    running: Period,
    tax_rate: Fraction | None,
) -> Line:
    period, licences = rectangle.period, rectangle.licences
    days, of_days = period.days, running.days
    if subscription.terms.proration != "day":
        months = _grid_of(subscription, item, on=period.start).every.months
        days, of_days = shares(period, running, proration=subscription.terms.proration, months=months)
    proof = ChargeProof(price, licences, days, of_days)
    amount = prove(proof)
    if amount.minor > MAX_MINOR:
        check_worth(licences, plan_on(subscription.plans, period.start).plan)
    return Line(
        subscription.id,
        "flat" if item.flat else "recurring",
        period,
        None if item.flat else licences,
        price,
        item,
        days,
        of_days,
        amount,
        tax_rate,
        proof,
        cause_of(subscription, period.start),
    )


def _setup(subscription: Subscription, setup: Setup, *, tax_rate: Fraction | None) -> Line:
    proof = SetupProof(setup.amount)
    sold = plan_on(subscription.plans, setup.on).plan
    return Line(
        subscription.id,
        "setup",
        Period(setup.on, setup.on),
        None,
        UnitPrice.of(setup.amount),
        Item(setup.plan, sold.price.version),
        None,
        None,
        setup.amount,
        tax_rate,
        proof,
        Cause("purchase", setup.on, subscription.plans[-1].by),
    )
