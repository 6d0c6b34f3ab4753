"""Choosing whom to be, and what every page says about who is here."""

from collections.abc import Iterator

import httpx
import pytest

from prorata.store import accounts, members
from support.databases import Database
from support.serving import NO_TLS
from web.center.bills_ground import EUR, UTC_ZONE, Account, Shop, open_shop
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture(scope="module")
def account(shop: Shop) -> Account:
    found = shop.account(on="2026-01-20")
    with shop.services.database.account(found.id) as conn:
        members.create(conn, found.id, name="Giulia Rossi", email="g@example.com", role="reader", language="it")
    return found


def stranger(shop: Shop, language: str = "en") -> httpx.Client:
    headers = {"origin": shop.address, "accept-language": language}
    return httpx.Client(base_url=shop.address, headers=headers, timeout=100, verify=NO_TLS)


def test_who_is_nobody_yet_is_led_to_the_choice_and_back_to_where_they_wanted_to_be(
    shop: Shop, account: Account
) -> None:
    with stranger(shop) as browser:
        assert browser.get("/").headers["location"] == "/people"
        asked = browser.get("/products?status=active")
        assert asked.status_code == 303
        assert asked.headers["location"] == "/people?next=%2Fproducts%3Fstatus%3Dactive"
        chosen = browser.post("/people", data={"person": f"{account.id}-1", "next": "/products?status=active"})
        assert chosen.headers["location"] == "/products?status=active"
        assert browser.get("/products").status_code == 200


def test_the_choice_names_the_people_of_each_account_with_their_roles_and_its_day(shop: Shop, account: Account) -> None:
    assert account.id
    with stranger(shop) as browser:
        said = words(browser.get("/people"))
    assert "Bakkerij De Korenbloem" in said
    assert "Its clock stands at 20 January 2026." in said
    assert "Marieke de Wit owner May do everything." in said
    assert "Giulia Rossi reader Sees everything, changes nothing. Language: Italiano" in said


@pytest.mark.parametrize("person", ["", "1", "9999-1", "x-y", "1-9999", "1-1-1"])
def test_somebody_who_is_not_on_the_list_cannot_be_chosen(shop: Shop, person: str) -> None:
    with stranger(shop) as browser:
        answer = browser.post("/people", data={"person": person})
        assert answer.status_code == 422
        assert "There is nobody of that name here Choose somebody from the list." in words(answer)
        assert not browser.cookies


def test_nobody_can_be_a_person_of_an_account_that_lives_in_real_time(shop: Shop) -> None:
    with shop.services.database.app() as conn:
        real = accounts.create(conn, seller_id=shop.seller, name="Real", country="NL", currency=EUR, zone=UTC_ZONE)
        members.create(conn, real, name="Real Person", email="r@example.com", role="owner", language="en")
    with stranger(shop) as browser:
        assert "Real Person" not in browser.get("/people").text
        assert browser.post("/people", data={"person": f"{real}-1"}).status_code == 422


def test_no_choice_leads_to_another_site(shop: Shop, account: Account) -> None:
    with stranger(shop) as browser:
        chosen = browser.post("/people", data={"person": f"{account.id}-1", "next": "https://elsewhere.example/"})
    assert chosen.headers["location"] == "/"


def test_pages_speak_the_persons_own_language_unless_another_was_chosen_here(shop: Shop, account: Account) -> None:
    with stranger(shop, language="en") as browser:
        browser.post("/people", data={"person": f"{account.id}-2"})
        home = browser.get("/")
        assert '<html lang="it">' in home.text
        assert home.headers["content-language"] == "it"
        assert "Nulla da pagare" in words(home)
        # The pages of failures too.
        assert '<html lang="it">' in browser.get("/nothing/here").text
        browser.post("/language", data={"language": "nl", "next": "/"})
        assert "Niets te betalen" in words(browser.get("/"))


def test_every_page_says_who_is_here_in_which_account_and_which_day_it_is(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        for path in ("/", "/products", "/buy", "/people", "/clock", "/nothing/here", "/products/nothing"):
            page = browser.get(path).text
            assert "Marieke de Wit, owner" in page
            assert "Bakkerij De Korenbloem" in page
            assert "Kadans Software B.V." in page
            assert '<time datetime="2026-01-20">20 January 2026</time>' in page
            assert 'action="/clock"' in page


@pytest.mark.parametrize(("proto", "only_https"), [("http", False), ("https", True)])
def test_no_script_and_no_other_site_gets_the_choice_nor_a_plain_line_where_it_was_made_over_https(
    shop: Shop, account: Account, proto: str, *, only_https: bool
) -> None:
    with stranger(shop) as browser:
        chosen = browser.post(
            "/people",
            data={"person": f"{account.id}-1"},
            headers={"origin": shop.address.replace("http:", f"{proto}:"), "x-forwarded-proto": proto},
        )
    flags = set(chosen.headers["set-cookie"].split("; "))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= flags
    assert ("Secure" in flags) == only_https


def test_a_forged_choice_is_no_choice(shop: Shop, account: Account) -> None:
    with httpx.Client(base_url=shop.address, cookies={"prorata_person": f"[{account.id},1]"}, verify=NO_TLS) as browser:
        assert browser.get("/").headers["location"] == "/people"
