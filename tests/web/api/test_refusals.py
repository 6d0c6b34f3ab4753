"""What goes wrong is a problem with a code, a sentence, and nothing that tells more than it should."""

import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from prorata.store import members
from prorata.usecases.act import Request
from prorata.usecases.api_keys import revoke_key
from prorata.usecases.keys import new_token
from prorata.web.api.v1.app import create_api
from prorata.web.api.v1.limits import Buckets
from prorata.web.demo.door import DemoDoor
from prorata.web.logs import RequestLog
from prorata.web.outside import Outside
from prorata.web.site import site
from support.serving import NO_TLS, serving
from web.api.ground import Ground, problem
from web.center.bills_ground import OWNER, SECRET, Account

PATHS = ("/me", "/subscriptions", "/subscriptions/x", "/documents", "/documents/x", "/entitlements", "/nothing")


@pytest.fixture(scope="module")
def account(ground: Ground) -> Account:
    return ground.account()


@pytest.fixture(scope="module")
def key(ground: Ground, account: Account) -> str:
    return ground.key(account)


@pytest.mark.parametrize("path", PATHS)
def test_without_a_key_nothing_is_answered_not_even_what_there_is(ground: Ground, path: str) -> None:
    with ground.program(None) as program:
        answer = program.get(path)
        assert problem(answer, 401, code="key_needed") == (
            "This address wants a key. Send it as “Authorization: Bearer”, followed by the key."
        )
        assert answer.headers["www-authenticate"] == 'Bearer realm="prorata"'


@pytest.mark.parametrize("header", ["", "Bearer", "Basic QWxhZGRpbg==", "prorata_1_1_x", "Bearer\tx"])
def test_what_names_no_key_is_no_key(ground: Ground, header: str) -> None:
    with ground.program(None) as program:
        assert problem(program.get("/me", headers={"authorization": header}), 401, code="key_needed")


def test_each_key_that_is_good_for_nothing_is_answered_alike(ground: Ground) -> None:
    account, stranger = ground.account(), ground.account()
    good, revoked, expired = (ground.key(account, name=name) for name in ("good", "revoked", "expired"))
    left = ground.key(stranger)
    revoke_key(ground.services, Request(account.id, OWNER), key=2)
    with ground.services.database.owner() as conn:
        over = f"UPDATE api_keys SET expires_at = at WHERE account_id = {account.id} AND name = 'expired'"
        conn.exec_driver_sql(over)
    with ground.services.database.account(stranger.id) as conn:
        members.leave(conn, stranger.id, member=1, at=ground.clock.now())
    token = good.split("_", maxsplit=3)[3]
    wrong = [
        revoked,
        expired,
        left,
        f"{good}x",
        good[:-1],
        f"prorata_{account.id}_1_{new_token()}",
        f"prorata_{account.id}_99_{token}",
        f"prorata_999999_1_{token}",
        f"prorata_{stranger.id}_1_{token}",
        "nothing-like-a-key",
        "prorata_1_1_" + "x" * 5000,
    ]
    with ground.program(None) as program:
        answers = [program.get("/me", headers={"authorization": f"Bearer {each}"}) for each in wrong]
        assert program.get("/me", headers={"authorization": f"bearer {good}"}).status_code == 200
    told = {(each.status_code, each.text, each.headers["www-authenticate"], len(each.headers)) for each in answers}
    assert len(told) == 1
    answer = answers[0]
    assert problem(answer, 401, code="key_refused") == (
        "This key is not accepted. An owner of the account can look at it, or make a new one."
    )
    assert answer.headers["www-authenticate"] == 'Bearer realm="prorata", error="invalid_token"'


