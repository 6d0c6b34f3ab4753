"""What no form can show beside a field: a database that does not answer, and texts that no name can have."""

from collections.abc import Iterator

import httpx
import pytest

from prorata.store.engine import Database as Store
from prorata.usecases.act import Services
from prorata.web.center.routes import center
from prorata.web.demo.door import DemoDoor
from support.databases import Database
from support.serving import NO_TLS, serving
from web.center.bills_ground import NAME, SECRET, RealTime, Shop, open_shop
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


def test_a_database_that_does_not_answer_is_a_page_that_says_so(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    nowhere = Services(Store("postgresql+psycopg://nobody@127.0.0.1:1/nothing"), RealTime())
    with shop.visitor(account) as known, serving(center(nowhere, secret=SECRET, door=DemoDoor(nowhere))) as address:
        for path in ("/people", "/", "/products", "/clock"):
            answer = httpx.get(f"{address}{path}", cookies=dict(known.cookies), timeout=100, verify=NO_TLS)
            assert answer.status_code == 503
            assert "Not available just now" in words(answer)
            assert "127.0.0.1" not in words(answer)


def test_who_may_not_see_the_start_page_is_not_sent_there(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    member = account.add("Anna Bakker")
    with shop.visitor(account, member=member) as browser:
        first, other = browser.get("/"), browser.get("/bills")
    assert (first.status_code, other.status_code) == (403, 403)
    assert "Your role (member) does not allow this; owners, billing admins," in words(first)
    assert "Go to the start page" not in words(first)
    assert "Go to the start page" in words(other)


def test_a_nul_is_in_no_name_and_in_no_form(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    with shop.visitor(account) as browser:
        for path in (f"/products/{NAME}%00", "/bills/%00", "/%00"):
            assert browser.get(path).status_code == 404
        for path in (f"/products/{NAME}?news=%00", f"/products/{NAME}/licences?licences=1%00", "/people?next=%00"):
            assert browser.get(path).status_code == 400
        assert browser.post(f"/products/{NAME}/licences", data={"licences": "12\0"}).status_code == 400
        assert "Licences 10" in words(browser.get(f"/products/{NAME}"))


def test_a_number_of_any_length_is_an_answer_and_no_fault(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    long = "9" * 5000  # Python reads no number of more than 4300 digits
    with shop.visitor(account) as browser:
        for path in (f"/buy/{long}", f"/bills/paid?payment={long}", "/buy/x", "/buy/-1"):
            assert browser.get(path).status_code == 404
        assert browser.post(f"/buy/{long}", data={"licences": "1", "seen": "x"}).status_code == 404
        ticked = {"licences": "9", "unassign": "1", "members": long, "seen": "x"}
        assert browser.post(f"/products/{NAME}/licences", data=ticked).status_code == 409
        assert "Licences 10" in words(browser.get(f"/products/{NAME}"))


def test_a_write_from_another_site_does_nothing(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.buy(10)
    with shop.visitor(account) as browser:
        answer = browser.post(
            f"/products/{NAME}/licences", data={"licences": "12"}, headers={"sec-fetch-site": "cross-site"}
        )
        assert answer.status_code == 403
        assert "Licences 10" in words(browser.get(f"/products/{NAME}"))
