"""A new price of a plan: for new sales at once, for others at the renewal after the notice."""

from __future__ import annotations

from datetime import date, datetime

from prorata.core.calendar import business_date
from prorata.core.catalog.plans import Price
from prorata.core.errors import DomainError
from prorata.core.money import UnitPrice
from prorata.core.step import PriceNotPossible
from prorata.store import catalogue, sellers, selling
from prorata.usecases.act import Services
from prorata.usecases.note import note_of_vendor
from prorata.usecases.permissions import Actor


class PriceInThePast(DomainError):
    """A price from a day that is over: its notice would have begun before anybody could know of it."""

    code = "price_in_the_past"


def set_price(
    services: Services,
    actor: Actor,
    *,
    plan: int,
    amount: UnitPrice,
    valid_from: date | None = None,
    at: datetime | None = None,
) -> Price:
    """Give a plan of the catalogue its next price for each licence, in the amount's currency. For the vendor's staff.

    `valid_from`: its first day, today or later (None: today, at the seller). `at` is given where time is simulated.
    Accounts need nothing: each run looks up whether a newer price has come. Raises `NotAllowed`, `UnknownPlan` where
    the plan is not sold in that currency, `PriceInThePast`, and `PriceNotPossible` for phases and steps.
    """
    actor.must("set_price")
    with services.database.owner() as conn:
        sold = selling.newest(conn, plan, of=amount.currency)
        if sold.plan.phases or sold.plan.price.tiers:
            raise PriceNotPossible(plan=sold.plan.name)
        today = business_date(at or services.clock.now(), sellers.find(conn, sold.seller_id).zone)
        if valid_from is not None and valid_from < today:
            raise PriceInThePast(valid_from=valid_from.isoformat(), today=today.isoformat())
        price = catalogue.add_price(conn, plan, price=amount, valid_from=valid_from or today)
        said = f"plan {plan}: {amount} {amount.currency.code} from {(valid_from or today).isoformat()}"
        note_of_vendor(conn, actor, at=at or services.clock.now(), action="price.set", subject=said)
        return price
