"""Cancelling over HTTP: what is shown is what happens, in each language, and nothing is ever half done."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from prorata.core.catalog.presets import CLASSIC, COMMIT
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, in_march, open_shop
from web.center.reading import field, words

PAGE = f"/products/{NAME}/cancel"
DONE = f"/products/{NAME}/cancelled"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    return in_march(shop)


def confirmed(browser: httpx.Client, shown: httpx.Response, **other: str) -> httpx.Response:
    """Send what the page's own form would send."""
    sent = {name: field(shown, name) for name in ("when", "end", "reason", "words", "whom", "seen")}
    return browser.post(PAGE, data={**sent, **other})


# The arithmetic of these figures stands with `in_march`.
STORY = {
    "en": (
        ["−€53.57", "€9.82", "−€43.75", "€125.00", "€81.25", "3 March 2026", "31 May 2026", "1 June 2026"],
        "€125.00 for 280 licence-days, 160 kept = €71.43, so €53.57 back",
        "Cancel, €81.25 stays to be paid",
        "€81.25 is still to be paid.",
    ),
    "nl": (
        ["€ −53,57", "€ 9,82", "€ −43,75", "€ 125,00", "€ 81,25", "3 maart 2026", "31 mei 2026", "1 juni 2026"],
        "€ 125,00 voor 280 licentiedagen, 160 behouden = € 71,43, dus € 53,57 terug",
        "Opzeggen, er blijft € 81,25 te betalen",
        "€ 81,25 is nog te betalen.",
    ),
    "it": (
        ["−53,57 €", "9,82 €", "−43,75 €", "125,00 €", "81,25 €", "3 marzo 2026", "31 maggio 2026", "1 giugno 2026"],
        "125,00 € per 280 giorni di licenza, 160 mantenuti = 71,43 €, quindi 53,57 € di credito",
        "Annulla, restano da pagare 81,25 €",
        "Restano da pagare 81,25 €.",
    ),
}


def plain(text: str) -> str:
    """With ordinary blanks and one kind of minus."""
    return text.replace("\u00a0", " ").replace("\u2212", "-").replace("−", "-")


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_what_is_shown_is_what_happens(shop: Shop, account: Account, language: str) -> None:
    figures, sentence, button, left = STORY[language]
    with shop.visitor(account, language=language) as browser:
        shown = browser.get(PAGE)
        said = plain(words(shown))
        assert shown.status_code == 200
        assert [f for f in figures if plain(f) not in said] == []
        assert plain(sentence) in said
        assert plain(button) in said
        answer = confirmed(browser, shown)
        assert (answer.status_code, answer.headers["location"]) == (303, DONE)
        done = plain(words(browser.get(DONE)))
    assert [f for f in figures if plain(f) not in done] == []
    assert plain(sentence) in done
    assert plain(left) in done
    assert "C2026-0000" in done


def test_nothing_is_cancelled_by_looking(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        for choice in ("now", "period_end", "date"):
            assert browser.get(PAGE, params={"when": choice}).status_code == 200
        assert browser.get(DONE).headers["location"] == PAGE


def test_everything_paid_comes_back_with_its_tax(shop: Shop) -> None:
    account = shop.account(on="2026-01-15", tax=21)
    account.buy(10)
    account.until("2026-03-03")
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE)
        # 125.00 − 71.43 kept = 53.57; 21% of it 11.2497, so 11.25 of tax; 64.82 in all, to the method that paid.
        said = words(shown)
        assert "Tax 21%" in said
        assert "\u2212€11.25" in said
        assert "Cancel and get €64.82 back" in said
        assert "A cancellation that takes effect at once cannot be undone." in said
        confirmed(browser, shown)
        assert "€64.82 goes back to the method that paid." in words(browser.get(DONE))


def test_at_the_end_of_the_period_a_last_bill_comes_and_undoing_is_offered(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params={"when": "period_end"})
        said = words(shown)
        # The two added, never billed: 12.50 × 2 × 23/28 = 20.535…, so 20.54.
        assert "€20.54" in said
        assert "It can be undone until 14 March 2026." in said
        assert "Cancel on 15 March 2026" in said
        assert "€125.00 of earlier bills is open, and stays so until it is paid." in said
        assert confirmed(browser, shown).status_code == 303
        done = words(browser.get(DONE))
        assert "Cancelled with effect from 15 March 2026. Members keep access until then." in done
        assert "Undo the cancellation" in done
        assert "Cancelled with effect from 15 March 2026." in words(browser.get(PAGE))


def test_on_a_date_the_days_until_then_are_billed(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(PAGE, params={"when": "date", "end": "2026-04-10"}))
    # 12.50 × 2 × 23/28 = 20.54 and 12.50 × 12 × 26/31 = 125.81 (125.806…): 146.35 on 15 March.
    assert "€146.35" in said
    assert "Everything up to that day is on the bills before it, so no final document follows." in said
    assert "Cancel on 10 April 2026" in said
    assert "9 July 2026" in said  # 10 April + 90 days


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"when": "date", "end": "2026-03-02"}, "2 March 2026 is over, today is 3 March 2026."),
        ({"when": "date", "end": "2026-01-10"}, "Kadans Team begins on 15 January 2026."),
        ({"when": "date", "end": ""}, "Choose the day on which the subscription ends."),
        ({"when": "date", "end": "10-04-2026"}, "“10-04-2026” is not a day. Write it like this: 2026-03-15."),
        ({"when": "date", "end": "20260410"}, "“20260410” is not a day."),
        ({"when": "date", "end": "9999-12-31"}, "31 December 9999 is too far away."),
        ({"when": "tomorrow"}, "Choose when the subscription ends."),
        ({"when": "now", "words": "x" * 501}, "This is too long. Write 500 characters at most."),
    ],
)
def test_a_wrong_choice_gets_one_sentence_and_stays_in_its_field(
    shop: Shop, account: Account, asked: dict[str, str], sentence: str
) -> None:
    with shop.visitor(account) as browser:
        shown = browser.post(PAGE, data={"act": "show", **asked})
        assert shown.status_code == 422
        assert sentence in words(shown)
        assert 'name="seen"' not in shown.text
        assert all(f'value="{value}"' in shown.text for name, value in asked.items() if name != "when")
        assert browser.post(PAGE, data={**asked, "seen": "0" * 32}).status_code == 422
        assert browser.get(DONE).headers["location"] == PAGE