def test_a_key_is_answered_only_what_its_scopes_say(ground: Ground, account: Account) -> None:
    question = {"member": "anna@example.com", "product": "team"}
    with ground.program(ground.key(account, "read", name="reads")) as program:
        answer = program.get("/entitlements", params=question)
        assert problem(answer, 403, code="scope_missing") == (
            "This key may not be used for this. Make one that may, with the scope entitlements."
        )
        wanted = 'Bearer realm="prorata", error="insufficient_scope", scope="entitlements"'
        assert answer.headers["www-authenticate"] == wanted
        assert problem(program.post("/entitlements", json={"asked": [question]}), 403, code="scope_missing")
    with ground.program(ground.key(account, "entitlements", name="asks")) as program:
        for path in ("/me", "/subscriptions", "/documents", "/documents/2026-000001"):
            assert problem(program.get(path), 403, code="scope_missing")


@pytest.mark.parametrize(
    ("path", "place", "said"),
    [
        ("/documents?limit=0", "query.limit", "Write 1 or more."),
        ("/documents?limit=101", "query.limit", "Write 100 or less."),
        ("/documents?limit=many", "query.limit", "Write a whole number."),
        ("/documents?limit=1.5", "query.limit", "Write a whole number."),
        ("/documents?cursor=x", "query.cursor", "This has characters that cannot be in it."),
        ("/documents?cursor=99999999999999999999", "query.cursor", "This has characters that cannot be in it."),
        ("/documents?open=perhaps", "query.open", "Write true or false."),
        ("/subscriptions?limt=5", "query.limt", "There is nothing of this name."),
        ("/entitlements?member=anna@example.com", "query.product", "This is missing."),
        ("/entitlements?member=a%00&product=team", "query.member", "This has characters that cannot be in it."),
        ("/entitlements?member=&product=team", "query.member", "This has characters that cannot be in it."),
        (f"/entitlements?member={'a' * 321}&product=team", "query.member", "Write 320 characters or fewer."),
        (f"/subscriptions/{'x' * 201}", "path.name", "Write 200 characters or fewer."),
        ("/subscriptions/%01", "path.name", "This has characters that cannot be in it."),
    ],
)
def test_each_value_that_does_not_fit_is_named_with_what_is_wrong(
    ground: Ground, key: str, path: str, place: str, said: str
) -> None:
    with ground.program(key) as program:
        answer = program.get(path)
    assert problem(answer, 422, code="does_not_fit")
    assert answer.json()["errors"] == [{"place": place, "detail": said}]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "does_not_fit"),
        (b"{", 422, "does_not_fit"),
        (b"null", 422, "does_not_fit"),
        (b"[]", 422, "does_not_fit"),
        (b'{"asked": 1}', 422, "does_not_fit"),
        (b'{"asked": [{"member": 1, "product": "team"}]}', 422, "does_not_fit"),
        (b'{"asked": [{"member": "a\\u0000", "product": "team"}]}', 422, "does_not_fit"),
        (b'{"asked": [{"member": "\\ud800", "product": "team"}]}', 422, "does_not_fit"),
        (b'{"asked": [{"member": "a", "product": "team", "more": 1}]}', 422, "does_not_fit"),
        (b'{"asked": [NaN, Infinity, 1e999]}', 422, "does_not_fit"),
        (b'{"asked": "\xff"}', 400, "unreadable"),
        (b"[" * 200_000, 400, "unreadable"),
        (b'{"asked": "' + b"x" * 1_000_000 + b'"}', 413, "too_large"),
    ],
    ids=range(13),
)
def test_a_body_that_does_not_fit_is_refused_whole(
    ground: Ground, key: str, body: bytes, status: int, code: str
) -> None:
    with ground.program(key) as program:
        answer = program.post("/entitlements", content=body, headers={"content-type": "application/json"})
        assert problem(answer, status, code=code)
        assert program.get("/me").status_code == 200


def test_a_body_that_grows_beyond_what_was_said_is_cut_off(ground: Ground, key: str) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    with ground.program(key) as program:
        headers = {"content-type": "application/json"}
        answer = program.post("/entitlements", content=parts(), headers=headers)
    assert problem(answer, 413, code="too_large") == "What was sent is larger than 1 MB. Nothing of it was kept."


