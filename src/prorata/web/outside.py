"""How the site is reached: under which address, through which proxies, and what it is told about a request's way."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
"""What this machine calls itself."""
WATCHED: Final = ("/health", "/ready", "/metrics")
"""What monitors ask for, which come without a proxy and so without TLS."""
FORWARDED: Final = "forwarded"
"""Marks a request, in its scope, that says of itself that somebody has passed it on."""

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known of the world in front of the site.

    `address`: where people reach it, without a slash at its end; None: under this machine's own names, as the demo.
    `proxies`: who is believed about where a request came from. `metrics_token`: what a monitor shows; None: the
    metrics are for this machine alone.
    """

    address: str | None = None
    proxies: tuple[Network, ...] = ()
    metrics_token: str | None = field(default=None, repr=False)

    @property
    def hosts(self) -> frozenset[str]:
        """The names that the site answers under."""
        return frozenset({urlsplit(self.address).hostname or ""}) if self.address else LOOPBACK

    @property
    def encrypted(self) -> bool:
        """Whether people reach it by TLS only."""
        return (self.address or "").startswith("https://")

    def origin_of(self, scope: Scope) -> str:
        """What a browser calls the origin of our own pages."""
        return self.address or f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}"

    def is_probe(self, scope: Scope) -> bool:
        """Whether somebody asks how it goes from this machine, or a proxy by itself: no name, no TLS is needed."""
        if scope["path"] not in WATCHED or scope.get(FORWARDED):
            return False
        return is_near(scope) or among(client_of(scope), self.proxies)


def is_near(scope: Scope) -> bool:
    """Whether a request comes from this machine, to this machine, and nobody has passed it on."""
    client = client_of(scope)
    return bool(client and client.is_loopback and not scope.get(FORWARDED) and host_of(scope) in LOOPBACK)


def host_of(scope: Scope) -> str | None:
    """The name that a request was sent to, without a port; None for what is no name."""
    try:
        return urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    except ValueError:
        return None


def client_of(scope: Scope) -> IPv4Address | IPv6Address | None:
    """The network address that a request comes from; None where there is none, as on a Unix socket."""
    client = scope.get("client")
    return address_of(client[0]) if client else None


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """A network address, an IPv4 one in the clothes of IPv6 as itself; None for what is none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def among(address: IPv4Address | IPv6Address | None, networks: tuple[Network, ...]) -> bool:
    """Whether an address belongs to one of some networks."""
    return address is not None and any(address in network for network in networks)
