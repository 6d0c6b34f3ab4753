"""What surrounds the console's pages: its places, with how much is parked, and who is here."""

from __future__ import annotations

import logging

from starlette.requests import Request

from prorata.store.errors import StoreError
from prorata.usecases.pages.parked import parked_count
from prorata.web.center.paths import CONSOLE, PEOPLE
from prorata.web.center.visit import StaffVisit, maybe_staff
from prorata.web.console import paths
from prorata.web.rendering import wording_of
from prorata.web.views import Link, NavItem, Shell

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
    count = parked_count(here.services, here.actor)
    path = request.url.path
    return Shell(
        nav=(
            NavItem(label=w.t("Runs"), href=paths.RUNS, icon="clock", current=path.startswith(paths.RUNS)),
            NavItem(
                label=w.t("Parked"),
                href=paths.PARKED,
                icon="pause",
                current=path.startswith(paths.PARKED),
                count=w.number(count) if count else None,
                count_words=w.n("{count} subscription is parked", "{count} subscriptions are parked", count)
                if count
                else None,
            ),
        ),
        home=CONSOLE,
        seller=here.vendor,
        account=w.t("Vendor console"),
        person=w.t("{name}, finance", name=here.actor.name),
        switch_person=Link(label=w.t("Be somebody else"), href=PEOPLE),
    )
