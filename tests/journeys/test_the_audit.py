"""The audit in the browser: on a desk and on a phone, in each language, chosen from by hand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from prorata.usecases.act import Request, act
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.permissions import Origin, member_actor, staff_actor
from prorata.usecases.set_renewal import SetRenewal
from support.browsing import OpenPage, accessibility_faults
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture(scope="module")
def account(shop: Shop) -> Account:
    found = shop.account(on="2026-01-15")
    found.buy(10)
    found.assign(found.add("Giulia Rossi", "licence_admin"), 1)
    found.until("2026-02-15")
    support = staff_actor("Sam de Boer", "support", behalf="asked on the phone", origin=Origin("198.51.100.4", "web"))
    act(shop.services, Request(found.id, support), SetRenewal(NAME, renews=False))
    owner = member_actor("Marieke de Wit", "owner", member=1, proved=True, origin=Origin("203.0.113.7", "web"))
    act(shop.services, Request(found.id, owner), CancelSubscription(NAME, words="too dear"))
    return found


def _visible(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def _come(page: Page, shop: Shop, *, account: Account) -> None:
    page.goto(f"{shop.address}/people?next=/audit")
    page.locator(f"button[name=person][value='{account.id}-1']").click()
    page.wait_for_url("**/audit")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    ("language", "title", "bought"),
    [("en", "Audit", "Bought"), ("nl", "Logboek", "Gekocht"), ("it", "Registro", "Acquistato")],
)
def test_what_was_done_is_read_and_chosen_from(
    shop: Shop, account: Account, open_page: OpenPage, *, width: int, language: str, title: str, bought: str
) -> None:
    page = open_page(width=width, language="en")
    page.context.add_cookies([{"name": "language", "value": language, "url": shop.address}])
    _come(page, shop, account=account)
    assert page.locator("h1").inner_text() == title
    assert page.locator("#audit tbody tr").count() == 5
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator("select[name=kind]").select_option("billing")
    page.locator("select[name=who]").select_option("system:Prorata")
    page.locator("main form button").click()
    page.wait_for_url("**/audit?who=system*")
    assert page.locator("#audit tbody tr").count() == 1
    assert bought not in _visible(page).replace(title, "")
    assert page.locator("select[name=kind]").input_value() == "billing"
