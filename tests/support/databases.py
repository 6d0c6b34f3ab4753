"""One PostgreSQL for a whole run of the tests, however many processes run them.

The first process that needs a database starts the server, makes one database with all migrations, and every
other database is a copy of that. The last process stops it. The processes find each other by a folder named
in the environment.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from prorata.clock import SystemClock
from prorata.store.embedded import APP, OWNER, EmbeddedServer, start
from prorata.store.engine import Database as Opened
from prorata.usecases.act import Services
from prorata.usecases.verify import verify

VARIABLE = "PRORATA_TEST_SERVER"
_MEMORY = Path("/dev/shm")  # noqa: S108 - with folders of our own in it, as in /tmp
_ROOM = 2 * 1024**3
"""So much must be free there; a run of the tests takes a fraction of it."""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one's own: URLs for the role that owns it and for the application's."""

    name: str
    owner_url: str
    app_url: str


def open_folder() -> None:
    """Make the folder in which the processes of this run meet. The first process does, before it starts
    others.
    """
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = str(new_folder())


def new_folder() -> Path:
    """A folder for a server, in memory where there is room: a database is a thousand files.

    ext4 looks long for a place that no file has had lately, and so is the slower the more databases come and go.
    """
    room = 0
    if os.access(_MEMORY, os.W_OK | os.X_OK):
        found = os.statvfs(_MEMORY)
        room = found.f_bavail * found.f_frsize
    # Not in pytest's own temporary folder: as root the server's account could not enter that.
    return Path(tempfile.mkdtemp(prefix="prorata-test-", dir=_MEMORY if room >= _ROOM else None))


def close_folder() -> None:
    """Remove the folder, and stop a server whose users were killed."""
    folder = Path(os.environ.pop(VARIABLE))
    if (folder / "started.json").exists():
        start(folder, durable=False).stop()
    shutil.rmtree(folder)


def start_server() -> EmbeddedServer:
    """Start this run's server or join it."""
    return start(Path(os.environ[VARIABLE]), durable=False)


def new_database(server: EmbeddedServer, *, template: str | None = None) -> Database:
    """Make a database: empty, or a copy of `template`."""
    # Unique in a run, since processes share the server.
    name = f"test_{os.getpid()}_{next(_numbers)}"
    if template:
        server.copy_database(template, name)
    else:
        server.ensure_database(name)
    return Database(name, owner_url=server.url(name, user=OWNER), app_url=server.url(name, user=APP))


def findings_in(made: Database) -> tuple[str, ...]:
    """What a verification of everything in a database finds."""
    opened = Opened(made.owner_url, app_url=made.app_url)
    try:
        found = verify(Services(opened, SystemClock())).findings
    finally:
        opened.dispose()
    return tuple(f"account {account}: {finding}" for account, finding in found)
