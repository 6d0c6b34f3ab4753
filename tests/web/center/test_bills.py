"""Bills & payments over HTTP: what is owed first, then every document, in each language."""

from collections.abc import Iterator

import pytest

from prorata.usecases.pay_document import PayDocument
from support.databases import Database
from web.center.bills_ground import Shop, in_march, open_shop
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.mark.parametrize(
    ("language", "owed", "late", "state"),
    [
        ("en", "€295.54 is still to be paid, of which €125.00 is past due.", "€125.00", "past due"),
        (
            "nl",
            "€\u00a0295,54 is nog te betalen, waarvan €\u00a0125,00 achterstallig is.",
            "€\u00a0125,00",
            "achterstallig",
        ),
        ("it", "Restano da pagare 295,54\u00a0€, di cui 125,00\u00a0€ in ritardo.", "125,00\u00a0€", "in ritardo"),
    ],
)
def test_what_is_owed_comes_first(shop: Shop, language: str, owed: str, late: str, state: str) -> None:
    account = in_march(shop)
    account.until("2026-03-20")
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get("/bills"))
    # 15 March: 12 × 12.50 = 150.00, and the two added since 20 February: 25.00 × 23/28 = 20.54; with the 125.00 of
    # 15 February, due on 17 March, that is 295.54.
    assert owed in said
    assert said.index(late) < said.index("2026-0000")
    assert state in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "€125.00 is past due."),
        ("nl", "€\u00a0125,00 is achterstallig."),
        ("it", "125,00\u00a0€ sono in ritardo."),
    ],
)
def test_where_all_of_it_is_late_the_amount_is_said_once(shop: Shop, language: str, said: str) -> None:
    account = in_march(shop)
    account.until("2026-03-20")
    account.act(PayDocument(3))  # the bill of 15 March; that of 15 February was due on 17 March
    with shop.visitor(account, language=language) as browser:
        assert said in words(browser.get("/bills"))
        assert said in words(browser.get("/bills/pay"))


def test_each_document_says_how_it_stands(shop: Shop) -> None:
    account = in_march(shop)
    account.until("2026-03-20")
    with shop.visitor(account) as browser:
        said = words(browser.get("/bills"))
        assert [word for word in ("open", "past due", "paid") if f" {word} €" not in said] == []
        open_only = words(browser.get("/bills?show=open"))
    assert said.index("15 March 2026") < said.index("15 February 2026") < said.index("15 January 2026")
    assert "15 January 2026" not in open_only
    assert "15 February 2026" in open_only


def test_a_reader_sees_the_bills_and_why_others_pay(shop: Shop) -> None:
    account = in_march(shop)
    member = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=member) as browser:
        answer = browser.get("/bills")
    assert "Settle balance" in words(answer)
    assert "owners, billing admins and invoice managers" in words(answer)
    assert "/pay" not in answer.text


def test_without_bills_the_page_says_what_will_be_here(shop: Shop) -> None:
    with shop.visitor(shop.account(on="2026-01-15")) as browser:
        assert "The first one comes with the first purchase." in words(browser.get("/bills"))
        assert "Every bill is paid or settled." in words(browser.get("/bills?show=open"))


def test_a_long_list_is_turned_page_by_page(shop: Shop) -> None:
    account = shop.account(on="2023-01-15")
    account.buy(1)
    account.until("2025-04-20")
    with shop.visitor(account) as browser:
        # From January 2023 to April 2025 there are 28 bills, 25 on a page.
        first, second = browser.get("/bills"), browser.get("/bills?page=2")
        assert "1–25 of 28" in words(first)
        assert "26–28 of 28" in words(second)
        assert "15 January 2023" in words(second)
        for beyond in ("99", "0", "-1", "x", "9" * 30):
            assert browser.get("/bills", params={"page": beyond}).status_code == 200
        assert "26–28 of 28" in words(browser.get("/bills?page=99"))
