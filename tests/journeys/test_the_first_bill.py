"""The main job, clicked through in each language: ten licences, two added, cancelled with one bill unpaid.

The same history stands in `stories/first-bill`; what the clicks leave behind is what the story tells, to the byte.
"""

import json
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from prorata.cli.output import as_json
from prorata.cli.story_file import read_story
from prorata.core.stories.memory import MemoryStage
from prorata.core.stories.player import play
from prorata.core.stories.result import result
from prorata.core.stories.told import Told
from prorata.store import members, told
from prorata.usecases.act import act
from prorata.usecases.pay_document import SetPaymentMode
from prorata.usecases.verify import verify
from prorata.web.center.routes import center
from prorata.web.demo.door import DemoDoor
from prorata.wording import Language, wording_for
from prorata.wording.explain import says
from support import databases
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving
from support.shop import Shop, admin, opened_shop
from support.tree import ROOT

STORY = ROOT / "stories" / "first-bill" / "cancelled-in-march-with-februarys-bill-unpaid.yaml"
NAME = "team-monthly"


@dataclass(frozen=True, slots=True)
class Reads:
    """How a language writes what the pages must say; a space within an amount does not break."""

    language: Language
    bill: str
    added: str
    credit: str
    total: str
    open_before: str
    still_to_pay: str
    lose_access: str
    deleted: str


READS = (
    Reads(
        language=Language.EN,
        bill="€125.00",
        added="€9.82",
        credit="−€53.57",
        total="−€43.75",
        open_before="€125.00",
        still_to_pay="€81.25",
        lose_access="3 March 2026",
        deleted="1 June 2026",
    ),
    Reads(
        language=Language.NL,
        bill="€ 125,00",
        added="€ 9,82",
        credit="€ −53,57",
        total="€ −43,75",
        open_before="€ 125,00",
        still_to_pay="€ 81,25",
        lose_access="3 maart 2026",
        deleted="1 juni 2026",
    ),
    Reads(
        language=Language.IT,
        bill="125,00 €",
        added="9,82 €",
        credit="−53,57 €",
        total="−43,75 €",
        open_before="125,00 €",
        still_to_pay="81,25 €",
        lose_access="3 marzo 2026",
        deleted="1 giugno 2026",
    ),
)


def visible(page: Page) -> str:
    """What a reader sees, with every kind of space as a plain one."""
    return " ".join(page.locator("main").inner_text().split())


def move_clock(page: Page, to: str) -> None:
    page.locator(".clock-button").click()
    page.locator("#clock-to").fill(to)
    page.locator("#move-clock form").first.locator("button.button-primary").click()
    page.wait_for_url("**/clock?**")


def buy_ten(page: Page, address: str, shop: Shop) -> None:
    page.goto(f"{address}/buy/{shop.plan}")
    page.locator("input[name=licences]").first.fill("10")
    expect(page.locator("form[method=post] input[name=licences][value='10']")).to_be_attached()
    page.locator(f"form[action='/buy/{shop.plan}'][method=post] button").first.click()
    page.wait_for_url(f"**/products/{NAME}?news=bought")


def have_twelve(page: Page, address: str) -> None:
    page.goto(f"{address}/products/{NAME}/licences")
    page.locator("input[name=licences]").first.fill("12")
    expect(page.locator("form[method=post] input[name=licences][value='12']")).to_be_attached()
    page.locator(f"form[action='/products/{NAME}/licences'][method=post] button").first.click()
    page.wait_for_url(f"**/products/{NAME}?news=licences")


def documents(told: Told) -> object:
    written = result(told, title="", says=lambda line: says(line, wording_for(Language.EN)), with_previews=False)
    return json.loads(as_json(written).replace(f'"{NAME}"'.encode(), b'"a"'))["documents"]


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.language.value)
def test_the_first_bill_to_the_final_document(reads: Reads, database: databases.Database, open_page: OpenPage):
    with opened_shop(database) as shop:
        account = shop.account(members_too=0)
        with shop.services.database.account(account) as conn:
            members.create(
                conn, account, name="Daan", email="daan@x.example", role="owner", language=reads.language.value
            )
        with serving(center(shop.services, secret="a test's secret", door=DemoDoor(shop.services))) as address:
            page = open_page(language=reads.language.value)
            page.goto(f"{address}/people")
            page.locator(f"button[name=person][value^='{account}']").click()

            buy_ten(page, address, shop)
            page.goto(f"{address}/bills/2026-000001")
            assert reads.bill in visible(page)

            # From 1 February there is no saved method: the next bill waits to be paid.
            move_clock(page, "2026-02-01")
            act(shop.services, admin(account), SetPaymentMode("none"))
            move_clock(page, "2026-02-20")
            page.goto(f"{address}/bills/2026-000002")
            assert reads.bill in visible(page)
            have_twelve(page, address)

            move_clock(page, "2026-03-03")
            page.goto(f"{address}/products/{NAME}/cancel")
            shown = visible(page)
            for words in (reads.credit, reads.added, reads.total, reads.open_before, reads.still_to_pay):
                assert words in shown
            for day in (reads.lose_access, reads.deleted):
                assert day in shown
            assert accessibility_faults(page) == []
            page.locator("#confirm").click()
            page.wait_for_load_state()
            assert reads.still_to_pay in visible(page)

            page.goto(f"{address}/bills/C2026-000001")
            shown = visible(page)
            for words in (reads.credit, reads.added, reads.total, reads.still_to_pay):
                assert words in shown
            assert accessibility_faults(page) == []
            move_clock(page, "2026-03-31")

        story = read_story(STORY.read_bytes()).story
        with shop.services.database.account(account) as conn:
            clicked = told.told(conn, account, on=date(2026, 3, 31))
        assert documents(clicked) == documents(play(story, MemoryStage(story)))
        assert verify(shop.services, account=account).findings == ()
