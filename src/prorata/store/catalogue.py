"""What a seller sells: products, and plans with their price and agreement. The owner writes it, everybody reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Connection, func, insert, literal, select, text

from prorata.core.calendar import Every, every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.terms import Agreement
from prorata.core.errors import DomainError
from prorata.core.money import UnitPrice, currency
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


def create_agreement(conn: Connection, *, seller_id: int, name: str, agreement: Agreement) -> int:
    """Keep an agreement under a name of the seller's; returns its id."""
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
    code: str,
    every: Every,
    prices: Sequence[UnitPrice],
    valid_from: date,
) -> int:
    """Put a plan on sale, with its first price in each currency; returns its id. `code` becomes the core's name."""
    values = {
        "seller_id": seller_id,
        "product_id": product_id,
        "agreement_id": agreement_id,
        "code": code,
        "every": str(every),
        "on_sale": True,
    }
    plan = cast("int", conn.scalar(insert(PLANS).values(values).returning(PLANS.c.id)))
    for price in prices:
        add_price(conn, plan, price=price, valid_from=valid_from)
    return plan


def add_price(conn: Connection, plan_id: int, *, price: UnitPrice, valid_from: date) -> Price:
    """Give a plan its next price in that currency."""
    table = PLAN_PRICES.c
    last = conn.scalar(
        select(func.coalesce(func.max(table.version), literal(0))).where(
            table.plan_id == plan_id, table.currency == price.currency.code
        )
    )
    added = Price((last or 0) + 1, price)
    conn.execute(
        insert(PLAN_PRICES).values(
            plan_id=plan_id,
            currency=price.currency.code,
            version=added.version,
            valid_from=valid_from,
            amount=price.amount,
        )
    )
    return added


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
    SELECT plan.id, plan.code, plan.every, plan.product_id, product.code AS product, product.names,
           product.descriptions, agreement.terms, price.version, price.amount, price.currency
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
    price = UnitPrice(row.amount, currency(row.currency))
    return Offer(
        plan_id=row.id,
        product_id=row.product_id,
        product=row.product,
        names=row.names,
        descriptions=row.descriptions,
        plan=Plan(row.code, every(row.every), Price(row.version, price)),
        agreement=codec.AGREEMENT.read(row.terms),
    )
