"""The PostgreSQL that comes as a wheel: started for a data folder, shared, and stopped by its last user.

    with start(settings.data_dir / "postgres") as server:
        server.ensure_database("prorata")
        url = server.url("prorata", user=APP)

One data folder holds one server. It belongs to who started Prorata, and only `cluster` and `socket` in it
belong to the server's account (see `embedded_host`):

    cluster/       the database and the server's log
    socket/        the Unix socket: there is no TCP port that could be taken or reached by others
    password       of the superuser, mode 0600; those of the other two follow from it, and not the other way round
    server.conf    written at each start; what shall differ goes to ALTER SYSTEM
    started.json   which process Prorata started: a server that somebody else started is not ours to stop
    lock           held while the server is looked for, started or stopped
    users          shared by every process that uses the server, so that the last one knows it is the last
"""

import hmac
import json
import secrets
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from prorata.store.embedded_cluster import PORT, START_SECONDS, STOP_SECONDS, Cluster
from prorata.store.embedded_host import EmbeddedServerError, find_host, make_open_folder
from prorata.store.file_lock import FileLock

__all__ = ["ADMIN", "APP", "OWNER", "EmbeddedServer", "EmbeddedServerError", "start"]

ADMIN: Final = "prorata_admin"
"""The superuser: makes the other two and removes databases, and is used for nothing else."""
OWNER: Final = "prorata_owner"
"""Owns databases and tables: migrations and runs. No superuser, as on a server that is not ours."""
APP: Final = "prorata_app"
"""The application: sees and writes only what the migrations grant it."""

# The longest path of a socket on Linux and macOS, less the name that PostgreSQL gives it.
_LONGEST_SOCKET_FOLDER = 103 - len(f"/.s.PGSQL.{PORT}.lock")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedServer:
    """A running server that this process uses. Got from `start`, ended by `stop` or as a context manager."""

    data_dir: Path
    socket_dir: Path
    _password: str = field(repr=False)
    _cluster: Cluster = field(repr=False)
    _use: FileLock = field(repr=False)

    def url(self, database: str, *, user: str = APP) -> str:
        """The SQLAlchemy URL of a database for one of the roles OWNER and APP. It holds the password."""
        place = urlencode({"host": str(self.socket_dir), "port": PORT})
        password = quote(_password_of(user, self._password))
        return f"postgresql+psycopg://{quote(user)}:{password}@/{quote(database)}?{place}"

    def ensure_database(self, name: str) -> bool:
        """Make the database unless it is there; whether it was made."""
        with self._connection(OWNER) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True

    def copy_database(self, template: str, name: str) -> None:
        """Make the database `name` as a copy of `template`, to which nobody may be connected."""
        # Files as they lie: what a few megabytes cost through the server's own log is twice as much.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with self._connection(OWNER) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Remove the database if it is there; connections to it are cut."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        # The owner may not cut the application's connections.
        with self._connection(ADMIN) as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop using the server; the last who does stops the server itself. A second call does nothing.

        Raises EmbeddedServerError where the server does not stop in a minute.
        """
        with _alone(self.data_dir):
            last = self._use.try_alone()
            self._use.release()
            note = _started(self.data_dir)
            if last and note and self._cluster.running_pid() == note["pid"]:
                self._cluster.stop()
                (self.data_dir / "started.json").unlink(missing_ok=True)
                # As we noted it: `socket_dir` of a server that was joined is what the server's account wrote.
                socket_dir = Path(str(note["socket_dir"]))
                if socket_dir.parent != self.data_dir:
                    shutil.rmtree(socket_dir, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _connection(self, user: str) -> psycopg.Connection:
        return _connect(self.socket_dir, user=user, password=_password_of(user, self._password))


def start(data_dir: Path, *, durable: bool = True) -> EmbeddedServer:
    """Start the server of `data_dir`, making it first if need be, or join the one that runs for it already.

    `durable=False` gives up safety against a crash of the machine for speed, for data that are thrown away.
    Waits up to two minutes for a server that recovers after it was killed. Raises EmbeddedServerError.
    """
    data_dir = data_dir.absolute()
    _prepare_folder(data_dir)
    with _alone(data_dir):
        host = find_host(data_dir / "cluster")
        password = _password(data_dir)
        cluster = Cluster(folder=data_dir / "cluster", config=data_dir / "server.conf", host=host)
        use = FileLock(data_dir / "users")
        use.share()
        try:
            cluster.ensure_made(superuser=ADMIN, password=password, durable=durable)
            socket_dir = _started_or_joined(cluster, data_dir, durable=durable)
            _ensure_roles(socket_dir, password)
        except BaseException:
            use.release()
            raise
    return EmbeddedServer(data_dir=data_dir, socket_dir=socket_dir, _password=password, _cluster=cluster, _use=use)


def _prepare_folder(data_dir: Path) -> None:
    if len(str(data_dir)) > 1000 or "\n" in str(data_dir):
        raise EmbeddedServerError("The path of the data folder must be one line of at most 1000 characters.")
    try:
        make_open_folder(data_dir.parent)
        data_dir.mkdir(mode=0o700, exist_ok=True)
        foreign = any(data_dir.iterdir()) and not (data_dir / "lock").exists()
    except OSError as error:
        raise EmbeddedServerError(f"The data folder {data_dir} cannot be used: {error.strerror}.") from error
    if foreign:
        raise EmbeddedServerError(
            f"The folder {data_dir} holds something else than Prorata's data: choose an empty one."
        )


@contextmanager
def _alone(data_dir: Path) -> Generator[None]:
    lock = FileLock(data_dir / "lock")
    try:
        lock.wait_alone(seconds=START_SECONDS + STOP_SECONDS)
    except PermissionError as error:
        owner = data_dir.owner()
        raise EmbeddedServerError(
            f"The data folder {data_dir} belongs to {owner}: start Prorata as {owner}, or choose another."
        ) from error
    except TimeoutError as error:
        raise EmbeddedServerError(
            f"Another process has been starting or stopping the server of {data_dir} for minutes: end it."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _password(data_dir: Path) -> str:
    file = data_dir / "password"
    if not file.exists():
        if (data_dir / "cluster").exists():
            raise EmbeddedServerError(f"{file} is lost, and without it nobody can enter the database: restore it.")
        # Made beside and renamed, so that a kill in between leaves no half of it.
        made = data_dir / "password.new"
        made.unlink(missing_ok=True)
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(32), encoding="ascii")
        made.rename(file)
    return file.read_text(encoding="ascii")


def _password_of(role: str, password: str) -> str:
    """The password of a role: who has learnt the application's is not the owner for that."""
    return password if role == ADMIN else hmac.digest(password.encode(), role.encode(), "sha256").hex()


