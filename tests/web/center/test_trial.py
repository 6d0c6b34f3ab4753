"""A trial: how long it is free, what comes then, extending it, stopping that it is sold; and nothing to cancel."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.money import unit_price
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.stop_conversion import StopConversion
from support.databases import Database
from web.center.bills_ground import EUR, NAME, Account, Shop, open_shop
from web.center.lives_ground import PAGE, confirmed, ten_since_january, with_trial
from web.center.reading import words
from web.center.test_change_plan import sell

TRIAL = f"{PAGE}/trial"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield with_trial(found)


@pytest.fixture
def account(shop: Shop) -> Account:
    """Ten licences since 15 January, free up to and including 14 February; it is 5 February."""
    account = ten_since_january(shop)
    account.until("2026-02-05")
    return account


def disabled(text: str) -> list[str]:
    """The choices that are shown and cannot be taken."""
    return re.findall(r'name="do" value="(\w+)"[^>]* disabled', text)


def test_the_page_says_how_long_it_is_free_and_what_it_costs_then(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(TRIAL)
        said = words(shown)
        # Ten days are left, the 5th among them. 10 × 12.50
        assert "In a free trial for 10 more days, up to and including 14 February 2026." in said
        assert "From 15 February 2026 it costs €125.00 per month." in said
        assert "First bill 15 February 2026 in 10 days" in said
        assert "Choose one: what it brings is shown here before anything happens." in said
        assert disabled(shown.text) == []
        assert f'href="{PAGE}/plan">Choose a plan without a trial</a>' in shown.text
        page = words(browser.get(PAGE))
        assert "15 January 2026 Free trial, 10 licences" in page
        assert "The first bill comes on this day: €125.00 per month, before tax." in page
        # 15 February to 15 January: 12 × 125.00
        assert "In the next twelve months 12 bills come, €1,500.00 in all." in page


def test_extended_by_thirty_days_it_is_billed_thirty_days_later(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(TRIAL, params={"do": "extend"})
        said = words(shown)
        # 15 February + 30 days: 14 of February, 16 of March.
        assert "It is free up to and including 16 March 2026 instead of 14 February 2026." in said
        assert "From 17 March 2026 it costs €125.00 per month." in said
        # 17 March to 17 January: 11 × 125.00 instead of 12.
        assert "The bills of the next twelve months come to €1,375.00, €125.00 less." in said
        done = confirmed(browser, shown)
        assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?news=trial_extended")
        assert "The trial is longer now." in words(browser.get(done.headers["location"]))
        again = browser.get(TRIAL, params={"do": "extend"})
        assert again.status_code == 422
        assert disabled(again.text) == ["extend"]
        assert "was extended already. It is over on 17 March 2026 and cannot be extended again." in words(again)


def test_the_plan_that_is_tried_can_be_bought_before_the_trial_ends(database: Database) -> None:
    with open_shop(database) as shop:
        price = Price(1, unit_price("12.50", EUR))
        paid = sell(shop, Plan("plus-monthly", every("month"), price))
        tried = sell(shop, Plan("plus-trial-monthly", every("month"), price, trial=every("month")))
        account = ten_since_january(replace(shop, plan=tried))
        with shop.visitor(account) as browser:
            assert "€12.50 per licence per month. The same plan, bought before the trial ends." in words(
                browser.get(f"{PAGE}/plan")
            )
            shown = browser.get(f"{PAGE}/plan?plan={paid}")
            said = words(shown)
            # A whole period from 20 January on: 10 × 12.50.
            assert "10 licences cost €125.00 per month from today on." in said
            assert "The trial ends with it: it is paid for from today on." in said
            assert "10 licences × €12.50, 20 January to 19 February 2026 (31 of 31 days)" in said
            assert confirmed(browser, shown).status_code == 303
            assert "Active. Next bill on 20 February 2026." in words(browser.get(PAGE))
            # Once it is sold there is nothing of this kind to choose any more.
            assert "The same plan" not in words(browser.get(f"{PAGE}/plan"))


def test_too_early_it_says_from_when_on_it_can_be_extended(shop: Shop) -> None:
    with shop.visitor(ten_since_january(shop)) as browser:
        shown = browser.get(TRIAL)
        assert disabled(shown.text) == ["extend"]
        # In the last 15 days before 15 February.
        assert "can be extended in its last 15 days only, from 31 January 2026 on." in words(shown)


def test_stopped_it_ends_unbilled_and_can_be_let_convert_again(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(TRIAL, params={"do": "stop"})
        said = words(shown)
        assert "Until 14 February 2026 nothing changes: it is free, and members use it." in said
        assert "Then it ends by itself and nothing is charged: the conversion is stopped." in said
        assert "15 February 2026 in 10 days It expires" in said
        # Expired for 30 days, up to and including 16 March; disabled for 90: 15 of March, 30, 31, 14 of June.
        assert "17 March 2026 in 40 days Members lose access" in said
        assert "15 June 2026 in 130 days The data is deleted" in said
        assert confirmed(browser, shown).status_code == 303
        page = words(browser.get(PAGE))
        assert "Then it ends by itself and nothing is charged: the conversion is stopped." in page
        assert "No bill comes in the next twelve months." in page

        shown = browser.get(TRIAL, params={"do": "sell"})
        assert "From 15 February 2026 it costs €125.00 per month." in words(shown)
        done = confirmed(browser, shown)
        assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?news=conversion_on")
        assert "The trial goes on after its end, and is paid for then." in words(browser.get(done.headers["location"]))


def test_without_a_payment_method_it_says_that_it_lapses(shop: Shop, account: Account) -> None:
    account.pays_by("none")
    with shop.visitor(account) as browser:
        said = words(browser.get(TRIAL))
        assert "Then it ends by itself and nothing is charged: no payment method is saved." in said
        assert "First bill" not in said
        account.until("2026-02-15")
        assert "Expired on 15 February 2026." in words(browser.get(PAGE))


CANCEL = {
    "en": ("There is nothing to cancel: this is a free trial", "Stop the conversion"),
    "nl": ("Er is niets op te zeggen: dit is een gratis proefperiode", "De omzetting stoppen"),
    "it": ("Non c’è nulla da annullare: questa è una prova gratuita", "Interrompi la conversione"),
}


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_there_is_nothing_to_cancel_and_the_conversion_can_be_stopped_instead(
    shop: Shop, account: Account, language: str
) -> None:
    with shop.visitor(account, language=language) as browser:
        shown = browser.get(f"{PAGE}/cancel")
        assert shown.status_code == 200
        for expected in CANCEL[language]:
            assert expected in words(shown)
        assert f'href="{TRIAL}?do=stop"' in shown.text
        refused = browser.post(f"{PAGE}/cancel", data={"when": "now", "seen": "x"})
        assert refused.status_code == 422
    account.act(StopConversion(NAME))
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}/cancel"))
    assert "It is stopped already: the trial ends by itself on 15 February 2026." in said


def test_once_it_is_sold_there_is_no_trial_any_more(shop: Shop, account: Account) -> None:
    account.until("2026-02-15")
    with shop.visitor(account) as browser:
        assert "15 February 2026 The trial is over, and the paid subscription begins" in words(browser.get(PAGE))
        shown = browser.get(TRIAL)
        assert shown.status_code == 200
        assert "Kadans Team is not in a trial." in words(shown)
        assert browser.post(TRIAL, data={"do": "extend", "seen": "x"}).status_code == 422


def test_terms_without_an_extension_say_so(database: Database) -> None:
    with open_shop(database, terms=replace(CLASSIC, extend_trial=None)) as shop:
        account = ten_since_january(with_trial(shop))
        with shop.visitor(account) as browser:
            shown = browser.get(TRIAL)
        assert disabled(shown.text) == ["extend"]
        assert "do not let its trial be extended." in words(shown)


def test_a_reader_sees_the_trial_and_why_nothing_can_be_changed(shop: Shop, account: Account) -> None:
    reader = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=reader) as browser:
        said = words(browser.get(TRIAL))
        assert "In a free trial for 10 more days" in said
        assert "Your role (reader) does not allow this; owners and billing admins can do it." in said
        assert browser.post(TRIAL, data={"do": "stop", "seen": "x"}).status_code == 403
        assert browser.get("/products/nothing/trial").status_code == 404


def test_nonsense_in_the_address_chooses_nothing(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(TRIAL, params={"do": "steal"})
        assert shown.status_code == 200
        assert 'name="seen"' not in shown.text
        assert browser.post(TRIAL, data={"do": "steal", "seen": "x"}).status_code == 200


def test_a_cancelled_one_has_no_trial(shop: Shop, account: Account) -> None:
    account.until("2026-02-15")
    account.act(CancelSubscription(NAME, "now"))
    with shop.visitor(account) as browser:
        said = words(browser.get(TRIAL))
    assert "What can be done instead Reactivate it" in said
