"""The end of a subscription, as its admin goes through it: above the online limit, cancelled, backed up, and gone."""

import hashlib
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

from prorata.clock import SystemClock
from prorata.jobs.tasks import tasks_of
from prorata.jobs.worker import work_off
from prorata.store import assignments, cancellation_reasons, jobs, members, subscriptions
from prorata.store.engine import Database
from prorata.usecases.act import Request, Services, act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.check_entitlement import Question, check_entitlement
from prorata.usecases.export.ask import NothingToExport, ask_export
from prorata.usecases.export.content import Exporting
from prorata.usecases.export.download import ExportGone, download_export
from prorata.usecases.load_demo import load_demo
from prorata.usecases.pages.bills import bills_page
from prorata.usecases.pages.people import demo_people
from prorata.usecases.permissions import member_actor
from prorata.web.center.printing import PagePrinter
from prorata.web.center.routes import center
from prorata.web.demo.door import DemoDoor
from prorata.web.site import site
from support import databases
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving
from support.shop import admin, opened_shop

ACCOUNT, NAME = "Noordzee Logistiek B.V.", "kadans-team-monthly"


@dataclass
class Clock:
    """The real time, which can be let go on."""

    on: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return SystemClock().now() + self.on


@dataclass(frozen=True, slots=True)
class DemoAtWork:
    """The demo as it begins, with its queue; `account` is the one with forty assigned licences."""

    services: Services
    clock: Clock
    address: str
    account: int
    owner_url: str

    @property
    def owner(self) -> Request:
        return Request(self.account, member_actor("Sanne Kuipers", "owner", member=1, proved=True))

    def holders(self) -> frozenset[int]:
        with self.services.database.account(self.account) as conn:
            return assignments.holders(conn, self.account, subscription=NAME)

    def state(self) -> str:
        with self.services.database.account(self.account) as conn:
            return subscriptions.by_name(conn, self.account, name=NAME).state

    def work_off(self) -> None:
        app = tasks_of(self.services, jobs.connector(self.owner_url), schedule=None, exporting=Exporting(PagePrinter()))
        with ThreadPoolExecutor(1) as pool:  # the browser has an event loop in this thread
            assert pool.submit(work_off, app).result()[1] == 0

    def may_use(self, member: int) -> str:
        with self.services.database.account(self.account) as conn:
            email = members.find(conn, self.account, member=member).email
        use = check_entitlement(self.services, self.owner, question=Question(email, "kadans-team"))
        return "allowed" if use.allowed else use.why


@pytest.fixture(scope="module")
def demo(database: databases.Database) -> Iterator[DemoAtWork]:
    opened = Database(database.owner_url, app_url=database.app_url)
    clock = Clock()
    services = Services(opened, clock)
    assert load_demo(services)
    account = next(f.account.account_id for f in demo_people(services) if f.account.name == ACCOUNT)
    with serving(site(services, secret="a test's secret", door=DemoDoor(services))) as address:
        yield DemoAtWork(services, clock, address, account, database.owner_url)
    opened.dispose()


def visible(page: Page) -> str:
    """What a reader sees, with every kind of space as a plain one."""
    return " ".join(page.locator("main").inner_text().split())


def be(page: Page, address: str, *, account: int) -> None:
    page.goto(f"{address}/people")
    page.locator(f"button[name=person][value^='{account}-']").first.click()
    page.wait_for_url(f"{address}/")


def checked(archive: bytes) -> list[str]:
    """The names in a back up; every file has the sum that stands in its list."""
    with ZipFile(io.BytesIO(archive)) as found:
        sums = re.findall(r"(?m)^([0-9a-f]{64})  (.+)$", found.read("SHA256SUMS").decode())
        assert {name for _, name in sums} == set(found.namelist()) - {"SHA256SUMS"}
        assert [name for digest, name in sums if hashlib.sha256(found.read(name)).hexdigest() != digest] == []
        return found.namelist()


def pick_fifteen(page: Page, demo: DemoAtWork) -> None:
    """40 are assigned, 25 may be: fifteen are picked by hand, and nothing has happened yet."""
    before = demo.holders()
    page.goto(f"{demo.address}/products/{NAME}/cancel")
    assert "Unassign 15 members first." in visible(page)
    assert accessibility_faults(page) == []
    boxes = page.locator("main input[type=checkbox]")
    for place in range(0, 30, 2):
        boxes.nth(place).check()
    assert "15 picked, that is enough" in visible(page)
    page.locator("#picked").click()
    page.wait_for_url("**/cancel?**")
    assert demo.holders() == before


# 42 × 12.50 = 525.00 for 1,302 licence-days; 15 × 42 = 630 kept = 254.03 (254.032…), so 270.97 back;
# 21% of it is 56.90 (56.903…), 327.87 in all. It is 20 January; ninety days later it is 20 April.
SHOWN = (
    "15 members give their licence back first and lose access today.",
    "€525.00 for 1,302 licence-days, 630 kept = €254.03, so €270.97 back",
    "−€56.90",
    "€327.87",
    "It can be reactivated until 19 April 2026",
    "20 April 2026",
    "until 31 December 2033",
)


