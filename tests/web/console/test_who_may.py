"""The console is for the vendor's people, the center for those of accounts; each is told so on the other's side."""

import httpx
import pytest

from prorata.store import sellers
from prorata.usecases.mend_parked import mend
from prorata.usecases.pages.parked import parked_page
from prorata.usecases.pages.runs import due_today, run_page, runs_page
from prorata.usecases.permissions import NotAllowed
from prorata.usecases.start_run import start_run
from support.serving import NO_TLS
from web.center.bills_ground import NAME, OWNER, UTC_ZONE, Shop
from web.center.reading import words
from web.console.ground import broken_account, console

CONSOLE = ("/console", "/console/runs", "/console/runs/today", "/console/runs/1", "/console/parked")


def test_a_customer_gets_no_page_of_the_console_and_starts_nothing(shop: Shop) -> None:
    account = broken_account(shop)
    with shop.visitor(account) as browser:
        for path in CONSOLE:
            answer = browser.get(path)
            assert answer.status_code == 403
            assert "No access This page is for the people who work for the vendor." in words(answer)
            assert "Bakkerij" not in words(answer)
        assert browser.post("/console/runs/today").status_code == 403
        mended = browser.post("/console/parked", data={"account": str(account.id), "subscription": NAME})
        assert mended.status_code == 403
    with console(shop) as browser:
        assert "No run yet" in words(browser.get("/console/runs"))


def test_the_vendors_people_get_no_page_of_a_customer(shop: Shop) -> None:
    with console(shop) as browser:
        for path in ("/products", "/bills", "/buy", "/clock", "/products/business"):
            answer = browser.get(path)
            assert answer.status_code == 403
            assert "No access This page is for the people of an account." in words(answer)
            # The way on is their own side.
            assert 'href="/console">Go to the start page</a>' in answer.text
        assert browser.post("/clock", data={"to": "2026-03-01"}).status_code == 403


def test_who_is_nobody_yet_is_led_to_the_choice_and_then_to_the_console(shop: Shop) -> None:
    with httpx.Client(base_url=shop.address, headers={"origin": shop.address}, timeout=100, verify=NO_TLS) as browser:
        assert browser.get("/console/parked").headers["location"] == "/people?next=%2Fconsole%2Fparked"
        chosen = browser.post("/people", data={"person": "staff-1", "next": "/console/parked"})
        assert chosen.headers["location"] == "/console/parked"
        page = browser.get("/console/parked")
    assert page.status_code == 200
    assert "Tom Becker, finance" in page.text
    assert "Kadans Software B.V." in page.text


def test_whoever_changes_sides_begins_at_the_start_of_the_other_one(shop: Shop) -> None:
    account = shop.account(on="2026-01-20")
    with console(shop) as browser:
        to_center = browser.post("/people", data={"person": f"{account.id}-1", "next": "/console/parked"})
        assert to_center.headers["location"] == "/"
        to_console = browser.post("/people", data={"person": "staff-0", "next": "/bills"})
        assert to_console.headers["location"] == "/console"


def test_the_choice_names_the_vendors_people_and_marks_who_one_is(shop: Shop) -> None:
    shop.account(on="2026-01-20")
    with console(shop) as browser:
        said = words(browser.get("/people"))
    assert "Kadans Software B.V., the vendor" in said
    assert "Eva Lindhout owner at the vendor May do everything at the vendor, and decides who else may." in said
    assert "Tom Becker finance Sees the billing runs, starts them, and mends what is parked." in said
    assert said.count("this is you now") == 1


@pytest.mark.parametrize("person", ["staff-", "staff-2", "staff--1", "staff-x", "staff"])
def test_nobody_else_of_the_vendor_can_be_chosen(shop: Shop, person: str) -> None:
    with console(shop) as browser:
        assert browser.post("/people", data={"person": person}).status_code == 422


def test_where_a_seller_is_a_real_one_nobody_is_let_into_the_console_by_choosing(shop: Shop) -> None:
    with shop.services.database.owner() as conn:
        sellers.create(conn, name="Real B.V.", address="Oude Vest 1", country="NL", zone=UTC_ZONE)
    with console(shop) as browser:
        assert browser.get("/console/runs").headers["location"].startswith("/people")
        assert browser.post("/people", data={"person": "staff-0"}).status_code == 422
        assert "the vendor" not in words(browser.get("/people"))


def test_behind_the_pages_too_no_role_of_an_account_may(shop: Shop) -> None:
    services = shop.services
    for refused in (
        lambda: runs_page(services, OWNER),
        lambda: run_page(services, OWNER, run_id=1),
        lambda: due_today(services, OWNER),
        lambda: parked_page(services, OWNER),
        lambda: start_run(services, OWNER),
        lambda: mend(services, OWNER, account=1, subscription=NAME),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_the_console_speaks_the_persons_own_language(shop: Shop) -> None:
    with console(shop, language="") as browser:
        assert '<html lang="nl">' in browser.get("/console/runs").text
