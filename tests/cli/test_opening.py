"""`prorata seller` and `prorata account`: the first of a customer that is typed, and what is wrong with it."""

from collections.abc import Iterator

import pytest

from cli.command_line import prorata
from support import databases
from support.billing import Billing, billing_on
from support.shop import opened_shop

WHERE = ("--address", "Oude Vest 41", "--address", "2312 XR Leiden")
SELLER = ("Kadans B.V.", *WHERE, "--country", "NL", "--zone", "Europe/Amsterdam")
ACCOUNT = ("De Korenbloem", *WHERE, "--currency", "EUR", "--owner", "daan@x.example", "--owner-name", "Daan Visser")


@pytest.fixture
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        found = billing_on(shop, "2026-01-15")
        found.sql("TRUNCATE sellers, accounts, outbox CASCADE")
        yield found


def test_a_seller_then_an_account_then_both_are_listed(billing: Billing):
    assert "There is no seller yet." in prorata(billing, "seller", "list").output
    assert prorata(billing, "account", "list").output == "There is no account yet.\n"
    made = prorata(billing, "seller", "create", *SELLER)
    assert made.exit_code == 0
    seller = prorata(billing, "seller", "list").output.split()[0]
    assert made.output.startswith(f"Seller {seller} is set up.")
    assert prorata(billing, "seller", "list").output == f"{seller}  Kadans B.V., NL, Europe/Amsterdam\n"
    opened = prorata(billing, "account", "create", *ACCOUNT, "--language", "nl")
    account = prorata(billing, "account", "list").output.split()[0]
    assert (opened.exit_code, opened.output) == (
        0, f"Account {account} is open. daan@x.example is invited by mail, to come in within 7 days.\n"
    )  # fmt: skip
    assert prorata(billing, "account", "list", "koren").output == f"{account}  De Korenbloem, NL, of Kadans B.V.\n"
    assert prorata(billing, "account", "list", "roggebloem").output == "There is no such account.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("account", "create", *ACCOUNT),
            "There is no seller yet whose customer an account could be. Set one up first.\n",
        ),
        (
            ("account", "create", *ACCOUNT, "--owner", "daan"),
            "This is not a mail address. Write it like this: name@example.com.\n",
        ),
        (
            ("seller", "create", *SELLER, "--zone", "Leiden"),
            "Leiden is not a time zone. Write one such as Europe/Amsterdam.\n",
        ),
        (
            ("seller", "create", *SELLER, "--country", "Holland"),
            "Holland is not a country. Write its two letters, such as NL.\n",
        ),
    ],
)
def test_what_cannot_be_is_one_sentence(billing: Billing, words: tuple[str, ...], said: str):
    refused = prorata(billing, *words)
    assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", said)


def test_what_is_missing_is_named(billing: Billing):
    refused = prorata(billing, "account", "create", "De Korenbloem")
    assert (refused.exit_code, "Missing option '--owner'" in refused.stderr) == (2, True)
