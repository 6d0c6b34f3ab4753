"""Facts that several pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from prorata.core.billing.due import horizon
from prorata.core.calendar import business_date
from prorata.core.money import Money, half_up
from prorata.core.subscriptions.model import Overlay, Subscription, Turn, overlays, timetable
from prorata.store import parked, sellers, subscriptions
from prorata.store.accounts import AccountRow, find
from prorata.store.engine import Connection
from prorata.usecases.act import Request, Services, now


@dataclass(frozen=True, slots=True)
class Here:
    """Whose page it is, and which day it is there."""

    account: AccountRow
    seller: str
    today: date


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A subscription as lists and pages show it.

    `product` is the product's name by language. `next_bill`: the day on which its next period is billed, None where
    none will be. `unused` licences are bought and held by nobody; `unused_cost` is what they cost for a period.
    `parked`: its billing rests until the vendor has mended something.
    """

    subscription: Subscription
    product: Mapping[str, str]
    overlays: tuple[Overlay, ...]
    next_bill: date | None
    per_period: Money
    unused: int
    unused_cost: Money
    timetable: tuple[Turn, ...]
    parked: bool = False


def here(conn: Connection, request: Request, *, services: Services) -> Here:
    """Whose page it is; raises `NotAllowed` for who may see nothing."""
    request.actor.must("see")
    account = find(conn, request.account)
    seller = sellers.find(conn, account.seller_id)
    return Here(account, seller.name, business_date(request.at or now(services, account), account.zone))


def all_facts(conn: Connection, place: Here) -> tuple[SubscriptionFacts, ...]:
    """Every subscription of the account, those that are deleted too, in order of purchase."""
    past_due = subscriptions.past_due(conn, place.account.account_id, on=place.today)
    found = subscriptions.all_of(conn, place.account.account_id)
    products = subscriptions.product_names(conn, place.account.account_id)
    resting = {row.why.subscription for row in parked.of_account(conn, place.account.account_id)}
    facts = (facts_of(s, today=place.today, product=products[s.id], past_due=s.id in past_due) for s in found)
    return tuple(replace(f, parked=True, next_bill=None) if f.subscription.id in resting else f for f in facts)


def facts_of(
    subscription: Subscription, *, today: date, product: Mapping[str, str], past_due: bool
) -> SubscriptionFacts:
    """The facts of one subscription."""
    unused = max(subscription.licences - subscription.assigned, 0) if subscription.state == "active" else 0
    return SubscriptionFacts(
        subscription=subscription,
        product=product,
        overlays=overlays(subscription, past_due=past_due),
        next_bill=_next_bill(subscription, today),
        per_period=_price_of(subscription, subscription.licences),
        unused=unused,
        unused_cost=_price_of(subscription, unused),
        timetable=timetable(subscription),
    )


def _price_of(subscription: Subscription, licences: int) -> Money:
    price = subscription.plan.price.amount
    return Money(half_up(price.minor * Fraction(licences)), price.currency)


def _next_bill(subscription: Subscription, today: date) -> date | None:
    """The next boundary on which a period is billed: in advance not the one at which it ends."""
    if subscription.state != "active":
        return None
    if horizon(subscription, today) > subscription.covered_to:
        return today
    boundary = subscription.grid.next_boundary(today)
    ending = subscription.ending
    if ending is None:
        return boundary
    stops = ending.charged_to <= boundary if subscription.in_advance else ending.on < boundary
    return None if stops else boundary
