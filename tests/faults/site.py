"""A population on a server of its own that may be killed, and what an undisturbed run makes of it.

One population is made for all tests of a process; each test works on a copy of its database.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url, text

from faults.records import Records, read_records
from prorata.store import schema
from prorata.store.embedded import ADMIN, APP, OWNER, EmbeddedServer, start
from prorata.store.embedded_host import find_host
from prorata.store.engine import Database
from prorata.store.errors import DatabaseUnreachable
from prorata.usecases.act import Services
from prorata.usecases.check_batch import check_batch
from prorata.usecases.lives import LifeOptions
from prorata.usecases.population import populate
from prorata.usecases.run_billing import patiently, run_billing
from prorata.usecases.verify import verify
from support import databases
from support.clocks import TestClock

DAY = date(2026, 6, 15)
EVENING = datetime(2026, 6, 15, 18, tzinfo=UTC)
ACCOUNTS = 90
BATCH = 3
LIVES = LifeOptions(on=DAY, months=2, lives=40, seed=7)


class Server:
    """A server that can be killed and started again; its addresses stay the same."""

    def __init__(self) -> None:
        self.folder = databases.new_folder()
        self._uses: list[EmbeddedServer] = []
        self.start()
        # The disk is trusted for speed, but what was committed must be there after the server was killed.
        self.admin("ALTER SYSTEM SET synchronous_commit = on", "ALTER SYSTEM SET full_page_writes = on")
        self.admin("SELECT pg_reload_conf()")

    def start(self) -> None:
        """Start it, also after it was killed: then it finds out first what was committed."""
        self._uses.append(start(self.folder, durable=False))

    def kill(self, pid: int | None = None) -> None:
        """End one of its processes, or all of them at once, as if the machine had lost its power."""
        if pid is not None:
            assert pid in self.processes()
            os.kill(pid, signal.SIGKILL)
            return
        try:
            pids = self.processes()
        except FileNotFoundError:  # it does not run
            return
        for one in pids:
            with suppress(ProcessLookupError):  # it ended when its server did
                os.kill(one, signal.SIGKILL)
        while any(map(_is_alive, pids)):
            time.sleep(0.01)

    def processes(self) -> list[int]:
        """The first process, and those that it has started."""
        first = int((self.folder / "cluster" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        return [first, *children_of(first)]

    def url(self, name: str, *, user: str) -> str:
        """Where a database is, for a role."""
        return self._uses[-1].url(name, user=user)

    def make_database(self, name: str) -> None:
        """One with all tables."""
        self._uses[-1].ensure_database(name)
        schema.migrate(self.url(name, user=OWNER))

    def copy_database(self, template: str, name: str) -> None:
        """One as another is."""
        self._uses[-1].copy_database(template, name)
        # A sequence notes thirty-two values ahead, and a copy takes over how many of them are left, but not the note:
        # after a crash it would give the same values again. A checkpoint makes it note anew.
        self.admin("CHECKPOINT")

    def drop_database(self, name: str) -> None:
        """Remove one, whoever is connected."""
        patiently(lambda: self._drop(name))

    def _drop(self, name: str) -> None:
        try:
            self._uses[-1].drop_database(name)
        except psycopg.OperationalError as away:
            raise DatabaseUnreachable(str(away)) from away

    def admin(self, *statements: str, database: str = "postgres") -> None:
        """Do what only the administrator may."""
        opened = Database(self.url(database, user=ADMIN))
        with opened.owner() as conn:
            free = conn.connection.driver_connection
            assert free is not None
            conn.commit()
            free.autocommit = True
            for statement in statements:
                free.execute(statement)
            free.autocommit = False
        opened.dispose()

    def give(self, folder: Path) -> None:
        """Make the server's own account the owner of a folder."""
        find_host(self.folder / "cluster").give(folder)

    def limit_files(self, most: str) -> bool:
        """Let the processes that the server starts from here on write files of so many bytes; whether that went."""
        account = find_host(self.folder / "cluster").account
        first = self.processes()[0]
        try:
            # As the server's own account: root may not do so in every container.
            limited = subprocess.run(
                ["prlimit", f"--pid={first}", f"--fsize={most}:unlimited"],  # noqa: S607 - wherever the machine has it
                user=account.uid if account.switched else None,
                group=account.gid if account.switched else None,
                extra_groups=[] if account.switched else None,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            return False
        return limited.returncode == 0

    def remove(self) -> None:
        """End it, and leave nothing behind."""
        self.kill()
        for use in self._uses:
            use.stop()
        shutil.rmtree(self.folder)


def children_of(parent: int) -> list[int]:
    """The processes that a process has started."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name, in brackets, which may hold anything: the state and the parent.
            after = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(after[1]) == parent:
            found.append(int(entry.parent.name))
    return found


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@dataclass
class Site:
    """A database with something due for every account, and how it is worked on."""

    server: Server
    name: str
    seller: int
    clock: TestClock = field(default_factory=lambda: TestClock(EVENING))

    def __post_init__(self) -> None:
        self.database = Database(self.owner_url, app_url=self.app_url)

    @property
    def owner_url(self) -> str:
        return self.server.url(self.name, user=OWNER)

    @property
    def app_url(self) -> str:
        return self.server.url(self.name, user=APP)

    @property
    def services(self) -> Services:
        return Services(self.database, self.clock, BATCH)

    def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Ask or change something behind the product's back; patiently, for the server may be recovering."""

        def ask() -> list[tuple[object, ...]]:
            with self.database.owner() as conn:
                found = conn.execute(text(statement), values)
                return [tuple(row) for row in found] if found.returns_rows else []

        return patiently(ask)

    def batches_done(self) -> int:
        (row,) = self.sql(
            "SELECT count(*) FROM run_batches JOIN runs ON runs.id = run_id WHERE done_at IS NOT NULL"
            " AND as_of >= :day",
            day=DAY,
        )
        return int(str(row[0]))

    def accounts(self) -> list[int]:
        return [int(str(row[0])) for row in self.sql("SELECT account_id FROM accounts ORDER BY account_id")]

    def records(self, *, numbers: bool) -> Records:
        """Everything that is stored, but for ids of runs; `numbers`: with which number went to which document."""
        with self.database.owner(read_only=True) as conn:
            return read_records(conn, numbers=numbers)

    def faults(self, *, until: date = DAY) -> list[str]:
        """What is wrong with the records as a whole, whatever they say: nothing, if the run of the day is over."""
        found = [str(finding) for finding in verify(self.services).findings]
        found += [f"{row} is left over" for row in self.sql(_LEFT_OVER)]
        found += [f"batch {row} has not one job that checks it" for row in self.sql(_NOT_CHECKED)]
        found += [f"account {row} is due still" for row in self.sql(_STILL_DUE, day=until)]
        found += [f"subscription {row} is parked" for row in self.sql("SELECT account_id, code, trace FROM parked")]
        found += [f"session {row} holds something" for row in self.sql(_HOLDING)]
        for run, place in self.sql(
            "SELECT run_id, place FROM run_batches JOIN runs ON id = run_id WHERE as_of >= :day", day=DAY
        ):
            check_batch(self.services, run=int(str(run)), batch=int(str(place)))
        return found

    def close(self) -> None:
        self.database.dispose()


# Batches of a run that a later one took over may stay undone.
_LEFT_OVER = """
    SELECT 'run ' || id || ': ' || state FROM runs WHERE state = 'open'
    UNION ALL
    SELECT 'batch ' || place FROM run_batches JOIN runs ON id = run_id WHERE done_at IS NULL AND state <> 'superseded'
"""
_NOT_CHECKED = """
    SELECT run_id, place, count(job.id) FROM run_batches JOIN runs ON runs.id = run_id
    LEFT JOIN procrastinate.procrastinate_jobs AS job
      ON task_name = 'check_batch' AND job.args = jsonb_build_object('run', run_id, 'batch', place)
    WHERE as_of >= '2026-06-15' AND done_at IS NOT NULL GROUP BY run_id, place HAVING count(job.id) <> 1
"""
_STILL_DUE = "SELECT account_id FROM accounts WHERE due_on <= :day"
_HOLDING = """
    SELECT pid, state, query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
      AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Ground:
    """A server with a population, and what an undisturbed run of one worker makes of it."""

    server: Server
    seller: int
    expected: Records
    expected_without_numbers: Records
    _names: count[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def site(self) -> Generator[Site]:
        """A copy of the population, on which the run has not been yet."""
        name = f"site_{next(self._names)}"
        self.server.copy_database("population", name)
        site = Site(self.server, name, self.seller)
        yield site
        site.close()


@contextmanager
def made_ground(*, accounts: int = ACCOUNTS) -> Generator[Ground]:
    """The population on a server of its own."""
    server = Server()
    try:
        server.make_database("population")
        site = Site(server, "population", 0)
        seller = populate(site.services, LIVES, size=accounts).seller
        site.close()
        server.copy_database("population", "undisturbed")
        twin = Site(server, "undisturbed", seller)
        run_billing(twin.services, seller=seller)
        assert twin.faults() == []
        yield Ground(server, seller, twin.records(numbers=True), twin.records(numbers=False))
        twin.close()
    finally:
        server.remove()


def eventually(holds: Callable[[], bool], *, seconds: float = 100) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come about in time")
        time.sleep(0.005)


def plain(url: str) -> str:
    """A URL as the driver itself takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
