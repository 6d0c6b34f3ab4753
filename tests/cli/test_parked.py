"""`prorata parked`: what it lists, and mending one or all of it."""

from collections.abc import Iterator

import pytest
from click.testing import Result

from cli.command_line import prorata
from prorata.store import parked
from support import databases
from support.billing import Billing, billing_on
from support.shop import opened_shop
from support.spoiling import OTHER_CURRENCY, OWN_CURRENCY, two_subscriptions

DAMAGES = "some subscriptions stay as contradictory as the tests made them"


@pytest.fixture
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        yield billing_on(shop, "2026-01-15")


def broken(billing: Billing) -> int:
    account = two_subscriptions(billing)
    billing.sql(OTHER_CURRENCY, a=account)
    return account


def mend_all(billing: Billing) -> Result:
    return prorata(billing, "parked", "mend", "--all", "--seller", str(billing.shop.seller))


def test_what_is_parked_is_listed_and_mended_once_it_can_be_billed(billing: Billing):
    account = broken(billing)
    billing.run("2026-02-15")
    listed = prorata(billing, "parked", "--seller", str(billing.shop.seller))
    assert (listed.exit_code, "Its price is in USD" in listed.output) == (1, True)
    still = prorata(billing, "parked", "mend", str(account), "bad")
    assert (still.exit_code, still.stderr.count("\n")) == (2, 1)
    billing.sql(OWN_CURRENCY, a=account)
    mended = prorata(billing, "parked", "mend", str(account), "bad")
    # 4 × 12.50 = 50.00
    assert (mended.exit_code, mended.stdout) == (
        0,
        f"bad of account {account} is billed again.\n  The next run writes a document of 50.00 EUR.\n",
    )
    assert prorata(billing, "parked", "--seller", str(billing.shop.seller)).output == "Nothing is parked.\n"


def test_all_are_tried_and_each_is_told_in_a_line(billing: Billing):
    first, second = broken(billing), broken(billing)
    billing.run("2026-02-15")
    billing.sql(OWN_CURRENCY, a=first)
    some = mend_all(billing)
    assert some.exit_code == 1
    assert some.output.splitlines() == [
        f"account {first} (De Korenbloem), bad: billed again",
        f"account {second} (De Korenbloem), bad: still parked. Its price is in USD, but the account is billed in EUR.",
    ]
    billing.sql(OWN_CURRENCY, a=second)
    every = mend_all(billing)
    assert (every.exit_code, every.output) == (0, f"account {second} (De Korenbloem), bad: billed again\n")
    none = mend_all(billing)
    assert (none.exit_code, none.output) == (0, "Nothing is parked.\n")


def test_a_seller_named_before_mend_counts_too(billing: Billing):
    broken(billing)
    billing.run("2026-02-15")
    refused = prorata(billing, "parked", "--seller", "424242", "mend", "--all")
    assert (refused.exit_code, refused.stdout) == (2, "")
    told = prorata(billing, "parked", "--seller", str(billing.shop.seller), "mend", "--all")
    assert told.output.count("\n") == 1


def test_more_than_a_page_of_the_list_is_tried(billing: Billing, monkeypatch: pytest.MonkeyPatch):
    for _ in range(3):
        broken(billing)
    billing.run("2026-02-15")
    monkeypatch.setattr(parked, "MOST_LISTED", 2)
    assert mend_all(billing).output.count("still parked") == 3


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("4",),
        ("4", "team", "--all"),
        ("4", "team", "--seller", "1"),
        ("--seller", "1"),
    ],
)
def test_mending_wants_one_or_all(billing: Billing, words: tuple[str, ...]):
    refused = prorata(billing, "parked", "mend", *words)
    assert refused.exit_code == 2
    assert "Name ACCOUNT and SUBSCRIPTION, or --all" in refused.stderr


@pytest.mark.parametrize("words", [("parked",), ("parked", "mend", "--all")])
def test_a_seller_that_there_is_not_is_refused(billing: Billing, words: tuple[str, ...]):
    refused = prorata(billing, *words, "--seller", "424242")
    assert (refused.exit_code, refused.stderr) == (2, "There is no seller 424242. Choose one that there is.\n")


def test_what_the_list_leaves_off_is_counted(billing: Billing, monkeypatch: pytest.MonkeyPatch):
    for _ in range(3):
        broken(billing)
    billing.run("2026-02-15")
    monkeypatch.setattr(parked, "MOST_LISTED", 1)
    said = prorata(billing, "parked", "--seller", str(billing.shop.seller))
    assert said.output.endswith("\n… and 2 more\n")
