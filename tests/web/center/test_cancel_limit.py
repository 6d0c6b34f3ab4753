"""Above the online limit: how many, whose, and the cancellation, all confirmed in one act."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import CancelLimit
from prorata.store import assignments, subscriptions
from prorata.web.center.cancel_wish import packed, unpacked
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import field, words

PAGE = f"/products/{NAME}/cancel"
SENT = ("when", "end", "reason", "words", "whom", "seen")


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
    account.assign(*ids[:30])
    account.until("2026-01-18")
    account.assign(*ids[30:])
    account.until("2026-01-20")
    return account, ids


def holders(account: Account) -> frozenset[int]:
    with account.shop.services.database.account(account.id) as conn:
        return assignments.holders(conn, account.id, subscription=NAME)


def state(account: Account) -> str:
    with account.shop.services.database.account(account.id) as conn:
        return subscriptions.by_name(conn, account.id, name=NAME).state


def confirmed(browser: httpx.Client, shown: httpx.Response) -> httpx.Response:
    return browser.post(PAGE, data={name: field(shown, name) for name in SENT})


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


def test_with_a_choice_of_ones_own_it_is_all_shown_and_done_in_one_confirmation(
    shop: Shop, members: tuple[Account, list[int]]
) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        shown = browser.post(PAGE, data={"act": "show", "when": "now", "words": "moving"})
        sent = {"act": "pick", "how": "list", "when": field(shown, "when"), "words": field(shown, "words")}
        picked = browser.post(PAGE, data={**sent, "member": [str(one) for one in ids[3:18]]})
        assert picked.status_code == 303
        assert "moving" not in picked.headers["location"]
        after = browser.get(picked.headers["location"])
        said = words(after)
        assert "15 members give their licence back first and lose access today." in said
        assert "Member 04, Member 05, " in said
        assert "Member 03" not in said
        # 42 × 12.50 = 525.00; kept 5 of 31 days: 525.00 × 210/1302 = 84.68 (84.677…); 440.32 back.
        assert "Cancel and get €440.32 back" in said
        assert len(holders(account)) == 40  # nothing has happened yet
        assert field(after, "words") == "moving"
        assert confirmed(browser, after).status_code == 303
        assert "€440.32" in words(browser.get(f"/products/{NAME}/cancelled"))
    assert holders(account) == set(ids) - set(ids[3:18])
    assert state(account) == "disabled"


def test_how_many_is_enough_then_those_go_who_got_theirs_last(shop: Shop, members: tuple[Account, list[int]]) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        # The last ten came three days after the others; of those, the five with the highest number go too.
        picked = browser.post(PAGE, data={"act": "pick", "how": "newest", "when": "period_end"})
        shown = browser.get(picked.headers["location"])
        said = words(shown)
        assert "15 members give their licence back first and lose access today." in said
        assert "Members keep access until 14 February 2026." in said
        assert "Member 26, " in said
        assert "Member 25" not in said
        assert confirmed(browser, shown).status_code == 303
    assert holders(account) == set(ids[:25])
    assert state(account) == "active"


def test_one_may_choose_others_and_the_picks_are_still_ticked(shop: Shop, members: tuple[Account, list[int]]) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        again = browser.get(PAGE, params={"when": "now", "whom": packed(ids[:15]), "choose": "1"})
        assert len(re.findall(r'name="member" value="\d+" checked', again.text)) == 15


def test_too_few_picked_says_how_many_are_missing_and_keeps_the_picks(
    shop: Shop, members: tuple[Account, list[int]]
) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        answer = browser.post(PAGE, data={"act": "pick", "member": [str(one) for one in ids[:12]]})
        assert answer.status_code == 422
        assert "Pick 3 more members." in words(answer)
        assert len(re.findall(r'name="member" value="\d+" checked', answer.text)) == 12
        assert browser.get(PAGE).text.count('name="member"') == 40


def test_nobody_can_be_picked_who_holds_no_licence(shop: Shop, members: tuple[Account, list[int]]) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        # Members of nowhere, and the owner, who holds none, do not count and are not taken along.
        picks = [*map(str, ids[:15]), "1", "99999", "-1", "x"]
        answer = browser.post(PAGE, data={"act": "pick", "member": picks})
        assert answer.status_code == 422
        assert "Somebody who was picked holds no licence any more." in words(answer)
        assert browser.get(PAGE).text.count('name="member"') == 40


def test_who_was_picked_and_has_given_theirs_back_since_is_said_and_nothing_happens(
    shop: Shop, members: tuple[Account, list[int]]
) -> None:
    account, ids = members
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params={"when": "now", "whom": packed(ids[:15])})
        account.unassign(ids[0])
        late = confirmed(browser, shown)
        assert late.status_code == 409
        assert "Somebody who was picked holds no licence any more." in words(late)
        assert (len(holders(account)), state(account)) == (39, "active")
        # 39 are left, 14 must go.
        assert "Unassign 14 members first." in words(late)


@pytest.mark.parametrize("whom", ["", "!!", "A" * 30_000, packed([1, 99_999]), "ä", "AAAA"])
def test_a_pick_that_was_tampered_with_changes_nothing(
    shop: Shop, members: tuple[Account, list[int]], whom: str
) -> None:
    account, _ = members
    with shop.visitor(account) as browser:
        answer = browser.post(PAGE, data={"when": "now", "whom": whom, "seen": "0" * 32})
        assert answer.status_code == 409
        assert "Unassign 15 members first." in words(answer)
    assert (len(holders(account)), state(account)) == (40, "active")


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


BOUGHT_COUNTS = replace(CLASSIC, online_cancel_limit=CancelLimit(licences=25, counts="purchased"))


def test_where_bought_licences_count_they_are_given_up_in_the_same_act(database: Database) -> None:
    with open_shop(database, terms=BOUGHT_COUNTS) as shop:
        account = shop.account(on="2026-01-15")
        account.buy(30)
        with shop.visitor(account) as browser:
            shown = browser.get(PAGE)
            said = words(shown)
            assert "5 licences are given up first, so that 25 are left." in said
            # Bought today: 30 × 12.50 = 375.00, all of it back.
            assert "Cancel and get €375.00 back" in said
            assert confirmed(browser, shown).status_code == 303
        assert state(account) == "disabled"


def test_where_fewer_licences_begin_with_the_next_period_it_says_from_when_it_can_be_cancelled(
    database: Database,
) -> None:
    with open_shop(database, terms=replace(BOUGHT_COUNTS, remove_licences="renewal")) as shop:
        account = shop.account(on="2026-01-15")
        account.buy(30)
        with shop.visitor(account) as browser:
            shown = browser.get(PAGE)
        assert "Remove 5 licences first." in words(shown)
        assert "fewer licences begin on 15 February 2026. From then on it can be cancelled here." in words(shown)
        assert f'href="/products/{NAME}/licences?licences=25"' in shown.text


def test_a_consumer_and_the_vendors_people_meet_no_limit(shop: Shop, members: tuple[Account, list[int]]) -> None:
    account, _ = members
    with shop.services.database.owner() as conn:
        conn.exec_driver_sql("UPDATE accounts SET kind = 'consumer' WHERE account_id = %s", (account.id,))
    with shop.visitor(account) as browser:
        assert "Cancel and get €440.32 back" in words(browser.get(PAGE))


def test_picks_survive_their_way_through_an_address():
    assert unpacked(packed([1, 8, 9, 4_000])) == {1, 8, 9, 4_000}
    assert len(packed(range(1, 10_001))) == 1668  # 10,001 bits: 1,251 bytes, of which three are four letters
    assert unpacked(packed([])) == frozenset()
