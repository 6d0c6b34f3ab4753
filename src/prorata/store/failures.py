"""Which failures are the database's own, and what they are called.

The rest, such as a value that a column does not take, lies in what was asked and is left as it is: a billing run
answers it by parking an account. So what has nothing to do with any account must be told apart here, by PostgreSQL's
SQLSTATE and not by the classes of the driver, of which each state has another.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from prorata.store.errors import (
    Busy,
    DatabaseBroken,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnfit,
    DatabaseUnreachable,
    RoleRefused,
    StoreError,
)

_AWAY: Final = "The database does not answer: {said}"
_NAMES: Final = (
    (("08", "25P03", "25P04", "40003", "53300", "57"), DatabaseUnreachable, _AWAY),
    (("40001", "40P01", "55P03"), Busy, "Somebody else is changing the same thing: try again."),
    (("53",), DatabaseFull, "The database has no room left ({said}): make room, and try again."),
    (
        ("0A000", "3D000", "3F000", "42703", "42883", "42P01"),
        DatabaseUnfit,
        "The database is not as this program knows it ({said}): bring both to the same version, and try again.",
    ),
    (
        ("42501",),
        RoleRefused,
        "The database refuses this role something that it needs ({said}): give it back, and try again.",
    ),
    (("58", "F0", "XX"), DatabaseBroken, "The database failed by itself ({said}): see its log."),
)
"""What begins with one of these is called so, by the first that fits. The states, and their classes of two letters,
are listed in PostgreSQL's manual, appendix "PostgreSQL Error Codes"."""
_READ_ONLY: Final = "25006"


@contextmanager
def named_failures(*, read_only: bool = False) -> Generator[None]:
    """Raise the failures of the database as what they are called, and all others as they are.

    `read_only`: nothing was to be written, so that a refused change is a mistake of the program.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnreachable("All connections to the database are at work: try again.") from error
    except DBAPIError as error:
        failure = _named(error.orig, lost=error.connection_invalidated, read_only=read_only)
        if failure:
            raise failure from error
        raise
    except psycopg.Error as error:  # what COPY raises, which SQLAlchemy does not know
        failure = _named(error, lost=False, read_only=read_only)
        if failure:
            raise failure from error
        raise


@contextmanager
def savepoint(connection: Connection) -> Generator[None]:
    """A part of a transaction that can fail by itself: undone on any exception, and the transaction goes on.

    After a failure of the database it does not: that is raised by its name.
    """
    with named_failures(), connection.begin_nested():
        yield


def _named(error: BaseException | None, *, lost: bool, read_only: bool) -> StoreError | None:
    state = getattr(error, "sqlstate", None) or ""
    said = _said(error)
    if lost or _is_lost(error, state):
        return DatabaseUnreachable(_AWAY.format(said=said))
    if state == _READ_ONLY and not read_only:
        return DatabaseReadOnly(f"The database takes no changes now ({said}): look why, and try again.")
    for states, name, sentence in _NAMES:
        if state.startswith(states):
            return name(sentence.format(said=said))
    return None


def _is_lost(error: BaseException | None, state: str) -> bool:
    """Whether it is the driver that says so, for there was no server to say anything."""
    return not state and type(error) in _LOST


_LOST: Final = {psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ConnectionTimeout}


class DataRefused(Exception):
    """The database refused what was to be written. The text names the rule and the table, and no value of any row."""


def without_values(failure: Exception) -> Exception:
    """The failure as it may be kept and shown: what the driver says of a row may hold names and addresses."""
    cause = failure.orig if isinstance(failure, DBAPIError) else failure
    if not isinstance(cause, psycopg.Error):
        return failure
    diag = cause.diag
    where = ", ".join(part for part in (diag.table_name, diag.constraint_name, diag.column_name) if part)
    plain = DataRefused(f"{type(cause).__name__} ({cause.sqlstate}): {_said(cause)} [{where}]")
    return plain.with_traceback(failure.__traceback__)


def _said(error: BaseException | None) -> str:
    """What the server said, in one line and without the values that it adds in further ones."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return primary or next(iter(str(error).splitlines()), "")
