"""Fixtures for tests that use a browser.

`open_page(width=1440, language="en")`   a fresh visitor's page; any fault unseen on it fails the test
`browser_page`                           one such page, 1440 wide, in English

Without a Chromium these tests are skipped; with PRORATA_REQUIRE_BROWSER=1 they fail.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from support.browsing import Faults, OpenPage, chromium, is_required


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium: install it (Debian: apt install chromium) or name one in PRORATA_CHROMIUM"
        if is_required():
            pytest.fail(reason)
        pytest.skip(reason)
    # Chromium's sandbox does not work for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    faults = Faults()

    def opened(*, width: int = 1440, language: str = "en", scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale={"en": "en-GB", "nl": "nl-NL", "it": "it-IT"}[language],
            java_script_enabled=scripts,
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        faults.watch(page)
        return page

    yield opened
    for context in browser.contexts:
        context.close()
    assert faults.found == []


@pytest.fixture
def browser_page(open_page: OpenPage) -> Page:
    return open_page()
