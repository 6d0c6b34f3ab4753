"""One subscription: its state and dates, its licences and who holds them, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.core.subscriptions.cancel import OverLimit, over_limit
from prorata.store import assignments, members, subscriptions
from prorata.store.members import MemberRow
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """`members`: everybody in the account; `holders`: the ids of those who hold a licence of this subscription.

    `over_limit`: what stands in the way of cancelling online, None where nothing does.
    """

    here: Here
    facts: SubscriptionFacts
    members: tuple[MemberRow, ...]
    holders: frozenset[int]
    over_limit: OverLimit | None


def subscription_page(services: Services, request: Request, *, name: str) -> SubscriptionPage:
    """Read the page; raises `UnknownSubscription`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        subscription = subscriptions.by_name(conn, request.account, name=name)
        facts = next(f for f in all_facts(conn, place) if f.subscription.id == subscription.id)
        return SubscriptionPage(
            here=place,
            facts=facts,
            members=members.all_of(conn, request.account),
            holders=assignments.holders(conn, request.account, subscription=name),
            over_limit=over_limit(facts.subscription, kind=place.account.kind, by=request.actor.side),
        )
