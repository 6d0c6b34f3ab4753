"""`prorata account timetable`: what was and what is to come, by the day."""

import json
from collections.abc import Iterator

import pytest

from cli.command_line import prorata
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.set_renewal import SetRenewal
from support import databases
from support.billing import Billing, billing_on
from support.shop import admin, opened_shop


@pytest.fixture(scope="module")
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        yield billing_on(shop, "2026-01-15")


@pytest.fixture(scope="module")
def account(billing: Billing) -> int:
    found = billing.shop.account()
    services = billing.shop.services
    act(
        services,
        admin(found),
        BuySubscription(billing.shop.plan, 10, "team"),
        BuySubscription(billing.shop.plan, 2, "x"),
    )
    act(services, admin(found), SetRenewal("team", renews=False))
    return found


def test_each_subscription_is_told_with_its_state_and_its_days(billing: Billing, account: int):
    told = prorata(billing, "account", "timetable", str(account))
    assert told.exit_code == 0
    # 15 February and 30 days is 17 March; 90 more is 15 June.
    assert told.stdout.splitlines() == [
        "De Korenbloem, as of 2026-01-15",
        "",
        "team: active",
        "  2026-01-15  past         Bought, 10 licences",
        "  2026-02-15  certain      It expires",
        "  2026-03-17  certain      Members lose access",
        "  2026-06-15  certain      The data is deleted",
        "",
        "x: active",
        "  2026-01-15  past         Bought, 2 licences",
        "  2026-02-15  certain      Renews, 2 licences",
    ]


def test_another_day_finds_the_state_of_that_day(billing: Billing, account: int):
    told = prorata(billing, "account", "timetable", str(account), "--on", "2026-03-17")
    lines = told.stdout.splitlines()
    assert lines[:3] == ["De Korenbloem, as of 2026-03-17", "", "team: disabled"]
    assert "  2026-02-15  past         It expired" in lines
    assert "  2026-04-15  certain      Renews, 2 licences" in lines
    before = prorata(billing, "account", "timetable", str(account), "--on", "2026-01-14").stdout.splitlines()
    assert before[2:4] == ["team: not begun", "  2026-01-15  certain      Bought, 10 licences"]


def test_as_json_it_says_codes_and_days(billing: Billing, account: int):
    told = json.loads(prorata(billing, "account", "timetable", str(account), "--json").stdout)
    assert (told["account"], told["on"]) == (account, "2026-01-15")
    team = told["subscriptions"][0]
    assert (team["subscription"], team["state"]) == ("team", "active")
    assert team["timetable"][1] == {"day": "2026-02-15", "what": "expires", "how": "certain", "why": "renewal_off"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("999999",), "There is no such account."),
        (("1", "--on", "tomorrow"), "tomorrow is not a day. Write it as 2026-03-01."),
        (("1", "--on", "2026-02-30"), "2026-02-30 is not a day."),
        (("1", "--on", "9999-12-31"), "9999-12-31 is out of reach. Choose a day from 1970-01-01 to 2199-12-31."),
        (("0",), "0 is not in the range"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence(billing: Billing, words: tuple[str, ...], said: str):
    refused = prorata(billing, "account", "timetable", *words)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_the_last_day_that_can_be_told_is_told(billing: Billing, account: int):
    assert prorata(billing, "account", "timetable", str(account), "--on", "2199-12-31").exit_code == 0
    assert prorata(billing, "account", "timetable", str(account), "--on", "1970-01-01").exit_code == 0


def test_an_account_without_subscriptions_says_so(billing: Billing):
    told = prorata(billing, "account", "timetable", str(billing.shop.account()))
    assert told.stdout == "De Korenbloem, as of 2026-01-15\nIt has no subscription.\n"