def confirm(page: Page) -> None:
    """What is shown, why it ends, and the one button that does all of it."""
    said = visible(page)
    assert [part for part in SHOWN if part not in said] == []
    assert accessibility_faults(page) == []
    page.locator("select[name=reason]").select_option("not_needed")
    page.wait_for_url("**reason=not_needed**")
    with page.expect_request(lambda request: request.post_data is not None and "words=We+move" in request.post_data):
        page.locator("#f-words").fill("We move")
    assert "We" not in page.url
    page.locator("#what:not([aria-busy=true]) input[name=words][value='We move'] ~ * #confirm:not([inert])").click()
    page.wait_for_url("**/cancelled")
    assert "€327.87 goes back to the method that paid." in visible(page)
    assert "The final document" in visible(page)
    assert accessibility_faults(page) == []


def back_up(page: Page, demo: DemoAtWork) -> list[str]:
    """The names in the back up that the admin asks for and downloads."""
    page.goto(f"{demo.address}/back-up")
    page.locator("#ask").click()
    page.wait_for_url("**/back-up?**")
    demo.work_off()
    page.goto(f"{demo.address}/back-up")
    with page.expect_download() as downloading:
        page.locator("#ready button").click()
    return checked(downloading.value.path().read_bytes())


def test_from_forty_assigned_licences_to_the_data_that_is_gone(demo: DemoAtWork, open_page: OpenPage) -> None:
    page = open_page(width=1440)
    page.context.add_cookies([{"name": "language", "value": "en", "url": demo.address}])
    be(page, demo.address, account=demo.account)
    before = demo.holders()
    assert len(before) == 40
    assert {demo.may_use(member) for member in before} == {"allowed"}
    pick_fifteen(page, demo)
    confirm(page)
    with demo.services.database.account(demo.account) as conn:
        (why,) = cancellation_reasons.of_subscription(conn, demo.account, subscription=1)
    assert (why.reason, why.words) == ("not_needed", "We move")

    # Members are out; those who still hold a licence too.
    left = demo.holders()
    assert (len(left), len(before - left)) == (25, 15)
    assert {demo.may_use(member) for member in left} == {"disabled"}
    assert "allowed" not in {demo.may_use(member) for member in before - left}
    names = back_up(page, demo)
    assert {"manifest.json", "data/subscriptions.json", "data/subscriptions.csv"} <= set(names)
    documents = bills_page(demo.services, demo.owner).rows
    assert len(documents) == 2  # the bill of 5 January and the final document

    # Ninety days on the data is gone, and the documents are kept.
    page.goto(f"{demo.address}/clock")
    page.locator("main input[name=to]").fill("2026-04-20")
    page.get_by_role("button", name="Move to this day").click()
    page.wait_for_url("**/clock?**")
    assert (demo.state(), demo.holders()) == ("deleted", frozenset())
    demo.clock.on = timedelta(days=90)
    with pytest.raises(ExportGone):
        download_export(demo.services, demo.owner, export=1)
    with pytest.raises(NothingToExport):
        ask_export(demo.services, demo.owner, language="en")
    assert bills_page(demo.services, demo.owner).rows == documents
    page.goto(f"{demo.address}/products/{NAME}/cancel")
    assert "The documents stay." in visible(page)


def test_on_a_phone_without_scripts_how_many_is_enough(database: databases.Database, open_page: OpenPage) -> None:
    with opened_shop(database) as shop:
        account = shop.account(members_too=40)
        with shop.services.database.account(account) as conn:
            members.create(conn, account, name="Daan", email="daan@x.example", role="owner", language="en")
        act(shop.services, admin(account), BuySubscription(shop.plan, 40, "team"))
        act(shop.services, admin(account), AssignLicences("team", add=frozenset(range(1, 41))))
        with serving(center(shop.services, secret="a test's secret", door=DemoDoor(shop.services))) as address:
            page = open_page(scripts=False, width=390)
            be(page, address, account=account)
            page.goto(f"{address}/products/team/cancel")
            # One too few is said, and what was picked is still picked.
            boxes = page.locator("main input[type=checkbox]")
            for place in range(14):
                boxes.nth(place).check()
            page.locator("#picked").click()
            page.wait_for_load_state()
            assert "Pick 1 more member." in visible(page)
            assert page.locator("main input[type=checkbox]").nth(13).is_checked()
            page.locator("#newest-first").click()
            page.wait_for_url("**/cancel?**")
            page.locator("#confirm").click()
            page.wait_for_url("**/cancelled")
            # Bought and cancelled on one day: 40 × €12.50 = €500.00 comes back.
            assert "€500.00" in visible(page)
        with shop.services.database.account(account) as conn:
            assert subscriptions.by_name(conn, account, name="team").state == "disabled"
            # All at one instant: those with the highest numbers came last.
            assert assignments.holders(conn, account, subscription="team") == frozenset(range(1, 26))
