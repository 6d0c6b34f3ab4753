"""Small things that every conversion of rows needs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from psycopg import Cursor
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Row, TextClause

__all__ = ["Any", "AnyRow", "decimal_of", "fetch", "fraction_of"]

AnyRow = Row[Any]
"""A row of a query; which columns it has is known to who wrote the query."""


def fetch(conn: Connection, query: TextClause, *, asked: Mapping[str, object]) -> list[AnyRow]:
    """The rows of a query as named tuples, for those that are many: each look at a column takes a tenth of the time."""
    with conn.execute(query, asked) as result:
        cursor = cast("Cursor[Any]", result.cursor)
        return cast("list[AnyRow]", list(map(namedtuple_row(cursor), cursor.fetchall())))


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
