"""That the browser of the journeys works, and notices what nobody sees."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from support.browsing import Faults, OpenPage, accessibility_faults
from support.serving import serving

_PAGES = {
    "/": "<h1>Bills</h1><p>€ 144,60</p>",
    "/broken": "<script>missing()</script>",
    "/elsewhere": '<img alt="" src="http://192.0.2.1/x.png">',
    "/unlabelled": "<input>",
    "/refused": '<p style="color: red">red</p>',
}


def _page(request: Request) -> HTMLResponse:
    content = _PAGES.get(request.url.path)
    language = request.headers.get("accept-language", "")
    return HTMLResponse(
        '<!doctype html><html lang="en"><link rel="icon" href="data:,">'
        f"<title>{language}</title><main>{content}</main>",
        status_code=200 if content else 404,
        headers={"content-security-policy": "style-src 'self'"} if request.url.path == "/refused" else {},
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Starlette(routes=[Route("/{path:path}", _page)])) as found:
        yield found


@pytest.fixture
def watched(browser_page: Page) -> tuple[Page, Faults]:
    """A page with faults of its own, beside those that would fail the test."""
    browser = browser_page.context.browser
    assert browser
    fresh = browser.new_page()
    faults = Faults()
    faults.watch(fresh)
    return fresh, faults


def test_a_page_is_shown_in_the_language_and_width_that_were_asked_for(open_page: OpenPage, address: str) -> None:
    page = open_page(width=390, language="nl")
    page.goto(address)
    assert page.inner_text("h1") == "Bills"
    assert page.title().startswith("nl-NL")
    assert page.evaluate("innerWidth") == 390
    assert accessibility_faults(page) == []


def test_a_page_that_is_not_there_is_no_fault(browser_page: Page, address: str) -> None:
    answer = browser_page.goto(f"{address}/nowhere")
    assert answer
    assert answer.status == 404


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/broken", "script: missing is not defined"),
        ("/elsewhere", "request to elsewhere: http://192.0.2.1/x.png"),
        ("/refused", "console: Applying inline style violates"),
    ],
)
def test_a_fault_that_nobody_sees_is_found(watched: tuple[Page, Faults], address: str, path: str, fault: str) -> None:
    page, faults = watched
    page.goto(address + path, wait_until="commit")
    page.wait_for_timeout(300)
    assert [each[: len(fault)] for each in faults.found] == [fault]


def test_a_field_without_a_label_is_found(browser_page: Page, address: str) -> None:
    browser_page.goto(f"{address}/unlabelled")
    assert "label (1): Form elements must have labels: <input>" in accessibility_faults(browser_page)


def test_a_page_works_without_scripts_when_that_is_asked_for(open_page: OpenPage, address: str) -> None:
    page = open_page(scripts=False)
    page.goto(f"{address}/broken")
    assert page.inner_text("main") == ""
