import pytest

from core.build import Life, a_plan, an_account, classic, commit, day, lines
from prorata.core.billing.due import due_on
from prorata.core.catalog.terms import Terms
from prorata.core.events import Assign, ChangeLicences
from prorata.core.licences.assignment import BelowAssigned, NotEnoughLicences
from prorata.core.subscriptions.buy import AmountTooLarge
from prorata.core.subscriptions.model import Conflict

MONTHLY = a_plan("12.50", "month")


def ten_licences(terms: Terms) -> Life:
    """10 licences at 12.50 a month from 15 January, looked at on the 20th."""
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=10, terms=terms)
    life.days("2026-01-20")
    return life


STAYS_CHARGED = [classic(remove_licences="kept", invoice_changes="now"), classic(refund="none", invoice_changes="now")]


def test_added_licences_are_one_line_for_the_rest_of_the_period() -> None:
    life = ten_licences(classic(invoice_changes="now"))
    life.licences("a", 12)
    life.evening()
    # 20 January to 14 February, 26 of 31 days: 12.50 × 2 × 26/31 = 20.967.
    assert lines(life.documents[1]) == [("recurring", "2026-01-20", "2026-02-15", 2, "20.97")]


@pytest.mark.parametrize("there", [4, 17])
def test_a_change_and_its_way_back_on_one_day_cost_nothing(there: int) -> None:
    life = ten_licences(classic(invoice_changes="now"))
    life.licences("a", there)
    life.licences("a", 10)
    life.days("2026-02-14")
    assert life.totals == ["125.00"]


def test_two_changes_of_one_instant_are_both_made() -> None:
    life = ten_licences(classic(invoice_changes="now"))
    life.ask(ChangeLicences("a", 12), ChangeLicences("a", 11))
    life.evening()
    # 12.50 × 26/31 = 10.48
    assert lines(life.documents[1]) == [("recurring", "2026-01-20", "2026-02-15", 1, "10.48")]


@pytest.mark.parametrize("terms", STAYS_CHARGED)
def test_seats_given_up_stay_charged_and_are_taken_up_again_free(terms: Terms) -> None:
    life = ten_licences(terms)
    life.licences("a", 2)
    life.days("2026-01-25")
    life.licences("a", 11)
    life.evening()
    # 8 are taken up again, 1 is new, for 21 of 31 days: 12.50 × 21/31 = 8.467.
    assert life.totals == ["125.00", "8.47"]


@pytest.mark.parametrize("terms", STAYS_CHARGED)
def test_seats_taken_up_again_and_given_up_on_one_day_stay_charged(terms: Terms) -> None:
    life = ten_licences(terms)
    life.licences("a", 2)
    life.days("2026-01-21")
    life.licences("a", 10)
    life.licences("a", 2)
    life.days("2026-02-14")
    assert life.totals == ["125.00"]


@pytest.mark.parametrize("terms", STAYS_CHARGED)
def test_seats_bought_today_go_again_beside_those_taken_up(terms: Terms) -> None:
    life = ten_licences(terms)
    life.licences("a", 8)
    life.days("2026-01-21")
    life.licences("a", 15)
    life.licences("a", 9)
    life.days("2026-02-14")
    assert life.totals == ["125.00"]


def test_seats_given_up_on_the_renewal_day_are_not_charged_for_the_new_period() -> None:
    life = ten_licences(classic(remove_licences="kept", invoice_changes="now"))
    life.days("2026-02-15")
    life.licences("a", 4)
    life.days("2026-03-14")
    # On 15 February, before that day's bill, there are 4: 12.50 × 4.
    assert life.totals == ["125.00", "50.00"]


def test_a_window_takes_back_only_what_was_bought_lately() -> None:
    life = ten_licences(commit())
    life.days("2026-02-01")
    life.licences("a", 14)
    life.days("2026-02-08")  # the seventh day after
    life.licences("a", 5)
    subscription = life.subscription("a")
    assert subscription.licences == 10
    assert subscription.pending
    assert subscription.pending.licences == 5


def test_on_the_eighth_day_the_window_is_closed() -> None:
    life = ten_licences(commit())
    life.days("2026-02-01")
    life.licences("a", 14)
    life.days("2026-02-09")
    life.licences("a", 5)
    assert life.subscription("a").licences == 14


def in_conflict(**keys: object) -> Life:
    """Ten licences, five from 15 February on, and eight assigned in between."""
    life = ten_licences(classic(**keys))
    life.licences("a", 5, when="renewal")
    life.assign("a", 8)
    life.days("2026-02-16")
    return life


def test_a_waiting_reduction_takes_effect_below_what_members_hold_and_that_is_a_conflict() -> None:
    life = in_conflict()
    a = life.subscription("a")
    assert (a.licences, a.assigned) == (5, 8)
    assert a.conflict == Conflict(day("2026-02-15"), day("2026-05-16"))  # 13 + 31 + 30 + 16 = 90 days
    assert life.totals == ["125.00", "62.50"]  # 12.50 × 5


