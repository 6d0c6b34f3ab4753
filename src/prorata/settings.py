"""What can be set from outside: environment variables, read once and checked at start.

A wrong value is refused with one sentence that names the variable; an unknown one that begins with
PRORATA_ is refused too, because a misspelt setting that is silently ignored costs an afternoon.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_DRIVER = "postgresql+psycopg"
_SCHEMES = ("postgresql", "postgres", _DRIVER)
NAMES = (
    "PRORATA_APP_DATABASE_URL",
    "PRORATA_DATABASE_URL",
    "PRORATA_DATA_DIR",
    "PRORATA_HOST",
    "PRORATA_PORT",
)
# These speak to the tests and to `make`, and are let through.
_FOR_TESTS = ("PRORATA_CHROMIUM", "PRORATA_REQUIRE_BROWSER", "PRORATA_TEST_")


class SettingError(Exception):
    """A setting from the environment cannot be used; `variable` is its name, the text says what to write."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable} {problem}")
        self.variable = variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process.

    `database_url` is the role that owns the tables (migrations, runs), `app_database_url` the application's
    role; both are SQLAlchemy URLs, and both are None when the embedded PostgreSQL is used.
    `data_dir` is an absolute folder; `port` is 1 to 65535.
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str | None = None
    app_database_url: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in `environment` (usually `os.environ`). Raises SettingError."""
        _refuse_unknown(environment)
        owner = _database_url(environment, "PRORATA_DATABASE_URL")
        app = _database_url(environment, "PRORATA_APP_DATABASE_URL")
        if owner and not app:
            raise SettingError("PRORATA_APP_DATABASE_URL", "is missing: PRORATA_DATABASE_URL needs it beside it.")
        if app and not owner:
            raise SettingError("PRORATA_DATABASE_URL", "is missing: PRORATA_APP_DATABASE_URL needs it beside it.")
        return cls(
            data_dir=_data_dir(environment),
            host=environment.get("PRORATA_HOST") or "127.0.0.1",
            port=_port(environment),
            database_url=owner,
            app_database_url=app,
        )


def default_data_dir(environment: Mapping[str, str], *, root: bool) -> Path:
    """Where data lie unless PRORATA_DATA_DIR says otherwise.

    For root a folder of the machine, since the database runs as a user that must be able to reach it;
    for anybody else the folder that the XDG base directory specification gives to a user's data.
    """
    if root:
        return Path("/var/lib/prorata")
    of_user = environment.get("XDG_DATA_HOME", "")
    base = Path(of_user) if Path(of_user).is_absolute() else Path.home() / ".local" / "share"
    return base / "prorata"


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    for name in sorted(environment):
        if name.startswith("PRORATA_") and name not in NAMES and not name.startswith(_FOR_TESTS):
            raise SettingError(name, f"is no setting of Prorata; there are {', '.join(NAMES)}.")


def _database_url(environment: Mapping[str, str], variable: str) -> str | None:
    text = environment.get(variable, "")
    if not text:
        return None
    # The text itself is not repeated in the error: it holds a password.
    wanted = "must look like postgresql://user:password@host:5432/database."
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise SettingError(variable, wanted) from error
    if parts.scheme not in _SCHEMES or not parts.path.strip("/"):
        raise SettingError(variable, wanted)
    return f"{_DRIVER}://{text.split('://', maxsplit=1)[1]}"


def _data_dir(environment: Mapping[str, str]) -> Path:
    text = environment.get("PRORATA_DATA_DIR", "")
    if not text:
        return default_data_dir(environment, root=os.geteuid() == 0)
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise SettingError("PRORATA_DATA_DIR", f"must be an absolute path, not {text!r}.")
    if path.exists() and not path.is_dir():
        raise SettingError("PRORATA_DATA_DIR", f"must be a folder, and {text!r} is a file.")
    return path


def _port(environment: Mapping[str, str]) -> int:
    text = environment.get("PRORATA_PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 65535):
        raise SettingError("PRORATA_PORT", f"must be a whole number from 1 to 65535, not {text!r}.")
    return int(text)
