"""Passkeys over HTTP: what a browser is asked and told, and the pages where one keeps them."""

import json
from itertools import count

import httpx
import pytest

from prorata.store import people
from support.authenticator import Device, text64
from support.entrance import Entrance
from web.center.reading import words

DAAN = "daan@korenbloem.example"
MARIE = "marie@korenbloem.example"
_NUMBERS = count(1)


@pytest.fixture
def device() -> Device:
    return new_device()


@pytest.fixture
def daan(entrance: Entrance) -> httpx.Client:
    entrance.owner(DAAN)
    return entrance.signed_in(DAAN)


def new_device() -> Device:
    return Device("http://localhost:8000", "localhost", id=f"device-{next(_NUMBERS)}-of-somebody".encode())


def asked(browser: httpx.Client, address: str) -> str:
    answer = browser.post(f"{address}/ask")
    assert answer.status_code == 200, answer.text
    return json.dumps(answer.json()["options"])


def add(browser: httpx.Client, device: Device) -> httpx.Response:
    address = "/security/new-passkey"
    return browser.post(address, data={"answer": device.make(asked(browser, address))})


def sign_in(
    browser: httpx.Client, device: Device, *, wanted: str = "", handle: bytes | None = None, **otherwise: object
) -> httpx.Response:
    answer = device.answer(asked(browser, "/sign-in/passkey"), handle=handle, **otherwise)
    return browser.post("/sign-in/passkey", data={"answer": answer, "next": wanted})


def page_of(device: Device) -> str:
    return f"/security/passkeys/{text64(device.id)}"


def test_who_has_added_a_passkey_signs_in_with_it(entrance: Entrance, daan: httpx.Client, device: Device):
    added = add(daan, device)
    assert (added.status_code, added.json()) == (200, {"go": "/security?passkey=added"})
    told = words(daan.get("/security?passkey=added"))
    assert "From now on you can sign in with it." in told
    assert "Chrome on Linux on one device 15 January 2026, 13:00 not yet" in told
    browser = entrance.browser()
    assert "Sign in with a passkey" in words(browser.get("/sign-in"))
    came = sign_in(browser, device, wanted="/bills")
    assert (came.status_code, came.json()) == (200, {"go": "/bills"})
    assert "Daan Visser, owner" in browser.get("/bills").text
    assert "with a passkey" in words(browser.get("/security"))
    assert "__Host-prorata_door" not in browser.cookies


def test_a_mailed_code_still_counts_after_a_passkey_was_asked_for(entrance: Entrance):
    entrance.owner(DAAN)
    browser = entrance.browser()
    browser.post("/sign-in", data={"email": DAAN})
    asked(browser, "/sign-in/passkey")
    answer = browser.post("/sign-in/code", data={"code": entrance.code(DAAN)})
    assert answer.status_code == 303


def test_nobody_is_led_elsewhere_after_signing_in(entrance: Entrance, daan: httpx.Client, device: Device):
    add(daan, device)
    browser = entrance.browser()
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert sign_in(browser, device, wanted=elsewhere).json() == {"go": "/"}


def test_each_sign_in_has_a_token_of_its_own(entrance: Entrance, daan: httpx.Client, device: Device):
    add(daan, device)
    before = daan.cookies["__Host-prorata_session"]
    sign_in(daan, device)
    assert daan.cookies["__Host-prorata_session"] != before
    old = entrance.browser(token=before)
    assert old.get("/bills").status_code == 303


def test_who_must_show_who_they_are_does_so_with_a_passkey(entrance: Entrance, daan: httpx.Client, device: Device):
    add(daan, device)
    entrance.clock.set("2026-01-15 12:30")
    sent = daan.post("/security/new-passkey/ask")
    assert (sent.status_code, sent.json()) == (403, {"go": "/proof?next=%2Fsecurity"})
    assert "Use a passkey" in words(daan.get("/proof?next=/security"))
    answer = device.answer(asked(daan, "/proof/passkey"))
    proved = daan.post("/proof/passkey", data={"answer": answer, "next": "/security"})
    assert (proved.status_code, proved.json()) == (200, {"go": "/security"})
    assert daan.post("/security/new-passkey/ask").status_code == 200


