"""Cancelling several subscriptions together: shown as one, done in one transaction, each with its own refusal."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from prorata.store import cancellation_reasons, subscriptions
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from support.databases import Database
from web.center.bills_ground import Account, Shop, open_shop
from web.center.reading import field, words

PAGE, DONE = "/cancel", "/cancelled?name=a&name=b"
BOTH = {"name": ["a", "b"], "when": "now"}


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture
def account(shop: Shop) -> Account:
    """`a`: ten licences since 15 January; `b`: four since 20 January; it is 25 January."""
    found = shop.account(on="2026-01-15")
    found.act(BuySubscription(shop.plan, 10, "a"))
    found.until("2026-01-20")
    found.act(BuySubscription(shop.plan, 4, "b"))
    found.until("2026-01-25")
    return found


def states(account: Account) -> dict[str, str]:
    with account.shop.services.database.account(account.id) as conn:
        return {one.name: one.state for one in subscriptions.all_of(conn, account.id)}


def confirmed(browser: httpx.Client, shown: httpx.Response, names: list[str], **other: str) -> httpx.Response:
    sent = {name: field(shown, name) for name in ("when", "end", "reason", "words", "seen")}
    return browser.post(PAGE, data={"name": names, **sent, **other})


def test_both_make_one_document_and_what_is_shown_is_what_happens(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.post(PAGE, data={"act": "show", **BOTH, "reason": "not_needed", "words": "We move"})
        said = words(shown)
        # a: 125.00 for 310 licence-days, 100 kept = 40.32 (40.322…), so 84.68 back.
        # b: 50.00 for 124 licence-days, 20 kept = 8.06 (8.064…), so 41.94 back. Together 126.62.
        for figure in ("\u2212€84.68", "\u2212€41.94", "€126.62", "Cancel 2 subscriptions", "25 April 2026"):
            assert figure in said
        assert "€126.62 You get back" in said or "You get back €126.62" in said
        done = confirmed(browser, shown, ["a", "b"])
        assert (done.status_code, done.headers["location"]) == (303, DONE)
        assert "2 subscriptions are cancelled." in words(browser.get(DONE))
        assert words(browser.get("/bills")).count("C2026-0000") == 1
    assert states(account) == {"a": "disabled", "b": "disabled"}
    with shop.services.database.account(account.id) as conn:
        for subscription in (1, 2):
            (kept,) = cancellation_reasons.of_subscription(conn, account.id, subscription=subscription)
            assert (kept.reason, kept.words) == ("not_needed", "We move")


def test_each_ends_with_its_own_period(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params={**BOTH, "when": "period_end"})
        said = words(shown)
        # a renews on 15 February, b on 20 February; ninety days later 16 and 21 May.
        assert "15 February 2026 16 May 2026 undo until 14 February 2026" in said
        assert "20 February 2026 21 May 2026 undo until 19 February 2026" in said
        assert confirmed(browser, shown, ["a", "b"]).status_code == 303
        account.until("2026-02-20")
    assert states(account) == {"a": "disabled", "b": "disabled"}


def test_what_stands_in_the_way_of_one_is_said_before_and_the_others_go_on(shop: Shop, account: Account) -> None:
    ids = [account.add(f"Member {number:02}") for number in range(1, 27)]
    account.act(BuySubscription(shop.plan, 26, "large"), AssignLicences("large", add=frozenset(ids)))
    account.act(CancelSubscription("a", date(2026, 2, 1)))
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params={"name": ["a", "b", "large"], "when": "now"})
        said = words(shown)
        assert "2 cannot be cancelled with the others" in said
        assert "is cancelled already and ends on 1 February 2026." in said
        assert "26 licences are assigned; online up to 25 can be cancelled." in said
        assert "Cancel 1 subscription" in said
        assert confirmed(browser, shown, ["b"]).status_code == 303
    assert states(account) == {"a": "active", "b": "disabled", "large": "active"}


def test_who_was_slower_sees_the_new_figures_and_none_is_cancelled(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params=BOTH)
        account.act(CancelSubscription("b", "period_end"))
        late = confirmed(browser, shown, ["a", "b"])
        assert late.status_code == 409
        assert "This has changed since it was shown" in words(late)
        # What is left can be confirmed as it is shown now.
        assert "Cancel 1 subscription" in words(late)
    assert states(account) == {"a": "active", "b": "active"}


@pytest.mark.parametrize(
    "names", [["a"], ["b", "a", "nothing"], ["nothing"], ["a", "b", "x" * 5000]], ids=["fewer", "more", "none", "long"]
)
def test_other_names_than_were_shown_cancel_nothing(shop: Shop, account: Account, names: list[str]) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params=BOTH)
        assert confirmed(browser, shown, names).status_code == 409
    assert states(account) == {"a": "active", "b": "active"}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"when": "date", "end": "2026-01-24"}, "24 January 2026 is over, today is 25 January 2026."),
        ({"when": "date", "end": "24-1"}, "“24-1” is not a day."),
        ({"when": "soon"}, "Choose when the subscription ends."),
        ({"when": "now", "reason": "because"}, "Choose a reason from the list, or none."),
    ],
)
def test_a_wrong_choice_gets_one_sentence_and_keeps_the_ticks(
    shop: Shop, account: Account, asked: dict[str, str], sentence: str
) -> None:
    with shop.visitor(account) as browser:
        shown = browser.get(PAGE, params={"name": ["a", "b"], **asked})
        assert shown.status_code == 422
        assert sentence in words(shown)
        assert 'name="seen"' not in shown.text
        assert shown.text.count(" checked") >= 2
        assert browser.post(PAGE, data={"name": ["a", "b"], **asked, "seen": "0" * 32}).status_code == 422
    assert states(account) == {"a": "active", "b": "active"}


def test_without_ticks_it_says_what_to_do(shop: Shop, account: Account) -> None:
    with shop.visitor(account) as browser:
        assert "Tick those that end." in words(browser.get(PAGE))
        assert browser.post(PAGE, data={"when": "now", "seen": "0" * 32}).status_code == 422
        assert browser.get("/cancelled").headers["location"] == PAGE
        listed = browser.get("/products").text
    assert listed.count('type="checkbox" name="name"') == 2
    assert "Cancel those that are ticked" in listed


@pytest.mark.parametrize("role", ["reader", "licence_admin"])
def test_who_may_not_cancel_reads_who_may(shop: Shop, account: Account, role: str) -> None:
    member = account.add("Fatima el Amrani", role)  # pyright: ignore[reportArgumentType] - one of the roles
    with shop.visitor(account, member=member) as browser:
        for page in ("/products", PAGE):
            shown = browser.get(page, params=BOTH)
            assert "owners and billing admins" in words(shown)
            assert 'name="seen"' not in shown.text
        assert browser.post(PAGE, data={**BOTH, "seen": "0" * 32}).status_code == 403
    assert states(account) == {"a": "active", "b": "active"}
