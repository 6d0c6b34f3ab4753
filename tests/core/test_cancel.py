import pytest

from core.build import Life, a_plan, an_account, classic, commit, day, lines
from prorata.core.actors import Side
from prorata.core.errors import DomainError
from prorata.core.events import Assign, Cancel, ChangeLicences, Subscribe
from prorata.core.subscriptions.cancel import (
    AlreadyCancelled,
    BeforeStart,
    EndInThePast,
    NothingToUndo,
    TooManyLicences,
    over_limit,
)
from prorata.core.subscriptions.change import AlreadyEnded

MONTHLY = a_plan("12.50", "month")


def with_licences(licences: int, **keys: object) -> Life:
    """Ten or so licences at 12.50 a month, bought on 15 January."""
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=licences, terms=classic(**keys))
    return life


def test_now_ends_the_subscription_at_once() -> None:
    life = with_licences(10)
    life.days("2026-02-03")
    life.cancel("a", "now")
    ending = life.subscription("a").ending
    assert life.subscription("a").state == "disabled"
    assert ending
    assert (ending.on, ending.charged_to) == (day("2026-02-03"), day("2026-02-03"))


def test_the_day_of_an_end_is_not_charged() -> None:
    life = with_licences(10)
    life.days("2026-02-03")
    life.cancel("a", "now")
    # Used 15 January to 2 February, 19 days: 125.00 × 190/310 = 76.6129; 125.00 - 76.61 = 48.39.
    assert lines(life.documents[1]) == [("credit", "2026-02-03", "2026-02-15", 10, "-48.39")]


def test_the_day_of_an_end_is_charged_where_the_terms_say_so() -> None:
    life = with_licences(10, end_day="charged")
    life.days("2026-02-03")
    life.cancel("a", "now")
    # 20 days: 125.00 × 200/310 = 80.6451; 125.00 - 80.65 = 44.35.
    assert lines(life.documents[1]) == [("credit", "2026-02-04", "2026-02-15", 10, "-44.35")]


def test_cancelled_on_the_last_day_of_a_period_that_day_comes_back() -> None:
    life = with_licences(10)
    life.days("2026-02-14")
    life.cancel("a", "now")
    # 30 days used: 125.00 × 300/310 = 120.9677; 125.00 - 120.97 = 4.03.
    assert lines(life.documents[1]) == [("credit", "2026-02-14", "2026-02-15", 10, "-4.03")]


def test_cancelled_on_the_last_day_with_that_day_charged_nothing_comes_back() -> None:
    life = with_licences(10, end_day="charged")
    life.days("2026-02-14")
    life.cancel("a", "now")
    life.days("2026-03-20")
    assert life.totals == ["125.00"]


def test_at_the_period_end_nothing_is_credited_and_nothing_more_is_charged() -> None:
    life = with_licences(10, end_day="charged")
    life.days("2026-02-03")
    life.cancel("a", "period_end")
    life.days("2026-02-15")
    assert life.subscription("a").state == "active"
    life.days("2026-06-01")
    assert life.totals == ["125.00"]


def test_on_a_renewal_day_the_period_end_is_the_next_one() -> None:
    life = with_licences(10)
    life.days("2026-02-15")
    life.cancel("a", "period_end")
    ending = life.subscription("a").ending
    assert ending
    assert ending.on == day("2026-03-15")


def test_on_a_date_in_the_next_period_that_period_is_charged_up_to_it() -> None:
    life = with_licences(10)
    life.days("2026-02-03")
    life.cancel("a", day("2026-02-25"))
    life.days("2026-06-01")
    # 15 to 24 February are 10 of 28 days: 125.00 × 10/28 = 44.6428.
    assert lines(life.documents[1]) == [("recurring", "2026-02-15", "2026-02-25", 10, "44.64")]
    assert len(life.documents) == 2


