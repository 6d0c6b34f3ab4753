"""What is sold: products, how often and on what terms (plans), for how much, and the agreements that hold the terms."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Identity, Integer, Table, UniqueConstraint

from prorata.store.tables.columns import METADATA, check, currency_code, data, day, words


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def _of(table: str, name: str) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(f"{table}.id"), nullable=False)


AGREEMENTS: Final = Table(
    "agreements",
    METADATA,
    _id(),
    _of("sellers", "seller_id"),
    words("name"),
    data("terms"),
    UniqueConstraint("seller_id", "name"),
)
"""`terms`: a core `Agreement`, by `codec`."""

PRODUCTS: Final = Table(
    "products",
    METADATA,
    _id(),
    _of("sellers", "seller_id"),
    words("code"),
    data("names"),
    data("descriptions"),
    UniqueConstraint("seller_id", "code"),
)
"""`names` and `descriptions`: text by language."""

PLANS: Final = Table(
    "plans",
    METADATA,
    _id(),
    _of("sellers", "seller_id"),
    _of("products", "product_id"),
    _of("agreements", "agreement_id"),
    words("code"),
    words("every"),
    Column("on_sale", Boolean, nullable=False),
    UniqueConstraint("seller_id", "code"),
)
"""`code` is the core's `Plan.name`; `every` the length of its periods as the core writes it (`month`, `30 days`)."""

PLAN_PRICES: Final = Table(
    "plan_prices",
    METADATA,
    Column("plan_id", BigInteger, ForeignKey("plans.id"), primary_key=True),
    Column("currency", currency_code().type, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    day("valid_from"),
    data("plan"),
    check("version", "version >= 1"),
)
"""`plan`: the core's `Plan` as it is sold at this price, by `codec`. The highest version that is valid on a day is the
price of that day."""
