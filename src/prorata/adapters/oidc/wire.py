"""Requests to a directory, whose address an account's owner has typed: it may be anything, and answer anything.

The addresses of its name are looked up once, judged, and connected to as they were judged, so that a name cannot lead
inside the network a moment later. Time and length are bounded for the whole of an exchange, not for each piece of it: a
directory that sends a byte every few seconds holds nobody up. Nothing is followed elsewhere, unpacked, or sent through
a proxy that the environment names.
"""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final, cast
from urllib.parse import SplitResult, urlsplit

from httpcore import (
    SOCKET_OPTION,
    ConnectionPool,
    NetworkBackend,
    NetworkError,
    NetworkStream,
    ProtocolError,
    ReadTimeout,
    Response,
    SyncBackend,
    TimeoutException,
)

from prorata.usecases.vouching import (
    DirectoryAddressRefused,
    DirectoryAnswersTooMuch,
    DirectoryMoved,
    DirectoryUnreachable,
    NoDirectoryThere,
)

SECONDS: Final = 5.0
MOST_BYTES: Final = 256 * 1024
"""The keys of the largest directories take some twenty kilobytes."""
_LONGEST_ADDRESS: Final = 2000
_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Prorata"}
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as networks without IPv4 write them."""

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a directory may be reached. `inside`: at a private address; `loopback`: on this machine, without TLS too.

    `seconds`: for one request with its answer.
    """

    issuer: str
    inside: bool = False
    loopback: bool = False
    seconds: float = SECONDS


def checked(address: object, bounds: Bounds) -> str:
    """The address, if requests may go there as far as can be told from it alone; raises `DirectoryAddressRefused`."""
    refused = DirectoryAddressRefused(issuer=bounds.issuer)
    if not isinstance(address, str) or len(address) > _LONGEST_ADDRESS or not _is_plain(address):
        raise refused
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as broken:
        raise refused from broken
    secure = parts.scheme == "https" or (bounds.loopback and parts.scheme == "http" and _is_this_machine(parts))
    if not secure or not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise refused
    return address


def send(
    address: object,
    bounds: Bounds,
    *,
    fields: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Ask for an address, by POST where there are `fields`: the status, and the JSON object that came back.

    Raises `DirectoryAddressRefused`, `DirectoryUnreachable`, `DirectoryAnswersTooMuch`, `DirectoryMoved`,
    `NoDirectoryThere` for what is no JSON object.
    """
    url = checked(address, bounds)
    sent: list[tuple[bytes | str, bytes | str]] = [*_HEADERS.items(), *(headers or {}).items()]
    if fields is not None:
        sent.append(("Content-Type", "application/x-www-form-urlencoded"))
    context = ssl.create_default_context()
    limits = dict.fromkeys(("connect", "read", "write", "pool"), bounds.seconds)
    try:
        with ConnectionPool(ssl_context=context, network_backend=_Guarded(bounds)) as pool:
            answer = pool.request(
                "GET" if fields is None else "POST",
                url,
                headers=sent,
                content=None if fields is None else fields.encode(),
                extensions={"timeout": limits},
            )
    except (TimeoutException, NetworkError, ProtocolError, OSError) as failure:
        raise DirectoryUnreachable(issuer=bounds.issuer) from failure
    return answer.status, _object(answer, bounds)


def _object(answer: Response, bounds: Bounds) -> dict[str, Any]:
    if 300 <= answer.status < 400:
        raise DirectoryMoved(issuer=bounds.issuer)
    if answer.status >= 500:
        raise DirectoryUnreachable(issuer=bounds.issuer)
    try:
        found: object = json.loads(answer.content)
    except (ValueError, RecursionError) as broken:
        raise NoDirectoryThere(issuer=bounds.issuer) from broken
    if not isinstance(found, dict):
        raise NoDirectoryThere(issuer=bounds.issuer)
    return cast("dict[str, Any]", found)


def _is_plain(address: str) -> bool:
    return address.isascii() and address.isprintable() and not any(sign in address for sign in ' "<>\\^`{|}')


def _is_this_machine(parts: SplitResult) -> bool:
    return parts.hostname in {"localhost", "127.0.0.1", "::1"}


def reachable(found: Address, *, bounds: Bounds) -> bool:
    """Whether requests may go to an address: to those of the internet, and to others only where that is said."""
    if found.is_loopback:
        return bounds.loopback
    if found.is_multicast or found.is_unspecified:
        return False
    if bounds.inside:
        return True
    within = _within(found)
    return found.is_global and (within is None or (within.is_global and not within.is_multicast))


def _within(found: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(found, IPv4Address):
        return None
    if found in _TRANSLATED:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo
    return found.ipv4_mapped or found.sixtofour or (teredo[1] if teredo else None)


class _Guarded(NetworkBackend):
    """Connects to addresses that were judged, and bounds what is read from them."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._until = time.monotonic() + bounds.seconds

    def connect_tcp(  # noqa: PLR0917 - as httpcore calls it
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect to the first address of a name, if each of them may be connected to."""
        del timeout, local_address
        options = () if socket_options is None else socket_options
        found = self._addresses(host, port)
        stream = SyncBackend().connect_tcp(str(found[0]), port, timeout=self._bounds.seconds, socket_options=options)
        return _Bounded(stream, self._bounds, until=self._until)

    def _addresses(self, host: str, port: int) -> tuple[Address, ...]:
        refused = DirectoryAddressRefused(issuer=self._bounds.issuer)
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as broken:
            raise refused from broken
        # A zone such as %eth0 names a network card of this machine: only link-local addresses have one.
        found = tuple(ip_address(str(row[4][0]).partition("%")[0]) for row in rows)
        if not found or not all(reachable(one, bounds=self._bounds) for one in found):
            raise refused
        return found


class _Bounded(NetworkStream):
    """A connection that ends when its time is over, or when more has come than a directory has to say."""

    def __init__(self, stream: NetworkStream, bounds: Bounds, *, until: float) -> None:
        self._stream, self._bounds, self._until, self._left = stream, bounds, until, MOST_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read on, as long as there is time and it is not too much."""
        del timeout
        found = self._stream.read(max_bytes, timeout=self._time_left())
        self._left -= len(found)
        if self._left < 0:
            raise DirectoryAnswersTooMuch(issuer=self._bounds.issuer)
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, as long as there is time."""
        del timeout
        self._stream.write(buffer, timeout=self._time_left())

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def start_tls(  # noqa: PLR0917 - as httpcore calls it
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        """The same over TLS."""
        del timeout
        inner = self._stream.start_tls(ssl_context, server_hostname, timeout=self._time_left())
        return _Bounded(inner, self._bounds, until=self._until)

    def get_extra_info(self, info: str) -> object:
        """What is known of the connection."""
        return cast("object", self._stream.get_extra_info(info))

    def _time_left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise ReadTimeout
        return left
