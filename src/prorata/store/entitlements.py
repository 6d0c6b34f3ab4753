"""Who may use what: the members, their licences and the subscriptions that a question is about, in one query."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, text

from prorata.core.subscriptions.ledgers import Rest
from prorata.core.subscriptions.use import Sold
from prorata.store import codec
from prorata.store.errors import NoSuchAccount
from prorata.store.rows import AnyRow
from prorata.store.tables.catalogue import PRODUCTS
from prorata.store.tables.subscriptions import SUBSCRIPTIONS


@dataclass(frozen=True, slots=True)
class Holding:
    """A subscription of the product that was asked for, and whether the member holds a licence of it."""

    sold: Sold
    holds: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What there is to a question. `member` is None where the account has nobody of that address."""

    member: int | None
    left: bool
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What there is to each question, in their order; `zone` and `clock_at` say which day it is in the account."""

    zone: ZoneInfo
    clock_at: datetime | None
    asked: tuple[Asked, ...]


def look_up(conn: Connection, account_id: int, *, questions: Sequence[tuple[str, str]]) -> Answers:
    """What there is to questions of an address and a product's code each; one at least. Raises `NoSuchAccount`.

    Capital letters in an address count for nothing.
    """
    asked = {
        "account": account_id,
        "members": [member.strip().lower() for member, _ in questions],
        "products": [product for _, product in questions],
    }
    rows = conn.execute(_LOOK_UP, asked).all()
    if not rows:
        raise NoSuchAccount(account=account_id)
    by_place: dict[int, list[AnyRow]] = {}
    for row in rows:
        by_place.setdefault(row.place, []).append(row)
    found = tuple(_asked_of(by_place[place]) for place in range(1, len(questions) + 1))
    return Answers(ZoneInfo(rows[0].zone), rows[0].clock_at, found)


@dataclass(frozen=True, slots=True)
class Called:
    """What a subscription is called, and the code of its product, None where the catalogue did not have its plan."""

    name: str
    product: str | None


def called(conn: Connection, account_id: int) -> dict[int, Called]:
    """What each subscription of the account and its product are called, by the subscription's id."""
    table = SUBSCRIPTIONS.c
    query = (
        select(table.id, table.name, PRODUCTS.c.code)
        .join_from(SUBSCRIPTIONS, PRODUCTS, table.product_id == PRODUCTS.c.id, isouter=True)
        .where(table.account_id == account_id)
    )
    return {row.id: Called(row.name, row.code) for row in conn.execute(query)}


def _asked_of(rows: Sequence[AnyRow]) -> Asked:
    first = rows[0]
    holdings = tuple(Holding(_sold_of(row), row.holds) for row in rows if row.name is not None)
    return Asked(first.member_id, first.left_at is not None, holdings)


def _sold_of(row: AnyRow) -> Sold:
    return Sold(
        name=row.name,
        state=row.state,
        start=row.start_on,
        ends=row.ending_on,
        why=row.ending_why,
        rests=_rests(row.rests),
        expired_days=_expired_days(row.terms),
    )


# Thousands of subscriptions have the same terms, and a long list asks for the same ones again and again.
@lru_cache(maxsize=256)
def _expired_days(terms: str) -> int:
    return codec.TERMS.read(json.loads(terms)).expired_days


@lru_cache(maxsize=256)
def _rests(rests: str) -> tuple[Rest, ...]:
    return codec.RESTS.read(json.loads(rests))


_LOOK_UP = text("""
    SELECT asked.place, account.zone, account.clock_at, member.id AS member_id, member.left_at,
           subscription.name, subscription.state, subscription.start_on, subscription.ending_on,
           subscription.ending_why, CAST(subscription.rests AS text) AS rests,
           CAST(subscription.terms AS text) AS terms, assignment.member_id IS NOT NULL AS holds
    FROM accounts AS account
    CROSS JOIN unnest(CAST(:members AS text[]), CAST(:products AS text[]))
         WITH ORDINALITY AS asked (member, product, place)
    LEFT JOIN members AS member ON member.account_id = :account AND lower(member.email) = asked.member
    LEFT JOIN (subscriptions AS subscription JOIN products AS product ON product.id = subscription.product_id)
      ON subscription.account_id = :account AND product.code = asked.product
    LEFT JOIN licence_assignments AS assignment
      ON assignment.account_id = :account AND assignment.subscription_id = subscription.id
     AND assignment.member_id = member.id
    WHERE account.account_id = :account
    ORDER BY asked.place, subscription.id
""")
