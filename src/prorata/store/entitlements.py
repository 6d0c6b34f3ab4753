"""Who may use what: the members, their licences and the subscriptions that a question is about, in one query."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

from psycopg import Connection as Driver
from sqlalchemy import Connection, select

from prorata.core.subscriptions.ledgers import Rest
from prorata.core.subscriptions.model import EndWhy, State
from prorata.core.subscriptions.use import Sold
from prorata.store import codec
from prorata.store.errors import NoSuchAccount
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

    Capital letters in an address count for nothing. It is asked each time that somebody opens a product: by the driver
    itself, since what SQLAlchemy would add takes a quarter of the time, and in one statement that the server knows.
    """
    members = [member.strip() for member, _ in questions]
    products = [product for _, product in questions]
    if len(questions) == 1:
        rows = _rows(conn, _ONE, asked={"account": account_id, "member": members[0], "product": products[0]})
    else:
        rows = _rows(conn, _MANY, asked={"account": account_id, "members": members, "products": products})
    if not rows:
        raise NoSuchAccount(account=account_id)
    by_place: dict[int, list[_Row]] = {}
    for row in sorted(rows, key=_order):
        by_place.setdefault(row.place, []).append(row)
    found = tuple(_asked_of(by_place[place]) for place in range(1, len(questions) + 1))
    return Answers(ZoneInfo(rows[0].zone), rows[0].clock_at, found)


class _Row(NamedTuple):
    """A question with one of the subscriptions of its product, or with none."""

    place: int
    zone: str
    clock_at: datetime | None
    member: int | None
    left_at: datetime | None
    subscription: int | None
    name: str
    state: State
    start_on: date
    ending_on: date | None
    ending_why: EndWhy | None
    rests: str
    terms: str
    holds: bool


def _rows(conn: Connection, statement: bytes, *, asked: Mapping[str, object]) -> list[_Row]:
    driver = cast("Driver[tuple[Any, ...]]", conn.connection.driver_connection)
    return [_Row(*row) for row in driver.execute(statement, asked, prepare=True)]


def _order(row: _Row) -> tuple[int, int]:
    return row.place, row.subscription or 0


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


def _asked_of(rows: Sequence[_Row]) -> Asked:
    first = rows[0]
    holdings = tuple(Holding(_sold_of(row), row.holds) for row in rows if row.subscription is not None)
    return Asked(first.member, first.left_at is not None, holdings)


def _sold_of(row: _Row) -> Sold:
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


# An expression over two tables cannot be looked up under row-level security, a value can: so the key is made first, and
# `OFFSET 0` holds the planner to that.
_ONE_ASKED: Final = """
    SELECT 1 AS place, CAST(%(product)s AS text) AS product, (
        SELECT sha256(pepper || convert_to(lower(CAST(%(member)s AS text)), 'UTF8')) FROM accounts
        WHERE account_id = %(account)s
    ) AS email_key
"""
_MANY_ASKED: Final = """
    SELECT place, product, sha256(pepper || convert_to(lower(member), 'UTF8')) AS email_key
    FROM accounts, unnest(CAST(%(members)s AS text[]), CAST(%(products)s AS text[]))
         WITH ORDINALITY AS question (member, product, place)
    WHERE account_id = %(account)s
    OFFSET 0
"""


def _look_up(asked: str) -> bytes:
    return f"""
        SELECT asked.place, account.zone, account.clock_at, member.id, member.left_at,
               subscription.id, subscription.name, subscription.state, subscription.start_on, subscription.ending_on,
               subscription.ending_why, CAST(subscription.rests AS text), CAST(subscription.terms AS text), EXISTS (
                   SELECT FROM licence_assignments AS assignment
                   WHERE assignment.account_id = %(account)s AND assignment.subscription_id = subscription.id
                     AND assignment.member_id = member.id
               )
        FROM accounts AS account CROSS JOIN ({asked}) AS asked
        LEFT JOIN LATERAL (
            SELECT id, left_at FROM members WHERE account_id = %(account)s AND email_key = asked.email_key OFFSET 0
        ) AS member ON true
        LEFT JOIN (subscriptions AS subscription JOIN products AS product ON product.id = subscription.product_id)
          ON subscription.account_id = %(account)s AND product.code = asked.product
        WHERE account.account_id = %(account)s
    """.encode()  # noqa: S608 - our own text


_ONE: Final = _look_up(_ONE_ASKED)
_MANY: Final = _look_up(_MANY_ASKED)
