"""Sellers: the legal entities that issue documents. The owner writes them, everybody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from prorata.store.rows import AnyRow
from prorata.store.tables.sellers import SELLERS

_MAX_LISTED = 1000


@dataclass(frozen=True, slots=True)
class SellerRow:
    """A seller; `address` in lines; `test`: nothing of it is real."""

    id: int
    name: str
    address: str
    country: str
    tax_ids: tuple[str, ...]
    zone: ZoneInfo
    test: bool


def create(
    conn: Connection,
    *,
    name: str,
    address: str,
    country: str,
    zone: ZoneInfo,
    tax_ids: Sequence[str] = (),
    test: bool = False,
) -> int:
    """Write down a seller; returns its id. For the owner."""
    values = {
        "name": name,
        "address": address,
        "country": country,
        "tax_ids": list(tax_ids),
        "zone": zone.key,
        "test": test,
    }
    return cast("int", conn.scalar(insert(SELLERS).values(values).returning(SELLERS.c.id)))


def find(conn: Connection, seller_id: int) -> SellerRow:
    """The seller of an id that some row has."""
    return _seller_of(conn.execute(select(SELLERS).where(SELLERS.c.id == seller_id)).one())


def listed(conn: Connection) -> tuple[SellerRow, ...]:
    """The first thousand sellers, in the order in which they came."""
    query = select(SELLERS).order_by(SELLERS.c.id).limit(_MAX_LISTED)
    return tuple(_seller_of(row) for row in conn.execute(query))


def _seller_of(row: AnyRow) -> SellerRow:
    return SellerRow(row.id, row.name, row.address, row.country, tuple(row.tax_ids), ZoneInfo(row.zone), row.test)
