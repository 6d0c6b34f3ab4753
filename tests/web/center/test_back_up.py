"""The page on which data are backed up: asked for, followed, downloaded; in three languages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.export.content import Exporting
from prorata.usecases.export.make import make_export
from prorata.web.center.printing import PagePrinter
from support.databases import Database
from web.center.bills_ground import Account, Shop, open_shop
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    found = shop.account(on="2026-01-20")
    found.buy(3)
    return found


def make(account: Account, export: int = 1) -> None:
    kit = Exporting(PagePrinter())
    make_export(account.shop.services, kit, account=account.id, export=export, last=True)


def test_it_is_asked_for_followed_and_downloaded(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        first = browser.get("/back-up")
        assert "There is no back up to download now." in words(first)
        assert 'data-renew="3"' not in first.text
        done = browser.post("/back-up", data={"language": "it"})
        assert (done.status_code, done.headers["location"]) == (303, "/back-up?news=asked")
        page = browser.get("/back-up?news=asked")
        assert "a mail tells you when it is ready" in words(page)
        assert 'data-renew="3"' in page.text
        assert "It waits for its turn." in words(page)
        make(account)
        ready = browser.get("/back-up")
        assert 'data-renew="3"' not in ready.text
        # Real time stands at noon of 15 January; seven days are until the 22nd.
        assert "A back up is ready. It can be downloaded until 22 January 2026, 12:00." in words(ready)
        file = browser.post("/back-up/1/download")
    assert file.status_code == 200
    assert file.headers["content-disposition"] == 'attachment; filename="back-up-2026-01-15-1.zip"'
    assert (file.headers["content-type"], file.headers["cache-control"]) == ("application/zip", "private, no-store")
    assert file.headers["content-length"] == str(len(file.content))
    assert hashlib.sha256(file.content).hexdigest() in words(ready)


def test_asking_twice_says_why_not(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        browser.post("/back-up", data={"language": "en"})
        again = browser.post("/back-up", data={"language": "nl"})
        assert again.status_code == 422
        assert "A back up is in work already." in words(again)
        assert '<option value="nl" selected>' in again.text


@pytest.mark.parametrize("number", ["99", "0", "-1", "abc", "1" * 30, "%00", "2147483648"])
def test_a_number_that_is_none_is_a_page_that_says_so(shop: Shop, account: Account, number: str) -> None:
    with shop.visitor(account) as browser:
        answer = browser.post(f"/back-up/{number}/download")
        assert answer.status_code == 404


def test_a_file_is_handed_out_on_a_click_alone(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = browser.get("/back-up/1/download")
        assert (answer.status_code, answer.headers["location"]) == (303, "/back-up")


def test_what_is_not_ready_says_so(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        browser.post("/back-up", data={"language": "en"})
        answer = browser.post("/back-up/1/download")
    assert answer.status_code == 422
    assert "There is no file of this back up." in words(answer)


def test_a_reader_has_no_way_there(shop: Shop, account: Account) -> None:
    reader = account.add("Rik", "reader")
    with shop.visitor(account, member=reader) as browser:
        assert 'href="/back-up"' not in browser.get("/").text
        assert browser.get("/back-up").status_code == 403
        assert browser.post("/back-up").status_code == 403
        assert browser.post("/back-up/1/download").status_code == 403
    with shop.visitor(account) as browser:
        assert 'href="/back-up"' in browser.get("/").text


@pytest.mark.parametrize(
    ("language", "title", "button"),
    [("nl", "Back-up van gegevens", "Back-up maken"), ("it", "Copia dei dati", "Crea una copia")],
)
def test_it_speaks(shop: Shop, account: Account, language: str, title: str, button: str) -> None:
    with shop.visitor(account, language=language) as browser:
        page = words(browser.get("/back-up"))
    assert title in page
    assert button in page


def test_a_subscription_that_is_disabled_shows_the_way(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        way = '<a class="button button-secondary" href="/back-up">Back up data</a>'
        assert way not in browser.get("/products/business").text
        account.act(CancelSubscription("business"))
        assert way in browser.get("/products/business").text
        browser.post("/back-up", data={"language": "en"})
        make(account)
        assert browser.post("/back-up/1/download").content[:2] == b"PK"
