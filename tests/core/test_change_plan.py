"""Another plan, another frequency, another anchor: what is credited, what is charged, and why each line says so."""

from dataclasses import replace

import pytest

from core.build import Life, a_plan, an_account, classic, commit, day, lines, steps
from prorata.core.catalog.plans import Plan
from prorata.core.errors import DomainError
from prorata.core.events import ChangePlan, MoveAnchor, SetPrice, Subscribe
from prorata.core.money import currency, money, unit_price
from prorata.core.subscriptions.change_plan import per_month

EUR = currency("EUR")
NOW = classic(invoice_changes="now")
BASIC = a_plan("31.00", "month", name="basic")
PREMIUM = a_plan("62.00", "month", name="premium")


def on_the_25th(plan: Plan = BASIC) -> Life:
    """Two licences since 15 January: 21 of 31 days are left."""
    life = an_account("2026-01-15")
    life.buy("a", plan, licences=2, terms=NOW)
    life.days("2026-01-25")
    return life


def why(life: Life, document: int) -> list[str]:
    return [line.cause.why for line in life.documents[document].lines]


def test_the_remainder_is_credited_and_charged_anew() -> None:
    life = on_the_25th()
    life.ask(ChangePlan("a", PREMIUM))
    life.evening()
    # 62.00 × 21/31 and 124.00 × 21/31
    assert lines(life.documents[1]) == [
        ("credit", "2026-01-25", "2026-02-15", 2, "-42.00"),
        ("recurring", "2026-01-25", "2026-02-15", 2, "84.00"),
    ]
    assert why(life, 1) == ["plan", "plan"]


def test_there_and_back_on_one_day_costs_nothing() -> None:
    life = on_the_25th()
    life.ask(ChangePlan("a", PREMIUM))
    life.ask(ChangePlan("a", BASIC))
    life.days("2026-02-15")
    assert life.totals == ["62.00"]


def test_from_a_month_to_a_year_the_first_year_ends_on_the_next_anniversary_of_the_first_start() -> None:
    life = on_the_25th()
    life.ask(ChangePlan("a", a_plan("365.00", "year", name="yearly")))
    life.evening()
    # 15 January 2026 to 15 January 2027 less ten days: 730.00 × 355/365
    assert lines(life.documents[1])[1] == ("recurring", "2026-01-25", "2027-01-15", 2, "710.00")
    assert why(life, 1) == ["frequency", "frequency"]


def test_a_restart_begins_a_period_on_the_day() -> None:
    life = on_the_25th()
    life.ask(ChangePlan("a", PREMIUM, anchor="restart"))
    life.evening()
    assert lines(life.documents[1])[1] == ("recurring", "2026-01-25", "2026-02-25", 2, "124.00")


@pytest.mark.parametrize(("price", "waits"), [("30.99", True), ("31.00", False), ("31.01", False)])
def test_by_direction_what_is_cheaper_waits_for_the_renewal(price: str, *, waits: bool) -> None:
    life = an_account("2026-01-15")
    life.buy("a", BASIC, licences=2, terms=commit())
    life.ask(ChangePlan("a", a_plan(price, "month", name="other")))
    assert (life.subscription("a").pending_plan is not None) == waits


def test_a_year_is_compared_with_a_month_by_its_twelfth() -> None:
    # 120.00 a year is 10.00 a month.
    assert per_month(a_plan("120.00", "year"), 1) == per_month(a_plan("10.00", "month"), 1) == 1000


def test_a_waiting_plan_is_replaced_and_taken_back() -> None:
    life = on_the_25th()
    life.ask(ChangePlan("a", PREMIUM, when="renewal"))
    life.ask(ChangePlan("a", a_plan("15.50", "month", name="small"), when="renewal"))
    pending = life.subscription("a").pending_plan
    assert pending
    assert (pending.plan.name, pending.effective) == ("small", day("2026-02-15"))
    life.ask(ChangePlan("a", BASIC))
    assert life.subscription("a").pending_plan is None


def test_the_plan_in_force_is_no_change() -> None:
    life = on_the_25th()
    with pytest.raises(DomainError) as refused:
        life.ask(ChangePlan("a", BASIC))
    assert refused.value.code == "same_plan"


def test_a_step_of_volume_tiers_prices_all_licences_anew() -> None:
    life = on_the_25th(a_plan("0", "month", tiers=steps("volume", (2, "31.00"), (None, "15.50"))))
    life.licences("a", 4)
    life.evening()
    # Two at 31.00 are credited for 21 of 31 days, four at 15.50 charged: 42.00 each.
    assert [line[3:] for line in lines(life.documents[1])] == [(2, "-42.00"), (4, "42.00")]


