"""The site as it stands on the internet: which requests it believes, answers and refuses."""

import socket
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from prorata.web.app import create_app
from prorata.web.forms import Form, get, post
from prorata.web.limits import BodyLimit
from prorata.web.outside import Outside
from prorata.web.proxies import TrustedProxies
from support.asking import Asker
from support.serving import serving

ADDRESS = "https://billing.kadans.example"
PROXIES = (ip_network("10.0.0.0/24"), ip_network("2001:db8::/64"))
PROXY = ("10.0.0.7", 40_000)
ENCRYPTED = {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https"}


def _seen(request: Request) -> Response:
    client = request.client.host if request.client else ""
    told = [name for name in request.headers if name.startswith("x-") or name == "forwarded"]
    return PlainTextResponse(f"{client} {request.url.scheme} {request.headers['host']} {told}")


def _done(_: Request, form: Form) -> Response:
    return PlainTextResponse(f"done {form.text('name')}")


def _monitored(_: Request) -> Response:
    return PlainTextResponse("ok")


def _brought(request: Request) -> Response:
    return PlainTextResponse(" ".join(f"{name}={value}" for name, value in request.cookies.items()))


async def _read_all(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


def site(address: str | None = ADDRESS) -> ASGIApp:
    app = create_app(
        routes=[
            get("/seen", _seen),
            get("/brought", _brought),
            post("/do", _done),
            get("/health", _monitored),
            get("/metrics", _monitored),
        ],
        outside=Outside(address, PROXIES),
    )
    return TrustedProxies(app, proxies=PROXIES)


def browser(peer: tuple[str, int] = PROXY, *, at: str = "http://billing.kadans.example") -> Asker:
    """Somebody whose connection ends at the site itself: a proxy, unless said otherwise."""
    return Asker(site(), at, peer)


# ----------------------------------------------------------------------------------------- where it came from


def test_a_known_proxy_is_believed_and_nothing_of_what_it_said_is_left_to_read_by_mistake():
    seen = browser().get("/seen", headers={**ENCRYPTED, "x-real-ip": "198.51.100.9", "forwarded": "for=198.51.100.9"})
    assert seen.text == "192.0.2.1 https billing.kadans.example []"


def test_nobody_else_is_believed():
    refused = browser(("192.0.2.66", 40_000)).get("/seen", headers=ENCRYPTED)
    assert refused.status_code == 421
    assert "This connection is not encrypted" in refused.text


@pytest.mark.parametrize(
    ("chain", "sender"),
    [
        ("192.0.2.1", "192.0.2.1"),
        # Who wrote the first ones, nobody knows: the last that is no proxy of ours is whom our proxies saw.
        ("198.51.100.1, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.9, 192.0.2.1, 10.0.0.8", "192.0.2.1"),
        ("nonsense, <script>, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("192.0.2.1:51234", "192.0.2.1"),
        ("2001:db8:1::5", "2001:db8:1::5"),
        ("[2001:db8:1::5]:443", "2001:db8:1::5"),
        ("192.0.2.1, 2001:db8::1", "192.0.2.1"),
        ("192.0.2.1, ::ffff:10.0.0.8", "192.0.2.1"),
    ],
)
def test_who_sent_a_request_is_the_last_address_that_is_no_proxy_of_ours(chain: str, sender: str):
    seen = browser().get("/seen", headers={**ENCRYPTED, "x-forwarded-for": chain})
    assert seen.text.split()[0] == sender


def test_several_lines_of_addresses_are_one_chain():
    lines = [("x-forwarded-proto", "https"), ("x-forwarded-for", "192.0.2.1"), ("x-forwarded-for", "10.0.0.8")]
    assert browser().get("/seen", headers=lines).text.startswith("192.0.2.1 https")


@pytest.mark.parametrize("chain", ["nonsense", "192.0.2.1, unknown", "192.0.2.1,", "192.0.2.999"])
def test_a_proxy_that_names_no_address_is_not_understood(chain: str):
    refused = browser().get("/seen", headers={**ENCRYPTED, "x-forwarded-for": chain})
    assert (refused.status_code, refused.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert "contradicts itself" in refused.text


@pytest.mark.parametrize("said", ["http", "https, http", "http, https", "HTTPS", "wss", "https,", "", "httpsx"])
def test_only_https_and_nothing_but_https_is_encrypted(said: str):
    refused = browser().get("/seen", headers={**ENCRYPTED, "x-forwarded-proto": said})
    assert refused.status_code == 421
    assert "Please use its address that begins with https." in refused.text


def test_several_proxies_may_all_say_https():
    lines = [("x-forwarded-proto", "https"), ("x-forwarded-proto", "https, https")]
    assert browser().get("/seen", headers=lines).status_code == 200


def test_a_request_that_says_nothing_of_its_way_is_not_encrypted():
    assert browser().get("/seen").status_code == 421


@pytest.mark.parametrize(
    ("named", "status"),
    [
        ("billing.kadans.example", 200),
        ("billing.kadans.example:443", 200),
        ("evil.example", 421),
        ("billing.kadans.example.evil.example", 421),
        ("localhost", 421),
        ("billing.kadans.example, evil.example", 400),
        ("evil.example, billing.kadans.example", 400),
        ("", 421),
        ("[", 421),
    ],
)
def test_the_name_that_a_proxy_was_asked_under_is_ours_or_is_refused(named: str, status: int):
    inside = browser(at="http://10.0.0.2:8000")
    assert inside.get("/seen", headers={**ENCRYPTED, "x-forwarded-host": named}).status_code == status


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost", "10.0.0.2:8000", "kadans.example"])
def test_it_answers_under_its_own_name_only(host: str):
    refused = browser().get("/seen", headers={**ENCRYPTED, "host": host})
    assert refused.status_code == 421
    assert "Not this server" in refused.text


# --------------------------------------------------------------------------------------------------- monitors


@pytest.mark.parametrize(
    ("peer", "at", "headers", "status"),
    [
        (("127.0.0.1", 5), "http://127.0.0.1:8000", {}, 200),
        (("::1", 5), "http://[::1]:8000", {}, 200),
        (("10.0.0.7", 5), "http://10.0.0.2:8000", {}, 200),
        (("192.0.2.1", 5), "http://10.0.0.2:8000", {}, 421),
        (("192.0.2.1", 5), "http://127.0.0.1:8000", {}, 421),
        (("10.0.0.7", 5), "http://10.0.0.2:8000", {"x-forwarded-for": "192.0.2.1"}, 421),
        (("127.0.0.1", 5), "http://127.0.0.1:8000", {"x-forwarded-for": "127.0.0.1"}, 421),
        (("127.0.0.1", 5), "http://127.0.0.1:8000", {"forwarded": "for=192.0.2.1"}, 421),
        (("127.0.0.1", 5), "http://rebound.example:8000", {}, 421),
    ],
)
def test_a_monitor_needs_no_tls_on_this_machine_or_as_a_proxy_itself(
    peer: tuple[str, int], at: str, headers: dict[str, str], status: int
):
    assert browser(peer, at=at).get("/health", headers=headers).status_code == status


def test_no_other_page_is_told_without_tls_on_this_machine_either():
    near = browser(("127.0.0.1", 5), at="http://127.0.0.1:8000")
    assert [near.get(path).status_code for path in ("/seen", "/health/", "/metrics/x")] == [421, 421, 421]


# ----------------------------------------------------------------------------------------------------- writes


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": ADDRESS}, 200),
        ({"origin": ADDRESS, "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        # The same name, but a page that others may have written on its way.
        ({"origin": "http://billing.kadans.example"}, 403),
        ({"origin": "https://billing.kadans.example:8443"}, 403),
        ({"origin": "https://billing.kadans.example.evil.example"}, 403),
        ({"origin": "https://kadans.example", "sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, 403),
        ({"origin": ADDRESS, "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_a_write_comes_from_a_page_of_ours_by_name_port_and_scheme(headers: dict[str, str], status: int):
    sent = browser().post("/do", data={"name": "Anna"}, headers={**ENCRYPTED, **headers})
    assert sent.status_code == status


# ------------------------------------------------------------------------------------------------ every answer


@pytest.mark.parametrize("path", ["/seen", "/nowhere", "/static/x/css/tokens.css"])
def test_who_came_by_tls_is_told_to_come_in_no_other_way(path: str):
    assert browser().get(path, headers=ENCRYPTED).headers["strict-transport-security"] == "max-age=31536000"


def test_nobody_is_told_so_where_there_is_no_tls():
    near = Asker(create_app(), "http://localhost:8000", ("127.0.0.1", 5))
    assert "strict-transport-security" not in near.get("/gallery").headers


def test_an_answer_says_what_a_browser_may_do_with_it():
    headers = browser().get("/seen", headers=ENCRYPTED).headers
    policy = dict(part.split(" ", maxsplit=1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "publickey-credentials-get=(self)" in headers["permissions-policy"]
    assert "publickey-credentials-create=(self)" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "private, no-store"


def test_what_pages_are_made_of_is_for_those_who_build_them():
    assert browser().get("/gallery", headers=ENCRYPTED).status_code == 404


# ------------------------------------------------------------------------------------------------------ limits


def test_an_address_is_as_long_as_ours_can_be():
    assert browser().get("/seen?a=" + "x" * 7000, headers=ENCRYPTED).status_code == 200
    refused = browser().get("/seen?a=" + "x" * 8000, headers=ENCRYPTED)
    assert refused.status_code == 414
    assert "This address is too long" in refused.text


def test_headers_are_as_long_as_browsers_write_them():
    assert browser().get("/seen", headers={**ENCRYPTED, "cookie": "a=" + "x" * 14_000}).status_code == 200
    refused = browser().get("/seen", headers={**ENCRYPTED, "cookie": "a=" + "x" * 16_000})
    assert refused.status_code == 431
    assert "Deleting this site’s cookies may help." in refused.text


def test_cookies_that_take_long_to_read_are_left_out_and_the_others_are_read():
    slow = 'theirs="' + '\\"' * 7_000 + '"'
    seen = browser().get("/brought", headers={**ENCRYPTED, "cookie": f'{slow}; ours=1; more="a\\073b"; last="2"'})
    assert seen.text == "ours=1 last=2"


@pytest.fixture(scope="module")
def hasty() -> Iterator[str]:
    """A site that waits a tenth of a second for a body."""
    routes = [Route("/read", _read_all, methods=["POST"]), post("/do", _done)]
    with serving(create_app(routes=routes, middleware=[Middleware(BodyLimit, seconds=0.1)])) as found:
        yield found


@pytest.mark.parametrize("path", ["/read", "/do"])
def test_a_body_that_does_not_come_is_not_waited_for(hasty: str, path: str):
    host, port = hasty.removeprefix("http://").split(":")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {hasty}\r\nContent-Length: 9\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nname="
    )
    with socket.create_connection((host, int(port)), timeout=100) as slow:
        slow.sendall(head.encode())
        answer = b"".join(iter(lambda: slow.recv(4096), b"")).decode()
    assert answer.startswith("HTTP/1.1 408 ")
    assert "Not all of it had come after half a minute, so nothing was done." in answer


@pytest.mark.parametrize("length", ["-1", "1e3", "one", "9" * 5000, "1, 1"])
def test_a_length_that_is_none_is_refused(length: str):
    sent = browser().post("/do", headers={**ENCRYPTED, "origin": ADDRESS, "content-length": length})
    assert sent.status_code in {400, 413}
