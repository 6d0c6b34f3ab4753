"""Who takes our mails, and whom they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Literal
from urllib.parse import unquote, urlsplit

from prorata.settings.reading import HOST_NAME, LOOPBACK, SettingError

_SENDER = re.compile(r'(?P<name>"[^"\\]*" *|[^"<>@,;:\\]*)<(?P<named>[^<>\s]+)>|(?P<bare>[^<>\s]+)')
_MAIL_SCHEMES: dict[str, tuple[Literal["tls", "starttls", "none"], int]] = {
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
    "smtp": ("none", 25),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Who takes our mails. `security`: TLS from the first byte, TLS once it is asked for, or none on this machine."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str = ""
    password: str = field(default="", repr=False)


def mail_url(environment: Mapping[str, str]) -> MailServer | None:
    """The server that takes mails, None where there is none; raises SettingError."""
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
    known = parts.scheme in _MAIL_SCHEMES and (HOST_NAME.fullmatch(host) or host == "::1")
    if not known or behind or port == 0 or bool(user) != bool(password) or not (user + password).isprintable():
        raise SettingError("PRORATA_MAIL_URL", wanted)
    security, usual = _MAIL_SCHEMES[parts.scheme]
    if security == "none" and host not in LOOPBACK:
        raise SettingError("PRORATA_MAIL_URL", f"{wanted} Without TLS, as smtp://, a mail goes to this machine only.")
    return MailServer(host=host, port=port or usual, security=security, user=user, password=password)


def mail_from(environment: Mapping[str, str]) -> Address | None:
    """Whom mails come from; raises SettingError."""
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
    if not sender.username or not HOST_NAME.fullmatch(sender.domain.lower()):
        raise SettingError("PRORATA_MAIL_FROM", wanted)
    return sender
