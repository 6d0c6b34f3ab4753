"""The option to cancel stands there in every state and for every role; where it cannot be, it says why and who can."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from prorata.store.screens import bills
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.command import Command
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import field, words

PAGE, DONE = f"/products/{NAME}/cancel", f"/products/{NAME}/cancelled"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """Ten licences since 15 January; it is 20 January."""
    found = shop.account(on="2026-01-15")
    found.buy(10)
    found.until("2026-01-20")
    return found


@pytest.mark.parametrize(
    ("done", "until", "sentences"),
    [
        ((), "", ["Members lose access today.", "Cancel and get €104.84 back"]),
        ((PauseSubscription(NAME),), "", ["It is paused: members have no access already."]),
        ((SetRenewal(NAME, renews=False),), "", ["Cancel and get €104.84 back"]),
        ((SetRenewal(NAME, renews=False),), "2026-02-15", ["the subscription has ended", "Reactivate it"]),
        (
            (CancelSubscription(NAME, date(2026, 2, 1)),),
            "",
            ["Cancelled with effect from 1 February 2026.", "Undo the cancellation"],
        ),
        (
            (CancelSubscription(NAME, "now"),),
            "",
            # Ninety days from 20 January are 20 April; the day before is the last one.
            ["Members have no access from today on.", "It can be reactivated until 19 April 2026", "Reactivate"],
        ),
        ((CancelSubscription(NAME, "now"),), "2026-04-21", ["The data was deleted", "The documents stay."]),
    ],
    ids=["active", "paused", "renewal off", "expired", "cancelled", "disabled", "deleted"],
)
def test_in_every_state_the_page_says_what_can_be_done(
    shop: Shop, account: Account, done: tuple[Command, ...], until: str, sentences: list[str]
) -> None:
    for command in done:
        account.act(command)
    if until:
        account.until(until)
    with shop.visitor(account) as browser:
        listed = browser.get(f"/products/{NAME}")
        assert "Cancel subscription" in words(listed)
        shown = browser.get(PAGE)
    assert shown.status_code == 200
    said = words(shown)
    assert [one for one in sentences if one not in said] == []


def test_before_the_confirmation_all_dates_stand_there_and_what_the_law_keeps(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        now, on = browser.get(PAGE), browser.get(PAGE, params={"when": "date", "end": "2026-02-01"})
    # Kept for seven years in the Netherlands, counted from the end of the year.
    law = "The law has them kept for 7 years: those of this year until 31 December 2033."
    for page, dates in (
        (now, ["It can be reactivated until 19 April 2026", "back it up until 19 April 2026", "20 April 2026"]),
        (on, ["It can be undone until 31 January 2026.", "back it up until 1 May 2026", "2 May 2026"]),
    ):
        said = words(page)
        assert [one for one in (*dates, law, "Back up data") if one not in said] == []
        assert 'href="/back-up"' in page.text


def test_reasons_are_offered_and_nobody_has_to_give_one(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.post(PAGE, data={"act": "show", "reason": "too_expensive", "words": "Eva said so"})
        assert '<option value="too_expensive" selected>It costs too much' in shown.text
        wrong = browser.get(PAGE, params={"reason": "because"})
        assert wrong.status_code == 422
        assert "Choose a reason from the list, or none." in words(wrong)
        names = ("when", "end", "reason", "words", "whom", "seen")
        assert browser.post(PAGE, data={name: field(shown, name) for name in names}).status_code == 303
        assert "Eva said so" not in words(browser.get("/audit"))


def test_of_two_clicks_at_once_one_cancels(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        sent = {"when": "now", "seen": field(browser.get(PAGE), "seen")}

    def click(_: int) -> int:
        with shop.visitor(account) as mine:
            return mine.post(PAGE, data=sent).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(click, range(2))) == [303, 409]
    with shop.services.database.account(account.id) as conn:
        assert bills.open_bills(conn, account.id) == ()
    with shop.visitor(account) as browser:
        assert words(browser.get("/bills")).count("Final document") == 1


@pytest.mark.parametrize("role", ["reader", "licence_admin", "invoice_manager"])
def test_afterwards_too_who_may_not_undo_reads_who_may(shop: Shop, account: Account, role: str) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    member = account.add("Fatima el Amrani", role)  # pyright: ignore[reportArgumentType] - one of the roles
    with shop.visitor(account, member=member) as browser:
        shown = browser.get(DONE)
    assert "Undo the cancellation" in words(shown)
    assert "owners and billing admins" in words(shown)


def test_a_member_without_a_role_reads_that_they_may_not_see_it(shop: Shop, account: Account) -> None:
    member = account.add("Bram Visser")
    with shop.visitor(account, member=member) as browser:
        assert browser.get(PAGE).status_code == 403
        assert browser.post(PAGE, data={"when": "now", "seen": "0" * 32}).status_code == 403


def test_undoing_what_has_ended_leads_to_the_way_back(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "now"))
    with shop.visitor(account) as browser:
        led = browser.get(f"/products/{NAME}/undo")
        assert (led.status_code, led.headers["location"]) == (303, DONE)
        # Who sends it all the same is told what there is in its place.
        sent = browser.post(f"/products/{NAME}/undo", data={"seen": "0" * 32})
        assert sent.status_code == 422
        assert "Reactivate it to go on using it." in words(sent)
    # While it is planned it is undone, and cancelled again for another day.
    again = shop.account(on="2026-01-15")
    again.buy(1)
    again.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(again) as browser:
        page = browser.get(f"/products/{NAME}/undo")
        assert "Members keep access." in words(page)
        undone = browser.post(f"/products/{NAME}/undo", data={"seen": field(page, "seen")})
        assert undone.headers["location"] == f"/products/{NAME}?news=undone"
        assert "Cancel on 1 February 2026" in words(browser.get(PAGE, params={"when": "date", "end": "2026-02-01"}))
