"""What happens to every request before a page is looked for, and to every answer before it leaves."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prorata.web.failures import failure_page
from prorata.web.headers import secure
from prorata.web.languages import chosen_language
from prorata.web.outside import Outside, host_of

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
                secure(MutableHeaders(scope=message), encrypted=scope["scheme"] == "https")
            await send(message)

        await self.app(scope, receive, send_secured)


@dataclass(frozen=True, slots=True)
class PlainCookies:
    """Leaves out cookies with a backslash, which none of ours has: Python can take a second to read a long one."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on with the others."""
        if scope["type"] == "http":
            scope["headers"] = [
                (name, _plain(value) if name == b"cookie" else value) for name, value in scope["headers"]
            ]
        await self.app(scope, receive, send)


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
    outside: Outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on what reads or comes from a page of ours; answer 403 to the rest."""
        if scope["type"] == "http" and not self._may_pass(scope):
            page = failure_page(Request(scope, receive), status=403, code="other_site")
            await page(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        if scope["method"] in _READING:
            return True
        return _from_own_site(Headers(scope=scope), self.outside.origin_of(scope))


@dataclass(frozen=True, slots=True)
class OwnHost:
    """Answers only under the names that are ours, and unencrypted only where that is how the site is reached.

    A foreign name that leads here would make its pages ours; what comes without TLS, others have read on its way.
    """

    app: ASGIApp
    outside: Outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: PLR0917 - ASGI
        """Pass on what names us; answer 421 to the rest."""
        if scope["type"] == "http" and not self.outside.is_probe(scope):
            named = host_of(scope) in self.outside.hosts
            if not named or (self.outside.encrypted and scope["scheme"] != "https"):
                page = failure_page(Request(scope, receive), status=421, code="not_encrypted" if named else None)
                await page(scope, receive, send)
                return
        await self.app(scope, receive, send)


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


def _from_own_site(headers: Headers, own: str) -> bool:
    """Whether everything that a browser says about where a write began names our own pages.

    Browsers leave Sec-Fetch-Site out over plain http, but name the origin of every form: its scheme counts too, for
    whoever can change an unencrypted page of our name must not act on the encrypted one.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    return site in {None, "same-origin", "none"} and origin in {None, own}


def _plain(cookies: bytes) -> bytes:
    return b";".join(cookie for cookie in cookies.split(b";") if b"\\" not in cookie)


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
