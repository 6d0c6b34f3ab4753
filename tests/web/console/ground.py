"""The vendor's people at the console, and customers in the state in which a run finds them."""

from __future__ import annotations

from datetime import date, datetime, time

import httpx
from itsdangerous import URLSafeSerializer
from sqlalchemy import text

from prorata.store import accounts
from prorata.usecases.permissions import staff_actor
from prorata.web.demo.choice import COOKIE
from support.serving import NO_TLS
from web.center.bills_ground import SECRET, UTC_ZONE, Account, Shop

STAFF = staff_actor("Eva Lindhout", "finance")


def console(shop: Shop, *, language: str = "en") -> httpx.Client:
    """The browser of the first of the vendor's people."""
    cookie = URLSafeSerializer(SECRET, salt="person").dumps(["staff", 0])
    assert isinstance(cookie, str)
    return httpx.Client(
        base_url=shop.address,
        headers={"sec-fetch-site": "same-origin"},
        cookies={COOKIE: cookie, "language": language},
        timeout=100,
        verify=NO_TLS,
    )


def due_account(shop: Shop, *, name: str = "Bakkerij De Korenbloem", tax: int | None = None) -> Account:
    """Ten licences since 15 January; it is 15 February there, and the day's run has not come yet.

    10 × 12.50 = 125.00 are due.
    """
    account = shop.account(on="2026-01-15", name=name, tax=tax)
    account.buy(10)
    account.until("2026-02-14")
    is_day(account, "2026-02-15")
    return account


def is_day(account: Account, day: str) -> None:
    """Let the account's clock stand at noon of a day whose run has not come yet."""
    at = datetime.combine(date.fromisoformat(day), time(12), UTC_ZONE)
    with account.shop.services.database.account(account.id) as conn:
        accounts.set_clock(conn, account.id, at=at)


def price_in(account: Account, code: str) -> None:
    """Let the subscription have been sold at a price in a currency, which may not be the account's."""
    sold = (
        "UPDATE subscriptions SET plan = jsonb_set(plan, '{plan,price,amount,currency}', to_jsonb(CAST(:code AS text)))"
    )
    with account.shop.services.database.account(account.id) as conn:
        conn.execute(text(sold + " WHERE account_id = :account"), {"code": code, "account": account.id})


def broken_account(shop: Shop, *, name: str = "Atelier Zuidwijk") -> Account:
    """The same, but its price is in pounds while it is billed in euros: the run will park it."""
    account = due_account(shop, name=name)
    price_in(account, "GBP")
    return account
