"""What happens to every request before a page is looked for, and to every answer before it leaves."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prorata.web.failures import failure_page
from prorata.web.headers import secure
from prorata.web.languages import chosen_language

BODY_LIMIT = 1_000_000  # bytes
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class SecureAnswers:
    """Sets the security headers of every answer."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass the request on; complete the headers of what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_secured)


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """Finds the reader's language and leaves it in `scope["language"]`."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Choose, pass on, and say in the answer what it depends on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["language"] = chosen_language(_cookies(headers), headers.get("accept-language", ""))

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("Content-Language", scope["language"].value)  # a page may know its reader better
                answer.add_vary_header("Accept-Language, Cookie")
            await send(message)

        await self.app(scope, receive, send_named)


@dataclass(frozen=True, slots=True)
class OwnSiteWrites:
    """Refuses a write that another site started: a form elsewhere must not act for a reader who is signed in here."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on what reads or comes from a page of ours; answer 403 to the rest."""
        if scope["type"] == "http" and scope["method"] not in _READING and not _from_own_site(Headers(scope=scope)):
            page = failure_page(Request(scope, receive), status=403, code="other_site")
            await page(scope, receive, send)
            return
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class OwnHost:
    """Answers only under the names that are ours: a foreign name that leads here would make its pages ours."""

    app: ASGIApp
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on what names us; answer 421 to the rest."""
        if scope["type"] == "http" and _host_name(Headers(scope=scope).get("host", "")) not in self.hosts:
            page = failure_page(Request(scope, receive), status=421)
            await page(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class PlainAddress:
    """Finds nothing at an address with a NUL in it: no name has one, and a database refuses it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on all others."""
        if scope["type"] == "http" and "\0" in scope["path"]:
            page = failure_page(Request(scope, receive), status=404)
            await page(scope, receive, send)
            return
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Stops reading a request that is larger than any form of ours, and answers 413."""

    app: ASGIApp
    limit: int = BODY_LIMIT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Judge by the length that was announced, and count what really comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self.limit:
            page = failure_page(Request(scope, receive), status=413)
            await page(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counted, send)


def _from_own_site(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    # Browsers leave Sec-Fetch-Site out over plain http, but name the origin of every form.
    try:
        origin = urlsplit(headers.get("origin", ""))
    except ValueError:  # half an address in brackets; no browser sends it
        return False
    return bool(origin.netloc) and origin.netloc == headers.get("host", "")


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
