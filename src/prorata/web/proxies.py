"""What proxies in front say about a request: where it came from, how, and under which name it was asked for.

Anybody can write such headers. They are believed of proxies that are known, as far as these have written them, and
taken away in any case, so that nothing behind this reads them by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.web.outside import FORWARDED, Network, address_of, among, client_of

_FOR: Final = "x-forwarded-for"
_PROTO: Final = "x-forwarded-proto"
_HOST: Final = "x-forwarded-host"
# All that is said about a way. `Forwarded` (RFC 7239) and `X-Real-IP` are not read: one way to say it is enough.
_SAID: Final = frozenset({_FOR, _PROTO, _HOST, "x-forwarded-port", "x-forwarded-server", "x-real-ip", "forwarded"})


class _Unclear(Exception):
    """A proxy that is believed says what cannot be understood."""


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """Puts into each request what a known proxy says about it, and leaves nothing of what others say."""

    app: ASGIApp
    proxies: tuple[Network, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on what is clear; answer 400 where a known proxy contradicts itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = among(client_of(scope), self.proxies)
        scope[FORWARDED] = any(name in headers for name in _SAID)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0].decode("latin-1").lower() not in _SAID]
        try:
            if known:
                self._believe(scope, headers)
        except _Unclear:
            refused = PlainTextResponse("What the proxy says about this request contradicts itself.\n", 400)
            await refused(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _believe(self, scope: Scope, headers: Headers) -> None:
        addresses = _values(headers, _FOR)
        if addresses:
            scope["client"] = (self._sender(addresses), 0)
        protocols = _values(headers, _PROTO)
        # Where one says http, part of the way was open, or somebody outside has written a value of their own before.
        scope["scheme"] = "https" if protocols and set(protocols) == {"https"} else "http"
        names = set(_values(headers, _HOST))
        if len(names) > 1:
            raise _Unclear
        if names:
            others = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
            scope["headers"] = [(b"host", names.pop().encode("latin-1")), *others]

    def _sender(self, addresses: list[str]) -> str:
        """The last address that is no proxy of ours: what stands before it, anybody may have written."""
        found = None
        for text in reversed(addresses):
            found = address_of(_without_port(text))
            if found is None:
                raise _Unclear
            if not among(found, self.proxies):
                break
        return str(found)


def _values(headers: Headers, name: str) -> list[str]:
    """All values of a header, whether in one line or in several."""
    return [value.strip() for line in headers.getlist(name) for value in line.split(",")]


def _without_port(text: str) -> str:
    """An address as some proxies write it: `192.0.2.1:443`, `[2001:db8::1]:443`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
