"""Failures of the store: a code, parameters, and for those who look after the database one plain sentence."""

from __future__ import annotations

from typing import ClassVar

from prorata.core.errors import DomainError


class StoreError(Exception):
    """The database cannot be used. The text is a sentence for the operator: it names the thing and the way out."""

    code: ClassVar[str] = "store"


class DatabaseUnreachable(StoreError):
    """No connection could be made, or it broke."""

    code = "database_unreachable"


class DatabaseEmpty(StoreError):
    """There are no tables."""

    code = "database_empty"


class DatabaseOlder(StoreError):
    """The tables are those of an earlier program."""

    code = "database_older"


class DatabaseNewer(StoreError):
    """The tables are those of a later program."""

    code = "database_newer"


class RoleRefused(StoreError):
    """The role of the URL may not do what its part of the work needs."""

    code = "role_refused"


class Busy(StoreError):
    """Somebody else held what this needs for too long. Nothing has happened: it can be tried again."""

    code = "busy"


class DatabaseFull(StoreError):
    """There is no room, on disk or in memory, for what was to be written or sorted. Nothing has happened."""

    code = "database_full"


class DatabaseReadOnly(StoreError):
    """The server writes nothing: it is a copy, or somebody has told it so. Nothing has happened."""

    code = "database_read_only"


class DatabaseUnfit(StoreError):
    """A table, column or function is not there: the tables were changed while the program ran."""

    code = "database_unfit"


class DatabaseBroken(StoreError):
    """The server failed by itself: a disk that cannot be read, a file that cannot grow, damaged data."""

    code = "database_broken"


class NoSuchAccount(DomainError):
    """There is no account of that id."""

    code = "no_such_account"


class ChangedMeanwhile(DomainError):
    """What was loaded is no longer what is stored."""

    code = "changed_meanwhile"
