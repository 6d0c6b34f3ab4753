"""Licences: what is bought, assigned and free, what the free ones cost, and the way to remove them."""

from collections.abc import Iterator

import pytest

from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import words

PAGE = "/licences"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """Fifty licences since 15 January, three of them held."""
    found = shop.account(on="2026-01-15")
    found.add("Anna Bakker")
    found.add("Bram Visser")
    found.buy(50)
    found.assign(1, 2, 3)
    return found


def test_what_nobody_holds_is_told_first_then_by_product_and_the_sums_stand_below(shop: Shop, account: Account) -> None:
    account.act(BuySubscription(shop.plan, 4, "second"))
    account.act(AssignLicences("second", add=frozenset({1, 2})))
    with shop.visitor(account) as browser:
        page = browser.get(PAGE)
        said = words(page)
    # 47 × 12.50 = 587.50 a month, 7,050.00 a year; 2 × 12.50 = 25.00 and 300.00.
    assert "49 of 54 licences are not assigned. They cost €612.50 this month, €7,350.00 a year, before tax." in said
    assert "50 3 47 50 15 February 2026 €587.50 €7,050.00 Assign licences Remove 47 licences" in said
    assert "4 2 2 4 15 February 2026 €25.00 €300.00 Assign licences Remove 2 licences" in said
    assert "In all 54 5 49 54 €612.50 €7,350.00" in said
    assert f'href="/products/{NAME}/licences?licences=3"' in page.text
    assert f'href="/products/{NAME}/members"' in page.text


def test_what_waits_for_the_renewal_stands_in_its_column(shop: Shop, account: Account) -> None:
    account.act(ChangeLicences(NAME, 10, "renewal"))
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    # This month 47 × 12.50; then 7 × 12.50 = 87.50 eleven times: 587.50 + 962.50.
    assert "50 3 47 10 15 February 2026 €587.50 €1,550.00" in said


def test_the_last_licence_cannot_be_removed(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(1)
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    assert "1 of 1 licences is not assigned. It costs €12.50 this month, €150.00 a year, before tax." in said
    assert "Remove" not in said


def test_where_nothing_is_charged_they_cost_nothing(shop: Shop, account: Account) -> None:
    account.act(PauseSubscription(NAME))
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    assert "47 of 50 licences are not assigned. They cost nothing just now." in said
    assert "€0.00 €0.00" in said


def test_what_has_expired_is_listed_and_what_is_deleted_is_not(shop: Shop, account: Account) -> None:
    account.act(SetRenewal(NAME, renews=False))
    account.until("2026-02-16")
    with shop.visitor(account) as browser:
        assert "expired €12.50 per licence per month 50 3 47 0 nothing renews" in words(browser.get(PAGE))
        account.until("2026-06-20")
        assert "There are no licences. No licences yet" in words(browser.get(PAGE))


def test_what_has_ended_is_listed_and_not_counted(shop: Shop, account: Account) -> None:
    account.act(BuySubscription(shop.plan, 4, "other"))
    account.act(CancelSubscription(NAME, "now"))
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    assert "4 of 4 licences are not assigned. They cost €50.00 this month, €600.00 a year, before tax." in said
    assert "In all, without what has ended 4 0 4 4 €50.00 €600.00" in said


def test_where_all_are_assigned_it_says_so(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.add("Anna Bakker")
    account.buy(2)
    account.assign(1, 2)
    with shop.visitor(account) as browser:
        assert "All 2 licences are assigned." in words(browser.get(PAGE))


def test_before_anything_is_bought_the_page_teaches(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    reader = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account) as browser:
        page = browser.get(PAGE)
        assert "No licences yet What you buy has licences." in words(page)
        assert 'href="/buy"' in page.text
        assert '<a class="nav-item" href="/licences" aria-current="page"' in page.text or "/licences" in page.text
    with shop.visitor(account, member=reader) as browser:
        assert "Your role (reader) does not allow this" in words(browser.get(PAGE))


def test_who_only_holds_licences_may_not_see_it(shop: Shop, account: Account) -> None:
    with shop.visitor(account, member=2) as browser:
        assert browser.get(PAGE).status_code == 403


def test_a_disabled_subscription_costs_nothing(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "now"))
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    assert "disabled" in said
    assert "They cost nothing just now." in said
    assert "Assign licences" not in said


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "47 van de 50 licenties zijn niet toegewezen. Ze kosten deze maand € 587,50, € 7.050,00 per jaar"),
        ("it", "47 licenze su 50 non sono assegnate. Costano 587,50 € questo mese, 7.050,00 € all’anno"),
    ],
)
def test_it_is_told_in_each_language(shop: Shop, account: Account, language: str, sentence: str) -> None:
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get(PAGE)).replace("\u00a0", " ")
    assert sentence in said
