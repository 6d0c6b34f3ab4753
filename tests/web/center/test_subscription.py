"""A subscription's page: its state, its dates, who holds a licence, what can be done, and undoing what is planned."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from prorata.core.catalog.presets import CLASSIC
from prorata.usecases.cancel_subscription import CancelSubscription
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import field, words

PAGE = f"/products/{NAME}"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    found = shop.account(on="2026-01-15")
    found.add("Anna Bakker")
    found.buy(10)
    found.assign(1, 2)
    return found


def test_the_page_says_the_state_the_price_the_next_bill_and_who_holds_a_licence(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE))
    assert "Kadans Team active Active. Next bill on 15 February 2026." in said
    assert "Licences 10 2 of 10 assigned" in said
    assert "Price €125.00 per month €12.50 per licence per month" in said
    assert "Next bill 15 February 2026 in 31 days" in said
    assert "8 licences are held by nobody. They cost €100.00 this month, €1,200.00 a year, before tax." in said
    assert "Anna Bakker since 15 January 2026 Marieke de Wit since 15 January 2026" in said
    assert "15 January 2026 +10 10 an admin" in said


def test_an_end_that_is_planned_stands_in_the_timetable_and_can_be_undone(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        page = browser.get(PAGE)
        said = words(page)
        assert "Active, and cancelled: members lose access on 15 February 2026. No further period is billed." in said
        # 90 days from 15 February: 13 of the month are left, 31 of March, 30 of April, and 16 of May.
        assert "Members lose access on 15 February 2026. The data is deleted on 16 May 2026." in said
        assert "It is cancelled already. Undo that first to choose another day." in said
        assert f'href="{PAGE}/undo" id="undo-1">Undo</a>' in page.text

        shown = browser.get(f"{PAGE}/undo")
        assert "The subscription goes on as if it had not been cancelled. Members keep access." in words(shown)
        assert "On 15 February 2026 a bill of €125.00 comes." in words(shown)
        assert "10 licences × €12.50, 15 February to 14 March 2026 (28 of 28 days) €125.00" in words(shown)
        done = browser.post(f"{PAGE}/undo", data={"seen": field(shown, "seen")})
        assert done.status_code == 303
        after = words(browser.get(done.headers["location"]))
    assert after.startswith("What was planned is undone.")
    assert "Active. Next bill on 15 February 2026." in after


def test_of_two_who_undo_one_is_told_that_nothing_is_left_to_undo(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        seen = field(browser.get(f"{PAGE}/undo"), "seen")
        assert browser.post(f"{PAGE}/undo", data={"seen": seen}).status_code == 303
        second = browser.post(f"{PAGE}/undo", data={"seen": seen})
    assert second.status_code == 422
    assert "Nothing is planned for Kadans Team that could be undone." in words(second)


def test_undoing_what_has_become_another_thing_shows_it_anew(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        seen = field(browser.get(f"{PAGE}/undo"), "seen")
        account.change(12)
        second = browser.post(f"{PAGE}/undo", data={"seen": seen})
        assert second.status_code == 409
        assert words(second).startswith("This has changed since it was shown")
        assert "cancelled: members lose access on 15 February 2026" in words(browser.get(PAGE))


def test_after_the_end_the_page_tells_the_dates_and_nothing_can_be_changed(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "now"))
    with shop.visitor(account) as browser:
        page = browser.get(PAGE)
        said = words(page)
        # 15 January + 90 days: 16 days of January are left, 28 of February, 31 of March, 15 of April.
        assert "Disabled since 15 January 2026: members have no access." in said
        assert "until it is deleted on 15 April 2026." in said
        assert "Reactivate" in said
        assert "Change plan It has ended. Reactivate it first." in said
        assert "Buy or remove licences" not in said
        assert 'href="/products/business/licences"' not in page.text
        licences = words(browser.get(f"{PAGE}/licences?licences=12"))
        assert "Kadans Team ended on 15 January 2026. Reactivate it to go on using it." in licences
        assert "What can be done instead Reactivate it" in licences
        assert browser.get(f"{PAGE}/members").status_code == 422
        assert "0 products" not in said
        assert "No product is active." in words(browser.get("/products"))
    account.until("2026-04-15")
    with shop.visitor(account) as browser:
        assert "Ended on 15 January 2026. The data was deleted on 15 April 2026." in words(browser.get(PAGE))


def test_a_reader_sees_each_act_with_the_reason_why_not_and_who_can(shop: Shop, account: Account) -> None:
    reader = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=reader) as browser:
        page = browser.get(PAGE)
        said = words(page)
        refused = "Your role (reader) does not allow this"
        assert f"Buy or remove licences {refused}; owners and billing admins can do it." in said
        assert f"Assign licences {refused}; owners, billing admins and licence admins can do it." in said
        assert f"Cancel subscription {refused}; owners and billing admins can do it." in said
        licences = words(browser.get(f"{PAGE}/licences?licences=12"))
        assert f"Buy or remove licences {refused}; owners and billing admins can do it." in licences
        for part in ("members", "undo"):
            assert browser.get(f"{PAGE}/{part}").status_code == 403
        for part in ("licences", "members", "undo"):
            assert browser.post(f"{PAGE}/{part}", data={"licences": "12"}).status_code == 403
        assert "Licences 10" in words(browser.get(PAGE))


def test_names_of_nothing_and_of_other_accounts_are_not_found(shop: Shop, account: Account) -> None:
    other = shop.account(on="2026-01-15")
    with shop.visitor(other) as browser:
        for path in (PAGE, f"{PAGE}/licences", f"{PAGE}/members", f"{PAGE}/undo", "/products/%00", "/products/x%2Fy"):
            answer = browser.get(path)
            assert answer.status_code == 404, path
        for part in ("licences", "members", "undo"):
            assert browser.post(f"{PAGE}/{part}", data={"licences": "3"}).status_code == 404
        assert "This account has no subscription business." in words(browser.get(PAGE))
    with shop.visitor(account) as browser:
        assert "Licences 10" in words(browser.get(PAGE))


def test_the_news_in_the_address_is_a_key_and_never_a_text(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert "Injected" not in browser.get(f"{PAGE}?news=Injected").text.replace("news=Injected", "")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Active. Next bill on 15 February 2026."),
        ("nl", "Actief. Volgende factuur op 15 februari 2026."),
        ("it", "Attivo. Prossima fattura il 15 febbraio 2026."),
    ],
)
def test_the_state_is_said_in_each_language(shop: Shop, account: Account, language: str, sentence: str) -> None:
    with shop.visitor(account, language=language) as browser:
        assert sentence in words(browser.get(PAGE))


def test_a_change_that_waits_for_the_renewal_is_named_and_can_be_undone(database: Database) -> None:
    with open_shop(database, terms=replace(CLASSIC, remove_licences="renewal")) as shop:
        account = shop.account(on="2026-01-15")
        account.buy(10)
        account.change(8)
        with shop.visitor(account) as browser:
            said = words(browser.get(PAGE))
            assert "From 15 February 2026 on there are 8 licences." in said
            assert "15 February 2026 (in 31 days) : Change of licences There are 8 licences then." in said
            assert "Until then 10 licences stay." in said
            shown = browser.get(f"{PAGE}/undo")
            assert "The planned change does not happen. 10 licences stay." in words(shown)
            browser.post(f"{PAGE}/undo", data={"seen": field(shown, "seen")})
            assert "What is planned" not in words(browser.get(PAGE))
