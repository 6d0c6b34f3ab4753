"""What surrounds the console's pages: its places, with how much is parked, and who is here."""

from __future__ import annotations

import logging

from starlette.requests import Request

from prorata.store.errors import StoreError
from prorata.usecases.pages.parked import parked_count
from prorata.web.addresses import CONSOLE
from prorata.web.console import paths
from prorata.web.rendering import wording_of
from prorata.web.views import NavItem, Shell
from prorata.web.visits import StaffVisit, door_of, maybe_staff
from prorata.wording import Wording
from prorata.wording.roles import staff_role_word

_LOG = logging.getLogger(__name__)


def staff_shell(request: Request) -> Shell | None:
    """The shell of a request of the vendor's staff; None for everybody else, the bare one without a database."""
    try:
        found = maybe_staff(request)
        return _shell(request, found) if found else None
    except StoreError:
        _LOG.exception("The surroundings of a page could not be read.")
        return Shell()


def _shell(request: Request, here: StaffVisit) -> Shell:
    w = wording_of(request)
    return Shell(
        nav=_places(request, w, here=here),
        home=CONSOLE,
        seller=here.vendor,
        account=w.t("Vendor console"),
        person=f"{here.actor.name}, {staff_role_word(w, here.actor.role)}",
        switch_person=door_of(request).way_out(w),
    )


def _places(request: Request, w: Wording, *, here: StaffVisit) -> tuple[NavItem, ...]:
    """Those where one's role lets one do something."""
    path, actor = request.url.path, here.actor
    found: list[NavItem] = []
    if actor.may("see_runs"):
        found += [
            NavItem(label=w.t("Runs"), href=paths.RUNS, icon="clock", current=path.startswith(paths.RUNS)),
            _parked(w, path, count=parked_count(here.services, actor)),
        ]
    if actor.may("see_accounts"):
        current = path.startswith(paths.ACCOUNTS)
        found.append(NavItem(label=w.t("Accounts"), href=paths.ACCOUNTS, icon="profiles", current=current))
        current = path.startswith(paths.REASONS)
        found.append(NavItem(label=w.t("Why people cancel"), href=paths.REASONS, icon="stop", current=current))
    # Whom one can be in a demo is the demo's to say.
    if actor.may("manage_staff") and not door_of(request).demo:
        found.append(
            NavItem(label=w.t("Staff"), href=paths.STAFF, icon="members", current=path.startswith(paths.STAFF))
        )
    if actor.may("see_vendor_audit"):
        current = path.startswith(paths.AUDIT)
        found.append(NavItem(label=w.t("Audit"), href=paths.AUDIT, icon="clock", current=current))
    return tuple(found)


def _parked(w: Wording, path: str, *, count: int) -> NavItem:
    said = w.n("{count} subscription is parked", "{count} subscriptions are parked", count) if count else None
    return NavItem(
        label=w.t("Parked"),
        href=paths.PARKED,
        icon="pause",
        current=path.startswith(paths.PARKED),
        count=w.number(count) if count else None,
        count_words=said,
    )
