"""The files of an export as rows: what stands in each, and how it is read without holding more than a page of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import Connection, TextClause, text

from prorata.core.money import Money, currency
from prorata.store.rows import Any, AnyRow

Value = str | int | bool | Decimal | date | datetime | Money | list[Any] | dict[str, Any] | None
"""A cell. Lists and maps are what `codec` keeps as JSON."""
Row = tuple[Value, ...]

PAGE: Final = 500
"""So many rows are in memory at once."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file, a page at a time, and what their columns are called."""

    columns: tuple[str, ...]
    pages: Iterator[Sequence[Row]]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of rows. `count` and `read` want a transaction that sees one moment, and the account."""

    name: str
    count: Callable[[Connection, int], int]
    read: Callable[[Connection, int], Rows]


def file_of(name: str, query: str, *, money: Sequence[str] = ()) -> DataFile:
    """What a query finds of `:account`; the columns of `money` are in minor units of the column `currency`."""

    def count(conn: Connection, account_id: int) -> int:
        return counted(conn, query, account_id=account_id)

    def read(conn: Connection, account_id: int) -> Rows:
        columns, found = streamed(conn, text(query), account_id=account_id)
        amounts = [columns.index(column) for column in money]
        of = columns.index("currency") if money else 0
        return Rows(columns, ([_with_money(row, amounts, of=of) for row in page] for page in found))

    return DataFile(name, count, read)


def counted(conn: Connection, query: str, *, account_id: int) -> int:
    """How many rows a query of ours finds."""
    counting = text(f"SELECT count(*) FROM ({query}) AS found")  # noqa: S608 - our own text
    return conn.execute(counting, {"account": account_id}).scalar_one()


def streamed(
    conn: Connection, query: TextClause, *, account_id: int
) -> tuple[tuple[str, ...], Iterator[Sequence[AnyRow]]]:
    """The columns of a query and its rows, of which the server gives a page at a time."""
    options = {"stream_results": True, "max_row_buffer": PAGE}
    found = conn.execute(query, {"account": account_id}, execution_options=options)
    return tuple(found.keys()), found.partitions(PAGE)


def in_pages(rows: Iterator[T]) -> Iterator[list[T]]:
    """What comes one by one, a page at a time."""
    while page := list(islice(rows, PAGE)):
        yield page


def _with_money(row: AnyRow, amounts: Sequence[int], *, of: int) -> Row:
    if not amounts:
        return tuple(row)
    unit = currency(row[of])
    return tuple(Money(cell, unit) if i in amounts and cell is not None else cell for i, cell in enumerate(row))
