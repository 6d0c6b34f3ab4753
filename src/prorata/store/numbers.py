"""Looking at the counters of document numbers. They are taken in `issuing`."""

from __future__ import annotations

from sqlalchemy import Connection, select

from prorata.store.tables.numbers import NUMBER_RANGES


def next_place(conn: Connection, seller_id: int, *, series: str, year: int) -> int:
    """The number that the next document of a series and year would get if it were issued now; for previews."""
    table = NUMBER_RANGES.c
    query = select(table.next).where(table.seller_id == seller_id, table.series == series, table.year == year)
    return conn.scalar(query) or 1
