"""An owner sets up a directory, and one of their people signs in by it: in a browser, with a real directory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from prorata.clock import SystemClock
from prorata.store.snapshots import Language
from prorata.web.auth.door import SessionDoor
from prorata.web.site import site
from support import databases
from support.browsing import WIDTHS, OpenPage, accessibility_faults, fits
from support.entrance import Entrance, opened_entrance
from support.provider import real_provider
from support.serving import serving

ANNA = {"sub": "anna", "email": "anna@bakery.example", "email_verified": True, "name": "Anna Bakker"}
BRAM = {"sub": "bram", "email": "bram@bakery.example", "email_verified": False, "name": "Bram"}


class _Later:
    """A site that is made when its address is known: the directory sends people back to that of the settings."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def entrance(database: databases.Database) -> Iterator[Entrance]:
    later = _Later()
    with opened_entrance(database) as opened, serving(later) as address:
        services = replace(opened.services, address=address)
        later.app = site(services, secret="for tests alone", door=SessionDoor(services))
        yield replace(opened, services=services, address=address)


@pytest.fixture(autouse=True)
def _in_real_time(entrance: Entrance) -> None:
    """A real directory says when it has answered."""
    entrance.clock.at = SystemClock().now()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider(ANNA, BRAM) as found:
        yield found


@dataclass(frozen=True, slots=True)
class Reads:
    """What the pages say in a language."""

    language: Language
    begins: str
    set_up: str
    goes: str
    is_in: str
    stopped: str
    unknown: str


READS = (
    Reads(
        language="en",
        begins="Set up a directory",
        set_up="The directory is set. People of the account can sign in by it now.",
        goes="Continue to Bakery directory",
        is_in="Anna Bakker, reader",
        stopped="Nobody was signed in; you can begin again.",
        unknown="Ask for an invitation: Daan Visser.",
    ),
    Reads(
        language="nl",
        begins="Een directory instellen",
        set_up="De directory is ingesteld. De mensen van het account kunnen zich er nu mee aanmelden.",
        goes="Verder naar Bakery directory",
        is_in="Anna Bakker, lezer",
        stopped="Niemand is aangemeld; u kunt opnieuw beginnen.",
        unknown="Vraag om een uitnodiging: Daan Visser.",
    ),
    Reads(
        language="it",
        begins="Imposta una directory",
        set_up="La directory è impostata. Le persone dell’account possono ora accedere tramite essa.",
        goes="Continua verso Bakery directory",
        is_in="Anna Bakker, lettore",
        stopped="Nessuno ha effettuato l’accesso; si può ricominciare.",
        unknown="Chiedere un invito a: Daan Visser.",
    ),
)


def in_as_owner(page: Page, entrance: Entrance, *, email: str, language: Language) -> None:
    entrance.owner(email, language=language)
    page.goto(f"{entrance.address}/sign-in")
    page.locator("#f-email").fill(email)
    page.locator("#f-email").press("Enter")
    page.locator("#f-code").fill(entrance.code(email))
    page.locator("#f-code").press("Enter")
    page.wait_for_url(f"{entrance.address}/")


def sign_in_address(page: Page) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/sign-in/with/\d+-\d+-[\w-]+", page.locator("#addresses").inner_text())
    assert found
    return found[0]


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.language)
def test_an_owner_sets_it_up_and_anna_signs_in(
    entrance: Entrance, issuer: str, open_page: OpenPage, reads: Reads
) -> None:
    width = WIDTHS[reads.language]
    daan = open_page(width=width, language=reads.language)
    in_as_owner(daan, entrance, email=f"daan-{reads.language}-{width}@bakery.example", language=reads.language)
    daan.goto(f"{entrance.address}/directory")
    assert accessibility_faults(daan) == []
    daan.get_by_role("link", name=reads.begins).click()
    assert accessibility_faults(daan) == []
    daan.locator("#confirm").click()
    expect(daan.locator("#error-summary a")).to_have_count(4)
    assert accessibility_faults(daan) == []
    daan.locator("#f-name").fill("Bakery directory")
    daan.locator("#f-issuer").fill(issuer)
    daan.locator("#f-client_id").fill("prorata")
    daan.locator("#f-client_secret").fill("flour & water: 100%")
    daan.locator("input[name=role_for_new][value=reader]").check()
    daan.locator("#confirm").click()
    expect(daan.get_by_text(reads.set_up)).to_be_visible()
    assert accessibility_faults(daan) == []
    assert fits(daan)

    anna = open_page(width=width, language=reads.language)
    anna.goto(sign_in_address(daan))
    assert accessibility_faults(anna) == []
    anna.get_by_role("button", name=reads.goes).click()
    anna.get_by_role("button", name="anna").click()
    anna.wait_for_url(f"{entrance.address}/")
    expect(anna.locator(".who-person")).to_have_text(reads.is_in)

    daan.goto(f"{entrance.address}/directory/remove")
    assert accessibility_faults(daan) == []
    daan.locator("#confirm").click()
    anna.goto(f"{entrance.address}/bills")
    anna.wait_for_url(f"{entrance.address}/sign-in?next=%2Fbills")


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.language)
def test_who_stops_there_or_is_unknown_is_told_what_to_do(
    entrance: Entrance, issuer: str, open_page: OpenPage, reads: Reads
) -> None:
    daan = open_page(language=reads.language)
    in_as_owner(daan, entrance, email=f"daan-{reads.language}-again@bakery.example", language=reads.language)
    daan.goto(f"{entrance.address}/directory/edit")
    daan.locator("#f-name").fill("Bakery directory")
    daan.locator("#f-issuer").fill(issuer)
    daan.locator("#f-client_id").fill("prorata")
    daan.locator("#f-client_secret").fill("rye")
    daan.locator("#confirm").click()
    address = sign_in_address(daan)

    somebody = open_page(width=390, language=reads.language)
    somebody.goto(address)
    somebody.get_by_role("button", name=reads.goes).click()
    somebody.get_by_role("button", name="Deny").click()
    expect(somebody.locator("main")).to_contain_text(reads.stopped)
    assert accessibility_faults(somebody) == []

    somebody.goto(address)
    somebody.get_by_role("button", name=reads.goes).click()
    somebody.get_by_role("button", name="bram").click()
    expect(somebody.locator("main")).to_contain_text(reads.unknown)


def test_it_works_without_scripts(entrance: Entrance, issuer: str, open_page: OpenPage) -> None:
    daan = open_page(scripts=False)
    in_as_owner(daan, entrance, email="daan-plain@bakery.example", language="en")
    daan.goto(f"{entrance.address}/directory/edit")
    daan.locator("#f-name").fill("Bakery directory")
    daan.locator("#f-issuer").fill(issuer)
    daan.locator("#f-client_id").fill("prorata")
    daan.locator("#f-client_secret").fill("rye")
    daan.locator("input[name=role_for_new][value=reader]").check()
    daan.locator("#confirm").click()
    anna = open_page(scripts=False)
    anna.goto(sign_in_address(daan))
    anna.get_by_role("button", name="Continue to Bakery directory").click()
    anna.get_by_role("button", name="anna").click()
    anna.wait_for_url(f"{entrance.address}/")
    expect(anna.locator(".who-person")).to_have_text("Anna Bakker, reader")
