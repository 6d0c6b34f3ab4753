"""The vendor's own audit: what its people did among themselves, and for which customers they acted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.audit import VENDOR_KINDS, VendorKind, vendor_audit_page
from prorata.web.center.audit import Sheet, asked_of
from prorata.web.center.audit import show as show_page
from prorata.web.console import paths
from prorata.web.forms import get
from prorata.web.rendering import wording_of
from prorata.web.visits import staff
from prorata.wording import mark

_KINDS: Final[Mapping[VendorKind, str]] = {
    "people": mark("People and access"),
    "customers": mark("Acting for customers"),
    "business": mark("Prices, sellers and runs"),
}


def routes() -> Sequence[BaseRoute]:
    """The list; the address chooses from it as in an account."""
    return (get(paths.AUDIT, show, name="vendor_audit"),)


def show(request: Request) -> Response:
    """Show the list."""
    here, w = staff(request), wording_of(request)
    asked = asked_of(request, VENDOR_KINDS)
    page = vendor_audit_page(here.services, here.actor, who=asked.who, kind=asked.kind, page=asked.page)
    sheet = Sheet(
        path=paths.AUDIT,
        lead=w.t(
            "What the vendor’s people did that belongs to no account, newest first. What they did for a customer "
            "stands in that account’s audit. Nothing of it can be changed or removed."
        ),
        empty=w.t("Whatever the vendor’s people do among themselves stands here from then on."),
        kinds=_KINDS,
    )
    return show_page(request, page, asked=asked, sheet=sheet)
