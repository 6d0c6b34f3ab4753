"""Many rows at once: new ones by INSERT or by COPY, changed ones by one UPDATE for all that change in the same way.

COPY is several times faster, and only the owner may use it: row-level security does not let the application. JSON goes
in as text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, Literal, cast

from psycopg import Connection as Driver
from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql

How = Literal["insert", "copy"]
Columns = tuple[str, ...]
Values = tuple[Any, ...]


@dataclass(slots=True)
class NewRows:
    """Rows that wait to be written, by table; those of one table all have the same columns."""

    _columns: dict[Table, Columns] = field(default_factory=dict[Table, Columns])
    _values: dict[Table, list[Values]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: Table, row: Mapping[str, Any], *, account_id: int) -> None:
        """One more row of an account."""
        if table not in self._columns:
            self._columns[table] = ("account_id", *row)
        self._values[table].append((account_id, *row.values()))

    def add_local(self, table: Table, row: Mapping[str, Any]) -> None:
        """One more row that no account owns."""
        self._columns.setdefault(table, tuple(row))
        self._values[table].append(tuple(row.values()))

    def write(self, conn: Connection, tables: Iterable[Table], *, how: How) -> None:
        """Write what waits for these tables, in their order."""
        for table in tables:
            rows = self._values.pop(table, None)
            if rows:
                _PUT[how](conn, table.name, columns=self._columns[table], rows=rows)


def _insert(conn: Connection, table: str, *, columns: Columns, rows: Sequence[Values]) -> None:
    places = ", ".join("%s" for _ in columns)
    conn.exec_driver_sql(f"INSERT INTO {table} ({_names(columns)}) VALUES ({places})", list(rows))  # noqa: S608 - our names


def _copy(conn: Connection, table: str, *, columns: Columns, rows: Sequence[Values]) -> None:
    driver = cast("Driver[Values]", conn.connection.driver_connection)
    statement = f"COPY {table} ({_names(columns)}) FROM STDIN".encode()
    with driver.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


_PUT: Final[Mapping[How, Callable[..., None]]] = {"insert": _insert, "copy": _copy}


def _names(columns: Columns) -> str:
    return ", ".join(f'"{name}"' for name in columns)


@dataclass(frozen=True, slots=True)
class Change:
    """New values for the row that has these old ones, by name of their columns; the old ones find it."""

    found_by: Mapping[str, Any]
    new: Mapping[str, Any]


def update(conn: Connection, table: Table, *, changes: Iterable[Change]) -> int:
    """Change rows, and return how many were found: fewer than there are changes where one is not as it was."""
    alike: dict[tuple[Columns, Columns], list[Values]] = defaultdict(list)
    for change in changes:
        if change.new:
            alike[tuple(change.found_by), tuple(change.new)].append((*change.found_by.values(), *change.new.values()))
    found = 0
    for (keys, columns), rows in alike.items():
        values = zip(*rows, strict=True)
        asked = {f"c{place}": array(column) for place, column in enumerate(values)}
        found += conn.execute(_update(table, keys=keys, columns=columns), asked).rowcount
    return found


def array(values: Sequence[object]) -> object:
    """An array parameter. Numbers, days and hashes are spelled here: the driver looks at each as if it were a text."""
    kinds = set(map(type, values))
    if kinds in _SPELLED:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {bytes}:
        return "{" + ",".join([f'"\\\\x{one.hex()}"' for one in cast("Sequence[bytes]", values)]) + "}"
    return list(values)


_SPELLED: Final = ({int}, {date})


@cache
def _update(table: Table, *, keys: Columns, columns: Columns) -> TextClause:
    names = (*keys, *columns)
    kinds = [table.c[name].type.compile(postgresql.dialect()) for name in names]
    arrays = ", ".join(f"CAST(:c{place} AS {kind}[])" for place, kind in enumerate(kinds))
    aliases = ", ".join(f"c{place}" for place in range(len(names)))
    sets = ", ".join(f'"{name}" = new.c{place}' for place, name in enumerate(columns, start=len(keys)))
    same = " AND ".join(f'old."{name}" = new.c{place}' for place, name in enumerate(keys))
    statement = f"UPDATE {table.name} AS old SET {sets} FROM unnest({arrays}) AS new ({aliases}) WHERE {same}"  # noqa: S608 - names of our own columns
    return text(statement)
