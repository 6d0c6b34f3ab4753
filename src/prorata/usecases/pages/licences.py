"""Licences: what is bought, assigned and free of everything that runs, what the free ones cost, who holds one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prorata.core.calendar import business_date
from prorata.core.history import UnknownSubscription
from prorata.core.insights.standing import Standing, standing_of
from prorata.core.insights.unused import Unused, in_all, unused
from prorata.store import history, members
from prorata.store.screens.holders import held_since
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here


@dataclass(frozen=True, slots=True)
class LicencesRow:
    """A subscription that runs or can be reactivated: how its licences stand, and what those cost that nobody holds."""

    facts: SubscriptionFacts
    standing: Standing
    unused: Unused


@dataclass(frozen=True, slots=True)
class LicencesPage:
    """`subscriptions`: all of the account; `rows`: those that are not deleted, in order of purchase; `unused`: all of
    them together, in each currency.
    """

    here: Here
    subscriptions: tuple[SubscriptionFacts, ...]
    rows: tuple[LicencesRow, ...]
    unused: tuple[Unused, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A member who holds a licence since a day."""

    member: int
    name: str
    email: str
    since: date


@dataclass(frozen=True, slots=True)
class HoldersPage:
    """One subscription and who holds its licences; `holders`: who got theirs last comes first."""

    here: Here
    facts: SubscriptionFacts
    standing: Standing
    unused: Unused
    holders: tuple[Holder, ...]


def licences_page(services: Services, request: Request) -> LicencesPage:
    """Read the page."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        discounts = history.load(conn, request.account, on=place.today, lock=False).discounts
        found = all_facts(conn, place)
    rows = tuple(
        LicencesRow(
            facts,
            standing_of(facts.subscription, (), today=place.today),
            unused(facts.subscription, place.today, discounts=discounts),
        )
        for facts in found
        if facts.subscription.state != "deleted"
    )
    return LicencesPage(place, found, rows, in_all([row.unused for row in rows]))


def holders_page(services: Services, request: Request, *, name: str) -> HoldersPage:
    """Read who holds the licences of a subscription; raises `UnknownSubscription`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        facts = next((one for one in all_facts(conn, place) if one.subscription.name == name), None)
        if facts is None:
            raise UnknownSubscription(subscription=name)
        discounts = history.load(conn, request.account, on=place.today, lock=False).discounts
        since = held_since(conn, request.account, subscription_id=facts.subscription.id)
        people = {member.id: member for member in members.all_of(conn, request.account) if member.id in since}
    return HoldersPage(
        here=place,
        facts=facts,
        standing=standing_of(facts.subscription, (), today=place.today),
        unused=unused(facts.subscription, place.today, discounts=discounts),
        holders=tuple(
            Holder(member, people[member].name, people[member].email, business_date(at, place.account.zone))
            for member, at in since.items()
            if member in people
        ),
    )
