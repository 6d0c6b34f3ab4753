"""Somebody is invited, comes in and gets another role; one of the vendor's people acts for the account."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from prorata.clock import SystemClock
from prorata.store import outbox
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.load_demo import load_demo
from prorata.web.demo.door import DemoDoor
from prorata.web.site import site
from support import databases
from support.browsing import WIDTHS, OpenPage, accessibility_faults, fits
from support.serving import serving


@pytest.fixture(scope="module")
def demo(database: databases.Database) -> Iterator[tuple[Services, str]]:
    opened = Database(database.owner_url, app_url=database.app_url)
    services = Services(opened, SystemClock())
    assert load_demo(services)
    with serving(site(services, secret="a test's secret", door=DemoDoor(services))) as address:
        yield services, address
    opened.dispose()


def sound(page: Page) -> None:
    assert accessibility_faults(page) == []
    assert fits(page)


def be(page: Page, address: str, *, person: str) -> None:
    page.goto(f"{address}/people")
    page.locator(f"button[name=person][value='{person}']").click()
    page.wait_for_load_state()


def mailed(services: Services, email: str) -> str:
    """The path of the link that was mailed last."""
    with services.database.owner() as conn:
        found = next(one for one in outbox.latest(conn, most=50) if one.recipient == email)
    return urlsplit(str(found.data["link"])).path


@pytest.mark.parametrize(
    ("language", "invitation", "acting"),
    [
        ("en", "Marieke de Wit invites you to the account Bakkerij De Korenbloem.", "You act for"),
        ("nl", "Marieke de Wit nodigt u uit voor het account Bakkerij De Korenbloem.", "U handelt namens"),
        ("it", "Marieke de Wit invita a far parte dell’account Bakkerij De Korenbloem.", "Si agisce per"),
    ],
)
def test_from_the_invitation_to_the_end_of_access(
    demo: tuple[Services, str], open_page: OpenPage, *, language: str, invitation: str, acting: str
):
    services, address = demo
    width = WIDTHS[language]
    email = f"anna.{language}.{width}@example.com"
    page = open_page(width=width, language=language)
    page.context.add_cookies([{"name": "language", "value": language, "url": address}])
    be(page, address, person="1-1")
    page.goto(f"{address}/members/invite")
    sound(page)
    page.fill("#f-name", f"Anna {language} {width}")
    page.fill("#f-email", email)
    page.locator("main form button").click()
    page.wait_for_url("**/members?news=invited")
    sound(page)
    page.goto(address + mailed(services, email))
    sound(page)
    assert invitation in page.locator("main").inner_text()
    page.locator("main form button").click()
    page.wait_for_url(f"{address}/")
    assert f"Anna {language} {width}" in (page.locator(".who").text_content() or "")
    be(page, address, person="1-1")
    page.goto(f"{address}/members")
    page.get_by_role("link", name=f"Anna {language} {width}").click()
    sound(page)
    page.locator("input[value=billing_admin]").check()
    page.locator("main form button").click()
    page.wait_for_url("**?news=role")
    page.goto(page.url.partition("?")[0] + "/end")
    sound(page)
    page.locator("main form button").click()
    page.wait_for_url("**/members?news=removed")
    for path in ("/members", "/members/add", "/members/import", "/members/roles", "/members/roles/new"):
        page.goto(address + path)
        sound(page)
    be(page, address, person="staff-0")
    page.goto(f"{address}/console/accounts")
    sound(page)
    page.locator("#accounts a").first.click()
    page.fill("#f-reason", "Asked by phone")
    sound(page)
    page.locator("main form button").click()
    page.wait_for_url(f"{address}/")
    assert acting in page.locator(".behalf").inner_text()
    sound(page)
    page.locator(".behalf button").click()
    page.wait_for_url("**/console/accounts/1")
    assert page.locator(".behalf").count() == 0
