"""The whole site as one application: the customers’ center, the console of the vendor’s staff, what programs use."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute

from prorata.usecases.act import Services
from prorata.web.api.v1.app import Beside, create_api
from prorata.web.center.routes import center
from prorata.web.center.shell import shell_of
from prorata.web.console.routes import SCREENS
from prorata.web.console.shell import staff_shell
from prorata.web.outside import Outside
from prorata.web.views import Shell
from prorata.web.visits import Door


def site(
    services: Services,
    *,
    secret: str,
    door: Door,
    outside: Outside | None = None,
    beside: Sequence[BaseRoute] = (),
) -> Starlette:
    """Make the application; `door` knows who is here, `secret` signs what it keeps with them.

    `outside`: how the site is reached; `beside`: what else it answers.
    """
    console = [route for screen in SCREENS for route in screen.routes()]
    pages = center(services, secret=secret, door=door, beside=[*console, *beside], shell=_shell, outside=outside)
    pages.add_middleware(Beside, api=create_api(services, outside=outside))
    return pages


def _shell(request: Request) -> Shell:
    return staff_shell(request) or shell_of(request)