def test_a_step_of_graduated_tiers_prices_only_what_is_added() -> None:
    life = on_the_25th(a_plan("0", "month", tiers=steps("graduated", (2, "31.00"), (None, "15.50"))))
    life.licences("a", 4)
    life.evening()
    # Two at 15.50 for 21 of 31 days.
    assert lines(life.documents[1]) == [("recurring", "2026-01-25", "2026-02-15", 2, "21.00")]


def test_a_moved_anchor_bills_only_what_is_not_covered() -> None:
    life = on_the_25th()
    life.ask(MoveAnchor("a", 20))
    life.evening()
    # 15 to 20 February lie in the period of the new grid from 20 January: 62.00 × 5/31.
    assert lines(life.documents[1]) == [("recurring", "2026-02-15", "2026-02-20", 2, "10.00")]


# ---------------------------------------------------------------------- dated prices


def dearer(life: Life) -> None:
    life.ask(SetPrice(BASIC, unit_price("34.10", EUR)))


def test_a_new_price_begins_at_the_first_renewal_after_its_notice() -> None:
    life = on_the_25th()
    dearer(life)
    life.days("2026-03-16")
    # 25 January and 30 days are 24 February: the renewal of 15 February has the old price, that of 15 March the new.
    assert life.totals == ["62.00", "62.00", "68.20"]
    assert why(life, 2) == ["price"]
    assert life.documents[2].lines[0].price_version == 2


def test_a_new_sale_has_the_new_price_at_once() -> None:
    life = on_the_25th()
    dearer(life)
    life.ask(Subscribe("b", BASIC, NOW))
    assert life.totals == ["62.00", "34.10"]


def test_the_first_paid_period_of_a_trial_has_the_price_of_the_sale() -> None:
    life = an_account("2026-01-15")
    tried = a_plan("31.00", "month", name="basic", trial="30 days")
    life.buy("a", tried, terms=classic(price_change_notice=0))
    dearer(life)
    life.days("2026-03-15")
    # Sold on 14 February; a month later it renews.
    assert life.totals == ["31.00", "34.10"]


def test_without_notice_a_sale_of_the_same_day_keeps_its_price() -> None:
    life = an_account("2026-01-15")
    life.buy("a", BASIC, terms=classic(price_change_notice=0))
    dearer(life)
    life.days("2026-02-16")
    assert life.totals == ["31.00", "34.10"]


def test_the_setup_of_a_phase_to_come_goes_with_its_plan() -> None:
    first, last = a_plan("0", "month", phases=(("2 months", "31.00"), (None, "62.00"))).phases
    phased = replace(a_plan("0", "month", name="phased"), phases=(first, replace(last, setup=money("50.00", EUR))))
    life = an_account("2026-01-15")
    life.buy("a", phased, terms=NOW)
    life.days("2026-02-15")
    life.ask(ChangePlan("a", BASIC))
    life.days("2026-03-16")
    assert life.totals == ["31.00", "31.00", "31.00"]


def test_all_of_the_old_plan_is_credited_beyond_the_end_of_the_new_ones_term_too() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("365.00", "year", name="year"), terms=NOW)
    life.days("2026-02-21")
    life.ask(ChangePlan("a", a_plan("28.00", "month", name="short", term="month"), anchor="restart"))
    life.evening()
    # 365.00 × 328/365
    assert [line[1:] for line in lines(life.documents[1])] == [
        ("2026-02-21", "2027-01-15", 1, "-328.00"),
        ("2026-02-21", "2026-03-21", 1, "28.00"),
    ]


def test_a_cancellation_for_a_later_day_does_not_outlast_the_term_of_the_new_plan() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("31.00", "month"))
    life.cancel("a", day("2026-04-01"))
    life.days("2026-02-15")
    life.ask(ChangePlan("a", a_plan("62.00", "month", name="fixed", term="month"), when="now"))
    life.days("2026-04-02")
    # The month of the term, and not the half month up to the cancellation.
    assert life.totals == ["31.00", "62.00"]
    assert life.subscription("a").turns[-1].on == day("2026-03-15")


def test_a_period_that_began_before_the_anchor_was_moved_is_a_period_and_no_licences_added() -> None:
    life = an_account("2026-01-15")
    life.buy("a", BASIC, licences=10, terms=classic(billed="arrears"))
    life.days("2026-02-15")
    life.licences("a", 8)
    life.days("2026-02-17")
    life.ask(MoveAnchor("a", 20))
    life.days("2026-02-21")
    # 31.00 × 8 × 2/28 of the old period, 31.00 × 8 × 3/31 of the one that the new anchor makes
    assert [str(line.amount) for line in life.documents[1].lines] == ["17.71", "24.00"]
    assert why(life, 1) == ["period", "anchor"]
