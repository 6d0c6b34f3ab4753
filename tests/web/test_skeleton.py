"""What every page and every answer has, over real HTTP."""

import re
import socket
from collections.abc import Iterator

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from prorata.web.app import create_app
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.views import Shell
from support.serving import NO_TLS, serving


def _refuse(_: Request) -> Response:
    raise HTTPException(403, "Only an admin can do this.")


def _forbid(_: Request) -> Response:
    raise HTTPException(403)


def _fail(_: Request) -> Response:
    raise RuntimeError("the secret of the house")


def _echo(_: Request, form: Form) -> Response:
    return PlainTextResponse(f"{form.text('name')}|{form.all('tick')}|{form.whole_number('count')}|{'none' in form}")


def _query(request: Request) -> Response:
    return PlainTextResponse(str(query_form(request).whole_number("count")))


def _shell(request: Request) -> Shell:
    return Shell(seller="Noorderlicht", person="Sanne de Wit", home=f"/home?from={request.url.path}")


async def _read_all(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    routes = [
        get("/refuse", _refuse),
        get("/forbid", _forbid),
        get("/fail", _fail),
        get("/query", _query),
        post("/echo", _echo),
        Route("/read", _read_all, methods=["POST"]),
    ]
    with serving(create_app(routes=routes, shell_of=_shell)) as found:
        yield found


@pytest.fixture
def browser(address: str) -> Iterator[httpx.Client]:
    """A browser on a page of ours."""
    with httpx.Client(base_url=address, headers={"sec-fetch-site": "same-origin"}, verify=NO_TLS) as client:
        yield client


@pytest.mark.parametrize("path", ["/gallery", "/nowhere", "/fail", "/static/x/css/tokens.css"])
def test_every_answer_carries_the_security_headers(browser: httpx.Client, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
    assert "'unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in headers["permissions-policy"]


def test_a_page_is_not_kept_by_anybody(browser: httpx.Client) -> None:
    # No copy on disk either: the back button of a shared computer asks the server, which asks who is there.
    assert browser.get("/gallery").headers["cache-control"] == "private, no-store"


def test_a_static_file_is_kept_under_its_own_version_only(browser: httpx.Client) -> None:
    link = re.search(r'href="(/static/[^"]+/css/tokens\.css)"', browser.get("/gallery").text)
    assert link
    assert browser.get(link[1]).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert browser.get("/static/older/css/tokens.css").headers["cache-control"] == "no-cache"


def test_no_static_file_lies_outside_of_its_folder(browser: httpx.Client) -> None:
    assert browser.get("/static/x/%2e%2e/app.py").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("de-DE, it; q=0.7, en; q=0.5", "it"),
        ("en;q=0.5,it;q=0.9", "it"),
        ("it;q=0,nl;q=0.1", "nl"),
        ("it;q=often,nl", "nl"),
        ("fr,*", "en"),
        ("", "en"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(browser: httpx.Client, wanted: str, language: str) -> None:
    answer = browser.get("/gallery", headers={"accept-language": wanted})
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert "Accept-Language" in answer.headers["vary"]


def test_a_chosen_language_is_kept_and_leads_back(browser: httpx.Client) -> None:
    answer = browser.post("/language", data={"language": "it", "next": "/gallery?licences=3"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/gallery?licences=3")
    assert {"HttpOnly", "SameSite=lax"} <= set(answer.headers["set-cookie"].split("; "))
    page = browser.get("/gallery", headers={"accept-language": "nl"})
    assert page.headers["content-language"] == "it"


def test_an_unknown_language_changes_nothing(browser: httpx.Client) -> None:
    answer = browser.post("/language", data={"language": "de", "next": "/gallery"})
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "javascript:alert(1)",
        "",
        "gallery",
        "/a\nb",
        "/\t/example.com",
    ],
)
def test_what_leads_back_never_leads_elsewhere(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}])
def test_a_form_of_ours_is_accepted(address: str, headers: dict[str, str]) -> None:
    answer = httpx.post(
        f"{address}/echo", data={"name": " Anna ", "tick": ["1", "2"], "count": "12"}, headers=headers, verify=NO_TLS
    )
    assert (answer.status_code, answer.text) == (200, "Anna|('1', '2')|12|False")


def test_a_form_with_the_origin_of_this_host_is_accepted(address: str) -> None:
    assert (
        httpx.post(f"{address}/echo", data={"name": "Anna"}, headers={"origin": address}, verify=NO_TLS).status_code
        == 200
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://example.com"},
        {"origin": "http://["},
        {"origin": "http://[::1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused_with_a_sentence(address: str, headers: dict[str, str]) -> None:
    answer = httpx.post(
        f"{address}/echo", data={"name": "Anna"}, headers={"accept-language": "nl", **headers}, verify=NO_TLS
    )
    assert answer.status_code == 403
    assert "Het verzoek kwam van een andere site, dus er is niets gedaan." in answer.text


def test_what_is_no_form_is_refused(browser: httpx.Client) -> None:
    assert browser.post("/echo", json={"name": "Anna"}).status_code == 415


@pytest.mark.parametrize("body", [b"name=%ff", b"name=\xff"])
def test_a_form_that_is_no_text_is_refused(browser: httpx.Client, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/echo", content=body, headers=headers).status_code == 400


def test_a_form_may_have_a_field_or_two_for_each_of_ten_thousand_members(browser: httpx.Client) -> None:
    fields = {"tick": ["1"] * 10_000, "held": ["1"] * 10_000, "name": "Anna"}
    assert browser.post("/echo", data=fields).text.startswith("Anna|('1', '1',")


def test_a_form_of_more_fields_than_any_page_has_is_refused(browser: httpx.Client) -> None:
    assert browser.post("/echo", data={"tick": ["1"] * 30_000}).status_code == 400


@pytest.mark.parametrize(
    ("count", "read"), [("12", "12"), ("-1", "-1"), ("1.5", "None"), ("", "None"), ("²", "None"), ("9" * 19, "None")]
)
def test_a_whole_number_is_read_from_plain_digits_only(browser: httpx.Client, count: str, read: str) -> None:
    assert browser.get("/query", params={"count": count}).text == read


@pytest.mark.parametrize("path", ["/echo", "/read"])
def test_a_body_of_more_than_one_megabyte_is_refused(browser: httpx.Client, path: str) -> None:
    answer = browser.post(path, content=b"x" * 1_000_001)
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.text


def test_a_body_that_does_not_say_its_length_is_counted(browser: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(11):
            yield b"x" * 100_000

    assert browser.post("/read", content=pieces()).status_code == 413


def test_a_sender_who_goes_away_in_the_middle_is_no_fault_of_ours(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = address.removeprefix("http://").split(":")
    head = f"POST /echo HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {address}\r\nContent-Length: 500\r\n\r\nname="
    with socket.create_connection((host, int(port))) as gone:
        gone.sendall(head.encode())
        assert httpx.get(f"{address}/query", verify=NO_TLS).status_code == 200  # by now the first request is being read
    for _ in range(10):
        assert httpx.get(f"{address}/query", verify=NO_TLS).status_code == 200
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_body_of_one_megabyte_is_read(browser: httpx.Client) -> None:
    assert browser.post("/read", content=b"x" * 1_000_000).text == "1000000"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "Pagina non trovata"),
        ("/forbid", 403, "Accesso negato"),
        ("/echo", 405, "Non è possibile"),
        ("/fail", 500, "Qualcosa non ha funzionato"),
    ],
)
def test_a_failure_is_a_page_in_the_language_of_the_reader(
    browser: httpx.Client, path: str, status: int, words: str
) -> None:
    answer = browser.get(path, headers={"accept-language": "it"})
    assert answer.status_code == status
    assert f"<h1>{words}</h1>" in answer.text
    assert "Vai alla pagina iniziale" in answer.text


def test_a_sentence_that_says_more_is_shown(browser: httpx.Client) -> None:
    assert "Only an admin can do this." in browser.get("/refuse").text


def test_a_failure_keeps_the_reader_and_the_navigation_where_they_are_sure(browser: httpx.Client) -> None:
    found = browser.get("/nowhere").text
    assert "Sanne de Wit" in found
    assert 'href="/home?from=/nowhere"' in found
    assert "Sanne de Wit" not in browser.get("/fail").text


def test_a_fault_of_ours_tells_nothing_of_the_inside(browser: httpx.Client) -> None:
    answer = browser.get("/fail")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_method_that_an_address_has_not_names_those_it_has(browser: httpx.Client) -> None:
    assert browser.get("/echo").headers["allow"] == "POST"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "[::1"])
def test_under_a_foreign_name_the_server_does_not_answer(browser: httpx.Client, host: str) -> None:
    answer = browser.get("/gallery", headers={"host": host})
    assert answer.status_code in {400, 421}
    assert "tokens" not in answer.text or "Not this server" in answer.text
    assert "location" not in answer.headers


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000"])
def test_under_this_machines_own_names_it_does(browser: httpx.Client, host: str) -> None:
    assert browser.get("/gallery", headers={"host": host}).status_code == 200
