"""Sign-in and security, the choice of account, links, and showing once more who one is, over HTTP."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as WebRequest

from prorata.usecases.act import Request, act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.door.staff import NewStaff, create_staff
from prorata.usecases.permissions import ProofNeeded, member_actor, operator
from prorata.usecases.run_account import advance_clock
from prorata.web.auth.door import SessionDoor
from prorata.web.center.failing import on_refusal
from support.entrance import LINUX, PHONE, Entrance
from web.center.reading import field, words

DAAN = "daan@korenbloem.example"
SESSION = "__Host-prorata_session"
EVA = NewStaff(email="eva@kadans.example", name="Eva Lindhout", role="owner")
SITE = "https://billing.example.com"
OWNER = member_actor("Daan Visser", "owner", member=1, proved=True)


def test_sessions_are_listed_in_words_and_a_revoked_one_is_out_at_once(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    desk, phone = entrance.signed_in(DAAN, agent=LINUX), entrance.signed_in(DAAN, agent=PHONE)
    page = desk.get("/security")
    assert "The times are those of Amsterdam." in words(page)
    assert "You are signed in as daan@korenbloem.example." in words(page)
    assert "Chrome on Linux with a mailed code 127.0.0.1" in words(page)
    assert "Safari on iPhone with a mailed code 127.0.0.1" in words(page)
    assert "this browser, now" in words(page)
    assert phone.get("/").status_code == 200
    ended = desk.post("/security/end", data={"session": field(page, "session")})
    assert ended.headers["location"] == "/security?news=ended"
    assert "That browser is signed out." in words(desk.get("/security?news=ended"))
    assert phone.get("/").headers["location"] == "/sign-in"
    again = desk.post("/security/end", data={"session": field(page, "session")})
    assert (again.status_code, "That browser is signed out already." in words(again)) == (422, True)


def test_all_other_browsers_are_signed_out_at_once(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    desk, phone, tablet = (entrance.signed_in(DAAN, agent=each) for each in (LINUX, PHONE, PHONE))
    assert desk.post("/security/end-others").status_code == 303
    assert [browser.get("/").status_code for browser in (desk, phone, tablet)] == [200, 303, 303]
    assert "Sign out everywhere else" not in words(desk.get("/security"))


@pytest.mark.parametrize("session", ["", "x", "-1", "0", "9" * 30])
def test_a_session_that_there_is_not_is_said(entrance: Entrance, session: str) -> None:
    entrance.owner(DAAN)
    answer = entrance.signed_in(DAAN).post("/security/end", data={"session": session})
    assert (answer.status_code, "That browser is signed out already." in words(answer)) == (422, True)


def test_a_language_is_chosen_for_pages_and_mails(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.signed_in(DAAN)
    assert browser.post("/security/language", data={"language": "xx"}).status_code == 422
    browser.post("/language", data={"language": "nl"})
    changed = browser.post("/security/language", data={"language": "it"})
    assert (changed.status_code, "language" in entrance.cookies(browser)) == (303, False)
    assert '<html lang="it">' in browser.get("/security").text
    browser.post("/sign-in", data={"email": DAAN})
    assert entrance.mails(to=DAAN)[0].language == "it"


def test_a_form_that_was_shown_for_another_account_does_nothing_in_the_one_that_is_open_now(entrance: Entrance) -> None:
    first, second = (entrance.shop.account(clock=date(2026, 1, 15), members_too=0) for _ in range(2))
    for account in (first, second):
        entrance.member(DAAN, account=account)
    browser = entrance.signed_in(DAAN)
    browser.post("/accounts", data={"account": str(first)})
    page = browser.get("/members/add")
    assert field(page, "shown_account") == str(first)
    eva = {"name": "Eva", "email": "eva@x.example", "language": "en", "shown_account": str(first)}
    browser.post("/accounts", data={"account": str(second), "shown_account": str(first)})
    refused = browser.post("/members/add", data=eva)
    assert refused.status_code == 409
    assert "This page is of another account" in words(refused)
    assert "eva@x.example" not in words(browser.get("/members"))
    browser.post("/accounts", data={"account": str(first), "shown_account": str(second)})
    assert browser.post("/members/add", data=eva).status_code == 303
    # What is about no account is done whichever is open.
    assert browser.post("/language", data={"language": "nl", "shown_account": str(second)}).status_code == 303
    assert browser.post("/sign-out", data={"shown_account": str(second)}).status_code == 303
    assert browser.get("/").headers["location"] == "/sign-in"


def test_who_has_several_accounts_chooses_and_changes(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    second = entrance.shop.account(clock=date(2026, 1, 15), members_too=0)
    entrance.member(DAAN, account=second, role="reader")
    strange = entrance.shop.account(clock=date(2026, 1, 15), members_too=0)
    browser = entrance.signed_in(DAAN)
    assert browser.get("/bills").headers["location"] == "/sign-in?next=%2Fbills"
    assert browser.get("/sign-in?next=%2Fbills").headers["location"] == "/accounts?next=%2Fbills"
    page = browser.get("/accounts?next=%2Fbills")
    assert ("De Korenbloem owner" in words(page), "De Korenbloem reader" in words(page)) == (True, True)
    chosen = browser.post("/accounts", data={"account": str(second), "next": "/bills"})
    assert chosen.headers["location"] == "/bills"
    assert "Daan Visser, reader" in browser.get("/bills").text
    for other in (str(strange), "x", "", "vendor", "9" * 30):
        refused = browser.post("/accounts", data={"account": other})
        assert refused.status_code == 404
    assert "Daan Visser, reader" in browser.get("/bills").text
    assert "Change account" in words(browser.get("/security"))
    browser.post("/accounts", data={"account": "1"})
    assert "Daan Visser, owner" in browser.get("/bills").text


def test_one_of_the_vendors_people_who_is_a_member_too_changes_sides(entrance: Entrance) -> None:
    entrance.owner("eva@kadans.example")
    entrance.staff()
    browser = entrance.signed_in("eva@kadans.example")
    assert browser.get("/").headers["location"] == "/console"
    assert browser.get("/console/runs").status_code == 200
    assert browser.post("/accounts", data={"account": "1"}).headers["location"] == "/"
    assert browser.get("/").status_code == 200
    assert browser.get("/console/runs").status_code == 403
    assert browser.post("/accounts", data={"account": "vendor"}).headers["location"] == "/console"
    assert browser.get("/console/runs").status_code == 200


def test_a_link_signs_in_once_by_its_button(entrance: Entrance) -> None:
    link = create_staff(entrance.services, operator("Operator"), new=EVA)
    browser = entrance.browser()
    for _ in range(2):
        assert "Welcome, Eva Lindhout" in words(browser.get(link))
    assert browser.post(link).headers["location"] == "/"
    assert browser.get("/console/runs").status_code == 200
    for answer in (browser.get(link), browser.post(link)):
        assert (answer.status_code, "This link was used already" in words(answer)) == (410, True)


def test_a_link_that_is_too_old_or_was_never_made_says_so(entrance: Entrance) -> None:
    link = create_staff(entrance.services, operator("Operator"), new=EVA)
    entrance.clock.at += timedelta(hours=24)
    old = entrance.browser().post(link)
    assert (old.status_code, "This link is too old." in words(old)) == (410, True)
    for address in (link[:-1], f"{link}x", "/sign-in/link/x"):
        never = entrance.browser().get(address)
        assert (never.status_code, "There is no such link." in words(never)) == (404, True)


def test_a_link_says_who_is_signed_out_by_it(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    link = create_staff(entrance.services, operator("Operator"), new=EVA)
    assert "In this browser daan@korenbloem.example is signed in." in words(entrance.signed_in(DAAN).get(link))


def bought(entrance: Entrance) -> None:
    """Ten licences since 15 January, paid for the month to 15 March; it is 3 March: there is something to give back."""
    act(entrance.services, Request(1, OWNER), BuySubscription(entrance.shop.plan, 10, "team"))
    advance_clock(entrance.services, Request(1, OWNER), to=date(2026, 3, 3))


def test_money_goes_out_once_they_have_shown_who_they_are_and_nothing_typed_is_lost(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    bought(entrance)
    browser = entrance.signed_in(DAAN)
    entrance.clock.at += timedelta(minutes=11)
    page = browser.get("/products/team/cancel?when=now")
    values = {"when": "now", "words": "too dear", "seen": field(page, "seen")}
    refused = browser.post("/products/team/cancel", data=values)
    assert refused.status_code == 303
    asked = parse_qs(urlsplit(refused.headers["location"]).query)["next"][0]
    assert asked.startswith("/products/team/cancel?when=now&")
    assert "dear" not in asked  # addresses are kept in many places, words are not
    proof = browser.get(refused.headers["location"])
    assert "A code is mailed to daan@korenbloem.example." in words(proof)
    to_code = browser.post("/proof", data={"next": field(proof, "next")})
    code_page = browser.get(to_code.headers["location"])
    before = entrance.cookies(browser)[SESSION]
    assert "try 4 more times" in words(browser.post("/proof/code", data={"code": wrong(entrance), "next": asked}))
    proved = browser.post("/proof/code", data={"code": entrance.code(DAAN), "next": field(code_page, "next")})
    assert proved.headers["location"] == asked
    assert entrance.cookies(browser)[SESSION] != before
    page = browser.get(asked)
    assert 'value="too dear"' in page.text
    done = browser.post("/products/team/cancel", data=values | {"seen": field(page, "seen")})
    assert done.headers["location"] == "/products/team/cancelled"
    assert browser.get("/proof?next=/bills").headers["location"] == "/bills"


def wrong(entrance: Entrance) -> str:
    return f"{(int(entrance.code(DAAN)) + 1) % 1_000_000:06}"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        (f"{SITE}/products/team/pause?until=x", "/products/team/pause?until=x"),
        ("https://evil.example/x", "/products/team/pause"),
        ("", "/products/team/pause"),
        ("http://[", "/products/team/pause"),
        (f"{SITE}//evil.example/", "/"),
    ],
)
def test_a_request_that_names_another_site_as_its_page_comes_back_to_its_own(
    entrance: Entrance, referer: str, back: str
) -> None:
    application = Starlette()
    application.state.door = SessionDoor(entrance.services)
    headers = [(b"host", b"billing.example.com"), (b"referer", referer.encode())]
    scope = {"type": "http", "method": "POST", "scheme": "https", "path": "/products/team/pause", "query_string": b""}
    asked = WebRequest({**scope, "headers": headers, "app": application})
    assert on_refusal(asked, ProofNeeded()).headers["location"] == f"/proof?{urlencode({'next': back})}"


def test_the_proof_is_throttled_and_never_leads_elsewhere(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.signed_in(DAAN)
    assert browser.get("/proof?next=//evil.example").headers["location"] == "/"
    entrance.clock.at += timedelta(minutes=11)
    for _ in range(5):
        assert browser.post("/proof", data={"next": "//evil.example"}).headers["location"] == "/proof/code?next=%2F"
    refused = browser.post("/proof", data={"next": "/bills"})
    assert (refused.status_code, "Please wait 60 minutes" in words(refused)) == (429, True)
    assert field(refused, "next") == "/bills"


@pytest.mark.parametrize("path", ["/security", "/accounts", "/proof", "/proof/code"])
def test_the_doors_own_pages_are_for_who_is_in(entrance: Entrance, path: str) -> None:
    answer = entrance.browser().get(path)
    assert answer.headers["location"].startswith("/sign-in?next=")
