"""The mails of the demo, seen in a browser: in three languages, on a phone and on a desk."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from prorata.store.snapshots import Language
from prorata.usecases.mail import Mail, post
from support.browsing import OpenPage, accessibility_faults
from support.databases import Database
from web.center.bills_ground import Shop, open_shop

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
KORENBLOEM = "Bakkerij De Korenbloem"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


def put(shop: Shop, language: Language) -> int:
    data = {"account": KORENBLOEM, "by": "Daan", "role": "reader", "link": "/invitation/1-2-abc", "days": 7}
    mails = (
        Mail(kind="invitation", to="giulia@example.test", language=language, data=data),
        Mail(
            kind="code",
            to="giulia@example.test",
            language=language,
            data={"code": "402815", "minutes": 10, "browser": "Firefox on Linux"},
        ),
    )
    with shop.services.database.door() as conn:
        return min([post(conn, mail, at=NOON) for mail in mails])


@pytest.mark.parametrize("language", ["en", "nl", "it"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_mail_is_read_and_its_link_leads_to_the_site(shop: Shop, open_page: OpenPage, language: Language, width: int):
    mail = put(shop, language)
    page = open_page(width=width, language=language)
    page.goto(f"{shop.address}/mailbox")
    assert accessibility_faults(page) == []
    page.locator(f'a[href="/mailbox/{mail}"]').click()
    letter = page.frame_locator("iframe.letter")
    letter.locator("h1").wait_for()
    assert KORENBLOEM in letter.locator("h1").inner_text()
    button = letter.locator("a.button")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert accessibility_faults(page) == []
    with page.expect_popup() as opened:
        button.click()
    assert opened.value.url == f"{shop.address}/invitation/1-2-abc"


@pytest.mark.parametrize("width", [390, 720])
def test_a_letter_fits_where_it_is_read(shop: Shop, open_page: OpenPage, width: int):
    mail = put(shop, "nl")
    for one in (mail, mail + 1):
        page = open_page(width=width, language="nl")
        page.goto(f"{shop.address}/mailbox/{one}/letter")
        assert page.locator("h1").is_visible()
        # No script runs there, so what is drawn is measured from outside.
        boxes = [box.bounding_box() for box in page.locator("p, h1, table").all()]
        assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
