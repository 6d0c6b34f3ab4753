"""The verbs of a story: each is read as the event of the core that it means."""

from datetime import date
from fractions import Fraction

import pytest

from prorata.cli.story_file import read_story
from prorata.core.calendar import every
from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    ChangePlan,
    Event,
    ExtendTrial,
    GiveBack,
    GiveCredit,
    GiveDiscount,
    Late,
    MoveAnchor,
    Pause,
    Pay,
    Reactivate,
    Resume,
    SetPayment,
    SetPrice,
    SetRenewal,
    StopConversion,
    Subscribe,
    Undo,
)
from prorata.core.money import Money, currency, money, unit_price
from prorata.core.stories.model import StoryEvent

HEAD = """
story: A test
plans:
  business: {price: "12.50", every: month}
  premium: {price: "20.00", every: year, terms: {billed: arrears}}
events:
  - {at: 2026-01-15, subscribe: business, as: a}
"""
EUR = currency("EUR")


def told(text: str) -> StoryEvent:
    return read_story(f"{HEAD}  - {{at: 2026-01-16, {text}}}\n".encode()).story.events[1]


def event(text: str) -> Event:
    return told(text).event


def euros(text: str) -> Money:
    return money(text, EUR)


def test_licences_are_changed_and_assigned():
    assert event("licences: 12, of: a, when: renewal") == ChangeLicences("a", 12, "renewal")
    assert event("assign: 8, of: a") == Assign("a", 8)


def test_a_plan_is_changed_now_or_at_the_renewal_with_an_anchor_and_licences():
    def changed(text: str) -> ChangePlan:
        found = event(f"change_plan: premium, of: a{text}")
        assert isinstance(found, ChangePlan)
        assert (found.subscription, found.plan.name, found.plan.every) == ("a", "premium", every("year"))
        return found

    plain = changed("")
    assert (plain.when, plain.anchor, plain.licences, plain.by) == (None, None, None, "admin")
    full = changed(", when: renewal, anchor: restart, licences: 7, by: vendor")
    assert (full.when, full.anchor, full.licences, full.by) == ("renewal", "restart", 7, "vendor")
    assert changed(", when: now, anchor: keep").anchor == "keep"
    assert changed(", anchor: 31").anchor == 31
    assert changed(", anchor: 2026-03-01").anchor == date(2026, 3, 1)
    assert changed(', anchor: "2026-03-01"').anchor == date(2026, 3, 1)


def test_an_anchor_is_moved_to_a_day_of_the_month_or_to_a_date():
    assert event("anchor: 20, of: a") == MoveAnchor("a", 20)
    assert event("anchor: 2026-07-01, of: a") == MoveAnchor("a", date(2026, 7, 1))
    assert event('anchor: "2026-07-01", of: a') == MoveAnchor("a", date(2026, 7, 1))


@pytest.mark.parametrize(("written", "renews"), [("off", False), ('"off"', False), ("on", True), ("'on'", True)])
def test_the_renewal_is_switched_with_a_bare_word_or_one_in_quotes(written: str, *, renews: bool):
    assert event(f"renewal: {written}, of: a") == SetRenewal("a", renews)


def test_true_and_false_switch_the_renewal_too_for_json_has_no_on_and_off():
    assert event("renewal: false, of: a") == SetRenewal("a", renews=False)
    assert event("renewal: true, of: a") == SetRenewal("a", renews=True)


def test_a_subscription_is_cancelled_now_at_the_periods_end_or_on_a_day():
    assert event("cancel: a") == Cancel("a")
    assert event("cancel: a, when: period_end, refund: none, by: vendor") == Cancel("a", "period_end", "none", "vendor")
    assert event("cancel: a, when: 2026-03-03") == Cancel("a", date(2026, 3, 3))
    assert event('cancel: a, when: "2026-03-03"') == Cancel("a", date(2026, 3, 3))


def test_some_verbs_say_nothing_but_the_subscription():
    assert event("undo: a") == Undo("a")
    assert event("pause: a") == Pause("a")
    assert event("resume: a") == Resume("a")
    assert event("reactivate: a, by: vendor") == Reactivate("a", "vendor")
    assert event("extend_trial: a") == ExtendTrial("a")
    assert event("stop_conversion: a") == StopConversion("a")


def test_what_is_open_is_paid_whole_or_in_part():
    assert event("pay: all") == Pay()
    assert event('pay: 2, amount: "75.00"') == Pay(2, euros("75.00"))
    assert event("payment: declining") == SetPayment("declining")


def test_money_is_given_back_with_and_without_lowering_what_was_charged():
    assert event("refund: 1, by: vendor") == GiveBack(1)
    assert event('refund: 1, amount: "7.00", adjust: true, by: vendor') == GiveBack(1, euros("7.00"), adjust=True)
    assert event("refund: 1") == GiveBack(1, by="admin")


def test_goodwill_goes_to_the_account_or_onto_a_line():
    assert event('credit: "10.00", by: vendor') == GiveCredit(euros("10.00"))
    assert event('credit: "10.00", of_document: 1, line: 2, by: vendor') == GiveCredit(euros("10.00"), 1, 2)


def test_a_plan_gets_a_new_price():
    found = event('price: "13.505", plan: business, by: vendor')
    assert isinstance(found, SetPrice)
    assert (found.plan.name, found.amount, found.by) == ("business", unit_price("13.505", EUR), "vendor")


def test_a_discount_is_percent_or_an_amount_for_a_time_or_for_good_of_one_or_of_all():
    assert event('discount: {percent: "12.5", for: 3 months}, of: a, by: vendor') == GiveDiscount(
        "a", percent=Fraction(25, 2), long=every("3 months")
    )
    assert event('discount: {amount: "5.00"}, by: vendor') == GiveDiscount(None, amount=euros("5.00"))


def test_a_bill_is_written_by_hand():
    assert event("bill: true") == Bill()


def test_any_event_may_be_entered_late_and_say_why():
    assert event("pause: a, effective: 2026-01-15") == Late(Pause("a"), date(2026, 1, 15))
    late = told('cancel: a, effective: "2026-01-15", reason: "The letter lay about", by: vendor, preview: true')
    assert late.event == Late(Cancel("a", by="vendor"), date(2026, 1, 15), "The letter lay about")
    assert late.preview


def test_what_is_entered_late_is_of_its_subscription_all_the_same():
    late = told("pause: a, effective: 2026-01-15")
    assert (late.what, late.subscription) == (Pause("a"), "a")
    assert told('discount: {percent: "10"}, of: a').subscription == "a"
    assert told('discount: {percent: "10"}').subscription is None
    assert told("subscribe: premium, effective: 2026-01-15").subscription is None


def test_a_subscription_that_is_bought_late_can_be_named():
    text = f"{HEAD}  - {{at: 2026-01-16, subscribe: business, as: b, effective: 2026-01-15}}\n"
    events = read_story(f"{text}  - {{at: 2026-01-17, pause: b}}\n".encode()).story.events
    assert events[2].event == Pause("b")


def test_a_purchase_may_have_an_anchor_of_its_own():
    def anchor(text: str) -> object:
        bought = event(f"subscribe: business, as: b, anchor: {text}")
        assert isinstance(bought, Subscribe)
        return bought.anchor

    assert anchor("31") == 31
    assert anchor("calendar") == "calendar"
    assert anchor("2026-02-01") == date(2026, 2, 1)
    assert anchor('"2026-02-01"') == date(2026, 2, 1)