def _started(data_dir: Path) -> dict[str, int | str]:
    try:
        return json.loads((data_dir / "started.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _started_or_joined(cluster: Cluster, data_dir: Path, *, durable: bool) -> Path:
    running = cluster.wait_for_running()
    if running:
        return running.socket_dir
    socket_dir = _socket_folder(cluster, data_dir)
    pid = cluster.launch(socket_dir, durable=durable)
    note = {"pid": pid, "socket_dir": str(socket_dir)}
    (data_dir / "started.json").write_text(json.dumps(note), encoding="utf-8")
    return socket_dir


def _socket_folder(cluster: Cluster, data_dir: Path) -> Path:
    """An empty folder for the socket: what a killed server left behind would stand in the way of the next."""
    left = _started(data_dir).get("socket_dir")
    if isinstance(left, str):
        shutil.rmtree(left, ignore_errors=True)
    folder = data_dir / "socket"
    if len(str(folder).encode()) > _LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.mkdtemp(prefix="prorata-", dir="/tmp"))
    else:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    cluster.host.give(folder)
    return folder


def _connect(socket_dir: Path, *, user: str, password: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_dir),
        port=PORT,
        user=user,
        password=password,
        dbname="postgres",
        autocommit=True,
        connect_timeout=10,
    )


def _ensure_roles(socket_dir: Path, password: str) -> None:
    """Make the two roles, with their own passwords. The owner makes the application's, and so may alter it later."""
    owner = sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE BYPASSRLS PASSWORD {}")
    app = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
    for role, maker, statement in ((OWNER, ADMIN, owner), (APP, OWNER, app)):
        own = sql.Literal(_password_of(role, password))
        with _connect(socket_dir, user=maker, password=_password_of(maker, password)) as connection:
            there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            # Those of a cluster of before had the superuser's.
            made = sql.SQL("ALTER ROLE {} PASSWORD {}") if there else statement
            connection.execute(made.format(sql.Identifier(role), own))
