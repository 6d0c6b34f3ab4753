"""What licences cost that nobody holds: this month, and in a year."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.build import Life, a_plan, an_account, classic, commit, day, steps
from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Terms
from prorata.core.events import Cancel, GiveDiscount, Pause, SetRenewal
from prorata.core.insights.unused import Unused, in_all, unused
from prorata.core.money import currency, money

EUR, GBP = currency("EUR"), currency("GBP")
MONTHLY = a_plan("12.50", "month")


def bought(plan: Plan, licences: int, *, assigned: int, on: str = "2026-01-15", terms: Terms | None = None) -> Life:
    life = an_account(on)
    life.buy("a", plan, licences=licences, terms=terms or classic())
    life.assign("a", assigned)
    return life


def cost(life: Life, on: str | None = None) -> tuple[str, str, str]:
    """This month, in a year, and how much more it would cost a year without them."""
    found = _found(life, day(on) if on else life.today)
    return str(found.month), str(found.year), str(found.more)


def _found(life: Life, on: date) -> Unused:
    return unused(life.subscription("a"), on, discounts=life.history.discounts)


def test_each_unassigned_licence_costs_its_price() -> None:
    life = bought(MONTHLY, 50, assigned=43)
    # 7 × 12.50; twelve times that.
    assert cost(life) == ("87.50", "1050.00", "0.00")
    assert _found(life, life.today).count == 7


def test_where_all_are_assigned_they_cost_nothing() -> None:
    assert cost(bought(MONTHLY, 50, assigned=50)) == ("0.00", "0.00", "0.00")


def test_what_is_flat_is_charged_for_the_assigned_ones_too() -> None:
    plan = a_plan("12.50", "month", flat="20.00")
    # 10 × 12.50 + 20.00 = 145.00, less 8 × 12.50 + 20.00 = 120.00.
    assert cost(bought(plan, 10, assigned=8)) == ("25.00", "300.00", "0.00")
    # With none assigned nothing would be needed at all: 10 × 12.50 + 20.00.
    assert cost(bought(plan, 10, assigned=0)) == ("145.00", "1740.00", "0.00")


def test_of_graduated_steps_the_last_licences_are_those_that_nobody_holds() -> None:
    plan = a_plan("0.00", "month", tiers=steps("graduated", (10, "10.00"), (None, "8.00")))
    # 10 × 10.00 + 3 × 8.00 = 124.00, less 9 × 10.00 = 90.00.
    assert cost(bought(plan, 13, assigned=9)) == ("34.00", "408.00", "0.00")


def test_of_volume_steps_all_licences_have_another_price_below_the_step() -> None:
    plan = a_plan("0.00", "month", tiers=steps("volume", (10, "12.00"), (None, "11.00")))
    # 14 × 11.00 = 154.00, less 11 × 11.00 = 121.00: the same step.
    assert cost(bought(plan, 14, assigned=11)) == ("33.00", "396.00", "0.00")
    # 14 × 11.00 = 154.00, less 10 × 12.00 = 120.00: the step below.
    assert cost(bought(plan, 14, assigned=10)) == ("34.00", "408.00", "0.00")


def test_where_the_step_below_costs_more_keeping_them_costs_nothing_and_the_difference_is_told() -> None:
    plan = a_plan("0.00", "month", tiers=steps("volume", (10, "12.00"), (None, "9.00")))
    # 12 × 9.00 = 108.00; 10 × 12.00 = 120.00 would be 12.00 a month more, 144.00 a year.
    assert cost(bought(plan, 12, assigned=10)) == ("0.00", "0.00", "144.00")


def test_phases_count_from_their_day() -> None:
    plan = a_plan("0.00", "month", phases=(("3 months", "6.00"), (None, "10.00")))
    life = bought(plan, 5, assigned=3)
    # 2 × 6.00; three months of it and nine of 2 × 10.00: 36.00 + 180.00.
    assert cost(life) == ("12.00", "216.00", "0.00")
    # From 15 April on 2 × 10.00.
    assert cost(life, "2026-04-15") == ("20.00", "240.00", "0.00")


def test_a_percentage_is_taken_off_as_long_as_it_runs() -> None:
    life = bought(MONTHLY, 10, assigned=8)
    life.ask(GiveDiscount("a", percent=Fraction(20), long=every("2 months")))
    # 2 × 12.50 × 80% = 20.00, twice; then ten times 25.00.
    assert cost(life) == ("20.00", "290.00", "0.00")


def test_a_percentage_off_everything_counts_too() -> None:
    life = bought(MONTHLY, 10, assigned=8)
    life.ask(GiveDiscount(None, percent=Fraction(10)))
    assert cost(life) == ("22.50", "270.00", "0.00")


def test_an_amount_for_each_period_lowers_the_cost_only_where_it_would_be_more_than_the_charge() -> None:
    life = bought(MONTHLY, 10, assigned=8)
    life.ask(GiveDiscount("a", amount=money("5.00", EUR)))
    # 125.00 − 5.00, less 100.00 − 5.00.
    assert cost(life) == ("25.00", "300.00", "0.00")
    life = bought(MONTHLY, 3, assigned=2)
    life.ask(GiveDiscount("a", amount=money("30.00", EUR)))
    # 37.50 − 30.00 = 7.50; 25.00 − 30.00 is nothing.
    assert cost(life) == ("7.50", "90.00", "0.00")


def test_of_a_yearly_price_the_month_has_its_share_by_days() -> None:
    life = bought(a_plan("120.00", "year"), 10, assigned=9)
    # 15 February to 15 March: 120.00 × 28 ÷ 365 = 9.2054…
    assert cost(life, "2026-03-01") == ("9.21", "120.00", "0.00")


def test_where_each_month_has_thirty_days_the_share_is_a_twelfth() -> None:
    life = bought(a_plan("120.00", "year"), 10, assigned=9, terms=classic(proration="thirty"))
    assert cost(life, "2026-03-01") == ("10.00", "120.00", "0.00")


def test_a_quarter_is_four_times_in_a_year() -> None:
    life = bought(a_plan("90.00", "quarter"), 4, assigned=3)
    # 15 January to 15 April are 90 days, the first month 31 of them: 90.00 × 31 ÷ 90.
    assert cost(life) == ("31.00", "360.00", "0.00")


def test_weeks_are_counted_by_days() -> None:
    # A month from Monday 5 January has 31 days, a year 365; 7.00 a week is 1.00 a day.
    assert cost(bought(a_plan("7.00", "week"), 2, assigned=1, on="2026-01-05")) == ("31.00", "365.00", "0.00")


def test_licences_bought_in_the_middle_of_the_month_cost_from_their_day_on() -> None:
    life = bought(a_plan("31.00", "month"), 10, assigned=10)
    life.days("2026-01-31")
    life.licences("a", 15)
    # 31 January to 15 February: 5 × 31.00 × 15 ÷ 31. In a year 5 × 31.00 × 12.
    assert cost(life) == ("75.00", "1860.00", "0.00")


def test_each_figure_is_rounded_once() -> None:
    # 3 × 3.335 = 10.005 is 10.01 and not 3 × 3.34; in a year 120.06.
    assert cost(bought(a_plan("3.335", "month"), 4, assigned=1)) == ("10.01", "120.06", "0.00")


def test_periods_that_begin_on_the_31st_stay_whole_in_short_months() -> None:
    life = bought(MONTHLY, 3, assigned=1, on="2027-01-31")
    # 28 February to 31 March; twelve periods to 29 February 2028.
    assert cost(life, "2027-03-01") == ("25.00", "300.00", "0.00")


def test_what_is_removed_at_the_renewal_costs_no_more_from_then_on() -> None:
    life = bought(MONTHLY, 50, assigned=43)
    life.licences("a", 43, when="renewal")
    assert cost(life) == ("87.50", "87.50", "0.00")


def test_what_ends_costs_no_more_from_then_on() -> None:
    life = bought(MONTHLY, 50, assigned=43)
    life.ask(SetRenewal("a", renews=False))
    assert cost(life) == ("87.50", "87.50", "0.00")


def test_in_a_trial_they_cost_nothing() -> None:
    life = bought(a_plan("12.50", "month", trial="10 days"), 5, assigned=2)
    assert cost(life) == ("0.00", "0.00", "0.00")
    assert _found(life, life.today).count == 3


def test_in_a_pause_they_cost_nothing() -> None:
    life = bought(MONTHLY, 5, assigned=2)
    life.ask(Pause("a"))
    assert cost(life) == ("0.00", "0.00", "0.00")


def test_after_the_end_there_are_none() -> None:
    life = bought(MONTHLY, 5, assigned=2)
    life.ask(Cancel("a", when="now"))
    assert _found(life, life.today).count == 0
    assert cost(life) == ("0.00", "0.00", "0.00")


def test_while_more_are_assigned_than_there_are_none_is_free() -> None:
    life = bought(MONTHLY, 5, assigned=5)
    over = replace(life.subscription("a"), assigned=8)
    found = unused(over, life.today)
    assert (found.count, str(found.month), str(found.more)) == (0, "0.00", "0.00")


@pytest.mark.parametrize("terms", [classic(), commit()])
def test_what_an_account_wastes_is_the_sum_of_its_subscriptions(terms: Terms) -> None:
    one = _found(bought(MONTHLY, 50, assigned=43, terms=terms), day("2026-01-15"))
    other = _found(bought(a_plan("3.335", "month"), 4, assigned=1, terms=terms), day("2026-01-15"))
    (both,) = in_all((one, other))
    # 87.50 + 10.01; 1,050.00 + 120.06: what stands in the rows adds up.
    assert (both.count, str(both.month), str(both.year)) == (10, "97.51", "1170.06")
    assert in_all(()) == ()


def test_what_is_wasted_in_several_currencies_is_summed_in_each() -> None:
    euro = Unused(7, money("87.50", EUR), money("1050.00", EUR), money("0.00", EUR))
    pound = Unused(3, money("32.40", GBP), money("388.80", GBP), money("0.00", GBP))
    assert [(one.count, one.month, one.year) for one in in_all((euro, pound, euro))] == [
        (14, money("175.00", EUR), money("2100.00", EUR)),
        (3, money("32.40", GBP), money("388.80", GBP)),
    ]
