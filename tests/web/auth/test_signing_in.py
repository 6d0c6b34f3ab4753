"""Signing in and out over HTTP, with what can go wrong on the way."""

from datetime import timedelta

import pytest

from support.entrance import LINUX, Entrance
from web.center.reading import field, words

DAAN = "daan@korenbloem.example"
SESSION, DOOR = "__Host-prorata_session", "__Host-prorata_door"


def test_who_writes_the_mailed_code_is_in(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.browser()
    assert "Sign in" in words(browser.get("/sign-in"))
    asked = browser.post("/sign-in", data={"email": " Daan@Korenbloem.example ", "next": "/bills"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/code?next=%2Fbills")
    assert DAAN in words(browser.get("/sign-in/code"))
    let_in = browser.post("/sign-in/code", data={"code": entrance.code(DAAN), "next": "/bills"})
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/bills")
    assert "Daan Visser, owner" in browser.get("/bills").text


def test_the_cookies_are_kept_for_this_host_alone(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.browser()
    asked = browser.post("/sign-in", data={"email": DAAN})
    let_in = browser.post("/sign-in/code", data={"code": entrance.code(DAAN)})
    for line in (asked.headers["set-cookie"], let_in.headers.get_list("set-cookie")[0]):
        assert line.startswith("__Host-")
        assert line.partition("; ")[2] == "HttpOnly; Path=/; SameSite=lax; Secure"
    assert DOOR not in entrance.cookies(browser)


def test_nobody_is_sent_to_the_door_and_comes_back_to_where_they_wanted_to_be(entrance: Entrance) -> None:
    refused = entrance.browser().get("/bills?page=2")
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in?next=%2Fbills%3Fpage%3D2")
    assert 'name="next" value="/bills?page=2"' in entrance.browser().get(refused.headers["location"]).text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil.example", "/\n/x"],
)
def test_a_sign_in_never_leads_elsewhere(entrance: Entrance, elsewhere: str) -> None:
    entrance.owner(DAAN)
    browser = entrance.browser()
    shown = browser.get("/sign-in", params={"next": elsewhere})
    assert field(shown, "next") == "/"
    asked = browser.post("/sign-in", data={"email": DAAN, "next": elsewhere})
    assert asked.headers["location"] == "/sign-in/code?next=%2F"
    let_in = browser.post("/sign-in/code", data={"code": entrance.code(DAAN), "next": elsewhere})
    assert let_in.headers["location"] == "/"
    assert browser.get("/sign-in", params={"next": elsewhere}).headers["location"] == "/"


def test_an_address_that_nobody_has_looks_the_same(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    pages: list[str] = []
    for email in (DAAN, "dirk@korenbloem.example"):
        browser = entrance.browser()
        asked = browser.post("/sign-in", data={"email": email})
        pages.append(f"{asked.status_code} {asked.headers['location']} " + words(browser.get("/sign-in/code")))
        wrong = browser.post("/sign-in/code", data={"code": "000000"})
        pages[-1] += f" {wrong.status_code} " + words(wrong)
    assert pages[0].replace(DAAN, "X") == pages[1].replace("dirk@korenbloem.example", "X")


@pytest.mark.parametrize("typed", ["", "daan", "daan@korenbloem", "a@b@c", "<script>@x"])
def test_what_is_no_address_is_said_beside_it_and_kept(entrance: Entrance, typed: str) -> None:
    answer = entrance.browser().post("/sign-in", data={"email": typed, "next": "/bills"})
    if typed == "daan@korenbloem":
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert words(answer).count("This is not a mail address. Write it like this: name@example.com.") == 2
    assert (field(answer, "email"), field(answer, "next")) == (typed, "/bills")


def test_a_wrong_code_is_said_beside_it_with_the_tries_that_are_left(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.browser()
    browser.post("/sign-in", data={"email": DAAN})
    wrong = f"{(int(entrance.code(DAAN)) + 1) % 1_000_000:06}"
    answer = browser.post("/sign-in/code", data={"code": wrong, "next": "/bills"})
    assert answer.status_code == 422
    assert "This is not the code that was mailed. You can try 4 more times." in words(answer)
    assert (field(answer, "code"), field(answer, "next")) == (wrong, "/bills")
    assert "A code has six digits" in words(browser.post("/sign-in/code", data={"code": "12"}))
    for _ in range(4):
        answer = browser.post("/sign-in/code", data={"code": wrong, "next": "/bills"})
    assert "No code waits in this browser" in words(answer)
    assert "/sign-in?next=%2Fbills" in answer.text
    assert SESSION not in entrance.cookies(browser)


def test_an_old_a_used_and_a_tampered_code_are_over(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.browser()
    browser.post("/sign-in", data={"email": DAAN})
    entrance.cookies(browser)[DOOR] += "x"
    for answer in (browser.get("/sign-in/code"), browser.post("/sign-in/code", data={"code": entrance.code(DAAN)})):
        assert "No code waits in this browser" in words(answer)
    browser.post("/sign-in", data={"email": DAAN})
    entrance.clock.at += timedelta(minutes=10)
    assert "No code waits" in words(browser.post("/sign-in/code", data={"code": entrance.code(DAAN)}))
    asked = entrance.browser()
    asked.post("/sign-in", data={"email": DAAN})
    kept = dict(entrance.cookies(asked))
    asked.post("/sign-in/code", data={"code": entrance.code(DAAN)})
    thief = entrance.browser()
    entrance.cookies(thief).update(kept)
    assert "No code waits" in words(thief.post("/sign-in/code", data={"code": entrance.code(DAAN)}))


def test_somebody_elses_code_lets_nobody_in(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    entrance.owner("piet@else.example")
    daan, piet = entrance.browser(), entrance.browser()
    daan.post("/sign-in", data={"email": DAAN})
    piet.post("/sign-in", data={"email": "piet@else.example"})
    answer = piet.post("/sign-in/code", data={"code": entrance.code(DAAN)})
    assert (answer.status_code, SESSION in entrance.cookies(piet)) == (422, False)


def test_too_many_codes_are_refused_with_the_minutes_to_wait(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.browser()
    for _ in range(5):
        assert browser.post("/sign-in", data={"email": DAAN}).status_code == 303
    answer = browser.post("/sign-in", data={"email": DAAN})
    assert answer.status_code == 429
    assert "This was tried too often. Please wait 60 minutes, then try again." in words(answer)
    assert field(answer, "email") == DAAN


@pytest.mark.parametrize("token", ["x", "a" * 5000, "é", '"', "0' OR '1'='1"])
def test_a_tampered_session_is_nobodys(entrance: Entrance, token: str) -> None:
    browser = entrance.browser()
    entrance.cookies(browser)[SESSION] = token
    answer = browser.get("/bills")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fbills")


def test_a_sign_in_gives_a_new_session_and_ends_the_old_one(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.signed_in(DAAN)
    first = entrance.cookies(browser)[SESSION]
    browser.post("/sign-in", data={"email": DAAN})
    browser.post("/sign-in/code", data={"code": entrance.code(DAAN)})
    assert entrance.cookies(browser)[SESSION] != first
    assert entrance.browser(token=first).get("/").headers["location"] == "/sign-in"


def test_who_signs_out_is_out(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.signed_in(DAAN)
    token = entrance.cookies(browser)[SESSION]
    out = browser.post("/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in?out=1")
    assert SESSION not in entrance.cookies(browser)
    assert "You are signed out." in words(browser.get("/sign-in?out=1"))
    assert entrance.browser(token=token).get("/").status_code == 303
    assert browser.post("/sign-out").status_code == 303


def test_another_site_signs_nobody_in_or_out(entrance: Entrance) -> None:
    entrance.owner(DAAN)
    browser = entrance.signed_in(DAAN)
    for path in ("/sign-in", "/sign-in/code", "/sign-out", "/security/end-others", "/accounts", "/proof"):
        assert browser.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.get("/").status_code == 200


def test_who_belongs_nowhere_is_told_whom_to_ask(entrance: Entrance) -> None:
    entrance.person("gone@x.example")
    browser = entrance.browser()
    browser.post("/sign-in", data={"email": "gone@x.example"})
    answer = browser.post("/sign-in/code", data={"code": entrance.code("gone@x.example")})
    assert answer.status_code == 403
    assert "you belong to no account here" in words(answer)
    assert entrance.cookies(browser) == {}


def test_a_person_reads_their_own_language(entrance: Entrance) -> None:
    entrance.owner(DAAN, language="nl")
    browser = entrance.signed_in(DAAN, agent=LINUX, language="en")
    assert '<html lang="nl">' in browser.get("/").text


def test_the_demos_choice_of_person_is_not_there(entrance: Entrance) -> None:
    assert entrance.browser().get("/people").status_code == 404
