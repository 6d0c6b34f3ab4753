"""What the schedule calls: today's run of every seller, each once, whatever is wrong with one of them."""

from collections.abc import Iterator
from datetime import date

import pytest

from prorata.usecases.run_billing import RunBeforeLast, run_due
from support import databases
from support.billing import Billing, billing_on
from support.shop import opened_shop

DAMAGES = "an account keeps a zone that the database does not know"


@pytest.fixture
def two_sellers(database: databases.Database) -> Iterator[tuple[Billing, Billing]]:
    with opened_shop(database) as first, opened_shop(database) as second:
        yield billing_on(first, "2026-01-15"), billing_on(second, "2026-01-15")


def test_each_seller_is_run_once_a_day_and_one_that_cannot_be_run_stops_no_other(
    two_sellers: tuple[Billing, Billing],
):
    first, second = two_sellers
    ahead = first.customer(clock=date(2026, 1, 15))
    one, two = first.customer(), second.customer()
    # PostgreSQL does not know this zone, Python does: nothing but this account's own day may depend on it.
    first.sql("UPDATE accounts SET zone = 'localtime' WHERE account_id = :a", a=ahead)
    for billing in two_sellers:
        billing.clock.set("2026-02-15")
    assert [summary.billed for summary in run_due(first.shop.services)] == [1, 1]
    assert run_due(first.shop.services) == ()
    assert (len(first.bills(one)), len(second.bills(two))) == (2, 2)

    # The first seller's next run was opened, and has billed, by a clock that was a year ahead.
    first.clock.set("2027-02-15")
    first.run()
    first.clock.set("2026-03-15")
    with pytest.raises(RunBeforeLast):
        run_due(first.shop.services)
    assert len(second.bills(two)) == 3


def test_a_run_of_a_later_day_that_has_written_nothing_is_forgotten(two_sellers: tuple[Billing, Billing]):
    billing, _ = two_sellers
    # A wrong clock opens a run while there is nobody to be billed.
    billing.run("2031-01-10")
    billing.clock.set("2026-01-15")
    account = billing.customer()
    assert billing.run("2026-02-15").billed == 1
    assert billing.bills(account) == ["2026-01-15 125.00", "2026-02-15 125.00"]
