"""The site as `prorata serve` shows it: with a sign-in, known by its address, behind proxies, in the log."""

from __future__ import annotations

from starlette.types import ASGIApp

from prorata.usecases.act import Services
from prorata.web import health
from prorata.web.logs import RequestLog
from prorata.web.outside import Outside
from prorata.web.proxies import TrustedProxies
from prorata.web.site import site
from prorata.web.visits import Door


class NotForOutside(Exception):
    """A door through which everybody may be anybody does not lead outside."""


def served(services: Services, *, door: Door, outside: Outside) -> ASGIApp:
    """Make the application for people who come from outside. Raises `NotForOutside` for the door of a demo."""
    if door.demo:
        raise NotForOutside("the demo is for this machine only")
    app = site(services, secret=services.keys.secret, door=door, outside=outside, beside=health.routes())
    return RequestLog(TrustedProxies(app, proxies=outside.proxies))
