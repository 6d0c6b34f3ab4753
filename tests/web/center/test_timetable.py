"""The life of a subscription drawn on its page, and what comes soon on the first one."""

import re
from collections.abc import Iterator

import pytest

from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.pay_document import SetPaymentMode
from prorata.usecases.reactivate_subscription import ReactivateSubscription
from prorata.usecases.set_renewal import SetRenewal
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import words

PAGE = f"/products/{NAME}"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    found = shop.account(on="2026-01-15")
    found.buy(10)
    return found


def line(shop: Shop, account: Account, *, language: str = "en") -> list[str]:
    """The points of the line in their order; what they say stands in the list below too, and that is read aloud."""
    with shop.visitor(account, language=language) as browser:
        page = browser.get(PAGE).text
    listed = _listed(page)
    drawn = re.findall(r'<ol class="lifeline".*?</ol>', page, re.DOTALL)
    assert len(drawn) == 1
    points = re.findall(r"<li class=\"life .*?</li>", drawn[0], re.DOTALL)
    assert 'aria-hidden="true"' in drawn[0].partition(">")[0]
    for point in points:
        (day,) = re.findall(r'<p class="life-day">(.*?)</p>', point)
        for title in re.findall(r'<p class="life-title">(.*?)</p>', point):
            assert (_plain(day), _plain(title)) in listed
    return [_plain(point) for point in points]


def _listed(page: str) -> list[tuple[str, str]]:
    """The days of the list with what happens on each."""
    days = re.findall(r'<p class="timeline-day">(.*?)(?:<span class="timeline-off">.*?)?</p>', page)
    titles = re.findall(r'<p class="timeline-title">(.*?)</p>', page)
    return [(_plain(day), _plain(title)) for day, title in zip(days, titles, strict=True)]


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_line_has_each_day_once_and_marks_today(shop: Shop, account: Account) -> None:
    account.act(SetRenewal(NAME, renews=False))
    account.until("2026-01-20")
    assert line(shop, account) == [
        "15 January 2026 Bought, 10 licences",
        "Today 20 January 2026",
        "15 February 2026 It expires",
        "17 March 2026 Members lose access",
        "15 June 2026 The data is deleted",
    ]


def test_a_day_that_is_today_is_one_point(shop: Shop, account: Account) -> None:
    assert line(shop, account) == ["Today 15 January 2026 Bought, 10 licences", "15 February 2026 Renews, 10 licences"]


def test_what_depends_on_a_payment_says_so_in_the_line_the_list_and_on_the_first_page(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    account.act(SetPaymentMode("none"))
    account.buy(10)
    account.until("2026-02-20")
    # Due on 14 February, 30 days after the 15th of January; 30 days of grace: 16 March; 90 days: 14 June.
    assert line(shop, account) == [
        "15 January 2026 Bought, 10 licences",
        "Today 20 February 2026",
        "15 March 2026 Renews, 10 licences",
        "16 March 2026 Members lose access Unless what is past due is paid before.",
        "14 June 2026 The data is deleted Unless what is past due is paid before.",
    ]
    with shop.visitor(account) as browser:
        home = words(browser.get("/"))
        listed = words(browser.get(PAGE))
    assert "16 March 2026 in 24 days Members lose access Unless what is past due is paid before." in listed
    assert "What is coming Within the next 30 days, if nothing changes until then." in home
    assert "16 March 2026 in 24 days Kadans Team: members lose access Unless what is past due is paid before." in home
    assert "14 June 2026" not in home


def test_the_first_page_says_nothing_where_nothing_comes_but_a_bill(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert "What is coming" not in words(browser.get("/"))


def test_of_a_long_past_the_line_draws_the_first_day_and_the_last(shop: Shop, account: Account) -> None:
    for day in ("2026-01-20", "2026-02-20", "2026-03-20"):
        account.until(day)
        account.act(CancelSubscription(NAME, "now"))
        account.act(ReactivateSubscription(NAME))
    account.until("2026-04-01")
    assert line(shop, account) == [
        "15 January 2026 Bought, 10 licences",
        "20 February 2026 Members lost access Reactivated",
        "20 March 2026 Members lost access Reactivated",
        "Today 1 April 2026",
        "15 April 2026 Renews, 10 licences",
    ]


@pytest.mark.parametrize(
    ("language", "points"),
    [
        ("nl", ["Vandaag 15 januari 2026 Gekocht, 10 licenties", "15 februari 2026 Verlenging, 10 licenties"]),
        ("it", ["Oggi 15 gennaio 2026 Acquisto di 10 licenze", "15 febbraio 2026 Rinnovo, 10 licenze"]),
    ],
)
def test_the_line_is_told_in_each_language(shop: Shop, account: Account, language: str, points: list[str]) -> None:
    assert line(shop, account, language=language) == points