def test_an_act_without_what_was_shown_shows_it_first(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = browser.post(PAGE, data={"when": "now"})
        assert answer.status_code == 422
        assert "Cancel, €81.25 stays to be paid" in words(answer)
        assert browser.get(DONE).headers["location"] == PAGE


def test_who_was_slower_sees_the_new_figures_and_nothing_has_happened(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.post(PAGE, data={"act": "show", "words": "Too quiet & too dear"})
        assert shown.status_code == 200
        account.change(11)
        late = confirmed(browser, shown)
        said = words(late)
        assert late.status_code == 409
        assert "This has changed since it was shown" in said
        assert field(late, "seen") != field(shown, "seen")
        assert field(late, "words") == "Too quiet & too dear"
        assert browser.get(DONE).headers["location"] == PAGE
        assert confirmed(browser, late).status_code == 303


def test_a_second_click_says_that_it_is_done(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE)
        confirmed(browser, shown)
        again = confirmed(browser, shown)
        assert again.status_code == 409
        assert "This has changed since it was shown" in words(again)
        assert "The final document" in words(again)
        assert words(browser.get("/bills")).count("Final document") == 1


@pytest.mark.parametrize("role", ["reader", "licence_admin", "invoice_manager"])
def test_who_may_not_cancel_reads_why_and_who_may(shop: Shop, account: Account, role: str) -> None:
    member = account.add("Fatima el Amrani", role)  # pyright: ignore[reportArgumentType] - one of the roles
    with shop.visitor(account) as owner:
        seen = field(owner.get(PAGE), "seen")
    with shop.visitor(account, member=member) as browser:
        shown = browser.get(PAGE)
        assert shown.status_code == 200
        assert "owners and billing admins" in words(shown)
        assert 'aria-disabled="true"' in shown.text
        refused = browser.post(PAGE, data={"when": "now", "seen": seen})
        assert refused.status_code == 403
        assert "owners and billing admins" in words(refused)
        assert browser.get(DONE).headers["location"] == PAGE


def test_a_subscription_that_there_is_not_is_not_found(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert browser.get("/products/nothing/cancel").status_code == 404
        assert browser.post("/products/nothing/cancel", data={"when": "now"}).status_code == 404


def test_another_accounts_subscription_is_not_found(shop: Shop, account: Account) -> None:
    stranger = shop.account(on="2026-01-15", name="Officina Rossi S.r.l.")
    with shop.visitor(stranger) as browser:
        assert browser.get(PAGE).status_code == 404
    with shop.visitor(account) as browser:
        assert browser.get(PAGE).status_code == 200


def test_terms_with_a_window_offer_the_end_of_the_period_first_once_it_is_over(database: Database) -> None:
    with open_shop(database, terms=COMMIT) as shop:
        account = in_march(shop)
        with shop.visitor(account) as browser:
            shown = browser.get(PAGE)
        choices = re.findall(r'name="when" value="(\w+)"( checked)?', shown.text)
        assert choices[:3] == [("period_end", " checked"), ("now", ""), ("date", "")]


def test_a_final_document_that_comes_later_is_shown_with_its_day(database: Database) -> None:
    with open_shop(database, terms=replace(CLASSIC, final_document="next_billing_date")) as shop:
        account = in_march(shop)
        with shop.visitor(account) as browser:
            shown = browser.get(PAGE)
            said = words(shown)
            assert "It comes on 15 March 2026; these are its figures if nothing else changes until then." in said
            assert "\u2212€43.75" in said
            assert "Cancel now" in said
            assert confirmed(browser, shown).status_code == 303
            done = words(browser.get(DONE))
            assert "Final document to come: Credit note of 15 March 2026" in done
            assert "€125.00 is still to be paid." in done
            account.until("2026-03-15")
            assert "€81.25 is still to be paid." in words(browser.get(PAGE))


def test_the_words_stand_in_no_address(shop: Shop, account: Account) -> None:
    said = "Eva’s team was too dear"
    with shop.visitor(account) as browser:
        assert field(browser.get(PAGE, params={"words": said}), "words") == ""
        shown = browser.post(PAGE, data={"act": "show", "when": "now", "reason": "other", "words": said})
        assert (shown.status_code, field(shown, "words")) == (200, said)
        assert re.findall(r'(?:href|action)="[^"]*(?:dear|words=)', shown.text) == []
        assert browser.get(DONE).headers["location"] == PAGE  # nothing is done by it
        for text in ("x", "é", "gAAAAA=="):
            assert field(browser.get(PAGE, params={"sealed": text}), "words") == ""
