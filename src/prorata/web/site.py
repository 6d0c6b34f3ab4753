"""The whole site as one application: the customers' center, and beside it the console of the vendor's staff."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request

from prorata.usecases.act import Services
from prorata.web.center.routes import center
from prorata.web.center.shell import shell_of
from prorata.web.console.routes import SCREENS
from prorata.web.console.shell import staff_shell
from prorata.web.views import Shell


def site(services: Services, *, secret: str) -> Starlette:
    """Make the application; `secret` signs the cookie that says who is here."""
    console = [route for screen in SCREENS for route in screen.routes()]
    return center(services, secret=secret, beside=console, shell=_shell)


def _shell(request: Request) -> Shell:
    return staff_shell(request) or shell_of(request)
