"""Signing in with a mailed code in a real browser, in three languages, on a phone and on a desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from prorata.store.snapshots import Language
from prorata.wording import Language as Spoken
from prorata.wording import wording_for
from prorata.wording.mails import letter_of
from support import databases
from support.browsing import WIDTHS, OpenPage, accessibility_faults, fits
from support.entrance import Entrance, opened_entrance

WORDS = {
    "en": ("Mail me a code", "Continue", "Sign-in and security", "Sign out", "You are signed out."),
    "nl": ("Mail mij een code", "Verder", "Aanmelding en beveiliging", "Afmelden", "U bent afgemeld."),
    "it": ("Invia un codice per e-mail", "Continua", "Accesso e sicurezza", "Esci", "Accesso terminato."),
}


@pytest.fixture(scope="module")
def entrance(database: databases.Database) -> Iterator[Entrance]:
    with opened_entrance(database) as found:
        yield found


def site(entrance: Entrance) -> str:
    """Its address by the name under which browsers keep secure cookies without TLS."""
    return entrance.address.replace("127.0.0.1", "localhost")


def good(page: Page) -> None:
    """Nothing is wrong for who cannot see, and nothing reaches beyond the window."""
    assert accessibility_faults(page) == []
    assert fits(page)


def ask(page: Page, entrance: Entrance, *, email: str, language: Language) -> str:
    """Ask for a code; returns it as the letter says it."""
    page.goto(f"{site(entrance)}/bills")
    good(page)
    page.locator("#f-email").fill(email)
    page.get_by_role("button", name=WORDS[language][0]).click()
    page.wait_for_url("**/sign-in/code?next=%2Fbills")
    good(page)
    mail = entrance.mails(to=email)[0]
    letter = letter_of(mail.kind, mail.data, wording=wording_for(Spoken(mail.language)), address=entrance.address)
    assert str(mail.data["code"]) in str(letter)
    return str(mail.data["code"])


@pytest.mark.parametrize("language", ["en", "nl", "it"])
def test_a_mailed_code_lets_in_and_signing_out_lets_out(
    entrance: Entrance, open_page: OpenPage, *, language: Language
) -> None:
    width = WIDTHS[language]
    email = f"daan-{language}-{width}@korenbloem.example"
    entrance.owner(email, language=language)
    page = open_page(width=width, language=language)
    code = ask(page, entrance, email=email, language=language)
    _, further, security, out, told = WORDS[language]
    page.locator("#f-code").fill("000000" if code != "000000" else "000001")
    page.get_by_role("button", name=further).click()
    page.locator("#error-summary").wait_for()
    good(page)
    page.locator("#f-code").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name=further).click()
    page.wait_for_url("**/bills")
    assert page.locator("html").get_attribute("lang") == language
    page.goto(f"{site(entrance)}/security")
    assert page.locator("h1").inner_text() == security
    good(page)
    page.get_by_role("button", name=out, exact=True).first.click()
    page.wait_for_url("**/sign-in?out=1")
    assert told in page.locator("main").inner_text()
    page.goto(f"{site(entrance)}/bills")
    page.wait_for_url("**/sign-in?next=%2Fbills")


def test_without_scripts_the_same_way_leads_in(entrance: Entrance, open_page: OpenPage) -> None:
    entrance.owner("plain@korenbloem.example")
    page = open_page(scripts=False)
    page.goto(f"{site(entrance)}/sign-in")
    page.locator("#f-email").fill("plain@korenbloem.example")
    page.get_by_role("button", name="Mail me a code").click()
    page.locator("#f-code").fill(entrance.code("plain@korenbloem.example"))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Sign-in and security").wait_for()


def test_a_browser_that_was_signed_out_elsewhere_is_out_at_its_next_click(
    entrance: Entrance, open_page: OpenPage
) -> None:
    email = "two@korenbloem.example"
    entrance.owner(email)
    pages = [open_page(), open_page()]
    for page in pages:
        page.locator("body").wait_for()
        code = ask(page, entrance, email=email, language="en")
        page.locator("#f-code").fill(code)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/bills")
    desk, lost = pages
    desk.goto(f"{site(entrance)}/security")
    desk.get_by_role("button", name="Sign out everywhere else").click()
    desk.wait_for_url("**/security?news=others")
    good(desk)
    lost.reload()
    lost.wait_for_url("**/sign-in?next=%2Fbills")