def test_who_has_no_passkey_is_not_offered_one_as_proof(entrance: Entrance, daan: httpx.Client):
    entrance.clock.set("2026-01-15 12:30")
    assert "Use a passkey" not in words(daan.get("/proof?next=/security"))
    assert "not known here" in daan.post("/proof/passkey/ask").json()["problem"]


@pytest.mark.parametrize("address", ["/proof/passkey", "/security/new-passkey"])
def test_who_is_not_in_is_led_to_the_door(entrance: Entrance, address: str):
    browser = entrance.browser()
    for path in (address, f"{address}/ask"):
        answer = browser.post(path, data={"answer": "{}"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        ({"origin": "https://evil.example"}, "asked by another address than http://localhost:8000"),
        ({"origin": "http://127.0.0.1:8000"}, "asked by another address than http://localhost:8000"),
        ({"challenge": text64(b"another question")}, "This question to your passkey is over"),
        ({"type": "webauthn.create"}, "does not fit the passkey"),
    ],
)
def test_a_wrong_answer_is_told_in_a_sentence(
    entrance: Entrance, daan: httpx.Client, device: Device, otherwise: dict[str, str], said: str
):
    add(daan, device)
    browser = entrance.browser()
    answer = sign_in(browser, device, handle=None, **otherwise)
    assert answer.status_code == 422
    assert said in answer.json()["problem"]
    assert "__Host-prorata_session" not in browser.cookies


def test_a_passkey_that_claims_another_owner_is_told_in_a_sentence(
    entrance: Entrance, daan: httpx.Client, device: Device
):
    add(daan, device)
    browser = entrance.browser()
    assert "belongs to somebody else" in sign_in(browser, device, handle=b"Marie").json()["problem"]


def test_a_passkey_of_another_site_is_told_in_a_sentence(entrance: Entrance, daan: httpx.Client, device: Device):
    add(daan, device)
    device.host = "evil.example"
    browser = entrance.browser()
    assert "belongs to another site than localhost" in sign_in(browser, device).json()["problem"]


def test_the_host_that_a_request_names_changes_nothing(entrance: Entrance, daan: httpx.Client, device: Device):
    add(daan, device)
    device.host = device.origin = "127.0.0.1"
    browser = entrance.browser()
    answer = browser.post("/sign-in/passkey/ask", headers={"host": "127.0.0.1", "x-forwarded-host": "evil.example"})
    assert answer.json()["options"]["rpId"] == "localhost"


def test_an_answer_that_is_sent_again_or_from_elsewhere_is_refused(
    entrance: Entrance, daan: httpx.Client, device: Device
):
    add(daan, device)
    browser, thief = entrance.browser(), entrance.browser()
    answer = {"answer": device.answer(asked(browser, "/sign-in/passkey"))}
    asked(thief, "/sign-in/passkey")
    stolen = thief.post("/sign-in/passkey", data=answer)
    assert (stolen.status_code, "is over" in stolen.json()["problem"]) == (422, True)
    assert "__Host-prorata_session" not in thief.cookies
    assert browser.post("/sign-in/passkey", data=answer).status_code == 200
    again = browser.post("/sign-in/passkey", data=answer)
    assert (again.status_code, "is over" in again.json()["problem"]) == (422, True)


@pytest.mark.parametrize("answer", [None, "", "{}", "[]", "{" * 9000, "\N{SNOWMAN}", '{"id": "a"}', "x" * 30_000])
def test_what_is_no_answer_is_told_so(entrance: Entrance, answer: str | None):
    browser = entrance.browser()
    asked(browser, "/sign-in/passkey")
    told = browser.post("/sign-in/passkey", data={} if answer is None else {"answer": answer})
    assert told.status_code == 422
    assert told.json()["problem"].startswith("This is not the answer of a passkey.")


def test_another_site_asks_nothing_here(daan: httpx.Client):
    for path in ("/sign-in/passkey/ask", "/sign-in/passkey", "/security/new-passkey/ask", "/proof/passkey"):
        assert daan.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_who_asks_too_often_is_told_how_long_to_wait(entrance: Entrance):
    browser = entrance.browser()
    for _ in range(100):
        asked(browser, "/sign-in/passkey")
    told = browser.post("/sign-in/passkey/ask")
    assert told.status_code == 429
    assert "60 minutes" in told.json()["problem"]


