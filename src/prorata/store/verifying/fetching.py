"""Rows as the driver reads them, many at once.

The whole answer is waited for and received in one call that leaves Python's lock alone: meanwhile another thread looks
at what was read before. Each query is planned anew: a plan for any number of accounts is a bad one for hundreds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import psycopg
from psycopg import Connection as Driver
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format
from sqlalchemy import Connection

_Row = TypeVar("_Row", bound=tuple[Any, ...])
_Make = Callable[[Sequence[Any]], _Row]


def fetch(conn: Connection, query: str, *, of: Sequence[int], kind: type[_Row]) -> list[_Row]:
    """The rows of a query for accounts, its `$1`, as named tuples of a kind that has its columns in their order.

    Raises `psycopg.Error`.
    """
    driver = cast("Driver[Any]", conn.connection.driver_connection)
    # Spelled here: the driver would look at each number by itself.
    ids = f"{{{','.join(map(str, of))}}}".encode()
    result = driver.pgconn.exec_params(query.encode(), [ids], result_format=Format.BINARY)
    if result.status != ExecStatus.TUPLES_OK:
        if driver.pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message())
        raise error_from_result(result)
    rows = Transformer(driver)
    rows.set_pgresult(result)
    # What `_make` does, but for counting the columns of each row.
    make = partial(cast("Callable[[type[_Row], tuple[Any, ...]], _Row]", tuple.__new__), kind)
    return rows.load_rows(0, result.ntuples, cast("_Make[_Row]", make))
