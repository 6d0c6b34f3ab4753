"""Accounts, acting for one of them, and the vendor's own people, behind the real door."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from prorata.store.people import StaffRole
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from support.databases import Database, findings_in
from support.entrance import Entrance, opened_entrance
from support.shop import admin
from web.center.reading import field, words

DAAN, EVA = "daan@korenbloem.example", "eva@kadans.example"
TOM = {"name": "Tom Becker", "email": "tom@kadans.example", "role": "finance", "language": "en"}


@pytest.fixture
def entrance(own_database: Database) -> Iterator[Entrance]:
    with opened_entrance(own_database) as found:
        yield found
    assert findings_in(own_database) == ()


def account_of(entrance: Entrance) -> int:
    return entrance.accounts(entrance.owner(DAAN))[0]


def staff(entrance: Entrance, role: StaffRole = "owner") -> httpx.Client:
    entrance.staff(EVA, role=role)
    return entrance.signed_in(EVA)


def test_accounts_are_found_by_name_and_by_number(entrance: Entrance) -> None:
    account = account_of(entrance)
    browser = staff(entrance, "support")
    for asked in ("korenBLOEM", str(account), "", " De   Koren "):
        assert f"De Korenbloem test account {account} Kadans NL 0 1" in words(
            browser.get("/console/accounts", params={"words": asked})
        )
    for nothing in ("%", "_", "\\", "Bakker", "99999999999999999999", "x" * 5000):
        answer = browser.get("/console/accounts", params={"words": nothing})
        assert answer.status_code == 200
        assert "No account has these words" in words(answer)


def test_before_the_first_account_it_is_said_how_one_is_opened(entrance: Entrance) -> None:
    said = words(staff(entrance).get("/console/accounts"))
    assert "No account yet An account is opened on the machine itself, by the command prorata account create." in said


def test_with_a_reason_one_sees_the_customers_pages_under_a_banner_and_stops(entrance: Entrance) -> None:
    account = account_of(entrance)
    browser = staff(entrance, "support")
    assert "Your role: Looks at accounts and helps them, and moves no money." in words(
        browser.get(f"/console/accounts/{account}")
    )
    begun = browser.post(f"/console/accounts/{account}", data={"reason": "Asked by phone"})
    assert (begun.status_code, begun.headers["location"]) == (303, "/")
    for page in ("/", "/bills", "/members"):
        shown = browser.get(page).text
        assert "You act for De Korenbloem as one of the vendor’s people." in shown
        assert "Reason: Asked by phone" in shown
    assert browser.get("/console/accounts").status_code == 403
    stopped = browser.post("/console/accounts/end")
    assert stopped.headers["location"] == f"/console/accounts/{account}"
    assert "You act for" not in browser.get("/console/accounts").text
    assert browser.get("/bills").status_code == 403
    daan = entrance.signed_in(DAAN)
    told = words(daan.get("/audit"))
    assert "Began to act for the account" in told
    assert "Asked by phone" in told
    assert "Stopped acting for the account" in told


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_without_a_reason_one_stays_outside_and_nothing_typed_is_lost(entrance: Entrance, reason: str) -> None:
    account = account_of(entrance)
    browser = staff(entrance, "support")
    answer = browser.post(f"/console/accounts/{account}", data={"reason": reason})
    assert answer.status_code == 422
    assert 'href="#f-reason"' in answer.text
    assert field(answer, "reason") == reason.strip()
    assert browser.get("/bills").status_code == 403


@pytest.mark.parametrize("number", ["0", "-1", "999999", "x", "99999999999999999999"])
def test_an_account_that_there_is_not_is_not_found(entrance: Entrance, number: str) -> None:
    browser = staff(entrance)
    assert browser.get(f"/console/accounts/{number}").status_code == 404
    assert browser.post(f"/console/accounts/{number}", data={"reason": "Asked"}).status_code == 404


def test_support_is_shown_who_moves_money_and_moves_none(entrance: Entrance) -> None:
    account = account_of(entrance)
    act(entrance.services, admin(account), BuySubscription(entrance.shop.plan, 3, "team"))
    browser = staff(entrance, "support")
    browser.post(f"/console/accounts/{account}", data={"reason": "Asked by phone"})
    said = words(browser.get("/products/team/licences"))
    assert (
        "Your role (support) does not allow this; the owners at the vendor and the people of finance can do it." in said
    )
    for path, data in (
        ("/products/team/licences", {"licences": "5", "seen": "x"}),
        ("/products/team/cancel", {"when": "now", "seen": "x"}),
        ("/buy/1", {"licences": "5", "seen": "x"}),
    ):
        answer = browser.post(path, data=data)
        assert answer.status_code == 403, path


def test_nobody_else_comes_to_the_accounts_or_ends_what_they_did_not_begin(entrance: Entrance) -> None:
    account = account_of(entrance)
    daan = entrance.signed_in(DAAN)
    for answer in (
        daan.get("/console/accounts"),
        daan.get(f"/console/accounts/{account}"),
        daan.post(f"/console/accounts/{account}", data={"reason": "x"}),
        daan.get("/console/staff"),
        daan.post("/console/staff/new", data=TOM),
        daan.post("/console/accounts/end"),
    ):
        assert answer.status_code == 403
    assert staff(entrance).post("/console/accounts/end").status_code == 403


def test_who_keeps_the_catalogue_is_told_who_may_and_the_pages_stand(entrance: Entrance) -> None:
    account_of(entrance)
    browser = staff(entrance, "catalogue")
    for path in ("/console/accounts", "/console/staff", "/console/runs"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Your role (catalogue) does not allow this; the owners at the vendor" in words(answer)


def test_somebody_is_taken_on_and_comes_in_by_the_mailed_link(entrance: Entrance) -> None:
    browser = staff(entrance)
    taken = browser.post("/console/staff/new", data=TOM)
    assert taken.headers["location"] == "/console/staff?news=taken_on"
    assert "Tom Becker tom@kadans.example finance" in words(browser.get("/console/staff"))
    (mail,) = (one for one in entrance.mails(to="tom@kadans.example") if one.kind == "staff_link")
    tom = entrance.browser()
    path = "/sign-in/link/" + str(mail.data["link"]).rpartition("/")[2]
    assert tom.post(path).status_code == 303
    assert "Tom Becker, finance" in tom.get("/console/runs").text
    assert 'href="/console/staff"' not in tom.get("/console/runs").text


def test_another_role_another_link_and_letting_go(entrance: Entrance) -> None:
    browser = staff(entrance)
    browser.post("/console/staff/new", data=TOM)
    assert browser.post("/console/staff/2", data={"role": "support"}).headers["location"] == "/console/staff?news=role"
    assert "tom@kadans.example support" in words(browser.get("/console/staff"))
    tom = entrance.signed_in("tom@kadans.example")
    assert browser.post("/console/staff/2/link").headers["location"] == "/console/staff?news=link"
    assert browser.post("/console/staff/2/end").headers["location"] == "/console/staff?news=ended"
    assert tom.get("/console/runs").status_code == 303
    assert "tom@kadans.example has left" in words(browser.get("/console/staff"))
    for answer in (
        browser.get("/console/staff/2"),
        browser.post("/console/staff/2/end"),
        browser.get("/console/staff/x"),
    ):
        assert answer.status_code == 404


def test_the_last_owner_at_the_vendor_stays(entrance: Entrance) -> None:
    browser = staff(entrance)
    for path, data in (("/console/staff/1", {"role": "support"}), ("/console/staff/1/end", {})):
        assert browser.post(path, data=data).status_code == 422
    assert browser.post("/console/staff/1", data={"role": "emperor"}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "name"),
    [({"name": ""}, "name"), ({"email": "tom"}, "email"), ({"role": "x"}, "role"), ({"email": EVA}, "email")],
)
def test_what_is_wrong_is_said_beside_its_field(entrance: Entrance, wrong: dict[str, str], name: str) -> None:
    browser = staff(entrance)
    answer = browser.post("/console/staff/new", data={**TOM, **wrong})
    assert answer.status_code == 422
    assert f'href="#f-{name}"' in answer.text
    assert field(answer, "email") == {**TOM, **wrong}["email"]


def test_deciding_about_staff_wants_a_fresh_proof(entrance: Entrance) -> None:
    browser = staff(entrance)
    entrance.clock.at += timedelta(minutes=11)
    for answer in (
        browser.get("/console/staff/new"),
        browser.post("/console/staff/new", data=TOM),
        browser.post("/console/staff/1", data={"role": "owner"}),
        browser.post("/console/staff/1/link"),
        browser.post("/console/staff/1/end"),
    ):
        assert answer.headers["location"].startswith("/proof?next=%2Fconsole%2Fstaff%2F")
