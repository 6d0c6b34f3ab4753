"""What can be set from outside: environment variables, read once and checked at start.

A wrong value is refused with one sentence that names the variable; an unknown one that begins with
PRORATA_ is refused too, because a misspelt setting that is silently ignored costs an afternoon.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import urlsplit

from prorata.settings.mails import MailServer, mail_from, mail_url
from prorata.settings.outside import (
    HOOK,
    OIDC,
    ExportHook,
    Network,
    OwnDirectory,
    base_url,
    directory,
    export_hook,
    trusted_proxies,
)
from prorata.settings.reading import LOOPBACK, SHORTEST_SECRET, SettingError, secret, whole

__all__ = [
    "LARGEST_BATCH",
    "MOST_WORKERS",
    "NAMES",
    "RUN_EVERY",
    "SHORTEST_SECRET",
    "ExportHook",
    "MailServer",
    "OwnDirectory",
    "SettingError",
    "Settings",
    "Site",
    "default_data_dir",
    "site_of",
]

_DRIVER = "postgresql+psycopg"
_SCHEMES = ("postgresql", "postgres", _DRIVER)
NAMES = (
    "PRORATA_APP_DATABASE_URL",
    "PRORATA_BASE_URL",
    "PRORATA_BATCH_SIZE",
    "PRORATA_DATABASE_URL",
    "PRORATA_DATA_DIR",
    *HOOK,
    "PRORATA_HOST",
    "PRORATA_MAIL_FROM",
    "PRORATA_MAIL_URL",
    "PRORATA_METRICS_TOKEN",
    *OIDC,
    "PRORATA_PORT",
    "PRORATA_RUN_EVERY",
    "PRORATA_SCHEDULE",
    "PRORATA_SECRET",
    "PRORATA_TRUSTED_PROXIES",
    "PRORATA_VERIFY_AT",
    "PRORATA_WORKERS",
)
RUN_EVERY = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)
"""Minutes that divide the hour, so that runs come at the same minutes of each."""
MOST_WORKERS = 16
LARGEST_BATCH = 10_000
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
# These speak to the tests and to `make`, and are let through.
_FOR_TESTS = ("PRORATA_CHROMIUM", "PRORATA_REQUIRE_BROWSER", "PRORATA_TEST_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process.

    `database_url` is the role that owns the tables (migrations, runs), `app_database_url` the application's
    role; both are SQLAlchemy URLs, and both are None when the embedded PostgreSQL is used.
    `data_dir` is an absolute folder; `port` is 1 to 65535. `scheduled`: whether runs and verifications begin by
    themselves; `run_every`: minutes, one of RUN_EVERY; `verify_at`: of the day, in UTC; `workers`: jobs at once, at
    most MOST_WORKERS. `batch_size`: accounts in one transaction of a run, at most LARGEST_BATCH.

    `base_url`: where people reach the site, without a slash at its end; `secret`: from which the installation's keys
    are made; `trusted_proxies`: who is believed about where a request came from; `metrics_token`: what a monitor shows
    that asks from elsewhere; `export_hook`: which product adds files to back ups; `mail_url`: who takes our mails,
    which come from `mail_from`. All of these may be left out except for `serve`, which asks for a `Site`.
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str | None = None
    app_database_url: str | None = None
    scheduled: bool = True
    run_every: int = 10
    verify_at: time = time(3, 30)
    workers: int = 2
    batch_size: int = 1000
    base_url: str | None = None
    secret: str | None = field(default=None, repr=False)
    mail_url: MailServer | None = None
    mail_from: Address | None = None
    trusted_proxies: tuple[Network, ...] = ()
    metrics_token: str | None = field(default=None, repr=False)
    directory: OwnDirectory | None = None
    export_hook: ExportHook | None = None

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
            port=whole(environment, "PRORATA_PORT", default=8000, most=65535),
            database_url=owner,
            app_database_url=app,
            scheduled=_scheduled(environment),
            run_every=_run_every(environment),
            verify_at=_verify_at(environment),
            workers=whole(environment, "PRORATA_WORKERS", default=2, most=MOST_WORKERS),
            batch_size=whole(environment, "PRORATA_BATCH_SIZE", default=1000, most=LARGEST_BATCH),
            base_url=base_url(environment),
            secret=secret(environment, "PRORATA_SECRET"),
            mail_url=mail_url(environment),
            mail_from=mail_from(environment),
            trusted_proxies=trusted_proxies(environment),
            metrics_token=secret(environment, "PRORATA_METRICS_TOKEN"),
            directory=directory(environment),
            export_hook=export_hook(environment),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the site cannot do without: where people reach it, and from what its keys are made."""

    base_url: str
    secret: str = field(repr=False)

    @property
    def encrypted(self) -> bool:
        """Whether people reach it by TLS; only on this machine they may do without."""
        return self.base_url.startswith("https://")

    @property
    def port(self) -> int | None:
        """The port of a site on this very machine, which people name as they call it; None behind a proxy."""
        return None if self.encrypted else urlsplit(self.base_url).port or 80


def site_of(settings: Settings) -> Site:
    """What `serve` needs, complete and in itself without contradiction. Raises SettingError for the first lack."""
    base_url = _wanted("PRORATA_BASE_URL", settings.base_url, to="say where people reach the site")
    secret = _wanted("PRORATA_SECRET", settings.secret, to="make the installation's keys from")
    _wanted("PRORATA_MAIL_URL", settings.mail_url, to="mail codes and invitations")
    _wanted("PRORATA_MAIL_FROM", settings.mail_from, to="say whom mails come from")
    site = Site(base_url=base_url, secret=secret)
    if site.encrypted and not settings.trusted_proxies:
        raise SettingError(
            "PRORATA_TRUSTED_PROXIES",
            "is missing: serve needs to know which proxy ends TLS in front of it, such as 127.0.0.1.",
        )
    if settings.host not in LOOPBACK and not site.encrypted:
        raise SettingError(
            "PRORATA_HOST",
            f"must be 127.0.0.1, not {settings.host!r}, unless PRORATA_BASE_URL begins with https://.",
        )
    return site


def _wanted(variable: str, value: object, *, to: str) -> str:
    if not value:
        raise SettingError(variable, f"is missing: serve needs it to {to}.")
    return str(value)


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


def _scheduled(environment: Mapping[str, str]) -> bool:
    text = environment.get("PRORATA_SCHEDULE") or "on"
    if text not in {"on", "off"}:
        raise SettingError("PRORATA_SCHEDULE", f"must be on or off, not {text!r}.")
    return text == "on"


def _run_every(environment: Mapping[str, str]) -> int:
    text = environment.get("PRORATA_RUN_EVERY") or "10"
    if text not in map(str, RUN_EVERY):
        listed = ", ".join(map(str, RUN_EVERY))
        raise SettingError("PRORATA_RUN_EVERY", f"must be a number of minutes that divides the hour: {listed}.")
    return int(text)


def _verify_at(environment: Mapping[str, str]) -> time:
    text = environment.get("PRORATA_VERIFY_AT") or "03:30"
    if not _TIME.fullmatch(text):
        raise SettingError("PRORATA_VERIFY_AT", f"must be a time of day in UTC, such as 03:30, not {text!r}.")
    return time.fromisoformat(text)
