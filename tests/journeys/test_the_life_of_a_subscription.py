"""The demo's account that has a subscription in each state: every page in each language, and what is done on them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from prorata.clock import SystemClock
from prorata.store import subscriptions
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.load_demo import load_demo
from prorata.usecases.pages.people import demo_people
from prorata.usecases.verify import verify
from prorata.web.demo.door import DemoDoor
from prorata.web.site import site
from support import databases
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving

ACCOUNT = "Muziekschool Vivace"
ACTIVE, EXPIRED, DISABLED = "kadans-team-monthly", "kadans-team-premium-monthly", "kadans-projects-large-monthly"
PAUSED, OFF, TRIAL = "kadans-projects-monthly", "kadans-sign-monthly", "kadans-sign-trial-monthly"
PAGES = (
    *(f"{name}" for name in (ACTIVE, EXPIRED, DISABLED, PAUSED, OFF, TRIAL)),
    f"{ACTIVE}/renewal",
    f"{OFF}/renewal",
    f"{EXPIRED}/renewal",
    f"{ACTIVE}/pause",
    f"{TRIAL}/pause",
    f"{PAUSED}/resume",
    f"{EXPIRED}/reactivate",
    f"{DISABLED}/reactivate",
    f"{TRIAL}/trial",
    f"{TRIAL}/trial?do=extend",
    f"{TRIAL}/trial?do=stop",
    f"{TRIAL}/cancel",
    f"{EXPIRED}/cancel",
)


@dataclass(frozen=True, slots=True)
class DemoAtWork:
    """The demo as it begins; `address` is where it answers, `account` the one with a subscription in each state."""

    services: Services
    address: str
    account: int

    def state(self, name: str) -> str:
        with self.services.database.account(self.account) as conn:
            found = subscriptions.by_name(conn, self.account, name=name)
        return "paused" if found.paused else found.state


@pytest.fixture(scope="module")
def demo(database: databases.Database) -> Iterator[DemoAtWork]:
    opened = Database(database.owner_url, app_url=database.app_url)
    services = Services(opened, SystemClock())
    assert load_demo(services)
    account = next(f.account.account_id for f in demo_people(services) if f.account.name == ACCOUNT)
    with serving(site(services, secret="a test's secret", door=DemoDoor(services))) as address:
        yield DemoAtWork(services, address, account)
    opened.dispose()


def visible(page: Page) -> str:
    """What a reader sees, with every kind of space as a plain one."""
    return " ".join(page.locator("main").inner_text().split())


def be(page: Page, demo: DemoAtWork, *, person: str, language: str) -> None:
    page.context.add_cookies([{"name": "language", "value": language, "url": demo.address}])
    page.goto(f"{demo.address}/people")
    page.locator("button[name=person]", has_text=person).click()
    page.wait_for_url(f"{demo.address}/")


def fits(page: Page) -> bool:
    """Whether nothing reaches beyond the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(("language", "width", "other"), [("en", 1440, 390), ("nl", 390, 1440), ("it", 390, 1440)])
def test_every_page_is_accessible_fits_and_speaks_the_language(
    demo: DemoAtWork, open_page: OpenPage, *, language: str, width: int, other: int
):
    page = open_page(width=width, language=language)
    be(page, demo, person="Hannah Brooks", language=language)
    for path in PAGES:
        answer = page.goto(f"{demo.address}/products/{path}")
        assert answer is not None
        assert answer.status == 200
        assert page.locator("html").get_attribute("lang") == language
        for bills in page.locator("details.fold").all():
            bills.locator("summary").click()
        assert accessibility_faults(page) == [], path
        assert fits(page), path
        page.set_viewport_size({"width": other, "height": 900})
        assert fits(page), path
        page.set_viewport_size({"width": width, "height": 900})


@dataclass(frozen=True, slots=True)
class Reads:
    """What the pages say in a language, where a figure or a date decides."""

    language: str
    off: str
    extended: str
    again: str


