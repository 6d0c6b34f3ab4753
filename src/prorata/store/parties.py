"""Who a document is from and for, read on the day on which it is issued."""

from __future__ import annotations

from sqlalchemy import Connection, select

from prorata.store.accounts import AccountRow
from prorata.store.snapshots import CustomerSnapshot, Face, SellerSnapshot
from prorata.store.tables.profiles import BILLING_PROFILES
from prorata.store.tables.sellers import SELLERS


def faces(conn: Connection, account: AccountRow) -> dict[int, Face]:
    """What stands on a document issued now, by billing profile."""
    profiles = select(BILLING_PROFILES).where(BILLING_PROFILES.c.account_id == account.account_id)
    seller = conn.execute(select(SELLERS).where(SELLERS.c.id == account.seller_id)).one()
    of_seller = SellerSnapshot(seller.name, seller.address, seller.country, tuple(seller.tax_ids))
    return {
        row.id: Face(
            seller=of_seller,
            customer=CustomerSnapshot(row.name, row.address, account.country, row.purchase_order),
            language=row.language,
        )
        for row in conn.execute(profiles)
    }
