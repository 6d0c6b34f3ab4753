"""Home and Your products: the number, the reason, the action, and the list."""

import re
from collections.abc import Iterator

import pytest

from support.databases import Database
from web.center.bills_ground import NAME, Shop, in_march, open_shop
from web.center.reading import field, words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


def test_what_is_owed_stands_first_then_why_then_the_way_to_pay_it(shop: Shop) -> None:
    account = in_march(shop)
    with shop.visitor(account) as browser:
        page = browser.get("/")
    said = words(page)
    # The bill of 15 February over 10 × 12.50, due after 30 days; two licences were added since.
    assert re.match(r"€125.00 to pay Bill 2026-\d{6} is to be paid by 17 March 2026.", said)
    assert 'href="/bills/pay">Pay €125.00</a>' in page.text
    # 15 March: 12 × 12.50 = 150.00, and 12.50 × 2 × 23/28 = 20.54 for the two from 20 February on.
    assert "Next bill €170.54 15 March 2026, in 12 days" in said
    assert "2 licences added on 20 February 2026" in said


def test_a_bill_after_its_day_is_past_due_on_home_and_in_the_navigation(shop: Shop) -> None:
    account = in_march(shop)
    account.until("2026-03-18")
    with shop.visitor(account) as browser:
        page = browser.get("/")
    assert "was to be paid by 17 March 2026." in words(page)
    assert "past due" in words(page)
    assert "1 bill is past due" in page.text


def test_unused_licences_are_named_with_what_they_cost_and_the_way_to_remove_them(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    account.assign(1)
    with shop.visitor(account) as browser:
        page = browser.get("/")
    # 9 × 12.50 = 112.50
    assert (
        "9 licences of Kadans Team are held by nobody. They cost €112.50 this month, €1,350.00 a year, before tax."
        in words(page)
    )
    assert f'href="/products/{NAME}/licences?licences=1">Remove 9 licences</a>' in page.text


def test_who_may_not_buy_sees_why_and_who_may(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=2) as browser:
        page = browser.get("/")
    assert "Your role (reader) does not allow this; owners and billing admins can do it." in words(page)
    assert f'href="/products/{NAME}/licences' not in page.text


def test_an_account_without_products_is_shown_how_to_begin(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    with shop.visitor(account) as browser:
        said = words(browser.get("/"))
    assert said.startswith("Nothing to pay Every bill is paid, and none is to come.")
    assert "No products yet" in said


@pytest.mark.parametrize(
    ("language", "amount", "row"),
    [
        ("en", "€125.00 to pay", "€150.00 per month"),
        ("nl", "€\u00a0125,00 te betalen", "€\u00a0150,00 per maand"),
        ("it", "125,00\u00a0€ da pagare", "150,00\u00a0€ al mese"),
    ],
)
def test_home_speaks_each_language(shop: Shop, language: str, amount: str, row: str) -> None:
    account = in_march(shop)
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get("/"))
    assert said.startswith(amount)
    assert row in said


def test_products_are_filtered_by_state_through_the_address(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    with shop.visitor(account) as browser:
        everything = words(browser.get("/products"))
        active = words(browser.get("/products?status=active"))
        disabled = words(browser.get("/products?status=disabled"))
        nonsense = words(browser.get("/products?status=nonsense"))
    assert "1 product is active. 10 licences are held by nobody." in everything
    assert "All 1 Active 1" in everything
    assert "Kadans Team €12.50 per licence per month" in active
    assert "0 of 10" in active
    assert "15 February 2026 next bill" in active
    assert "None in this state" in disabled
    assert "Kadans Team" not in disabled
    assert nonsense == everything


def test_two_subscriptions_of_one_product_are_told_apart_by_their_names(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    with shop.visitor(account) as browser:
        shown = browser.get(f"/buy/{shop.plan}?licences=2")
        bought = browser.post(f"/buy/{shop.plan}", data={"licences": "2", "seen": field(shown, "seen")})
        assert bought.status_code == 303
        said = words(browser.get("/products"))
    assert f"Kadans Team ({NAME}) " in said
    assert f"Kadans Team ({NAME}-2) " in said
