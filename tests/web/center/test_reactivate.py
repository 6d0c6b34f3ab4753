"""Beginning again: with a new term after it expired, in the old periods after a cancellation, and not once deleted."""

from collections.abc import Iterator

import pytest

from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.lives_ground import PAGE, confirmed, ten_since_january
from web.center.reading import words

REACTIVATE = f"{PAGE}/reactivate"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    return ten_since_january(shop)


# 21 of 31 days, 25 January to 14 February: 125.00 × 21/31 = 84.68 (84.677)
CANCELLED = {
    "en": ("Its periods stay as they were: 10 licences at €125.00 per month.", "Reactivate it (€84.68 now)"),
    "nl": (
        "De perioden blijven zoals ze waren: 10 licenties voor € 125,00 per maand.",
        "Opnieuw activeren (nu € 84,68)",
    ),
    "it": ("I periodi restano quelli di prima: 10 licenze a 125,00 € al mese.", "Riattiva (84,68 € ora)"),
}


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_what_was_cancelled_goes_on_in_its_old_periods(shop: Shop, account: Account, language: str) -> None:
    account.act(CancelSubscription(NAME, "now"))
    account.until("2026-01-25")
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get(REACTIVATE)).replace("\u00a0", " ")
    for expected in CANCELLED[language]:
        assert expected in said


def test_after_a_cancellation_the_renewal_date_is_the_old_one(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "now"))
    account.until("2026-01-25")
    with shop.visitor(account) as browser:
        shown = browser.get(REACTIVATE)
        said = words(shown)
        assert "What is left of the current one is charged; the next one begins on 15 February 2026." in said
        assert "Members who hold a licence have access again from today on." in said
        assert "The days since the end on 20 January 2026 are not charged." in said
        # 84.68 + 12 × 125.00
        assert "In the next twelve months 13 bills come, €1,584.68 in all." in said
        done = confirmed(browser, shown)
        assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?news=reactivated")
        said = words(browser.get(done.headers["location"]))
    assert "Reactivated. Members who hold a licence have access." in said
    assert "Active. Next bill on 15 February 2026." in said
    assert "20 January 2026 Members lost access" in said
    assert "25 January 2026 Reactivated" in said


def test_what_expired_begins_a_new_term_on_the_day(shop: Shop, account: Account) -> None:
    account.act(SetRenewal(NAME, renews=False))
    account.until("2026-02-20")
    with shop.visitor(account) as browser:
        shown = browser.get(REACTIVATE)
        said = words(shown)
        assert (
            "A new term begins today: 10 licences at €125.00 per month. Its next period begins on 20 March 2026."
            in said
        )
        assert "Members who hold a licence keep their access." in said
        assert "The days since the end on 15 February 2026 are not charged." in said
        assert "Reactivate it (€125.00 now)" in said
        assert confirmed(browser, shown).status_code == 303
        assert "Active. Next bill on 20 March 2026." in words(browser.get(PAGE))


def test_what_runs_and_what_is_deleted_cannot_be_reactivated(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(REACTIVATE)
        assert shown.status_code == 200
        assert "Kadans Team has not ended, so there is nothing to reactivate." in words(shown)
        account.act(CancelSubscription(NAME, "now"))
        # 20 January + 90 days: 12 of January, 28 of February, 31 of March, 19 of April.
        account.until("2026-04-20")
        said = words(browser.get(REACTIVATE))
        assert "Kadans Team ended on 20 January 2026 and is deleted for good. Buy it anew to go on using it." in said
        assert "What can be done instead Buy a product" in said
        assert browser.post(REACTIVATE, data={"seen": "x"}).status_code == 422
        # What was true only while it was disabled is not told any more, nor that nobody ever held a licence.
        said = words(browser.get(PAGE))
        assert "20 January 2026 Members lost access 20 April 2026" in said
        assert "Nobody holds a licence The subscription has ended." in said


def test_what_was_disabled_unpaid_says_that_paying_brings_it_back(shop: Shop) -> None:
    account = shop.account(on="2026-01-15", mode="none")
    account.buy(10)
    # The bill of 15 January is due on 14 February; 30 days later, on 16 March, it is disabled.
    account.until("2026-03-17")
    with shop.visitor(account) as browser:
        page = browser.get(REACTIVATE)
        said = words(page)
        assert page.status_code == 200
        assert "Pay what is past due, and it comes back at once." in said
        assert "Its renewal date stays, and what is left of the period is charged." in said
        assert "What can be done instead Pay what is open" in said
        assert 'href="/bills/pay"' in page.text
        assert browser.post(REACTIVATE, data={"seen": "x"}).status_code == 422
        assert "Disabled since" in words(browser.get(PAGE))


def test_who_may_not_reactivate_reads_why_and_who_may(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "now"))
    manager = account.add("Luca Ferri", "invoice_manager")
    with shop.visitor(account, member=manager) as browser:
        assert "owners and billing admins can do it." in words(browser.get(REACTIVATE))
        assert browser.post(REACTIVATE, data={"seen": "x"}).status_code == 403
        assert browser.get("/products/nothing/reactivate").status_code == 404