def test_what_is_refused_is_told_in_the_language_of_the_reader(entrance: Entrance):
    browser = entrance.browser(language="it")
    told = browser.post("/sign-in/passkey", data={"answer": "{}"})
    assert told.json()["problem"].startswith("Questa non è la risposta di una passkey.")


def test_who_belongs_nowhere_any_more_is_told_so(entrance: Entrance, device: Device):
    eva = entrance.staff()
    browser = entrance.browser(token=entrance.session(eva))
    add(browser, device)
    with entrance.services.database.door() as conn:
        people.dismiss(conn, eva.id, at=entrance.clock.now())
    browser = entrance.browser()
    told = sign_in(browser, device)
    assert told.status_code == 403
    assert "__Host-prorata_session" not in browser.cookies


# The pages.


def test_a_passkey_gets_another_name(daan: httpx.Client, device: Device):
    add(daan, device)
    assert "Chrome on Linux" in words(daan.get(page_of(device)))
    named = daan.post(page_of(device), data={"name": "Phone of the shop"})
    assert (named.status_code, named.headers["location"]) == (303, "/security?passkey=named")
    assert "Phone of the shop on one device" in words(daan.get("/security?passkey=named"))


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_name_that_does_not_fit_is_told_beside_its_field_and_not_lost(daan: httpx.Client, device: Device, name: str):
    add(daan, device)
    told = daan.post(page_of(device), data={"name": name})
    assert told.status_code == 422
    assert words(told).count("Give the passkey a name of 1 to 60 characters.") == 2
    assert f'value="{name}"' in told.text


def test_a_name_is_text_and_nothing_else(daan: httpx.Client, device: Device):
    add(daan, device)
    daan.post(page_of(device), data={"name": "<script>alert(1)</script>"})
    assert "<script>alert" not in daan.get("/security").text


def test_a_passkey_is_removed_after_showing_who_one_is(entrance: Entrance, daan: httpx.Client, device: Device):
    add(daan, device)
    entrance.clock.set("2026-01-15 12:30")
    sent = daan.post(f"{page_of(device)}/remove")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/proof?next={page_of(device).replace('/', '%2F')}")
    daan.post("/proof/passkey", data={"answer": device.answer(asked(daan, "/proof/passkey"))})
    gone = daan.post(f"{page_of(device)}/remove")
    assert (gone.status_code, gone.headers["location"]) == (303, "/security?passkey=removed")
    assert "You have none yet." in words(daan.get("/security"))
    assert daan.get(page_of(device)).status_code == 404
    assert "not known here" in sign_in(daan, device).json()["problem"]


def test_the_passkeys_of_others_are_not_there(entrance: Entrance, daan: httpx.Client, device: Device):
    add(daan, device)
    entrance.owner(MARIE)
    marie = entrance.signed_in(MARIE)
    assert marie.get(page_of(device)).status_code == 404
    assert marie.post(page_of(device), data={"name": "Mine"}).status_code == 404
    assert marie.post(f"{page_of(device)}/remove").status_code == 404
    assert "already" in add(marie, device).json()["problem"]


@pytest.mark.parametrize("name", ["none", "a", "%C3%A9", "x" * 3000, "a.b", "%00"])
def test_what_no_passkey_is_called_is_not_there(daan: httpx.Client, name: str):
    assert daan.get(f"/security/passkeys/{name}").status_code == 404
    assert daan.post(f"/security/passkeys/{name}", data={"name": "Mine"}).status_code == 404
    assert daan.post(f"/security/passkeys/{name}/remove").status_code == 404


def test_who_came_by_a_directory_sees_why_there_are_none(entrance: Entrance, device: Device):
    daan = entrance.owner(DAAN)
    (account,) = entrance.accounts(daan)
    token = entrance.session(daan, method="directory", only_account=account)
    browser = entrance.browser(token=token)
    told = words(browser.get("/security"))
    assert "You came in by the directory of one account" in told
    assert "Add a passkey" not in told
    refused = browser.post("/security/new-passkey/ask")
    assert (refused.status_code, "directory" in refused.json()["problem"]) == (422, True)
    assert browser.get(page_of(device)).status_code == 404
    assert browser.post(page_of(device), data={"name": "Mine"}).status_code == 404
    assert browser.post(f"{page_of(device)}/remove").status_code == 404
