"""What a seller sells: products, and plans with their price and agreement. The owner writes it, everybody reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from sqlalchemy import Connection, insert, select, text

from prorata.core.catalog.check_plans import check_agreement, check_plan
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.terms import Agreement
from prorata.core.errors import DomainError
from prorata.core.money import Currency, UnitPrice
from prorata.store import codec
from prorata.store.accounts import AccountRow
from prorata.store.rows import Any, AnyRow
from prorata.store.tables.catalogue import AGREEMENTS, PLAN_PRICES, PLANS, PRODUCTS
from prorata.store.tables.subscriptions import SUBSCRIPTIONS


class UnknownPlan(DomainError):
    """The seller sells no such plan, or not in the account's currency."""

    code = "unknown_plan"


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan that an account can buy. `names` and `descriptions` of its product by language."""

    plan_id: int
    product_id: int
    product: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    plan: Plan
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Sold:
    """A plan as its seller sells it newest in a currency, on sale or not."""

    seller_id: int
    plan: Plan


def create_agreement(conn: Connection, *, seller_id: int, name: str, agreement: Agreement) -> int:
    """Keep an agreement under a name of the seller's; returns its id. Raises `WindowWithoutDays`."""
    check_agreement(agreement)
    values = {"seller_id": seller_id, "name": name, "terms": codec.AGREEMENT.write(agreement)}
    return cast("int", conn.scalar(insert(AGREEMENTS).values(values).returning(AGREEMENTS.c.id)))


def find_agreement(conn: Connection, agreement_id: int) -> Agreement:
    """The agreement of an id that some plan has."""
    return codec.AGREEMENT.read(conn.scalar(select(AGREEMENTS.c.terms).where(AGREEMENTS.c.id == agreement_id)))


def create_product(
    conn: Connection, *, seller_id: int, code: str, names: Mapping[str, str], descriptions: Mapping[str, str]
) -> int:
    """Put a product into the catalogue; returns its id. Names and descriptions by language."""
    values = {"seller_id": seller_id, "code": code, "names": dict(names), "descriptions": dict(descriptions)}
    return cast("int", conn.scalar(insert(PRODUCTS).values(values).returning(PRODUCTS.c.id)))


def create_plan(
    conn: Connection,
    *,
    seller_id: int,
    product_id: int,
    agreement_id: int,
    plans: Sequence[Plan],
    valid_from: date,
) -> int:
    """Put a plan on sale as it is sold in each currency from a day on; returns its id.

    Raises `ContradictoryPlan`, which names the key, and ValueError unless all have one name and one length of periods,
    and each its own currency. Their prices become the first version.
    """
    first = plans[0]
    currencies = {plan.price.amount.currency for plan in plans}
    if len(currencies) < len(plans) or any((plan.name, plan.every) != (first.name, first.every) for plan in plans):
        raise ValueError(plans)
    for plan in plans:
        check_plan(plan)
    values = {
        "seller_id": seller_id,
        "product_id": product_id,
        "agreement_id": agreement_id,
        "code": first.name,
        "every": str(first.every),
        "on_sale": True,
    }
    made = cast("int", conn.scalar(insert(PLANS).values(values).returning(PLANS.c.id)))
    for plan in plans:
        _put(conn, made, plan=replace(plan, price=replace(plan.price, version=1)), valid_from=valid_from)
    return made


def add_price(conn: Connection, plan_id: int, *, price: UnitPrice, valid_from: date) -> Price:
    """Give a plan its next price for each licence in that currency; all else stays as it is sold there.

    Raises `UnknownPlan` where it is not sold in that currency.
    """
    plan = newest(conn, plan_id, currency=price.currency).plan
    added = replace(plan.price, version=plan.price.version + 1, amount=price)
    _put(conn, plan_id, plan=replace(plan, price=added), valid_from=valid_from)
    return added


def newest(conn: Connection, plan_id: int, *, currency: Currency) -> Sold:
    """A plan at its newest price in a currency, valid or still to come; raises `UnknownPlan`."""
    table = PLAN_PRICES.c
    query = (
        select(PLANS.c.seller_id, table.plan)
        .join_from(PLANS, PLAN_PRICES, table.plan_id == PLANS.c.id)
        .where(PLANS.c.id == plan_id, table.currency == currency.code)
        .order_by(table.version.desc())
        .limit(1)
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        raise UnknownPlan(plan=plan_id)
    return Sold(row.seller_id, codec.PLAN.read(row.plan))


def _put(conn: Connection, plan_id: int, *, plan: Plan, valid_from: date) -> None:
    values = {
        "plan_id": plan_id,
        "currency": plan.price.amount.currency.code,
        "version": plan.price.version,
        "valid_from": valid_from,
        "plan": codec.PLAN.write(plan),
    }
    conn.execute(insert(PLAN_PRICES).values(values))


def offer(conn: Connection, account: AccountRow, *, plan_id: int, on: date | None = None) -> Offer:
    """A plan on sale at the account's seller, at the price of a day (None: the newest); raises `UnknownPlan`."""
    for found in offers(conn, account, on=on):
        if found.plan_id == plan_id:
            return found
    raise UnknownPlan(plan=plan_id)


def offers(conn: Connection, account: AccountRow, *, on: date | None = None) -> tuple[Offer, ...]:
    """Every plan on sale at the account's seller in its currency, by product, then as they came."""
    asked: dict[str, Any] = {
        "seller": account.seller_id,
        "currency": account.currency.code,
        "on": on or date.max,
    }
    return tuple(_offer_of(row) for row in conn.execute(_OFFERS, asked))


def free_name(conn: Connection, account_id: int, *, plan: str) -> str:
    """A name for a new subscription: the plan's, else with the first number from 2 that the account has not used."""
    taken = set(conn.scalars(select(SUBSCRIPTIONS.c.name).where(SUBSCRIPTIONS.c.account_id == account_id)))
    if plan not in taken:
        return plan
    # One more number than there are names: one of them is free.
    return next(name for n in range(2, len(taken) + 3) if (name := f"{plan}-{n}") not in taken)


_OFFERS = text("""
    SELECT plan.id, plan.product_id, product.code AS product, product.names, product.descriptions, agreement.terms,
           price.plan
    FROM plans AS plan
    JOIN products AS product ON product.id = plan.product_id
    JOIN agreements AS agreement ON agreement.id = plan.agreement_id
    JOIN LATERAL (
        SELECT * FROM plan_prices
        WHERE plan_id = plan.id AND currency = :currency AND valid_from <= :on
        ORDER BY version DESC LIMIT 1
    ) AS price ON true
    WHERE plan.seller_id = :seller AND plan.on_sale
    ORDER BY plan.product_id, plan.id
""")


def _offer_of(row: AnyRow) -> Offer:
    return Offer(
        plan_id=row.id,
        product_id=row.product_id,
        product=row.product,
        names=row.names,
        descriptions=row.descriptions,
        plan=codec.PLAN.read(row.plan),
        agreement=codec.AGREEMENT.read(row.terms),
    )
