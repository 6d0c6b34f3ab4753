"""From monthly to yearly, in each language: planned, seen, undone, then done at once; and a dearer plan on a phone."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.money import unit_price
from prorata.core.subscriptions.model import Subscription
from prorata.store import catalogue, members, subscriptions
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.verify import verify
from prorata.web.center.routes import center
from prorata.web.demo.door import DemoDoor
from support import databases
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving
from support.shop import EUR, Shop, admin, opened_shop

NAME = "team-monthly"
Language = Literal["en", "nl", "it"]


@dataclass(frozen=True, slots=True)
class Reads:
    """How a language writes what the pages must say."""

    language: Language
    now: str
    later: str
    old: str
    renewal: str


# Ten licences since 15 January 2026, today. A year of ten at €120.00 is €1,200.00; the paid month comes back whole, as
# it is the first day: €1,200.00 less €125.00 are €1,075.00. At the renewal of 15 February the first year ends on the
# next anniversary of the first start: 334 of its 365 days are left, €1,200.00 × 334/365 = €1,098.08.
READS = (
    Reads("en", now="€1,075.00", later="€1,098.08", old="€125.00", renewal="15 January 2027"),
    Reads("nl", now="€ 1.075,00", later="€ 1.098,08", old="€ 125,00", renewal="15 januari 2027"),
    Reads("it", now="1.075,00 €", later="1.098,08 €", old="125,00 €", renewal="15 gennaio 2027"),
)


@dataclass(frozen=True, slots=True)
class Center:
    """The center of an account with ten monthly licences; `yearly` and `premium` are plans on sale beside theirs."""

    shop: Shop
    address: str
    account: int
    yearly: int
    premium: int

    def subscription(self) -> Subscription:
        with self.shop.services.database.account(self.account) as conn:
            return subscriptions.by_name(conn, self.account, name=NAME)


def sell(shop: Shop, code: str, *, each: str, price: str) -> int:
    with shop.services.database.owner() as conn:
        row = conn.execute(text("SELECT product_id, agreement_id FROM plans WHERE id = :id"), {"id": shop.plan}).one()
        return catalogue.create_plan(
            conn,
            seller_id=shop.seller,
            product_id=row.product_id,
            agreement_id=row.agreement_id,
            plans=[Plan(code, every(each), Price(1, unit_price(price, EUR)))],
            valid_from=date(2025, 1, 1),
        )


@contextmanager
def at_work(database: databases.Database, *, language: Language) -> Generator[Center]:
    with opened_shop(database) as shop:
        yearly = sell(shop, "team-yearly", each="year", price="120.00")
        premium = sell(shop, "team-premium-monthly", each="month", price="20.00")
        sell(shop, "team-basic-monthly", each="month", price="8.00")
        account = shop.account(members_too=0)
        with shop.services.database.account(account) as conn:
            members.create(conn, account, name="Daan", email="daan@x.example", role="owner", language=language)
        act(shop.services, admin(account), BuySubscription(shop.plan, 10, NAME))
        with serving(center(shop.services, secret="a test's secret", door=DemoDoor(shop.services))) as address:
            yield Center(shop, address, account, yearly, premium)
        assert verify(shop.services, account=account).findings == ()


def visible(page: Page) -> str:
    """What a reader sees, with every kind of space as a plain one."""
    return " ".join(page.locator("main").inner_text().split())


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def enter(page: Page, found: Center) -> None:
    page.goto(f"{found.address}/people")
    page.locator(f"button[name=person][value^='{found.account}']").click()
    page.wait_for_url(f"{found.address}/")


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.language)
def test_from_monthly_to_yearly_planned_seen_undone_and_done(
    reads: Reads, database: databases.Database, open_page: OpenPage
) -> None:
    with at_work(database, language=reads.language) as found:
        page = open_page(language=reads.language)
        enter(page, found)
        page.goto(f"{found.address}/products/{NAME}")
        assert accessibility_faults(page) == []
        page.locator(f"a[href='/products/{NAME}/frequency']").click()
        assert reads.renewal in visible(page)
        assert accessibility_faults(page) == []

        # Later: the preview follows the choice, and what is confirmed is planned.
        page.locator("input[name=when][value=renewal]").check()
        expect(page.locator("form[method=post] input[name=when][value=renewal]")).to_be_attached()
        expect(page.locator("#confirm")).to_be_enabled()
        assert reads.later in visible(page)
        assert reads.old in visible(page)
        page.locator("#confirm").click()
        page.wait_for_url("**?news=planned")
        assert found.subscription().pending_plan is not None
        planned = page.locator("#scheduled")
        expect(planned).to_be_visible()
        assert accessibility_faults(page) == []

        planned.locator(f"a[href='/products/{NAME}/undo']").click()
        assert accessibility_faults(page) == []
        page.locator("#confirm").click()
        page.wait_for_url("**?news=undone")
        assert found.subscription().pending_plan is None
        assert page.locator("#scheduled").count() == 0

        # Now.
        page.goto(f"{found.address}/products/{NAME}/frequency")
        assert reads.now in visible(page)
        page.locator("#confirm").click()
        page.wait_for_url("**?news=frequency")
        assert found.subscription().plan.name == "team-yearly"
        expect(page.locator("#plans")).to_be_visible()
        assert accessibility_faults(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_on_a_phone_a_dearer_plan_is_chosen_and_confirmed(
    scripts: bool,  # noqa: FBT001 -- a parameter of the test
    database: databases.Database,
    open_page: OpenPage,
) -> None:
    with at_work(database, language="nl") as found:
        page = open_page(width=390, language="nl", scripts=scripts)
        enter(page, found)
        page.goto(f"{found.address}/products/{NAME}/plan")
        page.locator(f"input[type=radio][name=plan][value='{found.premium}']").check()
        page.locator("form[method=get] input[name=licences]").fill("12")
        if not scripts:
            page.locator("form[method=get] [data-preview-show]").click()
        expect(page.locator("form[method=post] input[name=licences][value='12']")).to_be_attached()
        expect(page.locator(f"form[method=post] input[name=plan][value='{found.premium}']")).to_be_attached()
        # On the first day: what was paid comes back, and twelve cost €20.00 each. It is written after 30 days, on
        # 14 February, before the next period: €240.00 − €125.00 = €115.00.
        assert "€ 115,00" in visible(page)
        if scripts:
            assert fits(page)
            assert accessibility_faults(page) == []
        page.locator("#confirm").click()
        page.wait_for_url("**?news=plan")
        after = found.subscription()
        assert (after.plan.name, after.licences) == ("team-premium-monthly", 12)
        if scripts:
            assert fits(page)


def test_with_the_keyboard_alone_a_plan_is_chosen_and_confirmed(
    database: databases.Database, browser_page: Page
) -> None:
    page = browser_page
    with at_work(database, language="en") as found:
        enter(page, found)
        page.goto(f"{found.address}/products/{NAME}/plan")
        page.locator("input[name=plan]").first.focus()
        page.keyboard.press("Space")
        expect(page.locator("#confirm")).to_be_enabled()
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement?.id") == "confirm":
                break
        expect(page.locator("#confirm")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**?news=plan")
        assert found.subscription().plan.name == "team-premium-monthly"
