"""Work that goes on beside other work, in one process: it hands over quickly, and is given up where the other fails."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast

from psycopg import Connection as Driver
from sqlalchemy import Connection

from prorata.store.engine import Database

_Result = TypeVar("_Result")

_TURN: Final = 0.0002
_AGAIN: Final = 0.1


@contextmanager
def short_turns() -> Generator[None]:
    """Let threads take turns after a fifth of a millisecond.

    Whoever has an answer of the database would wait five for its turn, while the database has nothing to do.
    """
    kept = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(kept)


@contextmanager
def beside(database: Database, look: Callable[[Connection], _Result]) -> Generator[Callable[[], _Result]]:
    """Look at something as the owner, beside what is done here: gives what waits for the answer.

    Raises there what looking raises. Where what is done here fails, its query is cancelled.
    """
    at_work: list[Driver[Any]] = []

    def work() -> _Result:
        with database.owner(read_only=True) as conn:
            at_work.append(cast("Driver[Any]", conn.connection.driver_connection))
            try:
                return look(conn)
            finally:
                at_work.clear()

    with ThreadPoolExecutor(max_workers=1) as thread:
        looking = thread.submit(work)
        try:
            yield looking.result
        except BaseException:
            looking.cancel()
            while not looking.done():
                for driver in at_work:
                    driver.cancel_safe()
                wait([looking], timeout=_AGAIN)
            raise
