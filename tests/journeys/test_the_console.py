"""The vendor's console on the demo's own data: what it shows in each language, and a parked subscription mended."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from prorata.clock import SystemClock
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.load_demo import load_demo
from prorata.usecases.verify import verify
from prorata.web.demo.door import DemoDoor
from prorata.web.site import site
from support import databases
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving

PAGES = ("/console/runs", "/console/runs/1", "/console/runs/today", "/console/parked")


@dataclass(frozen=True, slots=True)
class DemoAtWork:
    """The demo as it begins; `address` is where it answers."""

    services: Services
    address: str


@pytest.fixture(scope="module")
def demo(database: databases.Database) -> Iterator[DemoAtWork]:
    opened = Database(database.owner_url, app_url=database.app_url)
    services = Services(opened, SystemClock())
    assert load_demo(services)
    with serving(site(services, secret="a test's secret", door=DemoDoor(services))) as address:
        yield DemoAtWork(services, address)
    opened.dispose()


def visible(page: Page) -> str:
    """What a reader sees, with every kind of space as a plain one."""
    return " ".join(page.locator("main").inner_text().split())


def be(page: Page, demo: DemoAtWork, *, person: str) -> None:
    page.goto(f"{demo.address}/people")
    page.locator(f"button[name=person][value='{person}']").click()
    page.wait_for_url("**/console/runs")


def fits(page: Page) -> bool:
    """Whether nothing reaches beyond the window."""
    found = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return bool(found)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    ("language", "why", "invoiced"),
    [
        ("en", "Its price is in GBP, but the account is billed in EUR.", "€90.75"),
        ("nl", "De prijs is in GBP, maar het account wordt in EUR gefactureerd.", "€ 90,75"),
        ("it", "Il prezzo è in GBP, ma l’account è fatturato in EUR.", "90,75 €"),
    ],
)
def test_every_page_is_accessible_fits_and_says_why(
    demo: DemoAtWork, open_page: OpenPage, *, width: int, language: str, why: str, invoiced: str
):
    page = open_page(width=width, language=language)
    page.context.add_cookies([{"name": "language", "value": language, "url": demo.address}])
    be(page, demo, person="staff-0")
    for path in PAGES:
        page.goto(f"{demo.address}{path}")
        assert page.locator("html").get_attribute("lang") == language
        assert accessibility_faults(page) == []
        assert fits(page)
    assert why in visible(page)
    # The run billed 6 × 12.50 = 75.00, and 21% of it: 90.75.
    page.goto(f"{demo.address}/console/runs/1")
    assert invoiced in visible(page)
    assert why in visible(page)


def test_a_parked_subscription_is_mended_and_billed_without_any_script(demo: DemoAtWork, open_page: OpenPage):
    page = open_page(scripts=False)
    be(page, demo, person="staff-1")
    page.goto(f"{demo.address}/console/parked")
    # The price in another currency is still there.
    page.locator("main form button").nth(0).click()
    assert "It still cannot be billed" in visible(page)
    # The gap in the other one's licence ledger was closed.
    page.locator("main form button").nth(1).click()
    page.wait_for_url("**/console/parked/mended?**")
    # 6 × 4.95 = 29.70, and 21% of it is 6.24 (6.237): 35.94.
    assert "Total with tax €35.94" in visible(page)
    page.locator("main a.button-primary").click()
    assert "€35.94" in visible(page)
    page.locator("#start").click()
    page.wait_for_url("**/console/runs/1?news=started")
    # Beside the 90.75 of before: 126.69.
    assert "€126.69" in visible(page)
    page.goto(f"{demo.address}/console/runs/today")
    assert "Nothing is due today." in visible(page)
    assert verify(demo.services).findings == ()


def test_the_customer_of_the_demo_is_told_and_gets_no_page_of_the_console(demo: DemoAtWork, open_page: OpenPage):
    page = open_page(width=390)
    page.goto(f"{demo.address}/people")
    page.locator("button[name=person]", has_text="Ilse Zuidwijk").click()
    page.wait_for_url(f"{demo.address}/")
    assert page.locator(".notice-warning").count() == 1
    assert accessibility_faults(page) == []
    assert fits(page)
    answer = page.goto(f"{demo.address}/console/runs")
    assert answer is not None
    assert answer.status == 403
    assert accessibility_faults(page) == []
