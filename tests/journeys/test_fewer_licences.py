"""An account that reduces its licences below the assigned ones: it chooses whom, and sees the amounts beforehand."""

from datetime import date

import pytest
from playwright.sync_api import expect

from prorata.store import members, subscriptions
from prorata.store.snapshots import Language
from prorata.usecases.act import act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.run_account import advance_clock
from prorata.web.center.routes import center
from prorata.web.demo.door import DemoDoor
from support import databases
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving
from support.shop import admin, opened_shop

# 125.00 for 10 × 31 = 310 licence-days from 15 January on; from 20 January on 4 × 26 go, 206 stay: 125.00 × 206 ÷ 310
# is 83.06, so 41.94 comes back with the bill of 15 February: 6 × 12.50 − 41.94 = 33.06.
CASES: dict[str, tuple[int, Language, str, tuple[str, str], str]] = {
    "desk": (1440, "en", "Licences", ("\u2212€41.94", "€33.06"), "2 picked, that is enough"),
    "phone": (390, "it", "Licenze", ("\u221241,94\u00a0€", "33,06\u00a0€"), "2 scelti, sono sufficienti"),
}


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_ten_are_brought_down_to_six_with_eight_assigned(
    database: databases.Database, open_page: OpenPage, place: str
) -> None:
    width, language, heading, amounts, enough = CASES[place]
    with opened_shop(database) as shop:
        account = shop.account(members_too=9)
        with shop.services.database.account(account) as conn:
            members.create(conn, account, name="Daan", email="daan@x.example", role="owner", language=language)
        act(shop.services, admin(account), BuySubscription(shop.plan, 10, "team"))
        act(shop.services, admin(account), AssignLicences("team", add=frozenset(range(1, 9))))
        advance_clock(shop.services, admin(account), to=date(2026, 1, 20))
        with serving(center(shop.services, secret="a test's secret", door=DemoDoor(shop.services))) as address:
            page = open_page(width=width, language=language)
            page.goto(f"{address}/people")
            page.locator(f"button[name=person][value^='{account}']").click()
            page.goto(f"{address}/licences")
            expect(page.locator("h1")).to_have_text(heading)
            page.goto(f"{address}/products/team/licences")
            page.locator("#f-licences").fill("6")
            boxes = page.locator("main input[type=checkbox]")
            expect(boxes).to_have_count(8)
            assert accessibility_faults(page) == []
            page.locator("[data-pick-filter]").fill("M 3")
            expect(boxes.locator("visible=true")).to_have_count(1)
            boxes.locator("visible=true").check()
            page.locator("[data-pick-filter]").fill("")
            boxes.nth(6).check()
            expect(page.locator(".pick-count")).to_have_text(enough)
            for amount in amounts:
                expect(page.locator("main")).to_contain_text(amount)
            page.locator("#confirm").click()
            page.wait_for_url("**/products/team?news=licences")
        with shop.services.database.account(account) as conn:
            found = subscriptions.by_name(conn, account, name="team")
            assert (found.licences, found.assigned) == (6, 6)
