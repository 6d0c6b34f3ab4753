"""Signing in by a directory over HTTP: there and back, and every way in which it does not work."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from prorata.usecases.act import Request
from prorata.usecases.door.directories import Wish, directory_page, set_directory
from prorata.usecases.permissions import member_actor
from prorata.usecases.vouching import Client
from prorata.web.auth.cookies import DOOR_COOKIE, SESSION_COOKIE
from prorata.web.auth.door import SessionDoor
from prorata.web.site import site
from support.entrance import Entrance
from support.provider import CLIENT_ID, CLIENT_SECRET, Provider, forwards, provider, says
from support.serving import serving
from web.center.reading import words

ANNA = "anna@bakery.example"


@dataclass
class Way:
    """The way into an account by its directory; `path`: where it begins."""

    entrance: Entrance
    there: Provider
    account: int
    path: str

    @property
    def back(self) -> str:
        return f"/sign-in/with/{self.account}/back"

    def go(self, browser: httpx.Client, *, wanted: str = "/bills") -> dict[str, str]:
        """Send a browser to the directory; what it would come back with."""
        sent = browser.post(self.path, data={"next": wanted})
        assert sent.status_code == 200
        fields = {name: values[-1] for name, values in parse_qs(urlsplit(sent.headers["refresh"]).query).items()}
        self.there.at, self.there.nonce = self.entrance.clock.now(), fields["nonce"]
        return {"code": "a code", "state": fields["state"]}

    def refused(self, answer: httpx.Response) -> str:
        assert answer.status_code == 403
        assert SESSION_COOKIE not in answer.headers.get("set-cookie", "")
        return words(answer)


@pytest.fixture
def way(entrance: Entrance) -> Iterator[Way]:
    account = entrance.accounts(entrance.owner())[0]
    entrance.member(ANNA, account=account, role="reader")
    with provider() as there:
        asks = Request(account, member_actor("Daan Visser", "owner", member=1, proved=True))
        wish = Wish(name="Bakery directory", issuer=there.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        set_directory(entrance.services, asks, wish=wish)
        found = directory_page(entrance.services, asks).directory
        assert found
        yield Way(entrance, there, account, urlsplit(found.sign_in).path)


def test_a_member_goes_to_the_directory_and_comes_back_signed_in(way: Way) -> None:
    browser = way.entrance.browser()
    shown = words(browser.get(way.path, params={"next": "/bills"}))
    assert "Sign in to De Korenbloem" in shown
    assert "Bakery directory says who you are: you go there and come back." in shown
    sent = browser.post(way.path, data={"next": "/bills"})
    assert sent.headers["refresh"].startswith(f"0; url={way.there.issuer}/authorize?")
    assert way.there.issuer in sent.text
    answer = browser.get(way.back, params=way.go(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/bills")
    kept = [line for line in answer.headers.get_list("set-cookie") if line.startswith(SESSION_COOKIE)]
    assert all(part in kept[0] for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
    assert DOOR_COOKIE not in way.entrance.cookies(browser)
    assert "Daan Visser, reader" in browser.get("/bills").text


def test_showing_the_page_sends_and_keeps_nothing(way: Way) -> None:
    asked = len(way.there.asked)
    answer = way.entrance.browser().get(way.path)
    assert "set-cookie" not in answer.headers
    assert len(way.there.asked) == asked


def test_another_site_sends_nobody_there(way: Way) -> None:
    asked = len(way.there.asked)
    answer = way.entrance.browser().post(way.path, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert len(way.there.asked) == asked


def test_who_is_in_already_is_told_and_the_old_session_ends(way: Way) -> None:
    way.entrance.owner("noor@x.example")
    browser = way.entrance.signed_in("noor@x.example")
    assert "In this browser noor@x.example is signed in." in words(browser.get(way.path))
    before = way.entrance.cookies(browser)[SESSION_COOKIE]
    browser.get(way.back, params=way.go(browser))
    assert way.entrance.browser(token=before).get("/bills").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_nobody_is_led_elsewhere_afterwards(way: Way, wanted: str) -> None:
    browser = way.entrance.browser()
    answer = browser.get(way.back, params=way.go(browser, wanted=wanted))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "This sign-in was begun in another browser or window, was used already, or is more than ten minutes old.",
        ),
        (
            "nl",
            "Deze aanmelding is in een andere browser of een ander venster begonnen, is al gebruikt, of is meer",
        ),
        (
            "it",
            "Questo accesso è stato iniziato in un altro browser o in un’altra finestra, è già stato usato o risale",
        ),
    ],
)
def test_an_answer_counts_once_and_in_its_own_browser(way: Way, language: str, said: str) -> None:
    browser, other = way.entrance.browser(language=language), way.entrance.browser(language=language)
    for each in (browser, other):
        each.post("/language", data={"language": language})
    answer = way.go(browser)
    assert said in way.refused(other.get(way.back, params=answer))
    assert said in way.refused(browser.get(way.back, params=answer | {"state": "another"}))
    assert said in way.refused(browser.get(way.back))
    assert browser.get(way.back, params=answer).status_code == 303
    again = browser.get(way.back, params=answer)
    assert said in way.refused(again)
    assert 'href="/sign-in"' not in again.text  # they are in, by the answer that counted


def test_an_answer_at_another_accounts_address_is_none(way: Way) -> None:
    browser = way.entrance.browser()
    answer = way.go(browser)
    for whose in (way.account + 1, "vendor", "x", "9" * 40):
        assert "Begin again at your sign-in address." in way.refused(
            browser.get(f"/sign-in/with/{whose}/back", params=answer)
        )


def test_who_stopped_there_is_told_so(way: Way) -> None:
    browser = way.entrance.browser()
    sent = way.go(browser)
    said = way.refused(browser.get(way.back, params={"error": "access_denied", "state": sent["state"]}))
    assert "did not let you go on, or you stopped there. Nobody was signed in; you can begin again." in said


def test_whom_the_account_does_not_know_is_told_whom_to_ask(way: Way) -> None:
    way.there.claims = {"email": "bram@bakery.example"}
    browser = way.entrance.browser()
    assert (
        "The directory knows you as bram@bakery.example, but the account De Korenbloem does not know you yet. Ask for "
        "an invitation: Daan Visser."
    ) in way.refused(browser.get(way.back, params=way.go(browser)))


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"nonce": "x"}, "belongs to another sign-in, so nobody was signed in."),
        ({"iss": "https://x.example"}, "The answer came from another directory than"),
        ({"aud": "x"}, "was made for another application, so nobody was signed in."),
        ({"exp": 1}, "is not of this moment, so nobody was signed in."),
        ({"sub": None}, "lacks what is needed, so nobody was signed in."),
        ({"email_verified": False}, "The directory confirms no e-mail address of yours"),
    ],
)
def test_what_does_not_fit_signs_nobody_in_and_says_why(way: Way, claims: dict[str, object], said: str) -> None:
    way.there.claims = claims
    browser = way.entrance.browser()
    assert said in way.refused(browser.get(way.back, params=way.go(browser)))


def test_an_unsigned_answer_signs_nobody_in_and_says_why(way: Way) -> None:
    way.there.algorithm = "none"
    browser = way.entrance.browser()
    assert "is signed in a way that proves nothing" in way.refused(browser.get(way.back, params=way.go(browser)))


def test_a_directory_that_fails_forwards_or_says_no_is_told_apart(way: Way) -> None:
    browser = way.entrance.browser()
    for answer, said in (
        (says(b"", status=500), "does not answer just now. Try again in a moment."),
        (forwards("https://x.example"), "sends elsewhere, and that is not followed."),
        (says(b"{}", status=401), "did not accept the sign-in."),
        (says(b" " * 300_000), "is far too long, so it was not read."),
    ):
        came = way.go(browser)
        way.there.answers = {"/token": answer}
        assert said in way.refused(browser.get(way.back, params=came))
        way.there.answers = {}


def test_a_directory_that_does_not_answer_sends_nobody_away(way: Way) -> None:
    way.there.answers = {"/.well-known/openid-configuration": says(b"", status=503)}
    browser = way.entrance.browser()
    assert "does not answer just now." in way.refused(browser.post(way.path))
    assert way.entrance.cookies(browser) == {}


@pytest.mark.parametrize("place", ["x", "1-1-x", "vendor", "1-1-%C3%A9", "9" * 40 + "-1-x", "%20", "1-1-" + "x" * 2000])
def test_an_address_that_is_no_directorys_is_not_found(way: Way, place: str) -> None:
    browser = way.entrance.browser()
    for answer in (browser.get(f"/sign-in/with/{place}"), browser.post(f"/sign-in/with/{place}")):
        assert answer.status_code == 404
        assert "Nobody signs in at this address, or not any more." in words(answer)


@pytest.mark.parametrize(
    "query",
    [
        {"code": "x" * 5000, "state": "s"}, {"state": ""},
        {"error": "<script>", "state": "s"}, {"iss": "x" * 5000, "state": "s"},
    ],
)  # fmt: skip
def test_made_up_answers_are_refused_without_a_fault(way: Way, query: dict[str, str]) -> None:
    browser = way.entrance.browser()
    state = way.go(browser)["state"]
    came = browser.get(way.back, params=query | ({"state": state} if query["state"] else {}))
    assert "This sign-in did not work" in way.refused(came)
    assert "<script>" not in came.text


def test_the_way_of_the_vendors_people_stands_on_the_page_of_signing_in_where_there_is_one(way: Way) -> None:
    with_none = way.entrance.browser().get("/sign-in")
    assert "/sign-in/with/vendor" not in with_none.text
    own = Client(way.there.issuer, CLIENT_ID, CLIENT_SECRET, inside=True)
    services = replace(way.entrance.services, vendor_directory=own)
    way.entrance.staff(ANNA)
    with serving(site(services, secret="for tests alone", door=SessionDoor(services))) as address:
        browser = way.entrance.browser()
        browser.base_url = httpx.URL(address)
        assert 'href="/sign-in/with/vendor?next=%2Fconsole"' in browser.get("/sign-in?next=/console").text
        sent = browser.post("/sign-in/with/vendor", data={"next": "/console"})
        fields = {name: values[-1] for name, values in parse_qs(urlsplit(sent.headers["refresh"]).query).items()}
        way.there.at, way.there.nonce = way.entrance.clock.now(), fields["nonce"]
        came = browser.get("/sign-in/with/vendor/back", params={"code": "c", "state": fields["state"]})
        assert (came.status_code, came.headers["location"]) == (303, "/console")
        assert "Daan Visser, owner at the vendor" in browser.get("/console", follow_redirects=True).text
