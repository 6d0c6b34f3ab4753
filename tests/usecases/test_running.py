"""The daily run, and the clock of a test account."""

from datetime import date

import pytest

from prorata.store import audit
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.permissions import NotAllowed
from prorata.usecases.run_account import (
    ClockBackwards,
    ClockTooFar,
    NoOwnClock,
    advance_clock,
    run_account,
)
from support.shop import Shop, admin


def test_a_day_that_is_run_twice_writes_nothing_the_second_time(shop: Shop):
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
    first = run_account(shop.services, account, as_of=date(2026, 2, 15))
    second = run_account(shop.services, account, as_of=date(2026, 2, 15))
    assert [str(issued.document.total) for issued in first.issued] == ["125.00"]
    assert second.issued == ()
    with shop.services.database.account(account) as conn:
        assert [entry.action for entry in audit.page(conn, account)] == ["account.run", "subscription.buy"]


def test_a_day_on_which_nothing_is_due_leaves_no_trace(shop: Shop):
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
    assert run_account(shop.services, account, as_of=date(2026, 1, 20)).issued == ()
    with shop.services.database.account(account) as conn:
        assert len(audit.page(conn, account)) == 1


def test_moving_the_clock_runs_every_day_on_the_way(shop: Shop):
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
    ran = advance_clock(shop.services, admin(account), to=date(2026, 4, 15))
    days = [issued.document.date for issued in ran.issued]
    assert days == [date(2026, 2, 15), date(2026, 3, 15), date(2026, 4, 15)]


def test_a_change_after_the_days_run_is_written_by_the_same_day_when_the_clock_moves_on(shop: Shop):
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
    advance_clock(shop.services, admin(account), to=date(2026, 2, 14))
    act(shop.services, admin(account), ChangeLicences("a", 12))
    ran = advance_clock(shop.services, admin(account), to=date(2026, 2, 15))
    # the two added licences, 14 February: 25.00 × 1/31 = 0.81 (0.806…); and 12 × 12.50 = 150.00
    (bill,) = ran.issued
    assert [str(line.amount) for line in bill.document.lines] == ["0.81", "150.00"]


def test_a_clock_never_goes_back_nor_too_far_nor_for_others(shop: Shop):
    account = shop.account()
    with pytest.raises(ClockBackwards):
        advance_clock(shop.services, admin(account), to=date(2026, 1, 14))
    with pytest.raises(ClockTooFar):
        advance_clock(shop.services, admin(account), to=date(2046, 1, 14))
    with pytest.raises(NotAllowed):
        advance_clock(shop.services, admin(account, role="reader"), to=date(2026, 1, 16))
    real = shop.account(clock=None)
    with pytest.raises(NoOwnClock):
        advance_clock(shop.services, admin(real), to=date(2026, 1, 16))
