"""The numbers of documents: a counter for each seller, series and year, and what was taken of it.

The form of `numbers_taken` makes a gap and a number given twice impossible: a range is unique by its first and by its
last number, and begins right after the last of another, unless it begins with 1.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from prorata.store.tables.columns import METADATA, check


def _key() -> list[Column[int] | Column[str]]:
    return [
        Column("seller_id", BigInteger, ForeignKey("sellers.id"), primary_key=True, autoincrement=False),
        Column("series", Text, primary_key=True),
        Column("year", SmallInteger, primary_key=True, autoincrement=False),
    ]


_KEY: Final = ("seller_id", "series", "year")

NUMBER_RANGES: Final = Table(
    "number_ranges",
    METADATA,
    *_key(),
    Column("next", BigInteger, nullable=False),
    check("next", "next >= 1"),
)

NUMBERS_TAKEN: Final = Table(
    "numbers_taken",
    METADATA,
    *_key(),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("previous", BigInteger),
    Column("account_id", BigInteger),
    Column("run_id", BigInteger),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint(*_KEY, "last"),
    ForeignKeyConstraint([*_KEY, "previous"], [f"numbers_taken.{name}" for name in (*_KEY, "last")]),
    check("taken_by", "num_nonnulls(account_id, run_id) = 1"),
    check("range", "first >= 1 AND last >= first"),
    check(
        "previous",
        "CASE WHEN first = 1 THEN previous IS NULL ELSE previous IS NOT DISTINCT FROM first - 1 END",
    ),
)
"""`account_id`: whose documents have these numbers, or `run_id`: the run that took them for a batch of accounts.
`at`: the instant of the decision."""
