"""Small things that every conversion of rows needs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Row

__all__ = ["Any", "AnyRow", "decimal_of", "fraction_of"]

AnyRow = Row[Any]
"""A row of a query; which columns it has is known to who wrote the query."""


def decimal_of(value: Fraction | None) -> Decimal | None:
    """A fraction with a finite decimal, such as a tax rate; ValueError for any other."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) != value:
        raise ValueError(value)
    return exact


def fraction_of(value: Decimal | None) -> Fraction | None:
    """A stored decimal as the core counts with it."""
    return None if value is None else Fraction(value)
