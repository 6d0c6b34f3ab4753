"""A new price of a plan: through the catalogue, and every account comes upon it by itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.plans import Phase
from prorata.core.money import currency, unit_price
from prorata.core.step import PriceNotPossible
from prorata.store.catalogue import UnknownPlan
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.late import Late
from prorata.usecases.permissions import NotAllowed
from prorata.usecases.run_account import advance_clock
from prorata.usecases.set_price import PriceInThePast, set_price
from support.billing import billing_on
from support.shop import EUR, Shop, admin
from usecases.verbs_ground import VENDOR, bought, plan, sold, vendor

DEARER = unit_price("13.50", EUR)
FEBRUARY = date(2026, 2, 1)


def billed(shop: Shop, account: int, *, to: date) -> list[tuple[date, str]]:
    ran = advance_clock(shop.services, admin(account), to=to)
    return [(issued.document.date, str(issued.document.total)) for issued in ran.issued]


def test_new_sales_have_it_at_once_and_others_after_the_notice(own_shop: Shop):
    account = bought(own_shop)
    price = set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=DEARER, valid_from=FEBRUARY)
    assert (price.version, price.amount) == (2, DEARER)
    # 1 February + 30 days = 3 March: not on 15 February, on 15 March. 10 × 12.50, 10 × 13.50
    assert billed(own_shop, account, to=date(2026, 3, 15)) == [
        (date(2026, 2, 15), "125.00"), (date(2026, 3, 15), "135.00"),
    ]  # fmt: skip
    another = own_shop.account(clock=FEBRUARY)
    (issued,) = act(own_shop.services, admin(another), BuySubscription(own_shop.plan, 10)).issued
    assert str(issued.document.total) == "135.00"


def test_the_vendors_own_runs_come_upon_it(own_shop: Shop):
    billing = billing_on(own_shop, "2026-01-15")
    account = billing.customer()
    set_price(billing.shop.services, VENDOR, plan=own_shop.plan, amount=DEARER, valid_from=FEBRUARY)
    for day in ("2026-02-15", "2026-03-15"):
        billing.run(day)
    assert billing.bills(account) == ["2026-01-15 125.00", "2026-02-15 125.00", "2026-03-15 135.00"]
    assert billing.findings() == []


def test_before_its_day_nobody_has_it(own_shop: Shop):
    set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=DEARER, valid_from=FEBRUARY)
    account = own_shop.account(clock=date(2026, 1, 31))
    (issued,) = act(own_shop.services, admin(account), BuySubscription(own_shop.plan, 10)).issued
    assert str(issued.document.total) == "125.00"


def test_what_is_bought_late_has_the_price_of_its_own_day(own_shop: Shop):
    set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=DEARER, valid_from=FEBRUARY)
    account = own_shop.account(clock=date(2026, 2, 5))
    late = Late(BuySubscription(own_shop.plan, 10, "a"), date(2026, 1, 20), "ordered by letter")
    (issued,) = act(own_shop.services, vendor(account), late).issued
    # 20 January to 20 February, at the price of January
    assert str(issued.document.total) == "125.00"


def test_without_a_day_it_is_valid_from_today(own_shop: Shop):
    set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=DEARER)
    account = own_shop.account()
    (issued,) = act(own_shop.services, admin(account), BuySubscription(own_shop.plan, 10)).issued
    assert str(issued.document.total) == "135.00"


def test_the_day_is_counted_where_the_seller_is(own_shop: Shop):
    # Half past eleven in the evening of 14 January in UTC: at the seller it is the 15th.
    at = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    with pytest.raises(PriceInThePast):
        set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=DEARER, valid_from=date(2026, 1, 14), at=at)
    set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=DEARER, valid_from=date(2026, 1, 15), at=at)


def test_a_price_from_a_day_that_is_over_is_refused(own_shop: Shop):
    with pytest.raises(PriceInThePast) as refused:
        set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=DEARER, valid_from=date(2026, 1, 14))
    assert refused.value.parameters == {"valid_from": "2026-01-14", "today": "2026-01-15"}


@pytest.mark.parametrize("role", ["owner", "billing_admin", "reader"])
def test_no_role_of_an_account_may(own_shop: Shop, role: str):
    request = admin(1, role=role)  # pyright: ignore[reportArgumentType] - parametrized
    with pytest.raises(NotAllowed):
        set_price(own_shop.services, request.actor, plan=own_shop.plan, amount=DEARER)


def test_a_plan_with_phases_takes_no_single_price(own_shop: Shop):
    phases = (Phase(every("6 months"), unit_price("9.95", EUR)), Phase(None, unit_price("19.95", EUR)))
    offered = sold(own_shop, replace(plan("phased", "0"), phases=phases))
    with pytest.raises(PriceNotPossible):
        set_price(own_shop.services, VENDOR, plan=offered, amount=DEARER)


def test_of_two_new_prices_at_once_one_comes_second(own_shop: Shop):
    together = Barrier(2)

    def give(amount: str) -> int:
        together.wait()
        return set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=unit_price(amount, EUR)).version

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, ("13.50", "14.50"))) == [2, 3]


def test_a_plan_that_there_is_not_or_not_in_that_currency_is_unknown(own_shop: Shop):
    with pytest.raises(UnknownPlan):
        set_price(own_shop.services, VENDOR, plan=10**9, amount=DEARER)
    with pytest.raises(UnknownPlan):
        set_price(own_shop.services, VENDOR, plan=own_shop.plan, amount=unit_price("13.50", currency("USD")))
