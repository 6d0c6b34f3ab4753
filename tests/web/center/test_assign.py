"""Assigning licences by boxes."""

from collections.abc import Iterator

import pytest

from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import boxes, words

PAGE = f"/products/{NAME}/members"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """Two licences and four people; the owner, member 1, holds one."""
    found = shop.account(on="2026-01-15")
    for name in ("Anna Bakker", "Bram Visser", "Carla Conti"):
        found.add(name)
    found.buy(2)
    found.assign(1)
    return found


def test_boxes_give_and_take_licences(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        page = browser.get(PAGE)
        assert "1 of 2 licences are assigned, 1 is free." in words(page)
        held = {"Anna Bakker": False, "Bram Visser": False, "Carla Conti": False, "Marieke de Wit": True}
        assert boxes(page, "member") == held
        done = browser.post(PAGE, data={"held": ["1"], "member": ["2", "3"]})
        assert done.headers["location"] == f"/products/{NAME}?news=assigned"
        said = words(browser.get(done.headers["location"]))
        assert said.startswith("Who holds a licence is saved.")
        assert "2 of 2 assigned" in said
        assert "Anna Bakker since 15 January 2026 Bram Visser since 15 January 2026" in said
        assert "Marieke de Wit" not in said


def test_with_too_few_licences_the_difference_is_offered_and_the_choice_stays(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        answer = browser.post(PAGE, data={"held": ["1"], "member": ["1", "2", "3", "4"]})
        assert answer.status_code == 422
        assert "4 members need a licence, but only 2 can be assigned." in words(answer)
        assert f'href="/products/{NAME}/licences?licences=4">Buy 2 more licences</a>' in answer.text
        assert all(boxes(answer, "member").values())
        assert "1 of 2 assigned" in words(browser.get(f"/products/{NAME}"))


def test_a_licence_admin_is_not_offered_what_only_others_may_buy(shop: Shop, account: Account) -> None:
    admin = account.add("Dirk de Boer", "licence_admin")
    with shop.visitor(account, member=admin) as browser:
        answer = browser.post(PAGE, data={"held": ["1"], "member": ["1", "2", "3"]})
        assert answer.status_code == 422
        assert "Buy 1 more licence</a>" not in answer.text
        assert browser.post(PAGE, data={"held": ["1"], "member": ["1", "2"]}).status_code == 303


def test_what_others_assigned_meanwhile_stays(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        browser.get(PAGE)
        account.assign(2)
        # Only the owner's box was changed on this page.
        assert browser.post(PAGE, data={"held": ["1"]}).status_code == 303
        said = words(browser.get(f"/products/{NAME}"))
    assert "1 of 2 assigned" in said
    assert "Anna Bakker" in said


@pytest.mark.parametrize("member", ["99", "0", "-1", "Anna", "1 OR 1", "9" * 30])
def test_people_who_are_not_in_the_account_get_no_licence(shop: Shop, account: Account, member: str) -> None:
    with shop.visitor(account) as browser:
        answer = browser.post(PAGE, data={"held": ["1"], "member": ["1", member]})
        assert answer.status_code == 422
        assert "from the list." in words(answer)
        assert "1 of 2 assigned" in words(browser.get(f"/products/{NAME}"))
