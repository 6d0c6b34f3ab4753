"""More licences assigned than there are: shown with its day wherever one looks, and resolved in two ways."""

from collections.abc import Iterator

import pytest

from prorata.usecases.change_licences import ChangeLicences
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import boxes, field, value_of, words

PAGE = f"/products/{NAME}/conflict"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """Six licences, four from 15 February on; by then all six are assigned, Carla's and Dirk's on 1 February."""
    found = shop.account(on="2026-01-15")
    for name in ("Anna Bakker", "Bram Visser", "Carla Conti", "Dirk de Boer", "Els Smit"):
        found.add(name)
    found.buy(6)
    found.assign(1, 2, 3, 6)
    found.act(ChangeLicences(NAME, 4, "renewal"))
    found.until("2026-02-01")
    found.assign(4, 5)
    found.until("2026-02-16")
    return found


def test_it_is_told_on_each_page_until_when_and_how_many_too_many(shop: Shop, account: Account) -> None:
    # 15 February + 90 days: 13 days of February are left, 31 of March, 30 of April, 16 of May.
    sentence = (
        "6 are assigned and 4 bought, since 15 February 2026. Nobody has lost a licence. On 16 May 2026 the 2 members "
        "who got theirs last lose them, unless it is resolved by then."
    )
    with shop.visitor(account) as browser:
        for path in ("/", "/licences", f"/products/{NAME}"):
            said = words(browser.get(path))
            assert "Kadans Team: more licences are assigned than there are" in said
            assert sentence in said
            assert ("Resolve the conflict" in said) == (path != "/licences")
        said = words(browser.get("/licences"))
        assert "0 2 too many" in said
        assert "2 more licences cost €25.00 more per month, before tax." in said
        assert "Buy 2 more licences Choose whom to unassign" in said
        page = browser.get(PAGE)
        said = words(page)
        assert sentence in said
        # Who got theirs last, the last one first; then the two ways out.
        assert "Dirk de Boer dirk.de.boer@example.com 1 February 2026 Carla Conti" in said
        assert "2 more licences cost €25.00 more per month, before tax." in said
        assert f'href="/products/{NAME}/licences?licences=6">Buy 2 more licences</a>' in page.text
        assert not any(boxes(page, "members").values())


def test_buying_what_is_missing_resolves_it(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"/products/{NAME}/licences?licences=6")
        assert browser.post(
            f"/products/{NAME}/licences", data={"licences": "6", "seen": field(shown, "seen")}
        ).status_code == 303  # fmt: skip
        assert "No conflict" in words(browser.get(PAGE))
        assert "Resolve the conflict" not in words(browser.get("/"))
        assert browser.post(PAGE, data={"unassign": "0"}).headers["location"] == f"/products/{NAME}"


def test_choosing_whom_resolves_it_and_nobody_else_loses_theirs(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE)
        anna, els = (value_of(shown, "members", label=name) for name in ("Anna Bakker", "Els Smit"))
        sent = {"unassign": field(shown, "unassign"), "latest": field(shown, "latest"), "whom": "chosen"}
        too_few = browser.post(PAGE, data={**sent, "members": [anna]})
        assert too_few.status_code == 422
        assert "Choose 2 members; 1 are chosen." in words(too_few)
        assert boxes(too_few, "members")["Anna Bakker"]

        done = browser.post(PAGE, data={**sent, "members": [anna, els]})
        assert done.headers["location"] == f"/products/{NAME}?news=resolved"
        said = words(browser.get(done.headers["location"]))
        assert "The conflict is resolved" in said
        assert "Bought now 4 Assigned 4 Free 0" in said
        again = browser.post(PAGE, data={**sent, "members": [anna, els]})
        assert again.status_code == 409
        assert "No conflict" in words(again)


def test_those_who_got_theirs_last_are_the_ones_who_were_shown(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE)
        assert field(shown, "latest") == "5,4"
        sent = {"unassign": "2", "whom": "newest"}
        for latest in ("4,3", "5", "x", "", "5,4,3"):
            assert browser.post(PAGE, data={**sent, "latest": latest}).status_code in {409, 422}
        assert browser.post(PAGE, data={**sent, "whom": "else", "latest": "5,4"}).status_code == 422
        assert "6" in words(browser.get(f"/products/{NAME}"))
        assert browser.post(PAGE, data={**sent, "latest": "5,4"}).status_code == 303
        said = words(browser.get(f"/products/{NAME}/members"))
        assert "4 of 4 licences are assigned, 0 are free." in said


def test_on_the_day_the_newest_lose_theirs_and_the_page_says_that_nothing_is_the_matter(
    shop: Shop, account: Account
) -> None:
    account.until("2026-05-16")
    with shop.visitor(account) as browser:
        assert "No conflict No more licences are assigned than there are." in words(browser.get(PAGE))
        assert "Bought now 4 Assigned 4 Free 0" in words(browser.get(f"/products/{NAME}"))


def test_a_reader_is_told_who_can_resolve_it(shop: Shop, account: Account) -> None:
    reader = account.add("Fatima el Amrani", "reader")
    with shop.visitor(account, member=reader) as browser:
        said = words(browser.get(PAGE))
        assert "Unassign 2 members Your role (reader) does not allow this" in said
        assert "Buy 2 more licences Your role (reader) does not allow this" in said
        assert browser.post(PAGE, data={"unassign": "2", "members": ["2", "3"]}).status_code == 403


@pytest.mark.parametrize("language", ["nl", "it"])
def test_it_is_told_in_each_language(shop: Shop, account: Account, language: str) -> None:
    with shop.visitor(account, language=language) as browser:
        said = words(browser.get(PAGE))
    assert "more licences" not in said.lower()
    assert {"nl": "Op 16 mei 2026", "it": "Il 16 maggio 2026"}[language] in said


def test_while_it_lasts_more_can_be_bought_and_for_fewer_one_is_asked_whom(shop: Shop, account: Account) -> None:
    page = f"/products/{NAME}/licences"
    with shop.visitor(account) as browser:
        assert "Enter another number" in words(browser.get(page))
        assert "From today there are 5 licences, 1 more than now." in words(browser.get(f"{page}?licences=5"))
        assert "3 members must give their licence back" in words(browser.get(f"{page}?licences=3"))
        assert browser.post(PAGE, data={"unassign": "x", "members": ["2", "3"]}).status_code == 409
