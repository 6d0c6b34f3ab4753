"""Many accounts at once, for a made-up population: what `accounts.create` and `profiles.create` write, by COPY."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from prorata.core.events import PaymentMode
from prorata.core.money import Currency
from prorata.store.bulk import NewRows
from prorata.store.rows import decimal_of
from prorata.store.snapshots import Language
from prorata.store.tables.accounts import ACCOUNTS
from prorata.store.tables.profiles import BILLING_PROFILES


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A daily billed account that lives in real time, with one billing profile; `tax_rate` in percent."""

    name: str
    address: str
    country: str
    currency: Currency
    zone: ZoneInfo
    tax_rate: Fraction | None
    payment_mode: PaymentMode
    language: Language


def open_accounts(conn: Connection, wanted: Sequence[NewAccount], *, seller_id: int) -> list[int]:
    """Open accounts of a seller; returns their ids in the same order. For the owner."""
    ids = list(conn.scalars(_IDS, {"count": len(wanted)}))
    new = NewRows()
    for account_id, account in zip(ids, wanted, strict=True):
        new.add(ACCOUNTS, _account(account, seller_id), account_id=account_id)
        new.add(BILLING_PROFILES, _profile(account), account_id=account_id)
    new.write(conn, (ACCOUNTS, BILLING_PROFILES), how="copy")
    return ids


def settle(url: str) -> None:
    """Let the planner know what there is, and tidy up: what PostgreSQL itself does some time after much was written.

    As the owner of a database; what follows is measured without this work beside it.
    """
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text("VACUUM (ANALYZE)"))


def _account(account: NewAccount, seller_id: int) -> dict[str, object]:
    return {
        "seller_id": seller_id,
        "name": account.name,
        "country": account.country,
        "kind": "business",
        "currency": account.currency.code,
        "zone": account.zone.key,
        "tax_rate": decimal_of(account.tax_rate),
        "billing": "daily",
        "payment_mode": account.payment_mode,
        "test": False,
        "next_profile": 2,
    }


def _profile(account: NewAccount) -> dict[str, object]:
    return {
        "id": 1,
        "name": account.name,
        "address": account.address,
        "email": "",
        "purchase_order": None,
        "language": account.language,
    }


_IDS = text("SELECT nextval('accounts_account_id_seq') FROM generate_series(1, CAST(:count AS integer))")
