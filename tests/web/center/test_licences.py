"""Buying and removing licences: what is shown is what happens, to the cent and to the day."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from prorata.core.catalog.presets import CLASSIC, COMMIT
from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop
from web.center.reading import boxes, field, value_of, words

PAGE = f"/products/{NAME}/licences"


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """Ten licences since 15 January, three of them held; it is 20 January."""
    found = shop.account(on="2026-01-15")
    found.add("Anna Bakker")
    found.add("Bram Visser")
    found.buy(10)
    found.assign(1, 2, 3)
    found.until("2026-01-20")
    return found


def test_the_next_bill_is_shown_as_it_is_and_with_the_change_and_so_it_comes(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}?licences=12")
        said = words(shown)
        # Two more for 20 January to 14 February, 26 of 31 days: 12.50 × 2 × 26/31 = 20.97; then 12 × 12.50 = 150.00.
        assert "From today there are 12 licences, 2 more than now." in said
        assert "Nothing is billed today. The bill of 15 February 2026 comes to €170.97 instead of €125.00." in said
        assert "2 licences × €12.50, 20 January to 14 February 2026 (26 of 31 days) €20.97" in said
        assert "12 licences × €12.50, 15 February to 14 March 2026 (28 of 28 days) €150.00" in said
        assert "9 licences are then held by nobody and cost €112.50 per month." in said
        assert "Buy 2 licences (next bill €170.97)" in said
        done = browser.post(PAGE, data={"licences": "12", "seen": field(shown, "seen")})
        assert done.headers["location"] == f"/products/{NAME}?news=licences"
        assert "20 January 2026 +2 12 an admin" in words(browser.get(f"/products/{NAME}"))
        account.until("2026-02-15")
        assert "€170.97" in words(browser.get("/bills"))


def test_removed_licences_are_credited_on_the_next_bill(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}?licences=8"))
    # Of 310 licence-days 2 × 26 go, 258 stay: 125.00 × 258/310 = 104.03, so 20.97 back; then 8 × 12.50 = 100.00.
    assert "From today there are 8 licences, 2 fewer than now." in said
    assert "€125.00 for 310 licence-days, 258 kept = €104.03, so €20.97 back \u2212€20.97" in said
    assert "Remove 2 licences (next bill €79.03)" in said


def test_below_what_is_assigned_one_chooses_on_the_page_who_gives_a_licence_back(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}?licences=1")
        said = words(shown)
        assert "2 members must give their licence back" in said
        assert "Choose 2 members who lose access today" in said
        assert boxes(shown, "members") == {"Anna Bakker": False, "Bram Visser": False, "Marieke de Wit": False}
        sent = {"licences": "1", "seen": field(shown, "seen"), "unassign": field(shown, "unassign")}
        anna, bram = (value_of(shown, "members", label=name) for name in ("Anna Bakker", "Bram Visser"))

        too_few = browser.post(PAGE, data={**sent, "members": [bram]})
        assert too_few.status_code == 422
        assert "Choose 2 members; 1 are chosen." in words(too_few)
        assert boxes(too_few, "members") == {"Anna Bakker": False, "Bram Visser": True, "Marieke de Wit": False}
        assert "Licences 10 3 of 10 assigned" in words(browser.get(f"/products/{NAME}"))

        done = browser.post(PAGE, data={**sent, "members": [anna, bram]})
        assert done.status_code == 303
        after = words(browser.get(f"/products/{NAME}"))
        assert "Licences 1 1 of 1 assigned" in after
        assert "Anna Bakker" not in after


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "0 licences are not possible under these terms. Choose a number from 1 to 10,000."),
        ("10001", "10,001 licences are not possible under these terms. Choose a number from 1 to 10,000."),
        ("twelve", "Enter a whole number of licences."),
        ("1e3", "Enter a whole number of licences."),
    ],
)
def test_a_number_that_is_not_possible_is_said_beside_the_field_and_stays_in_it(
    shop: Shop, account: Account, typed: str, sentence: str
) -> None:
    with shop.visitor(account) as browser:
        for answer in (browser.get(PAGE, params={"licences": typed}), browser.post(PAGE, data={"licences": typed})):
            assert answer.status_code == 422
            assert sentence in words(answer)
            assert field(answer, "licences") == typed
        assert "Licences 10" in words(browser.get(f"/products/{NAME}"))


def test_the_present_total_changes_nothing_and_offers_nothing_to_confirm(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        for page in (browser.get(PAGE), browser.get(f"{PAGE}?licences=10")):
            assert page.status_code == 200
            assert "Enter another number" in words(page)
            assert 'name="seen"' not in page.text


def test_of_two_admins_one_wins_and_the_other_is_shown_how_it_is_now(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as first, shop.visitor(account) as second:
        seen = field(first.get(f"{PAGE}?licences=12"), "seen")
        also_seen = field(second.get(f"{PAGE}?licences=15"), "seen")
        assert first.post(PAGE, data={"licences": "12", "seen": seen}).status_code == 303
        answer = second.post(PAGE, data={"licences": "15", "seen": also_seen})
        assert answer.status_code == 409
        said = words(answer)
        assert said.startswith(
            "This has changed since it was shown It was changed in the meantime, perhaps in another window."
        )
        assert "From today there are 15 licences, 3 more than now." in said
        assert "Licences 12" in words(second.get(f"/products/{NAME}"))
        again = second.post(PAGE, data={"licences": "15", "seen": field(answer, "seen")})
        assert again.status_code == 303
        assert "Licences 15" in words(second.get(f"/products/{NAME}"))


def test_of_two_who_confirm_at_the_same_moment_exactly_one_is_done(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        seen = field(browser.get(f"{PAGE}?licences=12"), "seen")
        sent = {"licences": "12", "seen": seen}
        with ThreadPoolExecutor(4) as together:
            asked = [together.submit(browser.post, PAGE, data=sent) for _ in range(4)]
            answers = sorted(each.result().status_code for each in asked)
        assert answers == [303, 409, 409, 409]
        assert words(browser.get(f"/products/{NAME}")).count("+2 12 an admin") == 1


def test_a_member_who_got_a_licence_meanwhile_keeps_it(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}?licences=3")
        account.assign(account.add("Carla Conti"))
        answer = browser.post(PAGE, data={"licences": "3", "seen": field(shown, "seen")})
    assert answer.status_code == 409
    assert "1 member must give a licence back" in words(answer)


def test_the_preview_is_shown_in_each_language_as_it_writes_money_and_dates(shop: Shop, account: Account) -> None:
    expected = {
        "en": ("The bill of 15 February 2026 comes to €170.97 instead of €125.00.", "Buy 2 licences"),
        "nl": ("De factuur van 15 februari 2026 wordt €\u00a0170,97 in plaats van €\u00a0125,00.", "2 licenties kopen"),
        "it": ("La fattura del 15 febbraio 2026 sarà di 170,97\u00a0€ invece di 125,00\u00a0€.", "Acquista 2 licenze"),
    }
    for language, sentences in expected.items():
        with shop.visitor(account, language=language) as browser:
            said = words(browser.get(f"{PAGE}?licences=12"))
        for sentence in sentences:
            assert sentence in said


def test_under_terms_that_bill_changes_at_once_a_bill_of_today_is_shown_and_comes(database: Database) -> None:
    with open_shop(database, terms=COMMIT) as shop:
        account = shop.account(on="2026-01-15")
        account.buy(10)
        account.until("2026-01-20")
        with shop.visitor(account) as browser:
            shown = browser.get(f"{PAGE}?licences=12")
            assert "It is billed with the daily run: €20.97, dated today." in words(shown)
            assert "Bill of 20 January 2026" in words(shown)
            assert "Buy 2 licences (€20.97 today)" in words(shown)
            assert browser.post(PAGE, data={"licences": "12", "seen": field(shown, "seen")}).status_code == 303
            # Written by the run of the day, which comes when the clock moves on.
            account.until("2026-01-21")
            assert "€20.97" in words(browser.get("/bills"))


def test_under_terms_that_wait_the_old_total_takes_the_change_back(database: Database) -> None:
    with open_shop(database, terms=replace(CLASSIC, remove_licences="renewal")) as shop:
        account = shop.account(on="2026-01-15")
        account.buy(10)
        with shop.visitor(account) as browser:
            shown = browser.get(f"{PAGE}?licences=8")
            said = words(shown)
            assert "From 15 February 2026 on there are 8 licences. Until then nothing changes." in said
            assert "The bill of 15 February 2026 comes to €100.00 instead of €125.00." in said
            assert "Have 8 licences from 15 February 2026 on (next bill €100.00)" in said
            browser.post(PAGE, data={"licences": "8", "seen": field(shown, "seen")})
            back = browser.get(f"{PAGE}?licences=10")
            assert "The change planned for 15 February 2026 does not happen any more." in words(back)
            assert browser.post(PAGE, data={"licences": "10", "seen": field(back, "seen")}).status_code == 303
            assert "Change of licences planned" not in words(browser.get(f"/products/{NAME}"))


def test_those_who_got_theirs_last_can_be_taken_without_ticking_anybody(shop: Shop, account: Account) -> None:
    account.assign(account.add("Carla Conti"), account.add("Dirk de Boer"))
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}?licences=3")
        # Both got theirs on one day; who came to the account last comes first.
        assert "Those who got theirs last Dirk de Boer and Carla Conti" in words(shown)
        assert "Carla Conti carla.conti@example.com, since 20 January 2026" in words(shown)
        sent = {name: field(shown, name) for name in ("licences", "unassign", "latest", "seen")}
        other = browser.post(PAGE, data={**sent, "whom": "newest", "latest": "1,2"})
        assert other.status_code == 409
        assert "This has changed since it was shown" in words(other)
        assert browser.post(PAGE, data={**sent, "whom": "newest"}).status_code == 303
        said = words(browser.get(f"/products/{NAME}"))
    assert "Bought now 3 Assigned 3 Free 0" in said
    assert "Carla Conti" not in said


def test_fewer_from_the_renewal_on_asks_whom_too_and_says_what_happens_when(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}?licences=2&when=renewal")
        said = words(shown)
        assert "1 member must give a licence back" in said
        assert "There are fewer only from the renewal on, but those who give theirs back lose access today." in said
        assert "From 15 February 2026 on there are 2 licences. Until then nothing changes." in said
        assert "If more than 2 are assigned on 15 February 2026, nobody loses theirs at once: for 90 days" in said
        sent = {name: field(shown, name) for name in ("licences", "when", "unassign", "latest", "seen")}
        assert sent["when"] == "renewal"
        anna = value_of(shown, "members", label="Anna Bakker")
        assert browser.post(PAGE, data={**sent, "whom": "chosen", "members": [anna]}).status_code == 303
        said = words(browser.get(f"/products/{NAME}"))
    assert "Bought now 10 Assigned 2 Free 8 At the renewal 2, on 15 February 2026" in said


def test_more_from_the_renewal_on_cost_nothing_until_then(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        said = words(browser.get(f"{PAGE}?licences=12&when=renewal"))
        assert "The bill of 15 February 2026 comes to €150.00 instead of €125.00." in said
        assert words(browser.get(f"{PAGE}?licences=12&when=whenever")) == words(browser.get(f"{PAGE}?licences=12"))


@pytest.mark.parametrize("ticked", [["x", "y"], ["1", "999999"], ["99999999999", "2"], ["-1", "2"]])
def test_whoever_is_no_holder_is_not_unassigned_and_nothing_is_done(
    shop: Shop, account: Account, ticked: list[str]
) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(f"{PAGE}?licences=1")
        sent = {"licences": "1", "unassign": "2", "seen": field(shown, "seen"), "members": ticked}
        assert browser.post(PAGE, data=sent).status_code == 409
        assert browser.post(PAGE, data={**sent, "whom": "anybody"}).status_code == 422
        assert "Bought now 10 Assigned 3 Free 7" in words(browser.get(f"/products/{NAME}"))
