"""Desired: what should be charged on each day, from the subscription's ledgers alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from prorata.core.billing.difference import Level, cut
from prorata.core.calendar import Period
from prorata.core.catalog.plans import Item, Part, parts, price_of
from prorata.core.licences.ledger import licences_on
from prorata.core.money import UnitPrice
from prorata.core.records import record
from prorata.core.subscriptions.ledgers import PlanChange, plan_on, rests_on, sold_as
from prorata.core.subscriptions.model import Subscription


@record
class Wanted:
    """An item that should be charged: its price, and how many on which days, in their order."""

    price: UnitPrice
    levels: tuple[Level, ...]


def desired(subscription: Subscription, days: Period) -> dict[Item, Wanted]:
    """What should be charged on the days: licences held plus licences forfeited, at the price of each day.

    Cut wherever anything changes; items in the order in which a document names them. Seats of another plan stay
    charged as what they were sold as.
    """
    found: dict[Item, Wanted] = {}
    for level, sold in totals(subscription, days):
        for part in _parts(sold, level):
            of = level if part.count == level.licences else Level(level.period, part.count)
            before = found.get(part.item) if found else None
            found[part.item] = Wanted(part.price, (*before.levels, of) if before else (of,))
    for forfeit in subscription.forfeits:
        kept = forfeit.period.meet(days)
        if forfeit.item and kept.start < kept.end:
            before = found.get(forfeit.item) or Wanted(_price(subscription, forfeit.item, on=kept.start), ())
            levels = _at_least(before.levels, Level(kept, forfeit.licences), days=days)
            found[forfeit.item] = Wanted(before.price, levels)
    return found


def _price(subscription: Subscription, item: Item, *, on: date) -> UnitPrice:
    """What an item of a plan that was left costs: what came in it shortly before may be on no bill yet."""
    sold = sold_as(subscription.plans, item, on=on)
    return price_of(sold.plan, item) if sold else subscription.plan.price.amount


def _at_least(levels: Sequence[Level], stays: Level, *, days: Period) -> tuple[Level, ...]:
    """What stays charged is no more seats where as many are held: whoever comes back to a plan uses them again."""
    known = (*levels, stays)
    found: list[Level] = []
    for piece in cut(days, [edge for level in known for edge in (level.period.start, level.period.end)]):
        held, kept = (
            sum(level.licences for level in some if level.period.start <= piece.start < level.period.end)
            for some in (levels, (stays,))
        )
        if held or kept:
            found.append(Level(piece, max(held, kept)))
    return tuple(found)


def totals(subscription: Subscription, days: Period) -> list[tuple[Level, PlanChange]]:
    """How many licences are to be charged on each of the days, and as what; days with none are left out."""
    plans, changes, forfeits, rests = (
        subscription.plans, subscription.changes, subscription.forfeits, subscription.rests,
    )  # fmt: skip
    # What was billed beyond an end to come is taken back when it comes: until then it can be undone. Nothing more is
    # charged there either: that stops at the end by itself.
    ends = subscription.ending.charged_to if subscription.ending and not subscription.is_running else None
    edges = [change.effective for change in changes]
    if len(plans) > 1 or subscription.plan.phases:
        edges += _edges_of_plans(plans)
    for rest in rests:
        edges += (rest.start, rest.end) if rest.end else (rest.start,)
    for forfeit in forfeits:
        edges += (forfeit.period.start, forfeit.period.end)
    if ends:
        edges.append(ends)
    found: list[tuple[Level, PlanChange]] = []
    for part in cut(days, edges):
        on = part.start
        is_off = (ends and on >= ends) or (rests and rests_on(rests, on))
        held = 0 if is_off else licences_on(changes, on)
        if forfeits:
            held += sum([f.licences for f in forfeits if not f.item and f.period.start <= on < f.period.end])
        if held:
            sold = plans[-1] if len(plans) == 1 else plan_on(plans, on)
            found.append((Level(part, held), sold))
    return found


def _edges_of_plans(plans: Iterable[PlanChange]) -> list[date]:
    edges: list[date] = []
    for entry in plans:
        edges.append(entry.effective)
        edges += entry.phase_starts()
    return edges


def _parts(sold: PlanChange, level: Level) -> tuple[Part, ...]:
    if not sold.plan.phases:
        return parts(sold.plan, level.licences)
    starts = sold.phase_starts()
    phase = max(0, sum(1 for start in starts if start <= level.period.start) - 1)
    return parts(sold.plan, level.licences, phase=phase)
