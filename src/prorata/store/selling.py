"""A plan as its seller sells it now, whoever buys: what a new price of it goes out from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from prorata.core.catalog.plans import Plan
from prorata.core.money import Currency
from prorata.store import codec
from prorata.store.catalogue import UnknownPlan


@dataclass(frozen=True, slots=True)
class Selling:
    """A plan at its newest price in a currency, whether that is valid yet or not, and whose it is."""

    seller_id: int
    plan: Plan


def newest(conn: Connection, plan_id: int, *, of: Currency) -> Selling:
    """The plan of an id in a currency, held until the transaction ends: of two new prices at once one comes second.

    Raises `UnknownPlan` where there is none, or it is not sold in that currency.
    """
    row = conn.execute(_NEWEST, {"plan": plan_id, "currency": of.code}).one_or_none()
    if row is None:
        raise UnknownPlan(plan=plan_id)
    return Selling(row.seller_id, codec.PLAN.read(row.plan))


_NEWEST = text("""
    SELECT plan.seller_id, price.plan
    FROM plans AS plan JOIN plan_prices AS price ON price.plan_id = plan.id
    WHERE plan.id = :plan AND price.currency = :currency
    ORDER BY price.version DESC LIMIT 1
    FOR NO KEY UPDATE OF plan
""")
