"""A plan: how often it is billed, what it costs for each period, and for how long it is free or runs.

A price has parts: so much for each licence, so much for the subscription, or steps by the number of licences. Each part
that is charged has an `Item`, by which charges are told apart: what should be charged and what was is compared item by
item, never by amount.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from prorata.core.calendar import Every
from prorata.core.money import Money, UnitPrice
from prorata.core.records import record


@record
class Step:
    """A step of a tiered price: up to and including so many licences (None: all that come after)."""

    up_to: int | None
    price: UnitPrice
    flat: UnitPrice | None = None


@record
class Tiers:
    """Prices by the number of licences. `volume`: all cost what the last one's step says; `graduated`: each its own."""

    kind: Literal["volume", "graduated"]
    steps: tuple[Step, ...]


@record
class Price:
    """One dated price of a plan. `version` tells it from earlier and later ones.

    `amount`: for each licence and period; `flat`: for the subscription and period, beside it. `tiers` take the place of
    `amount`.
    """

    version: int
    amount: UnitPrice
    flat: UnitPrice | None = None
    tiers: Tiers | None = None


@record
class Phase:
    """A stretch of a plan's life at a price of its own; the last one has no length. `setup` is charged as it begins."""

    length: Every | None
    amount: UnitPrice
    setup: Money | None = None


@record
class Plan:
    """A plan as a subscription was sold it: `name` is the catalogue's, `price` holds until a new version takes over.

    `setup`: charged once, on the first paid day. `trial`: free for so long. `phases`: successive amounts for each
    licence, in the place of the price's. `term`: it ends by itself after so long, counted from the first paid day.
    """

    name: str
    every: Every
    price: Price
    setup: Money | None = None
    trial: Every | None = None
    phases: tuple[Phase, ...] = ()
    term: Every | None = None


@record
class NewPrice:
    """A price that a plan has from a day on: for new sales at once, for others at the renewal after the notice."""

    plan: str
    price: Price
    valid_from: date


@record
class Item:
    """What a line charges for: a part of one price of one plan.

    `phase` counts from 0, `step` from 1 (0: the price has none). `flat`: for the subscription, not for each licence.
    """

    plan: str
    version: int
    phase: int = 0
    step: int = 0
    flat: bool = False


@record
class Part:
    """So many of an item on a day: licences, or 1 of what is flat."""

    item: Item
    price: UnitPrice
    count: int


def parts(plan: Plan, licences: int, *, phase: int = 0) -> tuple[Part, ...]:
    """What so many licences are charged as, in the order of a document. A price of zero charges nothing."""
    price, name, version = plan.price, plan.name, plan.price.version
    if not licences:
        return ()
    if not (price.tiers or price.flat or plan.phases):
        return (Part(Item(name, version), price.amount, licences),) if price.amount.amount else ()
    found: list[Part] = []
    if price.tiers:
        for step, count in _steps(price.tiers, licences):
            sold = price.tiers.steps[step]
            found.append(Part(Item(name, version, phase, step + 1), sold.price, count))
            if sold.flat:
                found.append(Part(Item(name, version, phase, step + 1, flat=True), sold.flat, 1))
    else:
        amount = plan.phases[phase].amount if plan.phases else price.amount
        found.append(Part(Item(name, version, phase), amount, licences))
    if price.flat:
        found.append(Part(Item(name, version, phase, flat=True), price.flat, 1))
    return tuple(part for part in found if part.price.amount)


def price_of(plan: Plan, item: Item) -> UnitPrice:
    """What one of an item of the plan costs; of what the plan does not sell, its own price."""
    price = plan.price
    if item.step and price.tiers:
        step = price.tiers.steps[item.step - 1]
        found = step.flat if item.flat else step.price
    elif item.flat:
        found = price.flat
    else:
        found = plan.phases[item.phase].amount if plan.phases else None
    return found or price.amount


def _steps(tiers: Tiers, licences: int) -> list[tuple[int, int]]:
    """How many licences each step has."""
    found: list[tuple[int, int]] = []
    below = 0
    for place, step in enumerate(tiers.steps):
        reached = licences if step.up_to is None else min(licences, step.up_to)
        if reached > below:
            found.append((place, reached - below))
        below = max(below, reached)
    return found if tiers.kind == "graduated" else [(found[-1][0], licences)]
