"""Above the online limit: how many, whose, and on to the cancellation, all on one page."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import CancelLimit
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import field, words

PAGE = f"/products/{NAME}/cancel"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def members(shop: Shop) -> tuple[Account, list[int]]:
    """Forty members with a licence, of 42; it is 20 January."""
    account = shop.account(on="2026-01-15", name="Noordzee Logistiek B.V.")
    ids = [account.add(f"Member {number:02}") for number in range(1, 41)]
    account.buy(42)
    account.assign(*ids)
    account.until("2026-01-20")
    return account, ids


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "A subscription with up to 25 licences can be cancelled online. Unassign 15 members first."),
        ("nl", "Trek eerst de licenties van 15 leden in."),
        ("it", "Prima occorre revocare la licenza a 15 membri."),
    ],
)
def test_the_page_says_how_many_are_to_go(
    shop: Shop, members: tuple[Account, list[int]], language: str, sentence: str
) -> None:
    account, _ = members
    with shop.visitor(account, language=language) as browser:
        shown = browser.get(PAGE)
    assert shown.status_code == 200
    assert sentence in words(shown)
    assert shown.text.count('name="member"') == 40
    assert 'name="seen"' not in shown.text


def test_with_a_choice_of_ones_own_it_goes_on_to_the_cancellation(
    shop: Shop, members: tuple[Account, list[int]]
) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params={"when": "now", "reason": "moving"})
        sent = {"act": "unassign", "when": field(shown, "when"), "reason": field(shown, "reason")}
        gone = browser.post(PAGE, data={**sent, "member": [str(one) for one in ids[3:18]]})
        assert gone.status_code == 303
        after = browser.get(gone.headers["location"])
        said = words(after)
        assert "The licences were unassigned. Here is what cancelling does." in said
        # 42 × 12.50 = 525.00; kept 5 of 31 days: 525.00 × 210/1302 = 84.68 (84.677…); 440.32 back.
        assert "Cancel and get €440.32 back" in said
        sent = {name: field(after, name) for name in ("when", "reason", "seen")}
        assert sent["reason"] == "moving"
        assert browser.post(PAGE, data=sent).status_code == 303
        assert "€440.32" in words(browser.get(f"/products/{NAME}/cancelled"))


def test_too_few_picked_says_how_many_are_missing_and_keeps_the_picks(
    shop: Shop, members: tuple[Account, list[int]]
) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        answer = browser.post(PAGE, data={"act": "unassign", "member": [str(one) for one in ids[:12]]})
        assert answer.status_code == 422
        assert "Pick 3 more members." in words(answer)
        assert len(re.findall(r'name="member" value="\d+" checked', answer.text)) == 12
        assert browser.get(PAGE).text.count('name="member"') == 40


def test_nobody_can_be_picked_who_holds_no_licence(shop: Shop, members: tuple[Account, list[int]]) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        # Members of nowhere, and the owner, who holds none, do not count and are not taken along.
        picks = [*map(str, ids[:15]), "1", "99999", "-1", "x"]
        answer = browser.post(PAGE, data={"act": "unassign", "member": picks})
        assert answer.status_code == 422
        assert "Somebody who was picked holds no licence any more." in words(answer)
        assert browser.get(PAGE).text.count('name="member"') == 40


def test_the_act_itself_is_refused_above_the_limit(shop: Shop, members: tuple[Account, list[int]]) -> None:
    account, _ = members
    with shop.visitor(account) as browser:
        answer = browser.post(PAGE, data={"when": "now", "seen": "0" * 32})
        assert answer.status_code == 409
        assert "40 licences are assigned; online up to 25 can be cancelled." in words(answer)


def test_exactly_25_can_be_cancelled_at_once(shop: Shop) -> None:
    account = shop.account(on="2026-01-15")
    ids = [account.add(f"Member {number:02}") for number in range(1, 26)]
    account.buy(40)
    account.assign(*ids)
    with shop.visitor(account) as browser:
        # Cancelled on the day it was bought: 40 × 12.50 = 500.00, all of it back.
        assert "Cancel and get €500.00 back" in words(browser.get(PAGE))


def test_where_bought_licences_count_the_way_out_is_to_remove_some(database: Database) -> None:
    terms = replace(CLASSIC, online_cancel_limit=CancelLimit(licences=25, counts="purchased"))
    with open_shop(database, terms=terms) as shop:
        account = shop.account(on="2026-01-15")
        account.buy(30)
        with shop.visitor(account) as browser:
            shown = browser.get(PAGE)
        assert "Remove 5 licences first." in words(shown)
        assert f'href="/products/{NAME}/licences?licences=25"' in shown.text


@pytest.mark.parametrize("member", ["9" * 5000, "9" * 18, "x", "-1"])
def test_who_is_no_member_cannot_be_picked(shop: Shop, members: tuple[Account, list[int]], member: str) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        picked = [member, *map(str, ids[:14])]
        answer = browser.post(PAGE, data={"act": "unassign", "member": picked})
        assert answer.status_code == 422
        assert "Unassign 15 members first." in words(browser.get(PAGE))
