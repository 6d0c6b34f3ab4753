"""What stays charged after something was entered late: no more than had been charged by then, or is held now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from prorata.core.billing.desired import desired, totals
from prorata.core.billing.difference import Level, cut, layers
from prorata.core.calendar import Period
from prorata.core.licences.ledger import Forfeit
from prorata.core.subscriptions.ledgers import plan_on
from prorata.core.subscriptions.model import Subscription


def given_up_once(before: Subscription, after: Subscription, *, on: date) -> Subscription:
    """The subscription without forfeits of seats that later entries had given up already, or have taken up again.

    `on`: the day that something was entered for. Seats of another plan stay as they are.
    """
    seats = [forfeit for forfeit in after.forfeits if forfeit.item is None and forfeit.period.end > on]
    if not seats:
        return after
    stays = [
        Level(part, _given_up(before, after, days=part))
        for part in cut(Period(on, max(one.period.end for one in seats)), _edges(before, after))
    ]
    if all(level.licences == _forfeited(after, level.period.start) for level in stays):
        return after
    others = [forfeit for forfeit in after.forfeits if forfeit not in seats]
    earlier = [replace(one, period=Period(one.period.start, on)) for one in seats if one.period.start < on]
    again = [Forfeit(level.period, level.licences) for level in layers(stays)]
    return replace(after, forfeits=(*others, *earlier, *again))


def as_was_charged(before: Subscription, after: Subscription, *, on: date) -> Subscription:
    """The subscription without forfeits of another plan on days for which they were not to be charged before."""
    return replace(after, forfeits=tuple(_as_was_charged(before, after.forfeits, on=on)))


def _as_was_charged(before: Subscription, forfeits: Iterable[Forfeit], *, on: date) -> Iterator[Forfeit]:
    for forfeit in forfeits:
        item, days = forfeit.item, Period(max(on, forfeit.period.start), forfeit.period.end)
        if item is None or days.days <= 0:
            yield forfeit
            continue
        if forfeit.period.start < on:
            yield replace(forfeit, period=Period(forfeit.period.start, on))
        was = desired(before, days).get(item)
        for level in was.levels if was else ():
            yield Forfeit(level.period.meet(days), min(forfeit.licences, level.licences), item)


def _given_up(before: Subscription, after: Subscription, *, days: Period) -> int:
    """How many seats stay charged on days on which nothing changes, beside those that are held."""
    then, now = (plan_on(one.plans, days.start).plan for one in (before, after))
    is_same = (then.name, then.price.version) == (now.name, now.price.version)
    was = _wanted(before, days) if is_same else 0
    held = _wanted(replace(after, forfeits=()), days)
    return min(_forfeited(after, days.start), max(was - held, 0))


def _wanted(subscription: Subscription, days: Period) -> int:
    return sum(level.licences for level, _ in totals(subscription, days))


def _forfeited(subscription: Subscription, on: date) -> int:
    seats = (one for one in subscription.forfeits if one.item is None and one.period.start <= on < one.period.end)
    return sum(one.licences for one in seats)


def _edges(*told: Subscription) -> list[date]:
    edges: list[date] = []
    for one in told:
        edges += (change.effective for change in one.changes)
        edges += (entry.effective for entry in one.plans)
        edges += (day for rest in one.rests for day in (rest.start, rest.end) if day)
        edges += (day for forfeit in one.forfeits for day in (forfeit.period.start, forfeit.period.end))
        edges += (one.ending.charged_to,) if one.ending else ()
    return edges
