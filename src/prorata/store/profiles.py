"""Billing profiles: whose name and address a bill carries. A change concerns future documents only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from prorata.store import accounts
from prorata.store.rows import AnyRow
from prorata.store.snapshots import Language
from prorata.store.tables.profiles import BILLING_PROFILES


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A billing profile; `address` in lines; `language` is that of its documents."""

    id: int
    name: str
    address: str
    email: str
    purchase_order: str | None
    language: Language


def create(
    conn: Connection,
    account_id: int,
    *,
    name: str,
    address: str,
    email: str = "",
    purchase_order: str | None = None,
    language: Language = "en",
) -> int:
    """Add a profile; returns its id, 1 for the first."""
    profile = accounts.take_id(conn, account_id, counter="next_profile")
    row = {
        "account_id": account_id,
        "id": profile,
        "name": name,
        "address": address,
        "email": email,
        "purchase_order": purchase_order,
        "language": language,
    }
    conn.execute(insert(BILLING_PROFILES).values(row))
    return profile


def all_of(conn: Connection, account_id: int) -> tuple[ProfileRow, ...]:
    """Every profile of the account, in the order in which they came."""
    table = BILLING_PROFILES
    rows = conn.execute(select(table).where(table.c.account_id == account_id).order_by(table.c.id))
    return tuple(_profile_of(row) for row in rows)


def _profile_of(row: AnyRow) -> ProfileRow:
    return ProfileRow(row.id, row.name, row.address, row.email, row.purchase_order, row.language)
