"""`prorata run` and `prorata parked`: what they say, and with which exit code."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prorata.cli import main
from prorata.cli.wiring import Whose, Wiring
from prorata.usecases.act import Services
from support import databases
from support.billing import Billing, billing_on
from support.shop import opened_shop
from support.spoiling import NO_CALENDAR, OTHER_CURRENCY, OWN_CURRENCY, two_subscriptions

DAMAGES = "some subscriptions stay as contradictory as the tests made them"


@pytest.fixture
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        yield billing_on(shop, "2026-01-15")


def _nothing(*_: object) -> None:
    raise AssertionError("not for this command")


def prorata(billing: Billing, *words: str) -> Result:
    """The command line on the shop's database, at the time of its clock."""

    @contextmanager
    def services(_: Whose) -> Generator[Services]:
        yield billing.shop.services

    others: Any = dict.fromkeys(Wiring.__dataclass_fields__, _nothing)
    wiring = Wiring(**(others | {"services": services}))
    return CliRunner().invoke(main, words, obj=wiring)


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

    listed = prorata(billing, "parked", "--seller", str(billing.shop.seller))
    assert (listed.exit_code, "Its price is in USD" in listed.output) == (1, True)
    still = prorata(billing, "parked", "mend", str(account), "bad")
    assert (still.exit_code, still.stderr.count("\n")) == (2, 1)
    billing.sql(OWN_CURRENCY, a=account)
    mended = prorata(billing, "parked", "mend", str(account), "bad")
    assert (mended.exit_code, mended.stdout) == (
        0,
        f"bad of account {account} is billed again.\n  The next run writes a document of 50.00 EUR.\n",
    )
    assert run(billing).exit_code == 0
    assert prorata(billing, "parked", "--seller", str(billing.shop.seller)).output == "Nothing is parked.\n"


def test_a_failure_that_no_rule_foresaw_has_an_exit_code_of_its_own(billing: Billing):
    account = two_subscriptions(billing)
    billing.sql(NO_CALENDAR, a=account)
    billing.clock.set("2026-02-15")
    done = run(billing)
    assert done.exit_code == 3
    assert "1 failure of the program itself" in done.output
    assert "Traceback" in prorata(billing, "parked", "--trace").output


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
