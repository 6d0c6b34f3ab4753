"""The states of a subscription on its page, in lists and on the clock: what was, what is, what comes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement
from prorata.core.money import unit_price
from prorata.store import catalogue
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import EUR, NAME, Account, Shop, open_shop
from web.center.lives_ground import PAGE, ten_since_january, with_trial
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture(scope="module")
def trying(shop: Shop) -> Shop:
    return with_trial(shop)


@pytest.fixture
def account(shop: Shop) -> Account:
    return ten_since_january(shop)


def test_a_list_says_what_is_next_in_each_state(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert "15 February 2026 next bill" in words(browser.get("/products"))
        account.act(SetRenewal(NAME, renews=False))
        assert "15 February 2026 expires" in words(browser.get("/products"))
        account.until("2026-02-20")
        # Expired for 30 days: 14 of February, 16 of March.
        assert "17 March 2026 access ends" in words(browser.get("/products"))
        account.until("2026-03-17")
        # Disabled for 90: 15 of March, 30 of April, 31 of May, 14 of June.
        assert "15 June 2026 data deleted" in words(browser.get("/products"))


def test_a_list_says_what_is_paused_and_that_no_bill_comes(shop: Shop, account: Account) -> None:
    account.act(PauseSubscription(NAME))
    with shop.visitor(account) as browser:
        said = words(browser.get("/products"))
    assert "active paused 0 of 10 10 unused €0.00 paused, no bill" in said


def test_a_list_says_when_a_trial_is_first_billed_or_ends(trying: Shop) -> None:
    account = ten_since_january(trying)
    with trying.visitor(account) as browser:
        assert "€0.00 15 February 2026 first bill" in words(browser.get("/products"))
        account.pays_by("none")
        assert "€0.00 15 February 2026 trial ends" in words(browser.get("/products"))


def test_the_clock_offers_the_days_on_which_a_state_changes_and_tells_them(trying: Shop) -> None:
    account = ten_since_january(trying)
    account.pays_by("none")
    with trying.visitor(account) as browser:
        said = words(browser.get("/clock"))
        assert "the trial of Kadans Team ends" in said
        assert "members lose access to Kadans Team" in said
        moved = browser.post("/clock", data={"to": "2026-03-20", "next": "/"})
        said = words(browser.get(moved.headers["location"]))
    assert "Kadans Team expired 15 February 2026" in said
    assert "Members lost access to Kadans Team 17 March 2026" in said


def test_the_clock_tells_that_a_trial_is_sold(trying: Shop) -> None:
    account = ten_since_january(trying)
    with trying.visitor(account) as browser:
        moved = browser.post("/clock", data={"to": "2026-02-16", "next": "/"})
        assert "Kadans Team became active 15 February 2026" in words(browser.get(moved.headers["location"]))


def test_a_fixed_term_says_its_end_and_cannot_be_switched_off_before_it(shop: Shop) -> None:
    plan = Plan("quarter", every("month"), Price(1, unit_price("12.50", EUR)), term=every("3 months"))
    with shop.services.database.owner() as conn:
        product = catalogue.create_product(conn, seller_id=shop.seller, code="q", names={"en": "Term"}, descriptions={})
        terms = catalogue.create_agreement(conn, seller_id=shop.seller, name="q", agreement=Agreement(CLASSIC))
        made = catalogue.create_plan(
            conn,
            seller_id=shop.seller,
            product_id=product,
            agreement_id=terms,
            plans=[plan],
            valid_from=date(2020, 1, 1),
        )
    account = ten_since_january(replace(shop, plan=made))
    account.until("2026-03-20")
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
        assert "Active. Its fixed term is over on 15 April 2026; then it expires. No further period is billed." in said
        shown = words(browser.get(f"{PAGE}/renewal"))
        assert "Term has a fixed term and ends on 15 April 2026 by itself. To end it sooner, cancel it;" in shown
        assert "Switch the renewal off It has a fixed term and ends by itself." in said
        # It can still be cancelled: the days that are left come back.
        assert "What happens" in words(browser.get(f"{PAGE}/cancel"))


STAGES = {
    "en": ("Expired on 15 February 2026. Members can still use it until 16 March 2026;", "Members still have access."),
    "nl": (
        "Verlopen op 15 februari 2026. Leden kunnen het nog gebruiken tot en met 16 maart",
        "Leden hebben nog toegang.",
    ),
    "it": (
        "Scaduto il 15 febbraio 2026. I membri possono usarlo ancora fino al 16 marzo",
        "I membri hanno ancora accesso.",
    ),
}


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_an_expired_one_says_its_dates_in_each_language(shop: Shop, account: Account, language: str) -> None:
    account.act(SetRenewal(NAME, renews=False))
    account.until("2026-02-20")
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get(PAGE))
        nothing = browser.get(f"{PAGE}/cancel")
    for expected in STAGES[language]:
        assert expected in said
    assert nothing.status_code == 200
    assert f'href="{PAGE}/reactivate"' in nothing.text
