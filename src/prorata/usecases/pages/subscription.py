"""One subscription: its state and dates, its licences and who holds them, what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from prorata.core.calendar import LAST_DAY, business_date
from prorata.core.history import History
from prorata.core.insights.life import Life, life_of
from prorata.core.insights.standing import Standing, standing_of
from prorata.core.insights.unused import Unused, unused
from prorata.core.subscriptions.cancel import OverLimit, over_limit
from prorata.core.subscriptions.change_plan import new_price
from prorata.core.subscriptions.ledgers import PlanChange
from prorata.core.subscriptions.model import Subscription
from prorata.store import catalogue, history, members, subscriptions
from prorata.store.catalogue import Offer
from prorata.store.members import MemberRow
from prorata.store.screens.holders import held_since
from prorata.usecases.act import Request, Services
from prorata.usecases.pages.facts import Here, SubscriptionFacts, all_facts, here
from prorata.usecases.pages.upcoming import Upcoming, upcoming


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """`members`: everybody in the account, and who has left with a licence; `holders`: the ids of those who hold one of
    this subscription; `since`: each from which day on.

    `over_limit`: what stands in the way of cancelling online, None where nothing does. `coming`: the next twelve months
    of bills that have a line of it. `announced`: its plan at a new price, from the day on that this holds for it.
    `offers`: what is on sale, where another plan waits. `standing`: how its licences stand; `unused`: what those cost
    that nobody holds. `life`: what was and what is to come, by the day.
    """

    here: Here
    facts: SubscriptionFacts
    members: tuple[MemberRow, ...]
    holders: frozenset[int]
    since: Mapping[int, date]
    over_limit: OverLimit | None
    coming: Upcoming
    standing: Standing
    unused: Unused
    life: Life
    announced: PlanChange | None = None
    offers: tuple[Offer, ...] = ()


def subscription_page(services: Services, request: Request, *, name: str) -> SubscriptionPage:
    """Read the page; raises `UnknownSubscription`."""
    with services.database.account(request.account, read_only=True) as conn:
        place = here(conn, request, services=services)
        subscription = subscriptions.by_name(conn, request.account, name=name)
        facts = next(f for f in all_facts(conn, place) if f.subscription.id == subscription.id)
        tail = history.load(conn, request.account, on=place.today, lock=False)
        since = held_since(conn, request.account, subscription_id=subscription.id)
        holders = frozenset(since)
        return SubscriptionPage(
            here=place,
            facts=facts,
            members=tuple(m for m in members.all_of(conn, request.account) if m.id in holders or not m.left_at),
            holders=holders,
            since={member: business_date(at, place.account.zone) for member, at in since.items()},
            over_limit=over_limit(facts.subscription, kind=place.account.kind, by=request.actor.side),
            coming=upcoming(tail, place.today).of(subscription.id),
            life=life_of(facts.subscription, place.today, history=tail),
            standing=standing_of(facts.subscription, (), today=place.today),
            unused=unused(facts.subscription, place.today, discounts=tail.discounts),
            announced=_announced(facts.subscription, tail),
            offers=catalogue.offers(conn, place.account, on=place.today) if subscription.pending_plan else (),
        )


def _announced(subscription: Subscription, tail: History) -> PlanChange | None:
    """The next price that is announced and comes before the end, as the rules will apply it."""
    if subscription.state != "active":
        return None
    ending, at = subscription.ending, subscription.started_at
    last = ending.on - timedelta(days=1) if ending else LAST_DAY
    known = {sold.plan.price.version for sold in subscription.plans}
    found = new_price(subscription, tail.prices, today=last, at=at).plans
    return next((sold for sold in found if sold.why == "price" and sold.plan.price.version not in known), None)
