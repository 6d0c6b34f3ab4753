"""Parked: the reason and what mends it, trying again, and what comes of it."""

import re
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from prorata.core.planning import Parked
from prorata.store import parked
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.run_billing import run_billing
from web.center.bills_ground import NAME, Account, Shop
from web.center.reading import words
from web.console.ground import broken_account, console, price_in

FOUND = Parked(1, "unexpected", {"failure": "ZeroDivisionError"}, "Traceback: <b>division by zero</b>")


def try_again(browser: httpx.Client, account: Account, subscription: str = NAME) -> httpx.Response:
    return browser.post("/console/parked", data={"account": str(account.id), "subscription": subscription})


def park(account: Account, why: Parked) -> None:
    """Put the account's subscription on the list for a reason."""
    with account.shop.services.database.owner() as conn:
        (row,) = parked.of_account(conn, account.id)
        parked.write(conn, account.id, parked=[why], as_of=row.as_of, at=row.at, run_id=row.run_id)


def test_with_nothing_parked_the_page_says_what_would_be_here(shop: Shop) -> None:
    with console(shop) as browser:
        said = words(browser.get("/console/parked"))
    assert "Everything that is due can be billed." in said
    assert "Nothing is parked A subscription that cannot be billed is parked alone" in said


def test_each_parked_subscription_says_whose_it_is_why_and_what_mends_it(shop: Shop) -> None:
    account = broken_account(shop)
    run_billing(shop.services)
    with console(shop) as browser:
        said = words(browser.get("/console/parked"))
    assert "1 subscription cannot be billed. Everything else is billed as ever." in said
    assert f"business Atelier Zuidwijk, account {account.id} Why Its price is in GBP" in said
    assert "What mends it Whoever looks after the database gives it a price in EUR; then try again." in said
    assert "For the day 15 February 2026 Parked since 15 January 2026, 12:00 Try again" in said


def test_what_is_not_mended_stays_parked_and_the_page_says_beside_it_why(shop: Shop) -> None:
    account = broken_account(shop)
    run_billing(shop.services)
    with console(shop) as browser:
        answer = try_again(browser, account)
    assert answer.status_code == 422
    reason = "business of Atelier Zuidwijk: Its price is in GBP, but the account is billed in EUR."
    assert f"It still cannot be billed {reason}" in words(answer)
    assert f'href="#f-{account.id}-1"' in answer.text
    assert f'id="f-{account.id}-1"' in answer.text


def test_what_is_mended_is_billed_by_the_next_run_exactly_as_the_page_says(shop: Shop) -> None:
    account = broken_account(shop)
    run_billing(shop.services)
    price_in(account, "EUR")
    with console(shop) as browser:
        mended = try_again(browser, account)
        assert mended.headers["location"] == f"/console/parked/mended?account={account.id}&subscription=business"
        said = words(browser.get(mended.headers["location"]))
        assert "business is billed again" in said
        assert "What the next run writes for Atelier Zuidwijk Bill of 15 February 2026" in said
        # 10 × 12.50 = 125.00
        assert "Total €125.00" in said
        assert "Nothing is parked" in words(browser.get("/console/parked"))
        browser.post("/console/runs/today")
        # Once the run has been, nothing more is to come.
        assert "Nothing is due now" in words(browser.get(mended.headers["location"]))
    with shop.visitor(account) as browser:
        assert "15 February 2026" in words(browser.get("/bills"))


def test_what_somebody_else_has_mended_is_said_and_nothing_is_done(shop: Shop) -> None:
    account = broken_account(shop)
    run_billing(shop.services)
    price_in(account, "EUR")
    with console(shop) as browser:
        try_again(browser, account)
        again = try_again(browser, account)
    assert again.status_code == 409
    assert "This has changed since it was shown business is not parked." in words(again)


@pytest.mark.parametrize(("account", "status"), [("9999", 404), ("x", 404), ("", 404)])
def test_an_account_that_is_none_is_a_page_that_says_so(shop: Shop, account: str, status: int) -> None:
    with console(shop) as browser:
        answer = browser.post("/console/parked", data={"account": account, "subscription": NAME})
        assert answer.status_code == status
        assert browser.get(f"/console/parked/mended?account={account}&subscription=x").status_code == status


def test_the_answer_of_what_is_parked_after_all_is_the_list(shop: Shop) -> None:
    account = broken_account(shop)
    run_billing(shop.services)
    with console(shop) as browser:
        answer = browser.get(f"/console/parked/mended?account={account.id}&subscription={NAME}")
    assert answer.headers["location"] == "/console/parked"


def test_a_fault_of_the_program_is_marked_and_shows_its_trace_folded_and_harmless(shop: Shop) -> None:
    account = broken_account(shop)
    run_billing(shop.services)
    park(account, FOUND)
    with console(shop) as browser:
        page = browser.get("/console/parked")
    assert "fault of the program" in words(page)
    assert "The program failed in a way that no rule foresaw." in words(page)
    assert '<details class="trace">' in page.text
    assert "Traceback: &lt;b&gt;division by zero&lt;/b&gt;" in page.text


def test_a_reason_that_has_no_words_of_its_own_is_shown_all_the_same(shop: Shop) -> None:
    account = broken_account(shop)
    run_billing(shop.services)
    park(
        account, replace(FOUND, code="already_ended", parameters={"subscription": "a", "ended": "2026-03-03"}, trace="")
    )
    with console(shop) as browser:
        said = words(browser.get("/console/parked"))
    assert "Why a ended on 3 March 2026. Reactivate it to go on using it." in said
    assert "What mends it Whoever looks after the database mends what the reason names; then try again." in said


def test_what_nobody_can_read_is_parked_with_what_does_not_belong(shop: Shop) -> None:
    account = broken_account(shop)
    with shop.services.database.owner() as conn:
        broken = text("UPDATE subscriptions SET grid = '{}' WHERE account_id = :account")
        conn.execute(broken, {"account": account.id})
    run_billing(shop.services)
    with console(shop) as browser:
        listed = words(browser.get("/console/parked"))
        tried = try_again(browser, account)
    assert "What is stored of it is not what this program writes" in listed
    assert tried.status_code == 422


def test_a_long_list_has_pages(shop: Shop) -> None:
    account = broken_account(shop)
    account.act(*(BuySubscription(shop.plan, 1, f"more-{place}") for place in range(2, 52)))
    run_billing(shop.services)
    with shop.services.database.owner() as conn:
        row = parked.of_account(conn, account.id)[0]
        found = [replace(FOUND, subscription=place) for place in range(1, 52)]
        parked.write(conn, account.id, parked=found, as_of=row.as_of, at=row.at, run_id=None)
    with console(shop) as browser:
        first, second = browser.get("/console/parked"), browser.get("/console/parked?page=2")
        last = browser.get("/console/parked?page=99")
    assert "51 subscriptions cannot be billed." in words(first)
    assert "1–50 of 51" in words(first)
    assert "51–51 of 51" in words(second)
    assert words(last) == words(second)


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("nl", "De prijs is in GBP, maar het account wordt in EUR gefactureerd."),
        ("it", "Il prezzo è in GBP, ma l’account è fatturato in EUR."),
    ],
)
def test_the_list_speaks_each_language(shop: Shop, language: str, why: str) -> None:
    broken_account(shop)
    run_billing(shop.services)
    with console(shop, language=language) as browser:
        said = words(browser.get("/console/parked"))
    assert why in said
    assert not re.search(r"\{\w+\}", said)
