from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from core.build import Life, a_plan, an_account
from prorata.core.calendar import every
from prorata.core.events import (
    Cancel,
    ChangeLicences,
    ChangePlan,
    ExtendTrial,
    GiveCredit,
    GiveDiscount,
    Late,
    MoveAnchor,
    Pause,
    SetPayment,
    SetPrice,
    SetRenewal,
    StopConversion,
)
from prorata.core.insights.fingerprint import LENGTH, fingerprint
from prorata.core.money import currency, money, unit_price


def an_open_question() -> Life:
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("12.50", "month"), licences=10)
    life.days("2026-02-03")
    return life


CANCEL = Cancel("a", "now")


def test_what_was_shown_is_confirmed_later_the_same_day() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.at += timedelta(hours=3)
    assert len(shown) == LENGTH
    assert fingerprint(life.preview(CANCEL)) == shown


def test_another_day_has_another_answer() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.evening()
    assert fingerprint(life.preview(CANCEL)) != shown


def test_another_question_has_another_answer() -> None:
    life = an_open_question()
    asked = [CANCEL, Cancel("a", "now", refund="credit"), Cancel("a", "period_end"), ChangeLicences("a", 12)]
    assert len({fingerprint(life.preview(event)) for event in asked}) == len(asked)


def test_what_somebody_else_did_in_between_is_noticed() -> None:
    for meanwhile in (ChangeLicences("a", 11), ChangeLicences("a", 9, when="renewal")):
        life = an_open_question()
        shown = fingerprint(life.preview(CANCEL))
        life.ask(meanwhile)
        assert fingerprint(life.preview(CANCEL)) != shown


def test_a_payment_in_between_is_noticed_because_other_money_comes_back() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.pay(1)
    assert fingerprint(life.preview(CANCEL)) != shown


def test_a_change_there_and_back_is_noticed_as_well() -> None:
    life = an_open_question()
    shown = fingerprint(life.preview(CANCEL))
    life.licences("a", 12)
    life.licences("a", 10)
    assert fingerprint(life.preview(CANCEL)) != shown


EUR = currency("EUR")
PREMIUM = replace(a_plan("20.00", "month"), name="premium")
BUSINESS = replace(a_plan("12.50", "month"), name="business")


def test_each_verb_that_writes_no_document_has_an_answer_of_its_own() -> None:
    life = an_open_question()
    asked = [
        ChangePlan("a", PREMIUM, "renewal"),
        ChangePlan("a", PREMIUM, "renewal", "restart"),
        ChangePlan("a", replace(a_plan("120.00", "year"), name="yearly"), "renewal"),
        ChangePlan("a", PREMIUM, "now"),
        MoveAnchor("a", 20),
        MoveAnchor("a", 21),
        MoveAnchor("a", date(2026, 3, 20)),
        Pause("a"),
        SetRenewal("a", renews=False),
        Cancel("a", "period_end"),
        GiveCredit(money("10.00", EUR)),
        GiveCredit(money("11.00", EUR)),
        GiveDiscount("a", Fraction(10)),
        GiveDiscount("a", Fraction(20)),
        GiveDiscount("a", amount=money("10.00", EUR)),
        GiveDiscount("a", Fraction(10), long=every("month")),
        GiveDiscount(None, Fraction(10)),
        SetPrice(BUSINESS, unit_price("13.50", EUR)),
        SetPrice(BUSINESS, unit_price("14.50", EUR)),
        SetPayment("automatic"),
        Late(ChangeLicences("a", 12), date(2026, 1, 20)),
        Late(ChangeLicences("a", 12), date(2026, 1, 21)),
    ]
    assert len({fingerprint(life.preview(event)) for event in asked}) == len(asked)


def test_the_verbs_of_a_trial_have_answers_of_their_own() -> None:
    life = an_account("2026-01-15")
    life.buy("a", replace(a_plan("12.50", "month"), trial=every("30 days")), licences=10)
    life.days("2026-02-03")
    asked = [ExtendTrial("a"), StopConversion("a"), ChangeLicences("a", 12)]
    assert len({fingerprint(life.preview(event)) for event in asked}) == len(asked)


def test_what_is_entered_late_is_confirmed_later_the_same_day() -> None:
    life = an_open_question()
    late = Late(ChangePlan("a", PREMIUM, "now"), date(2026, 1, 20), "found in the post")
    shown = fingerprint(life.preview(late))
    life.at += timedelta(hours=3)
    assert fingerprint(life.preview(late)) == shown


def test_a_discount_that_somebody_gave_in_between_is_noticed() -> None:
    life = an_open_question()
    asked = ChangeLicences("a", 12)
    shown = fingerprint(life.preview(asked))
    life.ask(GiveDiscount(None, Fraction(10)))
    assert fingerprint(life.preview(asked)) != shown
