"""Who a document is from and for, read on the day on which it is issued."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, text

from prorata.store.accounts import AccountRow
from prorata.store.bulk import array
from prorata.store.rows import fetch
from prorata.store.snapshots import CustomerSnapshot, Face, SellerSnapshot
from prorata.store.tables.sellers import SELLERS


def faces(conn: Connection, accounts: Iterable[AccountRow]) -> dict[tuple[int, int], Face]:
    """What stands on a document issued now, by account and billing profile."""
    known = {account.account_id: account for account in accounts}
    sellers = select(SELLERS).where(SELLERS.c.id.in_({account.seller_id for account in known.values()}))
    of_seller = {
        row.id: SellerSnapshot(row.name, row.address, row.country, tuple(row.tax_ids)) for row in conn.execute(sellers)
    }
    return {
        (row.account_id, row.id): Face(
            seller=of_seller[known[row.account_id].seller_id],
            customer=CustomerSnapshot(row.name, row.address, known[row.account_id].country, row.purchase_order),
            language=row.language,
        )
        for row in fetch(conn, _PROFILES, asked={"accounts": array(list(known))})
    }


_PROFILES = text("""
    SELECT account_id, id, name, address, purchase_order, language
    FROM billing_profiles WHERE account_id = ANY(CAST(:accounts AS bigint[]))
""")
