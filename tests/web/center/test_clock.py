"""The clock of a test account, moved from any page, and what is told afterwards."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from prorata.usecases.cancel_subscription import CancelSubscription
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import field, words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    found = shop.account(on="2026-01-15")
    found.buy(10)
    return found


def test_the_days_worth_going_to_stand_on_every_page_with_what_is_to_be_seen(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        said = words(browser.get("/clock"))
        page = browser.get("/bills").text
    assert "16 January 2026 1 day later" in said
    assert "22 January 2026 1 week later" in said
    assert "15 February 2026 1 month later and members lose access to Kadans Team" in said
    assert "16 May 2026 the data of Kadans Team is deleted" in said
    for day in ("2026-01-16", "2026-01-22", "2026-02-15", "2026-05-16"):
        assert f'name="to" value="{day}"' in page


def test_a_move_tells_each_document_with_its_amount_and_leads_back(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        moved = browser.post("/clock", data={"to": "2026-03-15", "next": f"/products/{NAME}?news=bought"})
        assert moved.status_code == 303
        query = parse_qs(urlsplit(moved.headers["location"]).query)
        assert query["from"] == ["2026-01-15"]
        page = browser.get(moved.headers["location"])
    said = words(page)
    # 16 days of January are left, 28 of February, 15 of March.
    assert said.startswith("It is 15 March 2026 The clock moved by 59 days.")
    assert said.count("€125.00") == 2
    assert "paid 15 February 2026 €125.00" in said
    assert "paid 15 March 2026 €125.00" in said
    assert f'href="/products/{NAME}">Back to where you were</a>' in page.text


def test_a_move_tells_each_change_of_state(shop: Shop, account: Account) -> None:
    account.act(CancelSubscription(NAME, "period_end"))
    with shop.visitor(account) as browser:
        moved = browser.post("/clock", data={"to": "2026-06-01", "next": "/"})
        said = words(browser.get(moved.headers["location"]))
    assert "Members lost access to Kadans Team 15 February 2026" in said
    assert "The data of Kadans Team was deleted 16 May 2026" in said


def test_a_move_on_which_nothing_happens_says_so(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        moved = browser.post("/clock", data={"to": "2026-01-16", "next": "/"})
        said = words(browser.get(moved.headers["location"]))
    assert said.startswith("It is 16 January 2026 The clock moved by 1 day.")
    assert "Nothing happened" in said


def test_a_long_move_shows_the_latest_documents_and_the_way_to_the_others(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        moved = browser.post("/clock", data={"to": "2028-07-15", "next": "/"})
        page = browser.get(moved.headers["location"])
    # 15 February 2026 to 15 July 2028 are 30 bills; 25 are shown.
    assert words(page).count("€125.00") == 25
    assert "And 5 earlier documents, under Bills & payments" in words(page)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This is not a day. Choose one from the calendar, or write it like 2026-03-14."),
        ("soon", "This is not a day."),
        ("20260320", "This is not a day."),
        ("2026-W12-1", "This is not a day."),
        ("2026-02-30", "This is not a day."),
        ("2026-01-14", "The clock of this account stands at 15 January 2026 and only goes forward."),
        ("2199-01-01", "A clock moves by 3,660 days at most."),
    ],
)
def test_a_day_that_is_not_possible_is_said_beside_the_field_and_the_clock_stays(
    shop: Shop, account: Account, typed: str, sentence: str
) -> None:
    with shop.visitor(account) as browser:
        answer = browser.post("/clock", data={"to": typed, "next": "/bills"})
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert f'value="{typed or "2026-01-15"}"' in answer.text
        assert field(answer, "next") == "/bills"
        assert "Today is 15 January 2026" in words(browser.get("/clock"))


def test_a_reader_cannot_move_the_clock_and_is_told_why(shop: Shop, account: Account) -> None:
    reader = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=reader) as browser:
        home = browser.get("/").text
        assert "Your role (reader) does not allow this" in home
        assert 'name="to"' not in home
        assert browser.get("/clock").status_code == 403
        assert browser.post("/clock", data={"to": "2026-02-15"}).status_code == 403
        assert "Next bill on 15 February 2026." in words(browser.get(f"/products/{NAME}"))


def test_the_address_of_what_happened_takes_any_nonsense(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        for query in ("from=x", "from=2026-01-01&first=x", "from=2027-01-01&first=9&last=1", "from=2026-01-15&last=99"):
            assert browser.get(f"/clock?{query}").status_code == 200
        page = browser.get("/clock?from=2026-01-15&next=https://elsewhere.example/")
        assert "elsewhere" not in page.text.split("<main")[1]
