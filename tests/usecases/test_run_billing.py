"""The billing run of a seller's day: who is visited, what is written, and what a second run finds."""

from datetime import date

import pytest
from sqlalchemy import Engine, event

from prorata.usecases.act import act
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.plan_billing import plan_billing
from prorata.usecases.run_billing import (
    BatchSizeOutOfBounds,
    RunBeforeLast,
    RunInTheFuture,
    UnknownSeller,
    open_runs,
    run_billing,
    work,
)
from support.billing import Billing, billing_on
from support.shop import Shop, admin


@pytest.fixture
def billing(own_shop: Shop) -> Billing:
    return billing_on(own_shop, "2026-01-15")


def test_the_run_bills_every_account_whose_day_has_come(billing: Billing):
    early, late = billing.customer(licences=10), billing.customer(licences=2)
    billing.clock.set("2026-01-20")
    later = billing.customer(licences=4)
    summary = billing.run("2026-02-15")
    assert (summary.accounts, summary.billed, summary.state, summary.well) == (2, 2, "finished", True)
    # 10 × 12.50 and 2 × 12.50
    (total,) = summary.totals
    assert (total.invoices, str(total.invoiced), total.credit_notes) == (2, "150.00", 0)
    assert billing.bills(early) == ["2026-01-15 125.00", "2026-02-15 125.00"]
    assert billing.bills(late) == ["2026-01-15 25.00", "2026-02-15 25.00"]
    assert billing.bills(later) == ["2026-01-20 50.00"]
    assert billing.due(early) == date(2026, 3, 15)
    assert billing.findings() == []


def test_the_same_run_once_more_writes_nothing(billing: Billing):
    account = billing.customer()
    first, again = billing.run("2026-02-15"), billing.run("2026-02-15")
    assert (first.run, first.billed) == (again.run, again.billed)
    assert len(billing.bills(account)) == 2


def test_what_became_due_after_the_run_of_the_day_is_found_when_it_is_started_again(billing: Billing):
    billing.customer()
    billing.run("2026-02-14")
    account = billing.customer(name="late")
    # Bought on the day itself and billed at once; a change that is due today waits for the run.
    act(billing.shop.services, admin(account), ChangeLicences("late", 12))
    billing.sql("UPDATE accounts SET due_on = '2026-02-14' WHERE account_id = :a", a=account)
    assert billing.run("2026-02-14").accounts == 1


def test_documents_carry_the_day_on_which_they_are_made_and_not_the_day_that_is_run(billing: Billing):
    account = billing.customer()
    billing.clock.set("2026-02-17")
    run_billing(billing.shop.services, seller=billing.shop.seller, as_of=date(2026, 2, 15))
    (_, bill) = billing.issued(account)
    assert bill.document.date == date(2026, 2, 17)
    # The period is the one that began on the 15th all the same.
    assert bill.document.lines[0].period.start == date(2026, 2, 15)


def test_a_run_of_an_earlier_day_leaves_alone_what_is_due_later(billing: Billing):
    billing.customer()
    billing.clock.set("2026-01-17")
    later = billing.customer()
    billing.clock.set("2026-02-17")
    (summary,) = run_billing(billing.shop.services, seller=billing.shop.seller, as_of=date(2026, 2, 16))
    assert summary.accounts == 1
    assert billing.due(later) == date(2026, 2, 17)


def test_each_test_account_is_run_at_its_own_time_and_the_rest_at_the_runs(billing: Billing):
    real = billing.customer()
    ahead = billing.customer(clock=date(2026, 1, 15))
    behind = billing.customer(clock=date(2026, 1, 15))
    billing.sql("UPDATE accounts SET clock_at = '2026-04-20 10:00+00' WHERE account_id = :a", a=ahead)
    summary = billing.run("2026-02-15")
    assert billing.bills(real) == ["2026-01-15 125.00", "2026-02-15 125.00"]
    # Three periods began by 20 April there: 3 × 125.00, on that day.
    assert billing.bills(ahead) == ["2026-01-15 125.00", "2026-04-20 375.00"]
    assert billing.bills(behind) == ["2026-01-15 125.00"]
    assert [(one.test, str(one.invoiced)) for one in summary.totals] == [(False, "125.00"), (True, "375.00")]


