"""The owner's page of the directory over HTTP: set up, tried, changed and removed, with nothing typed lost."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from support.databases import Database
from support.entrance import Entrance, opened_entrance
from support.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider, says
from web.center.reading import words

DAAN = "daan@korenbloem.example"


@pytest.fixture
def entrance(own_database: Database) -> Iterator[Entrance]:
    with opened_entrance(own_database) as found:
        yield found


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def daan(entrance: Entrance) -> httpx.Client:
    entrance.owner(DAAN)
    return entrance.signed_in(DAAN)


def form(there: Provider, **changes: str) -> dict[str, str]:
    good = {
        "name": "Bakery directory",
        "issuer": there.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "role_for_new": "reader",
    }
    return good | changes


def test_an_owner_sets_it_up_tries_changes_and_removes_it(daan: httpx.Client, there: Provider) -> None:
    shown = words(daan.get("/directory"))
    assert "No directory is set up" in shown
    assert "http://localhost:8000/sign-in/with/1/back" in shown
    saved = daan.post("/directory/edit", data=form(there))
    assert (saved.status_code, saved.headers["location"]) == (303, "/directory?news=set")
    shown = words(daan.get(saved.headers["location"]))
    for said in ("The directory is set.", "Bakery directory", there.issuer, "reader", "/sign-in/with/1-1-"):
        assert said in shown
    assert CLIENT_SECRET not in daan.get("/directory/edit").text
    tried = daan.post("/directory/try")
    assert "The directory answers and shows its keys." in words(daan.get(tried.headers["location"]))
    changed = daan.post("/directory/edit", data=form(there, name="Ours", client_secret="", role_for_new=""))
    shown = words(daan.get(changed.headers["location"]))
    assert "The directory is changed." in shown
    assert "Ours" in shown
    assert "nobody new is taken in" in shown
    assert "Members stay members." in words(daan.get("/directory/remove"))
    removed = daan.post("/directory/remove")
    assert "The directory is removed." in words(daan.get(removed.headers["location"]))
    assert daan.get("/directory/remove").headers["location"] == "/directory"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Client secret: write between 1 and 300 characters."),
        ("nl", "Clientgeheim: vul 1 tot 300 tekens in."),
        ("it", "Segreto client: scrivere da 1 a 300 caratteri."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(
    entrance: Entrance, there: Provider, language: str, said: str
) -> None:
    entrance.owner(DAAN, language="en")
    browser = entrance.signed_in(DAAN)
    browser.post("/language", data={"language": language})
    answer = browser.post("/directory/edit", data=form(there, name="", client_secret=""))
    assert answer.status_code == 422
    assert words(answer).count(said) == 2  # beside the field and in the summary
    assert f'value="{there.issuer}"' in answer.text
    assert f'value="{CLIENT_ID}"' in answer.text
    assert 'value="reader" checked' in answer.text


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("login.bakery.example", "a directory is reached over the internet, at an address that begins with https://."),
        ("https://10.0.0.1", "a directory is reached over the internet"),
        ("http://127.0.0.1:1", "does not answer just now."),
        ("https://é.example/<b>", "a directory is reached over the internet"),
    ],
)
def test_an_issuer_that_cannot_be_asked_is_said_beside_its_field(
    daan: httpx.Client, there: Provider, issuer: str, said: str
) -> None:
    answer = daan.post("/directory/edit", data=form(there, issuer=issuer))
    assert answer.status_code == 422
    assert 'id="f-issuer-error"' in answer.text
    assert said in words(answer)
    assert "<b>" not in answer.text


def test_a_role_that_nobody_may_give_is_refused_beside_its_field(daan: httpx.Client, there: Provider) -> None:
    answer = daan.post("/directory/edit", data=form(there, role_for_new="owner"))
    assert answer.status_code == 422
    assert 'id="f-role_for_new-error"' in answer.text


def test_a_directory_that_stopped_answering_is_told_when_it_is_tried(daan: httpx.Client, there: Provider) -> None:
    daan.post("/directory/edit", data=form(there))
    there.answers["/keys"] = says(b"", status=502)
    answer = daan.post("/directory/try")
    assert answer.status_code == 422
    assert "does not answer just now." in words(answer)
    assert "Bakery directory" in words(answer)


def test_trying_or_removing_what_is_not_there_is_a_sentence(daan: httpx.Client) -> None:
    said = "The account has no directory, or it was removed meanwhile. Set one first."
    for answer in (daan.post("/directory/try"), daan.post("/directory/remove")):
        assert answer.status_code == 422
        assert said in words(answer)


def test_who_has_not_just_shown_who_they_are_does_so_first_and_keeps_what_they_typed(
    entrance: Entrance, daan: httpx.Client, there: Provider
) -> None:
    entrance.clock.at += timedelta(minutes=11)
    assert daan.get("/directory/edit").headers["location"] == "/proof?next=%2Fdirectory%2Fedit"
    answer = daan.post("/directory/edit", data=form(there))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/proof?next=%2Fdirectory%2Fedit%3Fname%3DBakery")
    assert "flour" not in answer.headers["location"]
    daan.post("/proof", data={"next": "/"})
    daan.post("/proof/code", data={"code": entrance.code(DAAN), "next": "/"})
    back = daan.get(httpx.URL(answer.headers["location"]).params["next"])
    assert back.status_code == 200
    assert 'value="Bakery directory"' in back.text
    assert 'value="reader" checked' in back.text


@pytest.mark.parametrize("role", ["billing_admin", "reader"])
def test_who_may_not_is_told_who_can(entrance: Entrance, daan: httpx.Client, there: Provider, role: str) -> None:
    del daan
    entrance.member("eva@korenbloem.example", account=1, role="reader" if role == "reader" else "billing_admin")
    eva = entrance.signed_in("eva@korenbloem.example")
    answer = eva.get("/directory")
    assert answer.status_code == 403
    assert "does not allow this; owners can do it." in words(answer)
    assert "/sign-in/with" not in answer.text
    for refused in (
        eva.get("/directory/edit"),
        eva.post("/directory/edit", data=form(there)),
        eva.post("/directory/try"),
        eva.get("/directory/remove"),
        eva.post("/directory/remove"),
    ):
        assert refused.status_code == 403
    assert there.asked == []
