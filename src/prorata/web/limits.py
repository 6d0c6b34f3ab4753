"""How much a request may be, and how long it may take to come: more than any browser of ours sends, and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prorata.web.failures import failure_page

BODY_LIMIT: Final = 1_000_000  # bytes
BODY_SECONDS: Final = 30
"""For all of a body: a form is there at once, and who sends a byte now and then keeps a place from others."""
ADDRESS_LIMIT: Final = 8_000  # bytes of path and query, in which previews carry a form
HEAD_LIMIT: Final = 16_000  # bytes of all headers


@dataclass(frozen=True, slots=True)
class HeadLimit:
    """Refuses addresses and headers that are longer than any of ours."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on what is short enough; answer 414 or 431 to the rest."""
        status = too_long(scope) if scope["type"] == "http" else None
        if status:
            await failure_page(Request(scope, receive), status=status)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def too_long(scope: Scope) -> int | None:
    """The status that refuses a request by its address or its headers; None where both are short enough."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_LIMIT:
        return 414
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEAD_LIMIT:
        return 431
    return None


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Stops reading a body that is larger than any form of ours (413), or takes longer to come (408). `larger`: where
    files are sent to, with how many bytes those may have.
    """

    app: ASGIApp
    limit: int = BODY_LIMIT
    seconds: float = BODY_SECONDS
    larger: Mapping[str, int] = field(default_factory=dict[str, int])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Judge by the length that was announced, and count what really comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        limit = self.larger.get(scope["path"], self.limit)
        if not announced.isdecimal() or int(announced[:12]) > limit:
            await failure_page(Request(scope, receive), status=413)(scope, receive, send)
            return
        await self.app(scope, Counted(receive, limit, self.seconds), send)


@dataclass(slots=True)
class Counted:
    """Receives a body as long as it keeps within its limits; the time begins when somebody wants it."""

    receive: Receive
    limit: int
    seconds: float
    received: int = 0
    until: float | None = None
    complete: bool = False

    async def __call__(self) -> Message:
        """The next piece. Raises 408 and 413 as pages do."""
        if self.complete:  # what comes now is that the browser has gone, whenever it does
            return await self.receive()
        loop = asyncio.get_running_loop()
        if self.until is None:
            self.until = loop.time() + self.seconds
        try:
            async with asyncio.timeout_at(self.until):
                message = await self.receive()
        except TimeoutError as late:
            raise HTTPException(408) from late
        self.received += len(message.get("body", b""))
        self.complete = not message.get("more_body", False)
        if self.received > self.limit:
            raise HTTPException(413)
        return message
