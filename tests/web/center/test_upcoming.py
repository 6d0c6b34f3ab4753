"""The next twelve months of bills: on a subscription's page as they come, in a preview beside what they would be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.check_plans import PlanDraft, StepDraft, TiersDraft, checked
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement
from prorata.core.money import unit_price
from prorata.store import catalogue
from prorata.usecases.buy_subscription import BuySubscription
from support.databases import Database
from web.center.bills_ground import EUR, NAME, Account, Shop, open_shop
from web.center.lives_ground import PAGE, ten_since_january
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    return ten_since_january(shop)


def test_each_bill_has_its_day_what_it_bills_and_its_total(shop: Shop, account: Account) -> None:
    account.change(12)
    with shop.visitor(account) as browser:
        page = browser.get(PAGE)
    said = words(page)
    # The two that were added: 25.00 × 26/31 = 20.97 (20.968), with the 150.00 of twelve: 170.97; then 11 × 150.00.
    assert "In the next twelve months 12 bills come, €1,820.97 in all." in said
    assert (
        "15 February 2026 12 licences, 15 February to 14 March 2026 and 2 licences added on 20 January 2026 €170.97"
        in said
    )
    assert "15 January 2027 12 licences, 15 January to 14 February 2027 €150.00" in said
    assert "Up to and including 20 January 2027 €1,820.97" in said
    assert "<details" in page.text


def test_a_preview_says_what_a_bill_would_be_without_the_change(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}/licences?licences=12"))
    # 1,820.97 instead of 12 × 125.00
    assert "The bills of the next twelve months come to €1,820.97, €320.97 more." in said
    assert "€170.97 instead of €125.00" in said
    assert "€150.00 instead of €125.00" in said
    assert "Without the change there would be 12 bills, €1,500.00 in all." in said


def test_what_else_a_bill_bills_is_named(shop: Shop, account: Account) -> None:
    account.until("2026-02-15")
    account.act(BuySubscription(shop.plan, 4, "second"))
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    # Both are billed on the 15th: (10 + 4) × 12.50 = 175.00
    assert (
        "15 March 2026 10 licences, 15 March to 14 April 2026 with Kadans Team (second) on the same bill €175.00"
        in said
    )


def test_a_cancellation_shows_the_bills_that_do_not_come(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}/cancel"))
        # 104.84 comes back: 125.00 × 26/31 = 104.84
        assert "The bills of the next twelve months come to −€104.84, €1,604.84 less." in said
        assert "Without the change there would be 12 bills, €1,500.00 in all." in said
        later = browser.get(f"{PAGE}/cancel", params={"when": "date", "end": "2026-09-15"})
    said = words(later)
    # Up to and including the bill of 15 August: 7 × 125.00.
    assert "The bills of the next twelve months come to €875.00, €625.00 less." in said
    assert later.text.count("<h3>Still to come") == 3


def test_the_steps_of_a_price_are_one_number_of_licences(shop: Shop) -> None:
    draft = PlanDraft(
        "large",
        every("month"),
        EUR,
        flat=unit_price("15.00", EUR),
        tiers=TiersDraft(
            "graduated", (StepDraft(10, unit_price("8.20", EUR)), StepDraft(None, unit_price("7.40", EUR)))
        ),
    )
    with shop.services.database.owner() as conn:
        product = catalogue.create_product(
            conn, seller_id=shop.seller, code="p", names={"en": "Large"}, descriptions={}
        )
        terms = catalogue.create_agreement(conn, seller_id=shop.seller, name="more", agreement=Agreement(CLASSIC))
        plan = catalogue.create_plan(
            conn,
            seller_id=shop.seller,
            product_id=product,
            agreement_id=terms,
            plans=[checked(draft)],
            valid_from=date(2020, 1, 1),
        )
    account = replace(shop, plan=plan).account(on="2026-01-15")
    account.act(BuySubscription(plan, 15, NAME))
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    # 10 × 8.20 + 5 × 7.40 + 15.00 = 134.00
    assert "15 February 2026 15 licences, 15 February to 14 March 2026 €134.00" in said
    assert "In the next twelve months 12 bills come, €1,608.00 in all." in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "In the next twelve months 12 bills come, €1,500.00 in all."),
        ("nl", "In de komende twaalf maanden komen er 12 facturen, samen € 1.500,00."),
        ("it", "Nei prossimi dodici mesi arrivano 12 fatture, in tutto 1.500,00 €."),
    ],
)
def test_it_is_said_in_each_language(shop: Shop, account: Account, language: str, said: str) -> None:
    with shop.visitor(account, language=language) as browser:
        assert said in words(browser.get(PAGE)).replace("\u00a0", " ")
