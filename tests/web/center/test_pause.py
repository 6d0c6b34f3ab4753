"""Pausing and resuming: what is credited and charged is shown first, and the periods stay where they are."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import RefundPolicy
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.lives_ground import PAGE, confirmed, ten_since_january, with_trial
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    return ten_since_january(shop)


# 125.00 for 31 days of ten licences, five of them used: 125.00 × 50/310 = 20.16 stays, 104.84 comes back.
PAUSED = {
    "en": ("€104.84 is kept as account credit", "Pause it (€104.84 credited now)", "15 February 2026, paused or not."),
    "nl": ("€ 104,84", "Pauzeren (nu € 104,84 gecrediteerd)", "15 februari 2026, gepauzeerd of niet."),
    "it": ("104,84 €", "Metti in pausa (104,84 € accreditati ora)", "15 febbraio 2026, in pausa o no."),
}


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_a_pause_shows_what_comes_back_and_where_it_goes(shop: Shop, account: Account, language: str) -> None:
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get(f"{PAGE}/pause")).replace("\u00a0", " ")
    for expected in PAUSED[language]:
        assert expected in said


def test_paused_and_resumed_on_the_same_renewal_date(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        done = confirmed(browser, browser.get(f"{PAGE}/pause"))
        assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?news=paused")
        said = words(browser.get(done.headers["location"]))
        assert "Paused. Nothing is charged until it is resumed." in said
        assert "Paused since 20 January 2026: members have no access, and nothing is charged." in said
        assert "No bill comes in the next twelve months." in said
        again = browser.get(f"{PAGE}/pause")
        assert "Kadans Team has been paused since 20 January 2026. Resume it to go on using it." in words(again)
        assert f'href="{PAGE}/resume">Resume it</a>' in again.text

        account.until("2026-01-30")
        shown = browser.get(f"{PAGE}/resume")
        said = words(shown)
        # 16 of 31 days, 30 January to 14 February: 125.00 × 16/31 = 64.52
        assert "10 licences are charged from today up to the next period, which begins on 15 February 2026" in said
        assert "Resume it (€64.52 now)" in said
        assert "€64.52 from credit" in said
        # 64.52 + 12 × 125.00
        assert "In the next twelve months 13 bills come, €1,564.52 in all." in said
        assert confirmed(browser, shown).status_code == 303
        assert "Active. Next bill on 15 February 2026." in words(browser.get(PAGE))
        not_paused = words(browser.get(f"{PAGE}/resume"))
        assert "Kadans Team is not paused, so it goes on as it is." in not_paused


def test_who_pauses_twice_is_told_and_nothing_more_is_credited(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}/pause")
        assert confirmed(browser, shown).status_code == 303
        again = confirmed(browser, shown)
        assert again.status_code == 422
        assert "has been paused since 20 January 2026" in words(again)
        assert words(browser.get("/bills")).count("Credit note") == 1


def test_under_terms_that_give_nothing_back_a_pause_credits_nothing(database: Database) -> None:
    terms = replace(CLASSIC, refund=RefundPolicy(end="none", change="none"))
    with open_shop(database, terms=terms) as shop:
        account = ten_since_january(shop)
        with shop.visitor(account) as browser:
            said = words(browser.get(f"{PAGE}/pause"))
    assert "What is paid for is not credited." in said
    assert "The days that are paid for and not used are credited." not in said


def test_a_pause_does_not_hold_up_an_end_that_is_planned(shop: Shop, account: Account) -> None:
    account.act(SetRenewal(NAME, renews=False))
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}/pause"))
        assert "15 February 2026 in 26 days It expires" in said
        assert "Its periods stay where they are" not in said
        account.act(PauseSubscription(NAME))
        said = words(browser.get(PAGE))
    assert "Paused since 20 January 2026" in said
    assert "Active, and its renewal is off: it expires on 15 February 2026." in said


def test_in_a_trial_and_after_an_end_there_is_nothing_to_pause(shop: Shop, account: Account) -> None:
    trying = ten_since_january(with_trial(shop))
    with shop.visitor(trying) as browser:
        shown = words(browser.get(f"{PAGE}/pause"))
        assert "Kadans Team is in a trial, in which nothing is charged, so there is nothing to pause." in shown
        assert "What can be done instead See the trial" in shown
    account.act(CancelSubscription(NAME, "now"))
    with shop.visitor(account) as browser:
        shown = words(browser.get(f"{PAGE}/pause"))
        assert "Kadans Team ended on 20 January 2026. Reactivate it to go on using it." in shown
        assert browser.post(f"{PAGE}/pause", data={"seen": "x"}).status_code == 422


def test_a_reader_may_neither_pause_nor_resume(shop: Shop, account: Account) -> None:
    reader = account.add("Fatima el Amrani", "reader")
    account.act(PauseSubscription(NAME))
    with shop.visitor(account, member=reader) as browser:
        for part in ("pause", "resume"):
            shown = browser.get(f"{PAGE}/{part}")
            assert "owners and billing admins can do it." in words(shown)
            assert "What can be done instead" not in words(shown)
            assert browser.post(f"{PAGE}/{part}", data={"seen": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("language", "now", "later", "ends"),
    [
        (
            "en",
            "It is paused: members have no access already.",
            "It is paused: members have no access unless it is resumed.",
            "The subscription ends",
        ),
        (
            "nl",
            "Het is gepauzeerd: leden hebben al geen toegang.",
            "Het is gepauzeerd: leden hebben geen toegang, tenzij het wordt hervat.",
            "Het abonnement eindigt",
        ),
        (
            "it",
            "È in pausa: i membri sono già senza accesso.",
            "È in pausa: i membri non hanno accesso, a meno che non venga ripreso.",
            "L’abbonamento termina",
        ),
    ],
)
def test_cancelling_what_is_paused_takes_access_from_nobody(
    shop: Shop, account: Account, language: str, now: str, later: str, ends: str
) -> None:
    account.act(PauseSubscription(NAME))
    with shop.visitor(account, language=language) as browser:
        at_once = words(browser.get(f"{PAGE}/cancel?when=now"))
        at_end = words(browser.get(f"{PAGE}/cancel?when=period_end"))
    # Beside the choice, and in the summary of what happens.
    assert at_once.count(now) == 2
    assert at_end.count(later) == 2
    assert ends in at_once
    for said in (at_once, at_end):
        assert "lose access" not in said
        assert "keep access until" not in said


def test_what_was_cancelled_in_a_pause_says_since_when_members_have_no_access(shop: Shop, account: Account) -> None:
    account.act(PauseSubscription(NAME))
    account.until("2026-01-25")
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}/cancelled"))
        assert "It is cancelled and ends on 15 February 2026. It is paused: members have no access unless it is" in said
        assert "It is cancelled and ends on 15 February 2026." in words(browser.get(PAGE))
        account.until("2026-02-15")
        said = words(browser.get(f"{PAGE}/cancelled"))
        assert "Members have no access since 20 January 2026." in said
