"""A plan: how often it is billed and how much a licence costs for each period."""

from __future__ import annotations

from prorata.core.calendar import Every
from prorata.core.money import UnitPrice
from prorata.core.records import record


@record
class Price:
    """One dated price of a plan, per licence and period. `version` tells it from earlier and later ones."""

    version: int
    amount: UnitPrice


@record
class Plan:
    """A plan as a subscription was sold it: `name` is the catalogue's, `price` holds until a new version takes over."""

    name: str
    every: Every
    price: Price