READS = (
    # 26 January: paid up to and including 2 February, then 30 days. 8 February + 30 days. 15 licences in steps.
    Reads(
        "en", "On 3 February 2026 it expires.", "up to and including 9 March 2026", "15 licences at €134.00 per month"
    ),
    Reads("nl", "Op 3 februari 2026 verloopt het.", "tot en met 9 maart 2026", "15 licenties voor € 134,00 per maand"),
    Reads("it", "Il 3 febbraio 2026 scade.", "fino al 9 marzo 2026", "15 licenze a 134,00 € al mese"),
)


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.language)
def test_what_comes_is_shown_before_it_is_confirmed(demo: DemoAtWork, open_page: OpenPage, reads: Reads):
    page = open_page(language=reads.language)
    be(page, demo, person="Noortje Brandsma", language=reads.language)
    page.goto(f"{demo.address}/products/{ACTIVE}/renewal")
    assert reads.off in visible(page)
    page.goto(f"{demo.address}/products/{TRIAL}/trial")
    assert page.locator("#confirm").count() == 0
    page.locator("label.choice").first.click()
    expect(page.locator("#confirm")).to_be_visible()
    assert reads.extended in visible(page)
    page.goto(f"{demo.address}/products/{DISABLED}/reactivate")
    assert reads.again in visible(page)
    assert demo.state(DISABLED) == "disabled"


def test_each_is_done_with_the_keyboard(demo: DemoAtWork, open_page: OpenPage):
    page = open_page(width=390)
    be(page, demo, person="Hannah Brooks", language="en")
    for name, part, after in (
        (ACTIVE, "pause", "paused"),
        (PAUSED, "resume", "active"),
        (EXPIRED, "reactivate", "active"),
        (DISABLED, "reactivate", "active"),
    ):
        page.goto(f"{demo.address}/products/{name}/{part}")
        page.locator("#confirm").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/products/{name}?news=**")
        assert page.locator(".notice-success").count() == 1
        assert demo.state(name) == after
    assert verify(demo.services).findings == ()


def test_a_trial_is_extended_stopped_and_let_convert_again_without_any_script(demo: DemoAtWork, open_page: OpenPage):
    page = open_page(scripts=False)
    be(page, demo, person="Hannah Brooks", language="en")
    page.goto(f"{demo.address}/products/{TRIAL}/cancel")
    assert "There is nothing to cancel" in visible(page)
    page.locator("main a.button-primary").click()
    page.wait_for_url("**/trial?do=stop")
    page.locator("#confirm").click()
    page.wait_for_url("**?news=conversion_stopped")
    assert "Then it ends by itself and nothing is charged: the conversion is stopped." in visible(page)
    for choice, news in (("sell", "conversion_on"), ("extend", "trial_extended")):
        page.goto(f"{demo.address}/products/{TRIAL}/trial")
        page.locator(f"input[name=do][value={choice}]").check()
        page.locator("main form[method=get] button").click()
        page.wait_for_url(f"**/trial?do={choice}")
        page.locator("#confirm").click()
        page.wait_for_url(f"**?news={news}")
    # Free up to and including 9 March instead of 7 February.
    assert "up to and including 9 March 2026. From 10 March 2026 it costs €49.50 per month." in visible(page)


def test_the_renewal_is_switched_off_and_on_again(demo: DemoAtWork, open_page: OpenPage):
    page = open_page()
    be(page, demo, person="Hannah Brooks", language="en")
    page.goto(f"{demo.address}/products/{OFF}")
    assert "Active, and its renewal is off: it expires on 18 February 2026." in visible(page)
    for news, said in (("renewal_on", "Active. Next bill on 18 February 2026."), ("renewal_off", "its renewal is off")):
        page.goto(f"{demo.address}/products/{OFF}/renewal")
        page.locator("#confirm").click()
        page.wait_for_url(f"**?news={news}")
        assert said in visible(page)


def test_a_reader_of_the_account_sees_why_not_on_each_page(demo: DemoAtWork, open_page: OpenPage):
    page = open_page(language="it")
    be(page, demo, person="Carlo Marini", language="it")
    for path in (f"{OFF}/renewal", f"{ACTIVE}/pause", f"{EXPIRED}/reactivate", f"{TRIAL}/trial"):
        page.goto(f"{demo.address}/products/{path}")
        assert "possono farlo titolari e amministratori della fatturazione" in visible(page)
        assert page.locator("#confirm:not([aria-disabled])").count() == 0
        assert accessibility_faults(page) == []