def test_taking_a_cancellation_back_charges_the_rest_and_keeps_the_grid() -> None:
    life = with_licences(10)
    life.days("2026-02-03")
    life.cancel("a", day("2026-02-25"))
    life.days("2026-02-20")
    life.undo("a")
    life.days("2026-03-16")
    # 25 February to 14 March are 18 of 28 days: 125.00 × 18/28 = 80.357; then 15 March to 14 April.
    assert lines(life.documents[2]) == [("recurring", "2026-02-25", "2026-03-15", 10, "80.36")]
    assert lines(life.documents[3]) == [("recurring", "2026-03-15", "2026-04-15", 10, "125.00")]


def test_cancel_undo_and_cancel_again_end_once() -> None:
    life = with_licences(10)
    life.days("2026-02-03")
    life.cancel("a", day("2026-02-10"))
    life.undo("a")
    life.cancel("a", day("2026-02-10"))
    life.days("2026-03-20")
    # 26 of 31 days used: 125.00 × 260/310 = 104.8387; 125.00 - 104.84 = 20.16.
    assert life.totals == ["125.00", "-20.16"]


def test_cancelled_on_the_day_of_the_purchase_everything_comes_back() -> None:
    life = with_licences(10)
    life.cancel("a")
    assert life.totals == ["125.00", "-125.00"]
    assert life.received == ["0.00"]
    assert life.credit == "0.00"


def test_bought_and_cancelled_at_one_instant_nothing_is_written() -> None:
    life = an_account("2026-01-15")
    life.ask(Subscribe("a", MONTHLY, classic(), licences=10), Cancel("a", "now"))
    life.days("2026-03-01")
    assert life.totals == []


def test_within_the_window_at_once_and_after_it_at_the_period_end() -> None:
    for today, state in (("2026-01-15", "disabled"), ("2026-01-22", "disabled"), ("2026-01-23", "active")):
        life = an_account("2026-01-15")
        life.buy("a", MONTHLY, licences=10, terms=commit())
        life.days(today)
        life.cancel("a")
        assert life.subscription("a").state == state, today


def test_the_window_opens_again_at_each_renewal() -> None:
    for today, state in (("2026-02-15", "disabled"), ("2026-02-22", "disabled"), ("2026-02-23", "active")):
        life = an_account("2026-01-15")
        life.buy("a", MONTHLY, licences=10, terms=commit())
        life.days(today)
        life.cancel("a")
        assert life.subscription("a").state == state, today


def test_a_window_of_no_days_is_the_first_day_alone() -> None:
    for today, state in (("2026-01-15", "disabled"), ("2026-01-16", "active")):
        life = an_account("2026-01-15")
        life.buy("a", MONTHLY, terms=commit(window_days=0))
        life.days(today)
        life.cancel("a")
        assert life.subscription("a").state == state, today


@pytest.mark.parametrize("assigned", [24, 25])
def test_up_to_25_assigned_licences_are_cancelled_online(assigned: int) -> None:
    life = with_licences(40)
    life.assign("a", assigned)
    life.cancel("a")
    assert life.subscription("a").state == "disabled"


def test_with_26_assigned_licences_one_must_go_first() -> None:
    life = with_licences(40)
    life.assign("a", 26)
    with pytest.raises(TooManyLicences) as refused:
        life.cancel("a")
    assert refused.value.parameters == {"licences": 26, "limit": 25, "remove": 1, "counts": "assigned"}
    life.assign("a", 25)
    life.cancel("a")
    assert life.subscription("a").state == "disabled"


def test_the_limit_stands_in_the_way_of_a_later_end_too() -> None:
    life = with_licences(40)
    life.assign("a", 26)
    for when in ("period_end", day("2026-02-01")):
        with pytest.raises(TooManyLicences):
            life.ask(Cancel("a", when=when))


def test_a_limit_may_count_what_is_bought() -> None:
    life = with_licences(26, online_cancel_limit={"counts": "purchased"})
    with pytest.raises(TooManyLicences):
        life.cancel("a")
    life.licences("a", 25)
    life.cancel("a")
    assert life.subscription("a").state == "disabled"


def test_the_seats_that_must_go_and_the_cancellation_are_one_decision() -> None:
    life = with_licences(40)
    life.assign("a", 40)
    life.ask(Assign("a", 25), ChangeLicences("a", 25), Cancel("a"))
    assert life.subscription("a").state == "disabled"
    assert life.totals == ["500.00", "-500.00"]  # 40 × 12.50, on its first day