def test_in_a_conflict_nobody_is_given_a_licence() -> None:
    life = in_conflict()
    with pytest.raises(NotEnoughLicences) as refused:
        life.assign("a", 9)
    assert refused.value.parameters == {"assigned": 9, "licences": 5, "missing": 4}
    with pytest.raises(BelowAssigned):
        life.licences("a", 4)
    assert life.subscription("a").conflict


def test_unassigning_makes_a_conflict_smaller_and_ends_it() -> None:
    life = in_conflict()
    life.assign("a", 6)
    assert life.subscription("a").conflict == Conflict(day("2026-02-15"), day("2026-05-16"))
    life.assign("a", 5)
    assert life.subscription("a").conflict is None


def test_buying_makes_a_conflict_smaller_and_ends_it() -> None:
    life = in_conflict()
    life.licences("a", 7)
    assert life.subscription("a").conflict == Conflict(day("2026-02-15"), day("2026-05-16"))
    life.licences("a", 8)
    assert life.subscription("a").conflict is None


def test_more_licences_of_the_next_renewal_end_a_conflict_by_then() -> None:
    life = in_conflict()
    life.licences("a", 9, when="renewal")
    life.days("2026-03-15")
    assert life.subscription("a").conflict
    life.evening()
    assert (life.subscription("a").licences, life.subscription("a").conflict) == (9, None)


def test_when_its_time_is_over_a_conflict_leaves_as_many_holders_as_licences() -> None:
    life = in_conflict(conflict_days=20)
    # 15 February + 20 days
    assert life.subscription("a").conflict == Conflict(day("2026-02-15"), day("2026-03-07"))
    assert due_on(life.history, day("2026-02-16")) == day("2026-03-07")
    life.days("2026-03-07")
    assert life.subscription("a").assigned == 8
    life.evening()
    assert (life.subscription("a").assigned, life.subscription("a").conflict) == (5, None)


def test_without_days_for_it_a_conflict_is_over_at_once() -> None:
    life = in_conflict(conflict_days=0)
    assert (life.subscription("a").assigned, life.subscription("a").conflict) == (5, None)


def test_never_fewer_licences_than_members_hold_nor_more_members_than_licences() -> None:
    life = ten_licences(classic())
    life.assign("a", 8)
    with pytest.raises(BelowAssigned) as refused:
        life.licences("a", 7)
    assert refused.value.parameters == {"assigned": 8, "licences": 7, "unassign": 1}
    with pytest.raises(NotEnoughLicences):
        life.assign("a", 11)
    life.ask(Assign("a", 7), ChangeLicences("a", 7))
    assert life.subscription("a").licences == 7


def test_changes_wait_for_any_bill_of_the_profile() -> None:
    life = ten_licences(classic())
    life.licences("a", 9)
    life.days("2026-01-25")
    life.buy("b", a_plan("31.00", "month"))
    # a: 20 January to 14 February given back: 125.00 × (310 - 26)/310 = 114.516; 125.00 - 114.52 = 10.48. b: 31.00.
    assert lines(life.documents[1]) == [
        ("credit", "2026-01-20", "2026-02-15", 1, "-10.48"),
        ("recurring", "2026-01-25", "2026-02-25", 1, "31.00"),
    ]
    life.days("2026-02-14")
    assert len(life.documents) == 2


def test_credits_given_up_before_an_end_follow_the_policy_of_changes() -> None:
    life = ten_licences(classic(refund={"change": "to_method", "end": "none"}))
    life.licences("a", 2)
    life.cancel("a")
    # 8 seats × 26 days: 125.00 × (310 - 208)/310 = 41.129; 125.00 - 41.13 = 83.87, back to the method.
    assert life.totals == ["125.00", "-83.87"]
    assert life.received == ["41.13"]
    assert life.credit == "0.00"


def test_a_price_of_zero_makes_no_line_for_ever() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("0", "month"), licences=10)
    life.licences("a", 20)
    life.days("2026-04-01")
    life.cancel("a")
    life.days("2026-05-01")
    assert life.totals == []


def test_a_million_licences_at_a_fraction_of_a_cent_are_charged_exactly() -> None:
    life = an_account("2026-02-01")
    life.buy("a", a_plan("0.000123456789", "month"), licences=1_000_000, terms=classic(licences={"max": 1_000_000}))
    # 0.000123456789 × 1 000 000 = 123.456789
    assert life.totals == ["123.46"]
    life.days("2026-02-15")
    life.cancel("a")
    # Kept 14 of 28 days: 123.46 / 2 = 61.73.
    assert life.totals == ["123.46", "-61.73"]


def test_an_amount_beyond_all_bounds_is_refused_before_it_is_ever_billed() -> None:
    life = an_account("2026-01-15")
    dear = a_plan("9999999999.99", "month")
    # 1,000 of them are 9,999,999,999,990.00, just below the bound of 10,000,000,000,000.00; 1,001 are above it.
    with pytest.raises(AmountTooLarge):
        life.buy("a", dear, licences=1001)
    life.buy("a", dear, licences=1000)
    assert life.totals == ["9999999999990.00"]
    with pytest.raises(AmountTooLarge):
        life.licences("a", 1001)
