"""What happens to every request of a program before it is answered, and to every answer."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prorata.web.api.v1.problems import problem
from prorata.web.languages import chosen_language
from prorata.web.limits import BODY_LIMIT, BODY_SECONDS, Counted, too_long
from prorata.web.outside import Outside, host_of


@dataclass(frozen=True, slots=True)
class AskedLanguage:
    """Finds the language by `Accept-Language` alone, and leaves it in `scope["language"]`."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Choose, pass on, and say in the answer what it depends on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        language = chosen_language({}, Headers(scope=scope).get("accept-language", ""))
        scope["language"] = language

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer["Content-Language"] = language.value
                answer.add_vary_header("Accept-Language, Authorization")
            await send(message)

        await self.app(scope, receive, send_named)


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """Answers only at addresses that can be ours: under our name, by TLS where that is how the site is reached, not too
    long, and without a NUL, which no name has and a database refuses.
    """

    app: ASGIApp
    outside: Outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on all others."""
        refused = self._refused(scope) if scope["type"] == "http" else None
        await (refused or self.app)(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        if host_of(scope) not in self.outside.hosts:
            return problem(scope, 421)
        if self.outside.encrypted and scope["scheme"] != "https":
            return problem(scope, 421, code="not_encrypted")
        status = too_long(scope) or (404 if "\0" in scope["path"] else None)
        return problem(scope, status) if status else None


@dataclass(frozen=True, slots=True)
class SmallBody:
    """Stops reading what is larger than anything that can be asked (413), or takes longer to come (408)."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Judge by the length that was announced, and count what really comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced[:12]) > BODY_LIMIT:
            await problem(scope, 413)(scope, receive, send)
            return
        await self.app(scope, Counted(receive, BODY_LIMIT, BODY_SECONDS), send)
