"""A plan: how often it is billed and how much a licence costs for each period."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.core.calendar import Every
from prorata.core.money import UnitPrice


@dataclass(frozen=True, slots=True)
class Price:
    """One dated price of a plan, per licence and period. `version` tells it from earlier and later ones."""

    version: int
    amount: UnitPrice


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as a subscription was sold it: `name` is the catalogue's, `price` holds until a new version takes over."""

    name: str
    every: Every
    price: Price
