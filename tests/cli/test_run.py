"""`prorata run`: what it says, and with which exit code."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from click.testing import Result

from cli.command_line import prorata
from prorata.cli.own_data import OPERATOR
from prorata.cli.run_progress import Teller
from prorata.cli.run_told import told_run
from prorata.core.money import currency, money
from prorata.core.planning import Parked
from prorata.store.runs import Progress, Total
from prorata.usecases.plan_billing import plan_billing
from prorata.usecases.run_billing import open_runs
from support import databases
from support.billing import Billing, billing_on
from support.shop import opened_shop
from support.spoiling import A_CALENDAR, NO_CALENDAR, OTHER_CURRENCY, OWN_CURRENCY, two_subscriptions

DAMAGES = "some subscriptions stay as contradictory as the tests made them"


@pytest.fixture
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        yield billing_on(shop, "2026-01-15")


def run(billing: Billing, *words: str) -> Result:
    return prorata(billing, "run", "--seller", str(billing.shop.seller), *words)


def test_a_run_says_what_it_billed_by_currency(billing: Billing):
    billing.customer(licences=10)
    billing.customer(licences=2)
    billing.clock.set("2026-02-15")
    dry = run(billing, "--dry-run")
    done = run(billing)
    # 10 × 12.50 + 2 × 12.50
    table = "       invoices  with tax  credit notes  with tax\n  EUR         2    150.00             0      0.00\n"
    assert dry.output == (
        f"Dry run: Kadans, 2026-02-15; nothing was written\n  2 accounts visited, 2 would be billed\n{table}"
    )
    number = done.output.split(":")[0].removeprefix("Run ")
    assert done.output == f"Run {number}: Kadans, 2026-02-15\n  2 accounts visited, 2 billed\n{table}"
    assert (dry.exit_code, done.exit_code) == (0, 0)


def test_what_is_parked_is_told_with_its_reason_and_what_would_mend_it(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(OTHER_CURRENCY, a=account)
    billing.clock.set("2026-02-15")
    done = run(billing)
    assert done.exit_code == 1
    assert "  1 subscription parked, 1 by this run:\n" in done.output
    assert f"  account {account} (De Korenbloem), bad, since 2026-02-15, for 2026-02-15\n" in done.output
    assert "Its price is in USD, but the account is billed in EUR." in done.output
    billing.sql(OWN_CURRENCY, a=account)
    assert prorata(billing, "parked", "mend", str(account), "bad").exit_code == 0
    assert run(billing).exit_code == 0


def test_a_failure_that_no_rule_foresaw_has_an_exit_code_of_its_own(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(NO_CALENDAR, a=account)
    billing.clock.set("2026-02-15")
    done = run(billing)
    assert done.exit_code == 3
    assert "1 failure of the program itself" in done.output
    assert "Traceback" in prorata(billing, "parked", "--trace").output


def test_a_dry_run_names_what_it_would_park_and_why(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(OTHER_CURRENCY, a=account)
    billing.clock.set("2026-02-15")
    dry = run(billing, "--dry-run")
    assert dry.exit_code == 1
    assert (
        "  1 subscription would be parked:\n"
        f"  account {account}, subscription 2\n"
        "    Its price is in USD, but the account is billed in EUR.\n"
        "    Whoever looks after the database gives it a price in EUR; then try again.\n"
    ) in dry.output


def test_a_dry_run_names_twenty_and_counts_the_rest(billing: Billing):
    (planned,) = plan_billing(billing.shop.services, seller=billing.shop.seller)
    why = Parked(1, "other_currency", {"subscription": "a", "price": "USD", "currency": "EUR"})
    many = replace(planned, parked_now=1234, would_park=tuple((account, why) for account in range(1, 31)))
    said = told_run(many, None)
    assert "  1,234 subscriptions would be parked:" in said
    assert sum(line.startswith("  account ") for line in said) == 20
    assert said[-1] == "  … and 1,214 more"


def test_a_run_names_twenty_that_are_parked_and_counts_the_rest(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(OTHER_CURRENCY, a=account)
    done = billing.run("2026-02-15")
    said = told_run(replace(done, parked=done.parked * 30, parked_count=2030), None)
    assert sum(line.startswith("  account ") for line in said) == 20
    assert said[-1] == "  … and 2,010 more: `prorata parked`"


def test_a_finished_run_that_is_started_again_says_so(billing: Billing):
    billing.customer(licences=10)
    billing.clock.set("2026-02-15")
    number = run(billing).output.split(":")[0].removeprefix("Run ")
    again = run(billing)
    # It is noon in UTC, and 13:00 where the shop is.
    assert again.output == (
        f"Run {number}: Kadans, 2026-02-15\n  was finished at 2026-02-15 13:00; nothing more was due\n"
    )
    assert again.exit_code == 0


def test_failures_of_the_program_are_counted_as_long_as_they_are_parked(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(NO_CALENDAR, a=account)
    billing.clock.set("2026-02-15")
    assert "1 failure of the program itself" in run(billing).output
    again = run(billing)
    # This run itself has found it, and it is parked still: whoever starts it again hears of it again.
    assert "1 failure of the program itself" in again.output
    billing.sql(A_CALENDAR, a=account)
    assert prorata(billing, "parked", "mend", str(account), "bad").exit_code == 0
    assert "failure of the program" not in run(billing).output


def test_large_amounts_are_grouped(billing: Billing):
    (planned,) = plan_billing(billing.shop.services, seller=billing.shop.seller)
    euro, yen = currency("EUR"), currency("JPY")
    credited = money("-0.50", euro)
    totals = (
        Total(euro, test=False, invoices=1234, invoiced=money("1234567.80", euro), credit_notes=2, credited=credited),
        Total(yen, test=False, invoices=1, invoiced=money("1234", yen), credit_notes=0, credited=money("0", yen)),
    )
    said = told_run(replace(planned, totals=totals), None)
    assert said[3:5] == [
        "  EUR     1,234  1,234,567.80             2     -0.50",
        "  JPY         1         1,234             0         0",
    ]


def test_without_a_screen_progress_is_a_line_every_ten_seconds(billing: Billing, capsys: pytest.CaptureFixture[str]):
    (opened,) = open_runs(
        billing.shop.services, as_of=date(2026, 1, 15), seller=billing.shop.seller, batch_size=1, actor=OPERATOR
    )
    seconds = iter([0.0, 1.0, 10.0, 19.0, 20.0])
    teller = Teller(on_screen=False, now=lambda: next(seconds))
    for done in (100, 1000, 1900, 2000):
        teller.tell(opened, Progress(5000, done, 50, done // 100, done, 0, 0))
    # From 100 on: 900 in 10 seconds are 90 a second, 4,000 more take 44; 1,900 in 20 are 95, 3,000 more take 32.
    assert capsys.readouterr().err == (
        "2026-01-15: 1,000 of 5,000 accounts, 90 a second, 44 s left\n"
        "2026-01-15: 2,000 of 5,000 accounts, 95 a second, 32 s left\n"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--as-of", "2026-01-14"), "2026"),
        (("--as-of", "2036-01-16"), "2036"),
        (("--batch-size", "0"), "A batch cannot have 0 accounts."),
        (("--batch-size", "10001"), "A batch cannot have 10,001 accounts."),
        (("--seller", "424242"), "There is no seller 424242."),
        (("--join", "424242"), "There is no run 424242."),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(billing: Billing, words: tuple[str, ...], says: str):
    billing.run("2026-01-15")
    refused = run(billing, *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert says in refused.stderr
