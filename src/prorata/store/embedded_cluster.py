"""One PostgreSQL cluster on disk: made, looked for, launched and stopped through PostgreSQL's own programs.

The callers hold the lock of the data folder: nothing here happens twice at once.
"""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prorata.store.embedded_host import MAJOR, EmbeddedServerError, Host

# Names the socket, as there is no TCP.
PORT: Final = 5432
# A server that was killed replays its log before it answers.
START_SECONDS: Final = 120
STOP_SECONDS: Final = 60

_LOG_BYTES = 10_000_000

_CONFIG = """\
# Written by Prorata at each start. What shall differ goes to ALTER SYSTEM.
listen_addresses = ''
unix_socket_directories = {sockets}
unix_socket_permissions = 0700
port = {port}
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
"""
_NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: its process, and the folder of its socket."""

    pid: int
    socket_dir: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The cluster in `folder`, run by `host` with the settings in `config`."""

    folder: Path
    config: Path
    host: Host

    def ensure_made(self, *, superuser: str, password: str, durable: bool) -> None:
        """Make the cluster unless it is there. Raises EmbeddedServerError, also for one of another
        PostgreSQL.
        """
        version = self.folder / "PG_VERSION"
        if not self.folder.exists():
            self._make(superuser=superuser, password=password, durable=durable)
        elif not version.exists() or version.read_text(encoding="ascii").strip() != MAJOR:
            raise EmbeddedServerError(
                f"{self.folder} was not made by PostgreSQL {MAJOR}: bring it over with pg_dump and "
                "pg_restore, or choose another data folder."
            )

    def running_pid(self) -> int | None:
        """The process of the server of this cluster, or None."""
        running = self._running()
        return running.pid if running else None

    def wait_for_running(self) -> Running | None:
        """The server that runs for this cluster, once it answers; None where none runs and one can be
        launched.

        After a kill of the server's first process the others finish what they do and end: they are waited
        for, since a second server beside them would spoil the data. Raises EmbeddedServerError after two
        minutes.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            running = self._running()
            if running and _status(self.folder) == "ready":
                return running
            if not running and not self.host.processes_in(self.folder):
                # Its number may belong to another process by now, and PostgreSQL would not start beside that.
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
                return None
            time.sleep(0.05)
        raise EmbeddedServerError(
            f"A server of {self.folder} has started or ended for {START_SECONDS} seconds; see server.log."
        )

    def launch(self, socket_dir: Path, *, durable: bool) -> int:
        """Start the server and wait until it answers. Gives its process. Raises EmbeddedServerError."""
        self.config.write_text(
            _CONFIG.format(sockets=_quoted(f'"{socket_dir}"'), port=PORT) + ("" if durable else _NOT_DURABLE),
            encoding="utf-8",
        )
        self.config.chmod(0o644)
        log = self.folder / "server.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(self.folder / "server.log.1")
        started = self.host.run(
            "pg_ctl",
            *("start", "--wait", f"--timeout={START_SECONDS}"),
            # pg_ctl hands these to a shell, which would read more into a path than it says: so no path.
            *("--pgdata=.", f"--log={log.name}", f"--options=-c config_file=../{self.config.name}"),
            seconds=START_SECONDS + 10,
            folder=self.folder,
        )
        pid = self.running_pid()
        if started.returncode != 0 or pid is None:
            raise EmbeddedServerError(f"PostgreSQL did not start: {_last_words(log) or started.stderr.strip()}")
        return pid

    def stop(self) -> None:
        """Stop the server: whoever is connected is cut off, what is committed is kept. Raises
        EmbeddedServerError.
        """
        ended = self.host.run(
            "pg_ctl",
            *("stop", "--mode=fast", "--wait", f"--timeout={STOP_SECONDS}", f"--pgdata={self.folder}"),
            seconds=STOP_SECONDS + 10,
        )
        if ended.returncode != 0 and self.running_pid() is not None:
            raise EmbeddedServerError(f"PostgreSQL did not stop: {ended.stderr.strip()}")

    def _make(self, *, superuser: str, password: str, durable: bool) -> None:
        made = self.folder.with_name("cluster.new")
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        self.host.give(made)
        self._let_in()
        if not self.host.reaches(made):
            raise EmbeddedServerError(
                f"Started by root, PostgreSQL runs as {self.host.account.name}, who cannot enter "
                f"{self.folder.parent}: choose a data folder in one that is open to all, such as /var/lib."
            )
        # initdb reads the password as the server's account; the file that stays is not shown to it.
        secret = self.folder.with_name("password.initdb")
        secret.unlink(missing_ok=True)
        secret.touch(mode=0o600)
        try:
            secret.write_text(password, encoding="ascii")
            self.host.give(secret)
            result = self.host.run(
                "initdb",
                *(
                    f"--pgdata={made}",
                    f"--username={superuser}",
                    f"--pwfile={secret}",
                    "--auth=scram-sha-256",
                ),
                # One order of letters on every machine, whatever its locales.
                *(
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C.UTF-8",
                ),
                *([] if durable else ["--no-sync"]),
                seconds=START_SECONDS,
            )
        finally:
            secret.unlink(missing_ok=True)
        if result.returncode != 0:
            raise EmbeddedServerError(f"The database could not be made: {result.stderr.strip()}")
        # A cluster is there whole or not at all.
        made.rename(self.folder)

    def _let_in(self) -> None:
        """Let the server's account, and nobody else, pass through the data folder, which stays ours."""
        if self.host.account.switched:
            os.chown(self.folder.parent, -1, self.host.account.gid)
            self.folder.parent.chmod(0o710)

    def _running(self) -> Running | None:
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid, sockets = int(lines[0]), lines[4]
        except (FileNotFoundError, IndexError, ValueError):
            # Not there, or not yet written to its end.
            return None
        # By now the number may belong to another process: only one that works in the cluster is its server.
        return Running(pid, Path(sockets)) if pid in self.host.processes_in(self.folder) else None


def _status(folder: Path) -> str:
    try:
        return (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()[7].strip()
    except (FileNotFoundError, IndexError):
        return "starting"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    wrong = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return f"{wrong[-1]} (see {log})" if wrong else f"see {log}"
