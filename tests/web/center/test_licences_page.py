"""Licences: what is bought, assigned and free, what the free ones cost, and the way to remove them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from prorata.core.decision import Decision
from prorata.core.money import currency, unit_price
from prorata.core.subscriptions.ledgers import entered
from prorata.store import accounts, history
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


def _sell_in_pounds(shop: Shop, account: Account) -> None:
    """Let the price of the subscription be in pounds from its first day on, though the account is billed in euros."""
    at = datetime(2026, 1, 15, 13, tzinfo=UTC)
    with shop.services.database.account(account.id) as conn:
        before = history.load(conn, account.id, on=at.date(), lock=True)
        was = before.subscription(NAME)
        price = replace(was.plan.price, amount=unit_price("12.50", currency("GBP")))
        sold = replace(was.plans[-1], at=at, plan=replace(was.plan, price=price), why="price")
        now = replace(was, plans=entered(was.plans, sold), version=was.version + 1)
        after = replace(before, subscriptions=(now,))
        history.save(conn, accounts.find(conn, account.id), decision=Decision(before, after, at))


def test_prices_in_two_currencies_are_summed_in_each(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    _sell_in_pounds(shop, account)
    account.act(BuySubscription(shop.plan, 4, "second"))
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    # 10 × 12.50 in pounds and 4 × 12.50 in euros; twelve times that.
    assert "They cost £125.00 and €50.00 this month, £1,500.00 and €600.00 a year, before tax." in said
    assert "In all 14 0 14 14 £125.00 and €50.00 £1,500.00 and €600.00" in said


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
