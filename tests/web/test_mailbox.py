"""The demo's mailbox shows every mail as its reader would see it, and lets nothing in a mail do anything."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import text

from prorata.usecases.mail import Mail, post
from prorata.wording.letters.layout import style_hash
from support.databases import Database
from support.serving import NO_TLS
from web.center.bills_ground import Shop, open_shop
from web.center.reading import words

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
INVITATION = Mail(
    kind="invitation",
    to="giulia@example.test",
    language="it",
    data={"account": "De Korenbloem", "by": "Daan", "role": "reader", "link": "/invitation/1-2-abc", "days": 7},
)


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def browser(shop: Shop) -> Iterator[httpx.Client]:
    with shop.services.database.owner() as conn:
        conn.execute(text("DELETE FROM outbox"))
    with httpx.Client(base_url=shop.address, timeout=100, verify=NO_TLS) as found:
        yield found


def put(shop: Shop, mail: Mail, *, at: datetime = NOON) -> int:
    with shop.services.database.door() as conn:
        return post(conn, mail, at=at)


def test_without_mails_it_says_what_will_lie_there(browser: httpx.Client):
    said = words(browser.get("/mailbox"))
    assert "The demo sends nothing. Every mail that it would have sent lies here, whoever it is for." in said
    assert "No mail yet" in said


def test_it_lists_the_mails_newest_first_each_in_its_own_language(shop: Shop, browser: httpx.Client):
    first = put(shop, INVITATION)
    code = Mail(
        kind="code",
        to="anna@example.test",
        language="nl",
        data={"code": "402815", "minutes": 10, "browser": "Firefox on Linux"},
        secret=True,
    )
    second = put(shop, code, at=NOON + timedelta(minutes=5))
    answer = browser.get("/mailbox")
    site = httpx.URL(shop.address).netloc.decode()
    found = re.findall(r'<a href="/mailbox/(\d+)" lang="(\w\w)">([^<]*)</a>', answer.text)
    assert [(int(mail), lang, unescape(subject)) for mail, lang, subject in found] == [
        (second, "nl", f"Uw code voor {site}"),
        (first, "it", "Invito da Daan per De Korenbloem"),
    ]
    said = words(answer)
    assert "anna@example.test 14 March 2026, 12:05 UTC" in said
    assert "402815" not in said


def test_a_mail_is_shown_as_text_and_as_its_reader_sees_it(shop: Shop, browser: httpx.Client):
    mail = put(shop, INVITATION)
    answer = browser.get(f"/mailbox/{mail}")
    said = words(answer)
    assert "To giulia@example.test" in said
    assert f"{shop.address}/invitation/1-2-abc" in said
    assert f'<iframe class="letter" src="/mailbox/{mail}/letter" sandbox="allow-popups' in answer.text
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    letter = browser.get(f"/mailbox/{mail}/letter")
    assert '<html lang="it">' in letter.text
    assert f'href="{shop.address}/invitation/1-2-abc"' in letter.text


def test_a_link_leads_to_where_the_demo_is_read(shop: Shop, browser: httpx.Client):
    link = f"{shop.services.address}/invitation/1-2-abc"
    assert not link.startswith(shop.address)
    mail = put(shop, replace(INVITATION, data={**INVITATION.data, "link": link}))
    assert f'href="{shop.address}/invitation/1-2-abc"' in browser.get(f"/mailbox/{mail}/letter").text


def test_a_letter_may_load_nothing_and_run_nothing(shop: Shop, browser: httpx.Client):
    letter = browser.get(f"/mailbox/{put(shop, INVITATION)}/letter")
    policy = letter.headers.get_list("content-security-policy")
    assert len(policy) == 1
    rules = {name: rest for name, _, rest in (rule.strip().partition(" ") for rule in policy[0].split(";"))}
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == f"'{style_hash()}'"
    assert rules["frame-ancestors"] == "'self'"
    assert rules["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    assert "script-src" not in rules
    assert letter.headers["x-content-type-options"] == "nosniff"


def test_what_somebody_typed_stays_text(shop: Shop, browser: httpx.Client):
    by = "<script>alert(1)</script>"
    mail = put(shop, Mail(kind="invitation", to="<b>@x.test", language="en", data={**INVITATION.data, "by": by}))
    for path in ("/mailbox", f"/mailbox/{mail}", f"/mailbox/{mail}/letter"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<b>@x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; invites you to De Korenbloem" in page


def test_a_secret_that_is_kept_no_longer_is_said_to_be_gone(shop: Shop, browser: httpx.Client):
    mail = put(shop, INVITATION)
    with shop.services.database.owner() as conn:
        conn.execute(text("UPDATE outbox SET data = '{}', next_try_at = NULL"))
    assert "A mail that cannot be read any more" in words(browser.get("/mailbox"))
    said = words(browser.get(f"/mailbox/{mail}"))
    assert "What lets somebody in is not kept once its mail is settled." in said
    assert browser.get(f"/mailbox/{mail}/letter").status_code == 404


@pytest.mark.parametrize("mail", ["0", "-1", "4000000", "999999999999999999", "9" * 40, "x", "1.5", "%00", "1%2F2"])
@pytest.mark.parametrize("rest", ["", "/letter"])
def test_a_mail_that_is_not_there_is_not_found(browser: httpx.Client, mail: str, rest: str):
    assert browser.get(f"/mailbox/{mail}{rest}").status_code == 404


def test_nothing_can_be_sent_to_it(shop: Shop, browser: httpx.Client):
    mail = put(shop, INVITATION)
    for path in ("/mailbox", f"/mailbox/{mail}", f"/mailbox/{mail}/letter"):
        assert browser.post(path, headers={"sec-fetch-site": "same-origin"}).status_code == 405


def test_a_hundred_mails_are_shown(shop: Shop, browser: httpx.Client):
    for _ in range(101):
        put(shop, INVITATION)
    answer = browser.get("/mailbox")
    assert answer.text.count('<a href="/mailbox/') == 100
    assert "The last 100 mails." in words(answer)


def test_the_choice_of_person_leads_there(browser: httpx.Client, shop: Shop):
    assert shop.account(on="2026-01-20").id
    assert '<a href="/mailbox">See the mails that the demo would have sent</a>' in browser.get("/people").text
