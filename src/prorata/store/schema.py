"""The tables as the program needs them: made, brought up to date, and checked at start."""

from __future__ import annotations

from threading import Lock
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import errors
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from prorata.store.errors import (
    DatabaseEmpty,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnreachable,
    RoleRefused,
    StoreError,
)

# Any number that nobody else uses in this database: who migrates holds it.
_LOCK: Final = 7_205_759_403
_WAIT_SECONDS: Final = 10
# Alembic keeps what it is about in globals: one database at a time within a process.
_ALEMBIC: Final = Lock()


def migrate(url: str, *, to: str = "head") -> None:
    """Bring the database up to date as its owner: all of it, or nothing. Two at once wait for each other.

    `to`: stop at a version of before, to see what becomes of what it kept.
    Raises a `StoreError` where the database is newer than the program, or its owner may not make the role.
    """
    known = _known()
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _WAIT_SECONDS})
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _refuse_newer(_version(connection), known)
            config = _config()
            config.attributes["connection"] = connection
            with _ALEMBIC:
                command.upgrade(config, to)
    except DBAPIError as error:
        raise _named(error) from error
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The version of the tables; None where there are none. Raises `DatabaseUnreachable`."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _WAIT_SECONDS})
    try:
        with engine.connect() as connection:
            return _version(connection)
    except DBAPIError as error:
        raise _named(error) from error
    finally:
        engine.dispose()


def check_current(url: str) -> None:
    """Raise `DatabaseEmpty`, `DatabaseOlder` or `DatabaseNewer` unless the tables are those of this program."""
    _check(current(url))


def check_version(connection: Connection) -> None:
    """The same for a database that is open already."""
    _check(_version(connection))


def check_application(url: str) -> None:
    """Raise `RoleRefused` where the application would log in as somebody whom row-level security does not hold."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": _WAIT_SECONDS})
    try:
        with engine.connect() as connection:
            if connection.scalar(_MIGHTY):
                raise RoleRefused(
                    "The application may not log in as the owner of the tables, nor as a role that passes row "
                    "security: give it a role of its own, with GRANT prorata_app TO that role."
                )
    except DBAPIError as error:
        raise _named(error) from error
    finally:
        engine.dispose()


_MIGHTY: Final = text("""
    SELECT rolsuper OR rolbypassrls OR EXISTS (
        SELECT FROM pg_class
        WHERE oid = to_regclass('public.accounts') AND pg_has_role(session_user, relowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = session_user
""")


def _check(version: str | None) -> None:
    known = _known()
    if version is None:
        raise DatabaseEmpty("The database has no tables yet: make them with prorata db migrate.")
    _refuse_newer(version, known)
    if version != known[0]:
        raise DatabaseOlder(
            f"The database is of an earlier version ({version}, needed is {known[0]}): "
            "bring it up to date with prorata db migrate."
        )


def _refuse_newer(version: str | None, known: list[str]) -> None:
    if version is not None and version not in known:
        raise DatabaseNewer(
            f"The database is of a later version ({version}) than this program ({known[0]}): update Prorata."
        )


def _known() -> list[str]:
    """Every version that this program knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "prorata.store:migrations")
    return config


def _named(error: DBAPIError) -> StoreError:
    if isinstance(error.orig, errors.InsufficientPrivilege):
        return RoleRefused(
            f"The database's owner may not do this: {error.orig.diag.message_primary}. Let it own the database, "
            "and create the role prorata_app for it or give it CREATEROLE."
        )
    if isinstance(error, OperationalError):
        return DatabaseUnreachable(f"The database does not answer: {' '.join(str(error.orig).split())}")
    return StoreError(f"The database refused: {error.orig}")
