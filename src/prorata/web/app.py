"""The application: routes, what surrounds them, and where the parts of a page come from."""

from collections.abc import Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.web.assets import Assets
from prorata.web.failures import on_http_exception, on_unforeseen
from prorata.web.forms import get, post
from prorata.web.gallery import gallery
from prorata.web.languages import set_language
from prorata.web.limits import BodyLimit, HeadLimit
from prorata.web.middleware import LanguageChoice, OwnHost, OwnSiteWrites, PlainAddress, PlainCookies, SecureAnswers
from prorata.web.outside import Outside
from prorata.web.rendering import Pages, ShellOf
from prorata.web.views import Shell

Refusal = Callable[[Request, Exception], Response]
"""Answers a request that a rule or the store refused, by a handler for each kind of exception."""


def nobody(_: Request) -> Shell:
    """What surrounds a page for a reader whom nobody knows."""
    return Shell()


def create_app(
    *,
    routes: Sequence[BaseRoute] = (),
    shell_of: ShellOf = nobody,
    middleware: Sequence[Middleware] = (),
    refusals: Mapping[type[Exception], Refusal] | None = None,
    outside: Outside | None = None,
    demo: bool = False,
    files: Mapping[str, int] | None = None,
) -> Starlette:
    """Make the application.

    `routes` are the screens; `shell_of` gives the navigation, the reader and the clock of a request, and must not
    fail; `middleware` comes after ours, so it sees only requests that may be answered; `refusals` answer exceptions of
    screens by their kind; `outside` is how the site is reached, None: under this machine's own names. `demo`: every
    page says that nothing on it is real. `files`: the addresses that files are sent to, with the most bytes of each.
    """
    assets = Assets()
    outside = outside or Outside()
    # What pages are made of is for those who build it.
    gallery_too = [] if outside.address else [get("/gallery", gallery, name="gallery")]
    app = Starlette(
        routes=[
            *routes,
            *gallery_too,
            post("/language", set_language, name="language"),
            assets.mount(),
        ],
        middleware=[
            Middleware(SecureAnswers),
            Middleware(PlainCookies),
            Middleware(LanguageChoice),
            Middleware(HeadLimit),
            Middleware(OwnHost, outside=outside),
            Middleware(OwnSiteWrites, outside=outside),
            Middleware(PlainAddress),
            Middleware(BodyLimit, larger=files or {}),
            *middleware,
        ],
        exception_handlers={**(refusals or {}), HTTPException: on_http_exception, Exception: on_unforeseen},
    )
    app.state.pages = Pages(assets=assets, shell_of=shell_of, demo=demo)
    app.state.outside = outside
    return app
