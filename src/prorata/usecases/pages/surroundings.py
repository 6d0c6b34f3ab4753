"""What surrounds every page: whose it is, which day it is there, what waits, and what is to come."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.store.screens import bills
from prorata.store.screens.bills import BillRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here
from prorata.usecases.pages.home import is_past_due


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`open_bills`: all that is to be paid, oldest due first; `past_due`: how many of them are late."""

    here: Here
    subscriptions: tuple[SubscriptionFacts, ...]
    open_bills: tuple[BillRow, ...]
    past_due: int


def surroundings(services: Services, request: Request) -> Surroundings:
    """Read them."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        open_bills = bills.open_bills(conn, request.account)
        late = sum(is_past_due(row, place.today) for row in open_bills)
        return Surroundings(place, all_facts(conn, place), open_bills, late)
