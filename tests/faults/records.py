"""Everything that is stored, in a form in which two databases can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, Table, select

from prorata.store.tables.columns import METADATA

Records = Mapping[str, list[str]]
"""The rows of each table as texts, in an order of their own."""

_BY_RUN: Final = {"run_id"}
"""The ids of runs come from a sequence, which does not go back with its transaction."""
_WITH_NUMBER: Final = {
    "documents": {"number", "place", "content_hash"},
    "audit": {"detail", "hash"},
    "accounts": {"audit_hash"},
}
"""Numbers stand in these. That the chain of the audit is whole is for verify to say."""
_LOCAL: Final = ("runs", "run_batches", "run_totals", "numbers_taken", "verifications")


def read_records(conn: Connection, *, numbers: bool) -> Records:
    """All rows of all tables but those of runs and jobs. Without `numbers` it does not matter who got which."""
    tables = (table for table in METADATA.sorted_tables if table.name not in _LOCAL)
    return {table.name: _rows(conn, table, left_out=_left_out(table, numbers=numbers)) for table in tables}


def _left_out(table: Table, *, numbers: bool) -> set[str]:
    return _BY_RUN if numbers else _BY_RUN | _WITH_NUMBER.get(table.name, set())


def _rows(conn: Connection, table: Table, *, left_out: set[str]) -> list[str]:
    columns = [column for column in table.c if column.name not in left_out]
    return sorted(str(tuple(row)) for row in conn.execute(select(*columns)))


def differences(found: Records, expected: Records, *, most: int = 5) -> list[str]:
    """Rows that are in one and not in the other, a few of each table."""
    said: list[str] = []
    for table in sorted(expected.keys() | found.keys()):
        mine, theirs = set(found.get(table, [])), set(expected.get(table, []))
        said += [f"{table}, too much: {row}" for row in sorted(mine - theirs)[:most]]
        said += [f"{table}, missing: {row}" for row in sorted(theirs - mine)[:most]]
        if not said and len(found[table]) != len(expected[table]):
            said.append(f"{table}: rows that are there twice")
    return said
