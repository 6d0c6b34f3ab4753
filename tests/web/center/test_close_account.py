"""Closing the account on its page: the steps, the confirmation, the certificate, a day to come."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from prorata.usecases.cancel_subscription import CancelSubscription
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import field, words

HERE = "/close-account"
ACCOUNT = "Bakkerij De Korenbloem"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """Ten licences since 15 January, cancelled on the 30th with account credit: 125.00 - 60.48 = 64.52."""
    found = shop.account(on="2026-01-15")
    found.buy(10)
    found.until("2026-01-30")
    found.act(CancelSubscription(NAME, refund="credit"))
    return found


def close(browser: httpx.Client, **typed: object) -> httpx.Response:
    page = browser.get(HERE)
    fields = {"when": "now", "waive": "1", "name": ACCOUNT, "seen": field(page, "seen")}
    return browser.post(HERE, data=fields | typed)


def test_the_page_says_what_is_to_do_what_is_lost_and_what_is_kept(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        page = words(browser.get(HERE))
    assert "Back up the data, or do without to do The data have not been backed up." in page
    assert "Remove the members done Nobody but you belongs to the account." in page
    assert "Account credit is settled done €64.52 goes back to the methods that paid it." in page
    assert "The name and address of 1 person, everybody’s sign-in, keys and invitations." in page
    # An invoice and a credit note of 2026 of a Dutch seller.
    assert "2 documents, until 31 December 2033 (art. 52 AWR)" in page


def test_the_home_page_leads_there(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert f'href="{HERE}"' in browser.get("/").text


def test_who_is_no_owner_is_told_why_they_cannot(shop: Shop, account: Account) -> None:
    member = account.add("Daan Mulder", "billing_admin")
    with shop.visitor(account, member=member) as browser:
        page = browser.get(HERE)
        assert 'aria-disabled="true"' in page.text
        assert browser.post(HERE, data={"name": ACCOUNT}).status_code == 403


def test_confirmed_it_is_closed_and_the_certificate_stands_there(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = close(browser)
        assert answer.status_code == 200
        page = words(answer)
        assert "The account is closed" in page
        assert "Paid back from account credit €64.52" in page
        assert "1 member" in page
        assert "2 documents, until 31 December 2033 (art. 52 AWR)" in page
        assert "What was done in the account is kept with numbers in the place of names." in page
        assert browser.get("/").status_code == 303


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = close(browser, name="De Korenbloem")
        assert answer.status_code == 422
        assert "This is not the name of the account." in words(answer)
        assert field(answer, "name") == "De Korenbloem"
        assert 'name="waive" value="1" checked' in answer.text
        assert "The data have not been backed up." in words(close(browser, waive=""))
        answer = close(browser, when="date", end="30-02-2026")
        assert answer.status_code == 422
        assert "Write the day on which the account is to be closed." in words(answer)
        assert field(answer, "end") == "30-02-2026"
        answer = close(browser, when="date", end="2026-01-29")
        assert "29 January 2026 is over: an account is closed today, 30 January 2026, or later." in words(answer)
        # Nobody has closed anything.
        assert browser.get(HERE).status_code == 200


def test_what_was_shown_is_what_is_confirmed(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = close(browser, seen="something else")
        assert answer.status_code == 409
        assert "Something has changed meanwhile. Nothing was closed: look at it once more." in answer.text


def test_while_something_runs_only_a_day_can_be_chosen(shop: Shop) -> None:
    other = shop.account(on="2026-01-15")
    other.buy(10)
    with shop.visitor(other) as browser:
        page = browser.get(HERE)
        assert "1 subscription still runs: Kadans Team. Cancel it first." in words(page)
        assert "Besides the back up 1 step is still to be done." in words(page)
        answer = close(browser)
        assert answer.status_code == 422
        assert "1 subscription still runs: Kadans Team. Cancel it first." in words(answer)


def test_on_a_day_it_is_planned_and_taken_back(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = close(browser, when="date", end="2026-03-01")
        assert answer.status_code == 303
        page = browser.get(answer.headers["location"]).text
        assert "The account is to be closed on 1 March 2026" in page
        assert 'name="name"' not in page
        assert "Nobody needs the data: it is closed without a backup." in page
        assert "The account is to be closed on 1 March 2026" in browser.get("/").text
        answer = browser.post(f"{HERE}/take-back")
        assert answer.status_code == 303
        page = browser.get(answer.headers["location"]).text
        assert "The account stays open: nothing is closed on that day any more." in page
        assert "to be closed" not in browser.get("/").text
        # Twice does no harm.
        assert browser.post(f"{HERE}/take-back").status_code == 303


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "Het account voorgoed sluiten"), ("it", "Chiudi definitivamente l’account")]
)
def test_it_speaks_its_readers_language(shop: Shop, account: Account, language: str, said: str) -> None:
    with shop.visitor(account, language=language) as browser:
        assert said in browser.get(HERE).text