@pytest.mark.parametrize("size", [1, 2, 5, 500])
def test_batches_of_any_size_write_the_same(billing: Billing, size: int):
    customers = [billing.customer(licences=n) for n in (1, 2, 3, 4, 5)]
    summary = billing.run("2026-02-15", batch_size=size)
    # 1, 2, 3, 4 and 5 licences at 12.50
    bills = [billing.bills(account)[1] for account in customers]
    assert bills == [f"2026-02-15 {total}" for total in ("12.50", "25.00", "37.50", "50.00", "62.50")]
    assert (summary.accounts, summary.waiting) == (5, 0)
    places = [billing.issued(account)[1].number for account in customers]
    assert places == [f"2026-{place:06d}" for place in (6, 7, 8, 9, 10)]
    assert billing.findings() == []


def test_a_dry_run_says_what_would_be_billed_and_writes_nothing(billing: Billing):
    account = billing.customer()
    billing.clock.set("2026-02-15")
    (planned,) = plan_billing(billing.shop.services, seller=billing.shop.seller)
    assert (planned.run, planned.accounts, planned.billed) == (None, 1, 1)
    assert [str(total.invoiced) for total in planned.totals] == ["125.00"]
    assert len(billing.bills(account)) == 1
    (done,) = run_billing(billing.shop.services, seller=billing.shop.seller)
    assert done.totals == planned.totals


def test_the_run_of_a_later_day_takes_over_what_an_earlier_one_left(billing: Billing):
    account = billing.customer()
    billing.clock.set("2026-02-15")
    (left,) = open_runs(billing.shop.services, as_of=None, seller=billing.shop.seller, batch_size=None)
    summary = billing.run("2026-02-16")
    assert billing.bills(account) == ["2026-01-15 125.00", "2026-02-16 125.00"]
    work(billing.shop.services, left)
    assert (summary.accounts, len(billing.bills(account))) == (1, 2)


def test_a_day_begins_where_the_seller_is(billing: Billing):
    billing.customer()
    # 23:30 in London is half past midnight of the 15th in Amsterdam.
    billing.clock.set("2026-02-14 23:30")
    assert billing.run().as_of == date(2026, 2, 15)


def test_a_run_before_the_last_or_of_a_day_to_come_or_of_nobody_is_refused(billing: Billing):
    billing.run("2026-02-15")
    services, seller = billing.shop.services, billing.shop.seller
    with pytest.raises(RunBeforeLast) as early:
        run_billing(services, seller=seller, as_of=date(2026, 2, 14))
    assert early.value.parameters == {"day": "2026-02-14", "last": "2026-02-15", "seller": "Kadans"}
    with pytest.raises(RunInTheFuture):
        run_billing(services, seller=seller, as_of=date(2026, 2, 16))
    with pytest.raises(UnknownSeller):
        run_billing(services, seller=999_999)


@pytest.mark.parametrize("size", [0, -1, 10_001])
def test_a_batch_without_accounts_or_with_too_many_is_refused(billing: Billing, size: int):
    with pytest.raises(BatchSizeOutOfBounds):
        billing.run(batch_size=size)


def test_a_batch_takes_as_many_statements_for_forty_accounts_as_for_one(billing: Billing):
    counts: dict[str, int] = {}
    for day, customers in (("2026-01-16", 1), ("2026-01-17", 40)):
        billing.clock.set(day)
        for _ in range(customers):
            billing.customer()
    for day in ("2026-02-16", "2026-02-17"):
        seen: list[str] = []

        def count(*told: object, seen: list[str] = seen) -> None:
            seen.append(str(told[2]).split(maxsplit=1)[0])

        event.listen(Engine, "before_cursor_execute", count)
        try:
            assert billing.run(day).billed == (1 if day == "2026-02-16" else 40)
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        counts[day] = len(seen)
    # Opening, claiming, loading, saving and closing; not one of them is for each account.
    assert abs(counts["2026-02-17"] - counts["2026-02-16"]) <= 2
