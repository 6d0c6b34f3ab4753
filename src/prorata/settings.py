"""What can be set from outside: environment variables, read once and checked at start.

A wrong value is refused with one sentence that names the variable; an unknown one that begins with
PRORATA_ is refused too, because a misspelt setting that is silently ignored costs an afternoon.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from email.errors import HeaderParseError
from email.headerregistry import Address
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

_DRIVER = "postgresql+psycopg"
_SCHEMES = ("postgresql", "postgres", _DRIVER)
_OIDC = ("PRORATA_OIDC_ISSUER", "PRORATA_OIDC_CLIENT_ID", "PRORATA_OIDC_CLIENT_SECRET")
NAMES = (
    "PRORATA_APP_DATABASE_URL",
    "PRORATA_BASE_URL",
    "PRORATA_BATCH_SIZE",
    "PRORATA_DATABASE_URL",
    "PRORATA_DATA_DIR",
    "PRORATA_HOST",
    "PRORATA_MAIL_FROM",
    "PRORATA_MAIL_URL",
    "PRORATA_METRICS_TOKEN",
    *_OIDC,
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
SHORTEST_SECRET = 32
"""Characters: what `secrets.token_urlsafe` makes of 24 random bytes has as many."""
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
# These speak to the tests and to `make`, and are let through.
_FOR_TESTS = ("PRORATA_CHROMIUM", "PRORATA_REQUIRE_BROWSER", "PRORATA_TEST_")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_FEWEST_DIFFERENT = 12
# What stands in instructions and on keyboards is the first that is tried.
_KNOWN = (
    "0123456789", "123456789", "abcdefgh", "changeit", "changeme", "default", "example", "insecure", "password",
    "prorata", "qwerty", "replace", "secret", "your",
)  # fmt: skip

_SENDER = re.compile(r'(?P<name>"[^"\\]*" *|[^"<>@,;:\\]*)<(?P<named>[^<>\s]+)>|(?P<bare>[^<>\s]+)')
_MAIL_SCHEMES: dict[str, tuple[Literal["tls", "starttls", "none"], int]] = {
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
    "smtp": ("none", 25),
}

Network = IPv4Network | IPv6Network


class SettingError(Exception):
    """A setting from the environment cannot be used; `variable` is its name, the text says what to write."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable} {problem}")
        self.variable = variable


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Who takes our mails. `security`: TLS from the first byte, TLS once it is asked for, or none on this machine."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDirectory:
    """The directory that the vendor's own people sign in by."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


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
    that asks from elsewhere; `mail_url`: who takes our mails, which come from
    `mail_from`. All of these may be left out except for `serve`, which asks for a `Site`.
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
            port=_whole(environment, "PRORATA_PORT", default=8000, most=65535),
            database_url=owner,
            app_database_url=app,
            scheduled=_scheduled(environment),
            run_every=_run_every(environment),
            verify_at=_verify_at(environment),
            workers=_whole(environment, "PRORATA_WORKERS", default=2, most=MOST_WORKERS),
            batch_size=_whole(environment, "PRORATA_BATCH_SIZE", default=1000, most=LARGEST_BATCH),
            base_url=_base_url(environment),
            secret=_secret(environment, "PRORATA_SECRET"),
            mail_url=_mail_url(environment),
            mail_from=_mail_from(environment),
            trusted_proxies=_trusted_proxies(environment),
            metrics_token=_secret(environment, "PRORATA_METRICS_TOKEN"),
            directory=_directory(environment),
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
    if settings.host not in _LOOPBACK and not site.encrypted:
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


def _whole(environment: Mapping[str, str], variable: str, *, default: int, most: int) -> int:
    text = environment.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= most):
        raise SettingError(variable, f"must be a whole number from 1 to {most}, not {text!r}.")
    return int(text)


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


def _base_url(environment: Mapping[str, str]) -> str | None:
    text = environment.get("PRORATA_BASE_URL", "")
    if not text:
        return None
    # Not repeated in the error: somebody may have put a password into it.
    wanted = "must look like https://billing.your-firm.com: a name, perhaps a port, and nothing behind it."
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingError("PRORATA_BASE_URL", wanted) from error
    bare = parts.scheme in {"http", "https"} and "@" not in parts.netloc and text.isprintable()
    behind = parts.path.removesuffix("/") or "?" in text or "#" in text
    if not bare or behind or port == 0 or not (_HOST_NAME.fullmatch(host) or host == "::1"):
        raise SettingError("PRORATA_BASE_URL", wanted)
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise SettingError("PRORATA_BASE_URL", "must begin with https://: http:// is for localhost alone.")
    shown = f"[{host}]" if ":" in host else host
    usual = port in {None, 443 if parts.scheme == "https" else 80}
    return f"{parts.scheme}://{shown}" if usual else f"{parts.scheme}://{shown}:{port}"


def _mail_url(environment: Mapping[str, str]) -> MailServer | None:
    text = environment.get("PRORATA_MAIL_URL", "")
    if not text:
        return None
    # Not repeated in the error: it holds a password.
    wanted = "must look like smtps://user:password@host:465 or smtp+starttls://user:password@host:587."
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        user, password = (unquote(part or "", errors="strict") for part in (parts.username, parts.password))
    except ValueError as error:
        raise SettingError("PRORATA_MAIL_URL", wanted) from error
    behind = parts.path.removesuffix("/") or "?" in text or "#" in text
    known = parts.scheme in _MAIL_SCHEMES and (_HOST_NAME.fullmatch(host) or host == "::1")
    if not known or behind or port == 0 or bool(user) != bool(password) or not (user + password).isprintable():
        raise SettingError("PRORATA_MAIL_URL", wanted)
    security, usual = _MAIL_SCHEMES[parts.scheme]
    if security == "none" and host not in _LOOPBACK:
        raise SettingError("PRORATA_MAIL_URL", f"{wanted} Without TLS, as smtp://, a mail goes to this machine only.")
    return MailServer(host=host, port=port or usual, security=security, user=user, password=password)


def _mail_from(environment: Mapping[str, str]) -> Address | None:
    text = environment.get("PRORATA_MAIL_FROM", "")
    if not text:
        return None
    wanted = f"must be one address, such as Prorata <billing@your-firm.com>, not {text!r}."
    found = _SENDER.fullmatch(text.strip()) if text.isprintable() else None
    if found is None:
        raise SettingError("PRORATA_MAIL_FROM", wanted)
    try:
        sender = Address((found["name"] or "").strip().strip('"'), addr_spec=found["named"] or found["bare"])
    except (ValueError, IndexError, HeaderParseError) as error:
        raise SettingError("PRORATA_MAIL_FROM", wanted) from error
    if not sender.username or not _HOST_NAME.fullmatch(sender.domain.lower()):
        raise SettingError("PRORATA_MAIL_FROM", wanted)
    return sender


def _secret(environment: Mapping[str, str], variable: str) -> str | None:
    """A secret that nobody guesses; it is never repeated in an error."""
    text = environment.get(variable, "")
    if not text:
        return None
    make = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
    if len(text) < SHORTEST_SECRET or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingError(variable, f"must have {SHORTEST_SECRET} or more characters without blanks. {make}")
    if len(set(text)) < _FEWEST_DIFFERENT or _repeats(text):
        raise SettingError(variable, f"must not repeat itself. {make}")
    if any(word in text.lower() for word in _KNOWN):
        raise SettingError(variable, f"must be random, with no word of an example in it. {make}")
    return text


def _repeats(text: str) -> bool:
    """Whether the first third of a text comes again further on."""
    third = len(text) // 3
    return text[:third] in text[third:]


def _directory(environment: Mapping[str, str]) -> OwnDirectory | None:
    issuer, client_id, secret = (environment.get(name, "") for name in _OIDC)
    if not (issuer or client_id or secret):
        return None
    for name in _OIDC:
        if not environment.get(name):
            raise SettingError(name, f"is missing: a directory needs {', '.join(_OIDC)} together.")
    wanted = "must be the address that the directory calls its issuer, such as https://login.your-firm.com."
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingError(_OIDC[0], wanted) from error
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not encrypted or not host or "@" in parts.netloc or " " in issuer or "?" in issuer or "#" in issuer:
        raise SettingError(_OIDC[0], wanted)
    return OwnDirectory(issuer=issuer, client_id=client_id, client_secret=secret)


def _trusted_proxies(environment: Mapping[str, str]) -> tuple[Network, ...]:
    return tuple(_network(part.strip()) for part in environment.get("PRORATA_TRUSTED_PROXIES", "").split(",") if part)


def _network(text: str) -> Network:
    try:
        found = ip_network(text)
    except ValueError as error:
        wanted = (
            f"must be addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/24; {text!r} is none."
        )
        raise SettingError("PRORATA_TRUSTED_PROXIES", wanted) from error
    if found.prefixlen == 0:
        raise SettingError("PRORATA_TRUSTED_PROXIES", f"must not name everybody, as {text!r} does.")
    return found