@pytest.mark.parametrize(("kind", "by"), [("consumer", "admin"), ("business", "vendor")])
def test_consumers_and_the_vendor_know_no_limit(kind: str, by: Side) -> None:
    life = with_licences(40)
    life.assign("a", 40)
    assert over_limit(life.subscription("a"), kind=kind, by=by) is None
    assert over_limit(life.subscription("a"), kind="business", by="admin") is not None


def refusal(life: Life, event: Cancel) -> type[DomainError]:
    with pytest.raises(DomainError) as refused:
        life.ask(event)
    return refused.type


def test_what_cannot_be_cancelled_is_refused() -> None:
    life = with_licences(10)
    life.days("2026-01-20")
    assert refusal(life, Cancel("a", day("2026-01-14"))) is BeforeStart
    assert refusal(life, Cancel("a", day("2026-01-19"))) is EndInThePast
    life.cancel("a", "period_end")
    assert refusal(life, Cancel("a", "now")) is AlreadyCancelled
    life.undo("a")
    life.cancel("a", "now")
    assert refusal(life, Cancel("a", "now")) is AlreadyEnded


def test_without_anything_pending_there_is_nothing_to_undo() -> None:
    life = with_licences(10)
    with pytest.raises(NothingToUndo):
        life.undo("a")


def test_an_end_that_has_come_is_not_taken_back() -> None:
    life = with_licences(10)
    life.cancel("a", "now")
    with pytest.raises(AlreadyEnded):
        life.undo("a")


def test_undo_takes_back_what_was_asked_for_last() -> None:
    life = with_licences(10)
    life.licences("a", 8, when="renewal")
    life.cancel("a", "period_end")
    life.undo("a")
    assert life.subscription("a").ending is None
    assert life.subscription("a").pending is not None
    life.undo("a")
    assert life.subscription("a").pending is None


def test_undo_takes_back_what_was_asked_for_last_at_one_instant_too() -> None:
    life = with_licences(10)
    life.ask(Cancel("a", "period_end"), ChangeLicences("a", 8, when="renewal"))
    life.undo("a")
    assert life.subscription("a").pending is None
    assert life.subscription("a").ending is not None


def test_a_waiting_total_takes_effect_before_the_last_day_is_charged() -> None:
    life = with_licences(10, end_day="charged")
    life.licences("a", 1, when="renewal")
    life.cancel("a", day("2026-02-15"))
    life.days("2026-02-16")
    # On 15 February there is 1 licence: 12.50 × 1/28 = 0.446.
    assert life.totals == ["125.00", "0.45"]


def test_the_final_document_waits_for_the_next_billing_date_but_thirty_days_at_most() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("365.00", "year"), terms=classic(final_document="next_billing_date"))
    life.days("2026-03-01")
    life.cancel("a")
    life.days("2026-04-30")
    # 15 January to 28 February are 45 days at 1.00; 365.00 - 45.00; 1 March and 30 days.
    assert life.totals == ["365.00", "-320.00"]
    assert life.documents[1].date == day("2026-03-31")


def test_a_final_document_at_the_period_end_is_of_that_billing_date() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=10, terms=classic(billed="arrears", final_document="next_billing_date"))
    life.cancel("a", "period_end")
    life.days("2026-03-20")
    assert life.totals == ["125.00"]
    assert life.documents[0].date == day("2026-02-15")


def test_in_arrears_the_last_share_is_billed_at_the_end() -> None:
    life = with_licences(10, billed="arrears", end_day="charged")
    life.days("2026-02-20")
    life.cancel("a", "now")
    # 15 to 20 February, the last day charged: 6 of 28 days: 125.00 × 6/28 = 26.7857.
    assert life.totals == ["125.00", "26.79"]


def test_seats_that_no_bill_had_yet_are_not_charged_for_days_after_an_end_without_refund() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("1200.00", "year"))
    life.days("2026-01-20")
    life.licences("a", 2)
    life.cancel("a", refund="none")
    life.days("2026-03-01")
    # The second licence came and went on 20 January, before any bill: only the first year of the first is charged.
    assert life.totals == ["1200.00"]
