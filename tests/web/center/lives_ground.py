"""What the pages about a subscription's life need beside a shop: a plan with a trial, and how a page is confirmed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import httpx
from sqlalchemy import text

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.money import unit_price
from prorata.store import catalogue
from web.center.bills_ground import EUR, NAME, Account, Shop
from web.center.reading import field

PAGE = f"/products/{NAME}"


def with_trial(shop: Shop) -> Shop:
    """The same shop, selling a plan of €12.50 per licence and month whose first month is free."""
    with shop.services.database.owner() as conn:
        row = conn.execute(text("SELECT product_id, agreement_id FROM plans WHERE id = :id"), {"id": shop.plan}).one()
        plan = Plan("tried", every("month"), Price(1, unit_price("12.50", EUR)), trial=every("month"))
        made = catalogue.create_plan(
            conn,
            seller_id=shop.seller,
            product_id=row.product_id,
            agreement_id=row.agreement_id,
            plans=[plan],
            valid_from=date(2020, 1, 1),
        )
    return replace(shop, plan=made)


def ten_since_january(shop: Shop) -> Account:
    """Ten licences since 15 January, paid for up to and including 14 February; it is 20 January."""
    account = shop.account(on="2026-01-15")
    account.buy(10)
    account.until("2026-01-20")
    return account


def confirmed(browser: httpx.Client, shown: httpx.Response) -> httpx.Response:
    """Send what the form below the consequences would send."""
    forms: list[str] = re.findall(r'<form class="fields" method="post".*?</form>', shown.text, flags=re.DOTALL)
    assert forms, "nothing can be confirmed on the page"
    names = set(re.findall(r'<input type="hidden" name="(\w+)"', forms[-1]))
    return browser.post(shown.url.path, data={name: field(shown, name) for name in sorted(names)})
