"""Connections: as the application, which sees one account at a time, as the door, and as the owner, who sees all.

Every transaction of the application says which account it is for. Row-level security compares each row with that
setting, so that a forgotten condition shows nothing instead of a stranger's bill. The setting ends with the
transaction, and a connection from the pool begins without one.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, text

from prorata.store.failures import named_failures, savepoint

__all__ = ["APP_ROLE", "DOOR_ROLE", "Connection", "Database", "as_door", "savepoint", "see_account"]

APP_ROLE: Final = "prorata_app"
"""The role that the application works as, whoever logs in."""
DOOR_ROLE: Final = "prorata_door"
"""The role that lets people in: it sees sessions, codes and keys, which the application does not, and no bills."""

POOL_SIZE: Final = 5
POOL_OVERFLOW: Final = 10
WAIT_SECONDS: Final = 10
"""How long one waits for a connection of the pool, for the server to answer, and for a row that somebody holds."""
STATEMENT_SECONDS: Final = 30
IDLE_SECONDS: Final = 60
SILENT_SECONDS: Final = 60
"""After so long a server whose machine is gone is given up, by TCP; else one would wait for it for hours."""


class Database:
    """The database behind a SQLAlchemy URL (`postgresql+psycopg://...`), whose user owns the tables.

    The application's connections log in with `app_url` where there is one, else as the owner, and take the role
    `prorata_app` either way. Connections are made when they are first needed.
    """

    def __init__(self, url: str, app_url: str | None = None) -> None:
        self._owner = _engine(url, role=None)
        self._app = _engine(app_url or url, role=APP_ROLE)
        self._door = _engine(app_url or url, role=DOOR_ROLE)

    @contextmanager
    def account(self, account_id: int, *, read_only: bool = False) -> Generator[Connection]:
        """One transaction as the application, for one account: committed at the end, rolled back on any exception.

        `read_only`: every query sees the same moment, and writing is refused. Raises `Busy`, `DatabaseUnreachable`.
        """
        with _transaction(self._app, read_only=read_only) as connection:
            see_account(connection, account_id)
            yield connection

    @contextmanager
    def app(self) -> Generator[Connection]:
        """One transaction as the application for no account yet: it sees what is sold, and can open an account."""
        with _transaction(self._app) as connection:
            yield connection

    @contextmanager
    def door(self, account_id: int | None = None, *, read_only: bool = False) -> Generator[Connection]:
        """One transaction as the door: it sees who people are and what they come in with; and of one account its
        members, invitations and directories.
        """
        with _transaction(self._door, read_only=read_only) as connection:
            if account_id is not None:
                see_account(connection, account_id)
            yield connection

    @contextmanager
    def owner(self, *, read_only: bool = False) -> Generator[Connection]:
        """One transaction as the owner, who sees every account: for runs, checks and the vendor's side."""
        with _transaction(self._owner, read_only=read_only) as connection:
            yield connection

    def dispose(self) -> None:
        """Close all connections."""
        self._owner.dispose()
        self._app.dispose()
        self._door.dispose()


@contextmanager
def as_door(connection: Connection) -> Generator[None]:
    """Do what is the door's in the middle of a transaction of `Database.account`: who acts there ends sessions, too.

    Meanwhile nothing of what the account bought is seen. However it ends, the transaction is the application's again.
    """
    with connection.begin_nested():
        connection.execute(text(f"SET LOCAL ROLE {DOOR_ROLE}"))
        yield
        connection.execute(text(f"SET LOCAL ROLE {APP_ROLE}"))


def see_account(connection: Connection, account_id: int) -> None:
    """Let the rest of this transaction see the rows of one account."""
    setting = text("SELECT set_config('prorata.account_id', :account, true)")
    connection.execute(setting, {"account": str(account_id)})


def _engine(url: str, *, role: str | None) -> Engine:
    settings = {
        "timezone": "UTC",
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": f"{WAIT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
        "jit": "off",  # no query here runs long enough to be worth compiling
    }
    if role:
        settings["role"] = role
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,  # names and addresses of people do not belong in a log
        connect_args={
            "connect_timeout": WAIT_SECONDS,
            "application_name": "prorata",
            "keepalives_idle": SILENT_SECONDS // 2,
            "keepalives_interval": SILENT_SECONDS // 6,
            "keepalives_count": 3,
            "tcp_user_timeout": SILENT_SECONDS * 1000,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
    )


@contextmanager
def _transaction(engine: Engine, *, read_only: bool = False) -> Generator[Connection]:
    with named_failures(read_only=read_only), engine.connect() as connection:
        if read_only:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection
