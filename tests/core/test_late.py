"""What is entered late counts from its day, as if it had happened then."""

import pytest

from core.build import Life, a_plan, an_account, classic, day, lines
from prorata.core.billing.due import due_on
from prorata.core.events import ChangeLicences, ChangePlan, Event, Late, MoveAnchor, SetRenewal
from prorata.core.step import EffectiveInTheFuture, TooFarBack
from prorata.core.subscriptions.cancel import BeforeStart

NOW = classic(invoice_changes="now")
MONTHLY = a_plan("31.00", "month")


def late(life: Life, event: Event, on: str) -> None:
    life.ask(Late(event, day(on), "found in the post"))


def test_licences_entered_late_are_charged_from_their_day() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=2, terms=NOW)
    life.days("2026-01-25")
    late(life, ChangeLicences("a", 3), "2026-01-20")
    life.evening()
    # 31.00 × 26 of 31 days
    assert lines(life.documents[1]) == [("recurring", "2026-01-20", "2026-02-15", 1, "26.00")]


def test_the_total_of_today_entered_for_an_earlier_day_is_in_force_from_that_day() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=2, terms=NOW)
    life.days("2026-01-22")
    life.licences("a", 3)
    life.days("2026-01-25")
    late(life, ChangeLicences("a", 3), "2026-01-20")
    life.evening()
    # From the 22nd on the third one is charged already: 31.00 × 2 of 31 days.
    assert lines(life.documents[2]) == [("recurring", "2026-01-20", "2026-01-22", 1, "2.00")]


def test_more_or_fewer_is_judged_by_the_total_of_the_day_it_counts_from() -> None:
    terms = classic(invoice_changes="now", add_licences="renewal")
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=2, terms=terms)
    life.days("2026-01-22")
    life.licences("a", 5, when="now")
    life.days("2026-01-25")
    # Four are more than the two of that day: under these terms they wait for the renewal, and then there are four.
    late(life, ChangeLicences("a", 4), "2026-01-20")
    pending = life.subscription("a").pending
    assert pending
    assert (pending.licences, pending.effective) == (4, day("2026-02-15"))


def test_a_renewal_that_has_passed_by_now_takes_effect_at_once() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=2, terms=NOW)
    life.days("2026-02-20")
    late(life, ChangeLicences("a", 3, when="renewal"), "2026-02-10")
    assert life.subscription("a").licences == 3
    assert due_on(life.history, life.today) == life.today
    life.evening()
    # From 15 February on: 31.00 for all of its 28 days.
    assert lines(life.documents[2]) == [("recurring", "2026-02-15", "2026-03-15", 1, "31.00")]


def test_an_end_that_has_passed_by_now_takes_effect_at_once() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, terms=NOW)
    life.days("2026-02-20")
    late(life, SetRenewal("a", renews=False), "2026-02-10")
    assert life.subscription("a").state == "expired"
    life.evening()
    assert lines(life.documents[2]) == [("credit", "2026-02-15", "2026-03-15", 1, "-31.00")]


def test_a_plan_entered_late_waits_from_the_day_it_is_entered_on() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("365.00", "year"))
    life.days("2026-03-03")
    monthly = a_plan("28.00", "month", name="monthly")
    late(life, ChangePlan("a", monthly, anchor=20), "2026-02-21")
    # The month of that grid began the day before the plan was in force: no bill takes the change along before 30 days.
    life.days("2026-03-20")
    assert life.totals == ["365.00"]
    life.evening()
    # The year's rest, 328 of 365 days; then 28.00 × 27 of 28 days, and the month that begins.
    assert [line[1:] for line in lines(life.documents[1])] == [
        ("2026-02-21", "2027-01-15", 1, "-328.00"),
        ("2026-02-21", "2026-03-20", 1, "27.00"),
        ("2026-03-20", "2026-04-20", 1, "28.00"),
    ]


def test_a_day_to_come_is_refused() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    with pytest.raises(EffectiveInTheFuture):
        late(life, ChangeLicences("a", 3), "2026-01-16")


def test_a_day_before_the_start_is_refused() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.days("2026-01-20")
    with pytest.raises(BeforeStart):
        late(life, ChangeLicences("a", 3), "2026-01-14")


def test_a_day_too_far_back_is_refused() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, terms=classic(backdate_days=5))
    life.days("2026-01-25")
    with pytest.raises(TooFarBack) as refused:
        late(life, ChangeLicences("a", 3), "2026-01-19")
    assert refused.value.parameters == {"effective": "2026-01-19", "earliest": "2026-01-20", "days": 5}


def test_an_anchor_moved_is_taken_along_by_any_bill_of_the_profile() -> None:
    life = an_account("2026-01-15")
    life.buy("year", a_plan("365.00", "year"), anchor=1)
    life.buy("month", MONTHLY)
    life.days("2026-02-01")
    life.ask(MoveAnchor("year", 10))
    life.days("2026-02-16")
    # Billed to 1 January; the year of the new grid runs to 10 January: nine of its 365 days come with the month's bill.
    assert lines(life.documents[2]) == [
        ("recurring", "2027-01-01", "2027-01-10", 1, "9.00"),
        ("recurring", "2026-02-15", "2026-03-15", 1, "31.00"),
    ]


