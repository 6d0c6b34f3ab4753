"""What lies outside: where people reach the site and by which proxies, the vendor's directory, the vendor's product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from prorata.settings.reading import HOST_NAME, LOOPBACK, SettingError, secret

OIDC = ("PRORATA_OIDC_ISSUER", "PRORATA_OIDC_CLIENT_ID", "PRORATA_OIDC_CLIENT_SECRET")
HOOK = ("PRORATA_EXPORT_HOOK", "PRORATA_EXPORT_SECRET")

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDirectory:
    """The directory that the vendor's own people sign in by."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportHook:
    """Where the vendor's product is asked for what it adds to a back up, and what requests are signed with."""

    url: str
    secret: str = field(repr=False)


def base_url(environment: Mapping[str, str]) -> str | None:
    """Where people reach the site, without a slash at its end; raises SettingError."""
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
    if not bare or behind or port == 0 or not (HOST_NAME.fullmatch(host) or host == "::1"):
        raise SettingError("PRORATA_BASE_URL", wanted)
    if parts.scheme == "http" and host not in LOOPBACK:
        raise SettingError("PRORATA_BASE_URL", "must begin with https://: http:// is for localhost alone.")
    shown = f"[{host}]" if ":" in host else host
    usual = port in {None, 443 if parts.scheme == "https" else 80}
    return f"{parts.scheme}://{shown}" if usual else f"{parts.scheme}://{shown}:{port}"


def trusted_proxies(environment: Mapping[str, str]) -> tuple[Network, ...]:
    """Who is believed about where a request came from; raises SettingError."""
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


def directory(environment: Mapping[str, str]) -> OwnDirectory | None:
    """The vendor's own directory, None where there is none; raises SettingError."""
    issuer, client_id, secret = (environment.get(name, "") for name in OIDC)
    if not (issuer or client_id or secret):
        return None
    for name in OIDC:
        if not environment.get(name):
            raise SettingError(name, f"is missing: a directory needs {', '.join(OIDC)} together.")
    wanted = "must be the address that the directory calls its issuer, such as https://login.your-firm.com."
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingError(OIDC[0], wanted) from error
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not encrypted or not host or "@" in parts.netloc or " " in issuer or "?" in issuer or "#" in issuer:
        raise SettingError(OIDC[0], wanted)
    return OwnDirectory(issuer=issuer, client_id=client_id, client_secret=secret)


def export_hook(environment: Mapping[str, str]) -> ExportHook | None:
    """Who adds files to back ups, None where nobody does; raises SettingError."""
    url, signing = environment.get(HOOK[0], ""), secret(environment, HOOK[1])
    if not url and not signing:
        return None
    if not url:
        raise SettingError(HOOK[0], f"is missing: {HOOK[1]} is of no use without it.")
    # Not repeated in the error: somebody may have put a password into it.
    wanted = "must look like https://product.your-firm.com/back-up, without a name and a password in it."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingError(HOOK[0], wanted) from error
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    plain = url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc and not parts.fragment
    if not encrypted or not plain or port == 0 or not (HOST_NAME.fullmatch(host) or host == "::1"):
        raise SettingError(HOOK[0], wanted)
    if not signing:
        raise SettingError(HOOK[1], f"is missing: what goes to {HOOK[0]} is signed with it.")
    return ExportHook(url=url, secret=signing)
