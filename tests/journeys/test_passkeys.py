"""Passkeys in a real browser with a device of its own: added, used to sign in and to show who one is, in each language.

The device is Chromium's virtual one: it has a user who is always there and puts their finger on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol, cast

import pytest
from playwright.sync_api import Page, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.store.snapshots import Language
from prorata.web.auth.door import SessionDoor
from prorata.web.site import site
from support import databases
from support.browsing import WIDTHS, OpenPage, accessibility_faults
from support.entrance import Entrance, opened_entrance
from support.serving import serving


class _Later:
    """A site that is made when its address is known: passkeys are made for the address of the settings."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def entrance(database: databases.Database) -> Iterator[Entrance]:
    later = _Later()
    with opened_entrance(database) as opened:
        later.app = _nowhere
        with serving(later) as found:
            address = found.replace("127.0.0.1", "localhost")
            services = replace(opened.services, address=address)
            later.app = site(services, secret="for tests alone", door=SessionDoor(services))
            yield replace(opened, services=services, address=address)


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    del scope, receive, send


@pytest.fixture(autouse=True)
def _in_the_morning(entrance: Entrance) -> None:
    entrance.clock.set("2026-01-15")


@dataclass(frozen=True, slots=True)
class Reads:
    """What the pages say in a language."""

    language: Language
    add: str
    added: str
    sign_in: str
    use: str
    stopped: str
    there: str


READS = (
    Reads(
        language="en",
        add="Add a passkey",
        added="The passkey is added.",
        sign_in="Sign in with a passkey",
        use="Use a passkey",
        stopped="Nothing has been done.",
        there="This device has a passkey for you already.",
    ),
    Reads(
        language="nl",
        add="Passkey toevoegen",
        added="De passkey is toegevoegd.",
        sign_in="Aanmelden met een passkey",
        use="Een passkey gebruiken",
        stopped="Er is niets gebeurd.",
        there="Dit apparaat heeft al een passkey voor u.",
    ),
    Reads(
        language="it",
        add="Aggiungi una passkey",
        added="La passkey è stata aggiunta.",
        sign_in="Accedi con una passkey",
        use="Usa una passkey",
        stopped="Non è stato fatto nulla.",
        there="Questo dispositivo ha già una passkey",
    ),
)


class _Session(Protocol):
    """What speaks with Chromium itself, with the types that it lacks."""

    def send(self, method: str, params: dict[str, object] | None = None) -> dict[str, object]: ...


@dataclass(frozen=True, slots=True)
class Device:
    """A virtual device of a page."""

    session: _Session
    id: str

    def holder(self, *, there: bool) -> None:
        """Whether somebody puts a finger on it."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": there})


def with_device(page: Page) -> Device:
    session = cast("_Session", page.context.new_cdp_session(page))
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Device(session, str(made["authenticatorId"]))


def let_in(page: Page, entrance: Entrance, *, email: str, language: Language = "en") -> None:
    """Sign in with a mailed code."""
    entrance.owner(email, language=language)
    page.goto(f"{entrance.address}/sign-in")
    page.locator("#f-email").fill(email)
    page.locator("#f-email").press("Enter")
    page.locator("#f-code").fill(entrance.code(email))
    page.locator("#f-code").press("Enter")
    page.wait_for_url(f"{entrance.address}/")


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.language)
def test_a_passkey_is_added_signs_in_and_proves(entrance: Entrance, open_page: OpenPage, reads: Reads):
    width = WIDTHS[reads.language]
    page = open_page(width=width, language=reads.language)
    with_device(page)
    let_in(page, entrance, email=f"daan-{reads.language}-{width}@korenbloem.example", language=reads.language)

    page.goto(f"{entrance.address}/security")
    page.get_by_role("button", name=reads.add).click()
    expect(page.get_by_text(reads.added)).to_be_visible()
    assert accessibility_faults(page) == []

    page.context.clear_cookies()
    page.goto(f"{entrance.address}/sign-in?next=/bills")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name=reads.sign_in).click()
    page.wait_for_url(f"{entrance.address}/bills")

    entrance.clock.set("2026-01-15 12:30")
    page.goto(f"{entrance.address}/security")
    page.get_by_role("button", name=reads.add).click()
    page.wait_for_url(f"{entrance.address}/proof?next=%2Fsecurity")
    assert accessibility_faults(page) == []
    page.get_by_role("button", name=reads.use).click()
    page.wait_for_url(f"{entrance.address}/security")

    # The device knows that it has one for this person.
    page.get_by_role("button", name=reads.add).click()
    expect(page.get_by_role("alert")).to_contain_text(reads.there)
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.language)
def test_who_does_not_answer_the_device_is_told_that_nothing_was_done(
    entrance: Entrance, open_page: OpenPage, reads: Reads
):
    page = open_page(width=390, language=reads.language)
    device = with_device(page)
    let_in(page, entrance, email=f"ada-{reads.language}@korenbloem.example", language=reads.language)
    page.goto(f"{entrance.address}/security")
    device.holder(there=False)
    page.get_by_role("button", name=reads.add).click()
    expect(page.get_by_role("alert")).to_contain_text(reads.stopped)
    assert accessibility_faults(page) == []
    device.holder(there=True)
    page.get_by_role("button", name=reads.add).click()
    expect(page.get_by_text(reads.added)).to_be_visible()


def test_a_passkey_gets_a_name_and_is_removed(entrance: Entrance, open_page: OpenPage):
    page = open_page(width=390)
    with_device(page)
    let_in(page, entrance, email="bea@korenbloem.example")
    page.goto(f"{entrance.address}/security")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("link", name="Chrome on Linux").click()
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Change name").click()
    expect(page.locator("#f-name-error")).to_have_text("Give the passkey a name of 1 to 60 characters.")
    assert accessibility_faults(page) == []
    page.get_by_label("Name").fill("Till at the window")
    page.get_by_role("button", name="Change name").click()
    expect(page.get_by_text("The passkey has its new name.")).to_be_visible()
    page.get_by_role("link", name="Till at the window").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This passkey is not known here")


def test_without_scripts_the_pages_say_that_a_code_does_the_same(entrance: Entrance, open_page: OpenPage):
    page = open_page(width=390, scripts=False)
    page.goto(f"{entrance.address}/sign-in")
    expect(page.get_by_text("Passkeys need scripts, which are off in this browser.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Mail me a code")).to_be_visible()


def test_a_browser_without_passkeys_says_that_a_code_does_the_same(entrance: Entrance, open_page: OpenPage):
    page = open_page(width=390)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{entrance.address}/sign-in")
    expect(page.get_by_text("This browser has no passkeys.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    assert accessibility_faults(page) == []


def test_who_was_signed_out_meanwhile_is_led_to_the_door(entrance: Entrance, open_page: OpenPage):
    page = open_page()
    with_device(page)
    let_in(page, entrance, email="cor@korenbloem.example")
    page.goto(f"{entrance.address}/security")
    page.context.clear_cookies()
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{entrance.address}/sign-in")


def test_a_page_under_another_name_lets_nobody_in(entrance: Entrance, open_page: OpenPage):
    page = open_page()
    with_device(page)
    page.goto(f"{entrance.address.replace('localhost', '127.0.0.1')}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work just now.")