def test_another_plan_entered_for_a_day_before_a_term_ended_leaves_that_end_where_it_is() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("31.00", "month", term="45 days"), terms=NOW)
    life.days("2026-03-10")
    late(life, ChangePlan("a", a_plan("62.00", "month", name="dear", term="year"), when="now"), "2026-02-20")
    life.evening()
    ending = life.subscription("a").ending
    assert ending
    assert ending.on == day("2026-03-01")
    # 31.00 × 14/28 were charged to 1 March; 5 of those 14 days are used: 15.50 - 5.54 = 9.96. For the other nine:
    # 62.00 × 9/28 = 19.9286.
    assert lines(life.documents[2]) == [
        ("credit", "2026-02-20", "2026-03-01", 1, "-9.96"),
        ("recurring", "2026-02-20", "2026-03-01", 1, "19.93"),
    ]


def test_an_anchor_moved_late_is_that_of_the_plan_of_its_day() -> None:
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, terms=classic(billed="arrears"))
    life.days("2026-01-25")
    life.ask(ChangePlan("a", a_plan("2.00", "day", name="daily"), when="now"))
    late(life, MoveAnchor("a", 20), "2026-01-20")
    life.evening()
    # 31.00 × 5/31 of the month from the 15th, and as much of that from the 20th; days at 2.00 come from the 25th on.
    assert lines(life.documents[0]) == [
        ("recurring", "2026-01-15", "2026-01-20", 1, "5.00"),
        ("recurring", "2026-01-20", "2026-01-25", 1, "5.00"),
    ]


BASIC, PRO, PREMIUM = (a_plan(price, "month", name=name) for price, name in (("31", "b"), ("62", "pro"), ("93", "p")))


def waiting_since_the_10th(event: Event) -> Life:
    """Basic since 15 January, and something asked for on 10 February that waits for the renewal of the 15th."""
    life = an_account("2026-01-15")
    life.buy("a", BASIC, licences=2, terms=NOW)
    life.days("2026-02-10")
    life.ask(event)
    life.days("2026-02-12")
    return life


def test_a_plan_that_was_asked_for_later_still_waits_after_one_that_is_entered_for_an_earlier_day() -> None:
    life = waiting_since_the_10th(ChangePlan("a", PREMIUM, when="renewal"))
    late(life, ChangePlan("a", PRO, when="now"), "2026-02-05")
    life.days("2026-02-17")
    sold = [(entry.effective.isoformat(), entry.plan.name) for entry in life.subscription("a").plans]
    assert sold == [("2026-01-15", "b"), ("2026-02-05", "pro"), ("2026-02-15", "p")]


def test_a_total_that_was_asked_for_later_still_waits_after_one_that_is_entered_for_an_earlier_day() -> None:
    life = waiting_since_the_10th(ChangeLicences("a", 7, when="renewal"))
    late(life, ChangeLicences("a", 3, when="now"), "2026-02-05")
    life.days("2026-02-17")
    totals = [(change.effective.isoformat(), change.licences) for change in life.subscription("a").changes]
    assert totals == [("2026-01-15", 2), ("2026-02-05", 3), ("2026-02-15", 7)]


def test_what_is_entered_late_takes_the_place_of_what_waited_by_then() -> None:
    life = waiting_since_the_10th(ChangePlan("a", PREMIUM, when="renewal", licences=7))
    late(life, ChangePlan("a", PRO, when="now", licences=3), "2026-02-10")
    # Entered for that day itself it is the last that was said on it.
    assert (life.subscription("a").pending, life.subscription("a").pending_plan) == (None, None)


def test_what_waits_and_is_in_force_since_an_earlier_day_waits_no_longer() -> None:
    life = waiting_since_the_10th(ChangePlan("a", PREMIUM, when="renewal", licences=7))
    late(life, ChangePlan("a", PREMIUM, when="now", licences=7), "2026-02-05")
    assert (life.subscription("a").pending, life.subscription("a").pending_plan) == (None, None)


def test_what_waits_for_the_renewal_waits_for_that_of_a_grid_that_is_entered_late() -> None:
    life = waiting_since_the_10th(ChangePlan("a", PREMIUM, when="renewal"))
    late(life, ChangePlan("a", PRO, when="now", anchor=11), "2026-02-05")
    # The renewal after the 10th was the next day: from then on it is the plan that was asked for.
    sold = [(entry.effective.isoformat(), entry.plan.name) for entry in life.subscription("a").plans]
    assert sold == [("2026-01-15", "b"), ("2026-02-05", "pro"), ("2026-02-11", "p")]


def test_of_two_that_wait_for_the_renewal_the_one_asked_for_later_is_in_force_whenever_it_was_entered() -> None:
    life = waiting_since_the_10th(ChangeLicences("a", 7, when="renewal"))
    late(life, ChangeLicences("a", 5, when="renewal"), "2026-02-05")
    life.days("2026-02-17")
    assert life.subscription("a").licences == 7


def test_what_waits_and_was_itself_entered_late_was_asked_for_on_its_day() -> None:
    life = waiting_since_the_10th(ChangeLicences("a", 4, when="now"))
    late(life, ChangePlan("a", PREMIUM, when="renewal", licences=7), "2026-02-04")
    late(life, ChangePlan("a", PRO, when="renewal", licences=3), "2026-02-05")
    life.days("2026-02-17")
    assert (life.subscription("a").plan.name, life.subscription("a").licences) == ("pro", 3)


def test_of_two_that_are_entered_late_for_one_day_the_last_counts() -> None:
    life = waiting_since_the_10th(ChangeLicences("a", 2, when="now"))
    late(life, ChangeLicences("a", 7, when="renewal"), "2026-02-05")
    late(life, ChangeLicences("a", 2, when="now"), "2026-02-05")
    assert life.subscription("a").pending is None
