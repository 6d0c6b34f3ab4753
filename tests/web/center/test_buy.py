"""Buying: shown first, to the cent, then done."""

from collections.abc import Iterator

import pytest

from support.databases import Database
from web.center.bills_ground import NAME, Shop, open_shop
from web.center.reading import field, words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


def test_the_catalogue_names_what_is_sold_and_at_which_price(shop: Shop) -> None:
    with shop.visitor(shop.account(on="2026-01-15")) as browser:
        page = browser.get("/buy")
    assert "Kadans Team Mail and files. €12.50 per licence per month Pay per month" in words(page)
    assert f'href="/buy/{shop.plan}"' in page.text


def test_what_is_shown_before_buying_is_what_happens(shop: Shop) -> None:
    account = shop.account(on="2026-01-15", tax=21)
    with shop.visitor(account) as browser:
        shown = browser.get(f"/buy/{shop.plan}?licences=5")
        said = words(shown)
        # 5 × 12.50 = 62.50; 21% of it is 13.125, so 13.13; together 75.63.
        assert "5 licences × €12.50, 15 January to 14 February 2026 (31 of 31 days) €62.50" in said
        assert "Tax 21% on €62.50 €13.13" in said
        assert "€75.63 paid at once with the saved method" in said
        assert "15 February 2026 in 31 days Next bill, €75.63" in said
        assert "Buy 5 licences for €75.63" in said
        done = browser.post(f"/buy/{shop.plan}", data={"licences": "5", "seen": field(shown, "seen")})
        assert done.status_code == 303
        assert done.headers["location"] == f"/products/{NAME}?news=bought"
        told = words(browser.get(done.headers["location"]))
        assert told.startswith("Bought. The licences can be assigned now.")
        assert "€75.63" in words(browser.get("/bills"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "0 licences are not possible under these terms. Choose a number from 1 to 10,000."),
        ("10001", "10,001 licences are not possible under these terms. Choose a number from 1 to 10,000."),
        ("-3", "\u22123 licences are not possible under these terms. Choose a number from 1 to 10,000."),
        ("2.5", "Enter a whole number of licences."),
        ("many", "Enter a whole number of licences."),
        ("9" * 40, "Enter a whole number of licences."),
    ],
)
def test_a_number_that_is_not_possible_is_said_beside_the_field_and_stays_in_it(
    shop: Shop, typed: str, sentence: str
) -> None:
    account = shop.account(on="2026-01-15")
    with shop.visitor(account) as browser:
        for answer in (
            browser.get(f"/buy/{shop.plan}", params={"licences": typed}),
            browser.post(f"/buy/{shop.plan}", data={"licences": typed}),
        ):
            assert answer.status_code == 422
            assert sentence in words(answer)
            assert field(answer, "licences") == typed
        assert "No products yet" in words(browser.get("/products"))


def test_a_plan_that_is_not_on_sale_is_not_found(shop: Shop) -> None:
    with shop.visitor(shop.account(on="2026-01-15")) as browser:
        for plan in ("999999", "99999999999999999999"):
            answer = browser.get(f"/buy/{plan}")
            assert answer.status_code == 404
            assert "This plan is not on sale." in words(answer)
        assert browser.post("/buy/999999", data={"licences": "1"}).status_code == 404
        assert browser.get("/buy/plan").status_code == 404


def test_who_may_not_buy_is_told_so_and_nothing_is_bought(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=2) as browser:
        catalogue = browser.get("/buy")
        assert "Your role (reader) does not allow this; owners and billing admins can do it." in words(catalogue)
        assert f'href="/buy/{shop.plan}"' not in catalogue.text
        assert browser.get(f"/buy/{shop.plan}?licences=5").status_code == 403
        assert browser.post(f"/buy/{shop.plan}", data={"licences": "5"}).status_code == 403
        assert "No products yet" in words(browser.get("/products"))


def test_of_two_admins_who_buy_what_both_were_shown_one_buys_and_the_other_is_told(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    with shop.visitor(account) as browser:
        seen = field(browser.get(f"/buy/{shop.plan}?licences=5"), "seen")
        assert browser.post(f"/buy/{shop.plan}", data={"licences": "5", "seen": seen}).status_code == 303
        second = browser.post(f"/buy/{shop.plan}", data={"licences": "5", "seen": seen})
        assert second.status_code == 409
        assert words(second).startswith("This has changed since it was shown")
        # What is shown now can be confirmed.
        again = browser.post(f"/buy/{shop.plan}", data={"licences": "5", "seen": field(second, "seen")})
        assert again.headers["location"] == f"/products/{NAME}-2?news=bought"


def test_a_purchase_that_was_not_shown_before_is_shown_first(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    with shop.visitor(account) as browser:
        answer = browser.post(f"/buy/{shop.plan}", data={"licences": "5"})
        assert answer.status_code == 409
        assert "Kadans Team" not in words(browser.get("/products"))
