"""The components in a browser: as wide as the window, usable by all, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from prorata.web.app import create_app
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with serving(create_app()) as found:
        yield f"{found}/gallery"


@pytest.mark.parametrize("language", ["en", "nl", "it"])
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_is_wider_than_its_window(open_page: OpenPage, gallery: str, width: int, language: str) -> None:
    page = open_page(width=width, language=language)
    page.goto(gallery)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_no_fault(open_page: OpenPage, gallery: str, width: int, scheme: str) -> None:
    page = open_page(width=width)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(gallery)
    assert accessibility_faults(page) == []


def test_a_preview_follows_what_is_typed_and_its_button_can_be_clicked_at_once(
    browser_page: Page, gallery: str
) -> None:
    browser_page.goto(gallery)
    browser_page.get_by_label("Licences in total").nth(1).fill("15")
    button = browser_page.get_by_role("link", name="Buy for €187.50 per month")  # 15 × 12.50
    expect(button).to_be_visible()
    # Leaving the field must not take the button away again.
    button.click()
    assert browser_page.url.endswith("?licences=15#forms")


def test_while_a_preview_is_old_its_buttons_rest(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.route("**/gallery?licences=*", lambda _: None)  # never answered
    browser_page.get_by_label("Licences in total").nth(1).fill("15")
    expect(browser_page.locator("#preview")).to_have_attribute("aria-busy", "true")
    expect(browser_page.locator("#preview a.button")).to_have_attribute("inert", "")


def test_a_preview_that_fails_says_so_and_gives_its_button_back(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.route("**/gallery?licences=*", lambda route: route.fulfill(status=200, body="<p>nothing</p>"))
    browser_page.get_by_label("Licences in total").nth(1).fill("15")
    expect(browser_page.get_by_text("What happens could not be worked out just now.")).to_be_visible()
    expect(browser_page.get_by_role("button", name="Show what happens")).to_be_visible()


def test_without_scripts_a_button_shows_the_preview(open_page: OpenPage, gallery: str) -> None:
    page = open_page(scripts=False)
    page.goto(gallery)
    page.get_by_label("Licences in total").nth(1).fill("15")
    page.get_by_role("button", name="Show what happens").click()
    expect(page.get_by_text("Buy for €187.50 per month")).to_be_visible()


def test_a_table_is_filtered_as_one_types_and_accents_do_not_matter(open_page: OpenPage, gallery: str) -> None:
    page = open_page(language="en")
    page.goto(gallery)
    rows = page.locator("#bills tbody tr:visible")
    expect(rows).to_have_count(3)
    page.get_by_placeholder("Filter by number, kind or state").fill("crédit NOTE")
    expect(rows).to_have_count(1)
    expect(page.get_by_text("1 of 3", exact=True)).to_be_visible()
    page.get_by_placeholder("Filter by number, kind or state").fill("nothing like it")
    expect(page.get_by_text("Nothing in this list contains these words.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_navigation_is_a_sheet_that_needs_no_script(
    open_page: OpenPage, gallery: str, *, scripts: bool
) -> None:
    page = open_page(width=390, scripts=scripts)
    page.goto(gallery)
    places = page.get_by_role("navigation", name="Main navigation")
    expect(places).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(places.get_by_role("link", name="Bills & payments")).to_be_visible()
    page.keyboard.press("Escape")
    expect(places).to_be_hidden()


def test_the_clock_opens_from_its_bar_and_closes_with_escape(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.locator(".clock-button").click()
    window = browser_page.get_by_role("dialog", name="Move the clock")
    expect(window.get_by_label("New day")).to_be_visible()
    browser_page.keyboard.press("Escape")
    expect(window).to_be_hidden()


def test_a_menu_closes_with_escape_and_gives_the_focus_back(browser_page: Page, gallery: str) -> None:
    browser_page.goto(gallery)
    browser_page.get_by_text("More", exact=True).click()
    expect(browser_page.get_by_role("link", name="Assign licences")).to_be_visible()
    browser_page.keyboard.press("Escape")
    expect(browser_page.get_by_role("link", name="Assign licences")).to_be_hidden()
    assert browser_page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_switch_of_languages_comes_back_to_the_same_values(browser_page: Page, gallery: str) -> None:
    browser_page.goto(f"{gallery}?licences=7")
    browser_page.get_by_role("button", name="Italiano").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Componenti")
    assert browser_page.url.endswith("/gallery?licences=7")