def test_many_wrong_values_are_not_all_told(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        answer = program.post("/entitlements", json={"asked": [{"member": 1, "product": 2}] * 500})
    assert len(answer.json()["errors"]) == 20


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken(ground: Ground, key: str, kind: str) -> None:
    with ground.program(key) as program:
        answer = program.post("/entitlements", content=b'{"asked": []}', headers={"content-type": kind})
        assert problem(answer, 415, code="not_json") == "Only JSON can be sent to this address. Nothing was done."
        with_charset = {"content-type": "application/json; charset=utf-8"}
        assert program.post("/entitlements", content=b'{"asked": []}', headers=with_charset).status_code == 200


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/me/", "/documents/a/b", "/documents/%00", "/docs", "/redoc"])
def test_what_there_is_not_is_not_found(ground: Ground, key: str, path: str) -> None:
    with ground.program(key) as program:
        answer = httpx.get(f"{ground.address}{path}", headers=program.headers, verify=NO_TLS)
    assert problem(answer, 404, code="not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_what_an_address_does_not_take_is_refused_with_what_it_takes(ground: Ground, key: str, method: str) -> None:
    with ground.program(key) as program:
        answer = program.request(method, "/documents", headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert not [name for name in answer.headers if name.startswith("access-control")]
    if method != "HEAD":
        assert problem(answer, 405, code="method_not_allowed").startswith(f"This address does not take {method}.")


def test_each_method_that_an_address_takes_is_named(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        assert program.put("/entitlements").headers["allow"] == "GET, POST"


def test_a_key_that_is_used_too_often_is_told_when_to_go_on(ground: Ground, account: Account) -> None:
    often, other = ground.key(account, name="often"), ground.key(account, name="other")
    buckets = Buckets(ground.services.clock.now, most=6)
    with (
        serving(create_api(ground.services, buckets=buckets)) as address,
        httpx.Client(base_url=address, verify=NO_TLS) as program,
    ):
        program.headers["authorization"] = f"Bearer {often}"
        # What is not found counts too.
        assert [program.get("/nothing").status_code for _ in range(6)] == [404] * 6
        answer = program.get("/me")
        assert problem(answer, 429, code="too_many_requests") == (
            "At most 6 requests a minute are answered for one key. Try again in a moment."
        )
        assert answer.headers["retry-after"] == "10"
        assert program.get("/me", headers={"authorization": f"Bearer {other}"}).status_code == 200
        ground.clock.at += timedelta(seconds=10)
        assert [program.get("/me").status_code for _ in range(2)] == [200, 429]


def test_cookies_open_nothing_and_choose_nothing(ground: Ground, account: Account, key: str) -> None:
    with ground.shop.visitor(account, language="nl") as browser:
        cookies = dict(browser.cookies)
    with httpx.Client(base_url=ground.address, cookies=cookies, verify=NO_TLS) as stranger:
        assert problem(stranger.get("/me"), 401, code="key_needed")
        answer = stranger.get("/nothing", headers={"authorization": f"Bearer {key}"})
        assert answer.headers["content-language"] == "en"
    assert "Cookie" not in answer.headers["vary"]
    assert "set-cookie" not in answer.headers


def test_a_program_elsewhere_needs_no_origin_and_a_page_elsewhere_gets_none(ground: Ground, key: str) -> None:
    page = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    with ground.program(key) as program:
        answer = program.post("/entitlements", json={"asked": []}, headers=page)
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


def test_a_foreign_name_leads_nowhere(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        assert problem(program.get("/me", headers={"host": "elsewhere.example"}), 421, code="not_this_server")
        assert problem(program.get("/me", headers={"host": "[::1"}), 421, code="not_this_server")


def test_a_key_is_not_taken_over_a_plain_line_where_the_site_is_reached_by_tls(ground: Ground, key: str) -> None:
    api = create_api(ground.services, outside=Outside(address="https://billing.example"))
    headers = {"authorization": f"Bearer {key}", "host": "billing.example"}
    with serving(api) as address:
        plain = httpx.get(f"{address}/me", headers=headers, verify=NO_TLS)
        assert problem(plain, 421, code="not_encrypted").startswith("This site answers over an encrypted connection")
        passed_on = httpx.get(f"{address}/me", headers={**headers, "x-forwarded-proto": "https"}, verify=NO_TLS)
    assert passed_on.status_code == 200
    assert passed_on.headers["strict-transport-security"] == "max-age=31536000"


def test_the_log_tells_the_account_and_the_pattern_of_the_address_and_no_name(
    ground: Ground, account: Account, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    logged = RequestLog(site(ground.services, secret=SECRET, door=DemoDoor(ground.services)))
    with caplog.at_level("INFO", logger="prorata.web.logs"), serving(logged) as address:
        httpx.get(f"{address}/api/v1/documents/2026-000009", headers={"authorization": f"Bearer {key}"}, verify=NO_TLS)
    facts = [getattr(record, "facts", {}) for record in caplog.records if record.name == "prorata.web.logs"]
    (told,) = facts
    assert (told["route"], told["status"]) == ("/api/v1/documents/{number}", 404)
    assert (told["account"], told["actor"], told["member"]) == (account.id, "admin", 1)
    assert key not in str(told)


def test_long_addresses_and_headers_are_refused(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        assert problem(program.get(f"/documents?cursor={'1' * 9000}"), 414, code="address_too_long")
        assert problem(program.get("/me", headers={"x-long": "x" * 20_000}), 431, code="headers_too_long")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl-NL,nl;q=0.9", "Dit adres vraagt om een sleutel."),
        ("it", "Questo indirizzo richiede una chiave."),
        ("fr", "This address wants a key."),
        ("", "This address wants a key."),
    ],
)
def test_a_problem_speaks_the_language_that_is_asked_for(ground: Ground, language: str, said: str) -> None:
    with ground.program(None, language=language) as program:
        answer = program.get("/me")
    assert problem(answer, 401, code="key_needed").startswith(said)
    assert "Accept-Language" in answer.headers["vary"]


def test_the_answers_carry_what_every_answer_carries(ground: Ground, key: str) -> None:
    with ground.program(key) as program:
        for answer in (program.get("/me"), program.get("/nothing"), program.get("/openapi.json")):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "private, no-store"


def test_while_the_database_is_away_it_is_said_so_and_when_to_try_again(ground: Ground, key: str) -> None:
    with ground.services.database.owner() as conn:
        conn.exec_driver_sql("ALTER TABLE api_keys RENAME TO api_keys_gone")
    try:
        with ground.program(key) as program:
            answer = program.get("/me")
    finally:
        with ground.services.database.owner() as conn:
            conn.exec_driver_sql("ALTER TABLE api_keys_gone RENAME TO api_keys")
    assert problem(answer, 503, code="unavailable")
    assert answer.headers["retry-after"] == "5"
    with ground.services.database.owner() as conn:
        conn.exec_driver_sql("ALTER TABLE documents RENAME TO documents_gone")
    try:
        with ground.program(key) as program:
            assert problem(program.get("/documents"), 503, code="unavailable")
    finally:
        with ground.services.database.owner() as conn:
            conn.exec_driver_sql("ALTER TABLE documents_gone RENAME TO documents")


def test_the_description_is_for_everybody(ground: Ground) -> None:
    with ground.program(None) as program:
        answer = program.get("/openapi.json")
    described = answer.json()
    assert answer.status_code == 200
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": "/api/v1"}]
    assert "float" not in answer.text
    assert '"type":"number"' not in answer.text
    assert json.dumps(described).count("application/problem+json") > 30
