"""The page of API keys: made once and shown once, with what each may be used for, and revoked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from prorata.usecases.api_keys import use_key
from support.databases import Database
from web.center.bills_ground import Account, Shop, open_shop
from web.center.reading import words


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    return shop.account(on="2026-01-20")


def made(browser: httpx.Client, **typed: object) -> httpx.Response:
    return browser.post("/keys/new", data={"name": "Accounting", "scopes": "read", "days": "90"} | typed)


def ticked(answer: httpx.Response) -> list[str]:
    return re.findall(r'name="scopes" value="(\w+)" checked', answer.text)


def secret(answer: httpx.Response) -> str:
    found = re.search(r"<code>(prorata_\w[^<]*)</code>", answer.text)
    assert found is not None
    return unescape(found[1])


def test_a_key_is_shown_once_and_opens_what_was_ticked(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert "No key yet" in words(browser.get("/keys"))
        form = browser.get("/keys/new")
        assert ticked(form) == ["read"]
        answer = made(browser, scopes=["read", "entitlements"])
        key = secret(answer)
        assert "Copy Accounting now: it is not shown again." in words(answer)
        assert answer.headers["cache-control"] == "private, no-store"
        listed = words(browser.get("/keys"))
    used = use_key(shop.services, key)
    assert used is not None
    assert used.actor.permissions == {"see", "check_use"}
    assert key not in listed
    assert "1 key is accepted." in listed
    # Noon of 15 January, where the real clock stands, and ninety days.
    assert f"Accounting ends in …{key[-4:]} Read and Entitlements" in listed
    assert "Marieke de Wit, 15 January 2026 15 April 2026, 12:00 never accepted" in listed


def test_when_a_key_was_last_used_is_on_the_page(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        use_key(shop.services, secret(made(browser)))
        assert "15 April 2026, 12:00 15 January 2026, 12:00 accepted" in words(browser.get("/keys"))


def test_a_key_is_revoked_after_a_look_at_what_comes_of_it(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        key = secret(made(browser))
        asked = browser.get("/keys/1/revoke")
        assert "From then on the key opens nothing, and that cannot be undone." in words(asked)
        assert use_key(shop.services, key) is not None
        done = browser.post("/keys/1/revoke")
        assert (done.status_code, done.headers["location"]) == (303, "/keys?news=revoked")
        page = browser.get("/keys?news=revoked")
        assert "The key is revoked: it opens nothing any more. API keys No key is accepted." in words(page)
        assert 'href="/keys/1/revoke"' not in page.text
        assert use_key(shop.services, key) is None
        for again in (browser.get("/keys/1/revoke"), browser.post("/keys/1/revoke")):
            assert again.status_code == 404
            assert "There is no such key, or it was revoked already." in words(again)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give the key a name of at most 60 characters, such as that of the program."),
        ({"name": "x" * 61}, "Give the key a name of at most 60 characters, such as that of the program."),
        ({"scopes": ""}, "Choose what the key may be used for: at least one thing."),
        ({"scopes": "everything"}, "Choose what the key may be used for: at least one thing."),
        ({"days": "366"}, "A key cannot be good for 366 days. Choose from 1 to 365 days."),
        ({"days": "forever"}, "A key cannot be good for 0 days. Choose from 1 to 365 days."),
        ({"days": "99999999999999999"}, "A key cannot be good for 0 days. Choose from 1 to 365 days."),
    ],
)
def test_what_cannot_be_a_key_is_said_beside_its_field_and_nothing_typed_is_lost(
    shop: Shop, account: Account, typed: dict[str, str], said: str
) -> None:
    with shop.visitor(account) as browser:
        answer = made(browser, **typed)
        assert answer.status_code == 422
        assert words(answer).count(said) == 2
        assert f'value="{typed.get("name", "Accounting")}"' in answer.text
        assert ticked(answer) == ([] if "scopes" in typed else ["read"])
        assert "No key yet" in words(browser.get("/keys"))


def test_sending_the_form_twice_makes_one_key(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert made(browser).status_code == 200
        again = made(browser, days="30")
        assert again.status_code == 422
        assert "There is a key Accounting already. Choose another name, or revoke that key first." in words(again)
        assert '<option value="30" selected>' in again.text
        assert "1 key is accepted." in words(browser.get("/keys"))


@pytest.mark.parametrize("path", ["/keys", "/keys/new", "/keys/1/revoke"])
def test_who_may_not_manage_keys_is_told_who_may(shop: Shop, account: Account, path: str) -> None:
    admin = account.add("Bram", "billing_admin")
    with shop.visitor(account, member=admin) as browser:
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Your role (billing admin) does not allow this; owners can do it." in words(answer)
        assert 'href="/keys"' not in answer.text
        assert made(browser).status_code == 403
        assert browser.post("/keys/1/revoke").status_code == 403


@pytest.mark.parametrize("key", ["0", "-1", "x", "99999999999999999999", "2147483648", "7"])
def test_a_key_that_there_is_not_is_not_found(shop: Shop, account: Account, key: str) -> None:
    with shop.visitor(account) as browser:
        assert browser.get(f"/keys/{key}/revoke").status_code == 404
        assert browser.post(f"/keys/{key}/revoke").status_code == 404


def test_the_key_of_somebody_who_may_make_none_any_more_is_shown_as_not_accepted(shop: Shop, account: Account) -> None:
    other = account.add("Daan", "owner")
    with shop.visitor(account, member=other) as browser:
        made(browser)
    with shop.services.database.owner() as conn:
        conn.exec_driver_sql(f"UPDATE members SET role = 'reader' WHERE account_id = {account.id} AND id = {other}")
    with shop.visitor(account) as browser:
        said = words(browser.get("/keys"))
    assert "No key is accepted." in said
    assert "never not accepted" in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "1 sleutel wordt geaccepteerd."), ("it", "1 chiave è accettata.")],
)
def test_the_page_speaks_the_readers_language(shop: Shop, account: Account, language: str, said: str) -> None:
    with shop.visitor(account, language=language) as browser:
        made(browser)
        assert said in words(browser.get("/keys"))
