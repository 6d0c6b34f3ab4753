"""`prorata account close`: the steps, the closing, the certificate; and what is refused."""

import json
from collections.abc import Iterator

import pytest

from cli.command_line import prorata
from support import databases
from support.billing import Billing, billing_on
from support.shop import Shop, opened_shop


@pytest.fixture(scope="module")
def opened(database: databases.Database) -> Iterator[tuple[Billing, Shop]]:
    with opened_shop(database) as shop:
        yield billing_on(shop, "2026-01-15"), shop


def test_it_is_shown_then_done_and_its_certificate_is_written(opened: tuple[Billing, Shop]):
    billing, shop = opened
    account = str(shop.account(members_too=1))
    shown = prorata(billing, "account", "close", account)
    assert shown.exit_code == 0
    assert f"Account {account}, De Korenbloem, on 15 January 2026" in shown.output
    assert "  to do  Back up the data, or do without\n" in shown.output
    assert "Nothing is done yet. With --yes it is.\n" in shown.output
    refused = prorata(billing, "account", "close", account, "--yes")
    assert (refused.exit_code, "The data have not been backed up." in refused.output) == (2, True)
    done = prorata(billing, "account", "close", account, "--yes", "--waive-backup")
    assert done.exit_code == 0
    assert f"Account {account} is closed.\nErased: 1 member and 1 billing profile.\n" in done.output
    written = json.loads(prorata(billing, "account", "close", account, "--certificate").output)
    assert f"SHA-256 of the certificate: {written['sha256']}\n" in done.output
    again = prorata(billing, "account", "close", account, "--yes")
    assert (again.exit_code, "nothing can be done in it any more" in again.output) == (2, True)
    assert prorata(billing, "account", "list", account).output == f"{account}  closed, NL, of Kadans\n"
    timetable = prorata(billing, "account", "timetable", account).output
    assert timetable == "closed, as of 2026-01-15\nIt has no subscription.\n"


def test_on_a_day_it_is_planned(opened: tuple[Billing, Shop]):
    billing, shop = opened
    account = str(shop.account(members_too=1))
    close = ("account", "close", account, "--waive-backup", "--yes")
    assert "is to be closed on 1 March 2026" in prorata(billing, *close, "--on", "2026-03-01").output
    past = prorata(billing, *close, "--on", "2026-01-14")
    assert (past.exit_code, "14 January 2026 is over" in past.output) == (2, True)


@pytest.mark.parametrize("words", [("999999",), ("999999", "--yes"), ("999999", "--certificate")])
def test_an_account_that_there_is_not(opened: tuple[Billing, Shop], words: tuple[str, ...]):
    refused = prorata(opened[0], "account", "close", *words)
    assert (refused.exit_code, "There is no such account." in refused.output) == (2, True)


def test_no_certificate_before_the_closing(opened: tuple[Billing, Shop]):
    billing, shop = opened
    account = str(shop.account(members_too=1))
    refused = prorata(billing, "account", "close", account, "--certificate")
    assert (refused.exit_code, "is not closed: there is no certificate yet." in refused.output) == (2, True)
