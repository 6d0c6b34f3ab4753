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


class NoSuchAccount(DomainError):
    """There is no account of that id."""

    code = "no_such_account"


class ChangedMeanwhile(DomainError):
    """What was loaded is no longer what is stored."""

    code = "changed_meanwhile"
