"""The whole timetable of a subscription and its state on a day, with every date worked out by hand."""

from datetime import date

import pytest

from core.build import Life, a_plan, an_account, classic, day
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import with_terms
from prorata.core.catalog.terms import Agreement
from prorata.core.events import Pause, Reactivate, SetRenewal
from prorata.core.insights.life import Entry, life_of

MONTHLY = a_plan("10.00", "month")
TRIAL = a_plan("10.00", "month", trial="14 days")


def told(life: Life, on: str, *, name: str = "a") -> list[str]:
    """The timetable as it is on a day: a word for what is not certain, the day, what happens, and how many licences."""
    found = life_of(life.subscription(name), day(on), history=life.history)
    return [_said(entry) for entry in found.entries]


def _said(entry: Entry) -> str:
    how = {"past": "was ", "certain": "", "conditional": "unless paid "}[entry.how]
    return f"{how}{entry.day} {entry.what}{f' {entry.licences}' if entry.licences else ''}"


def state(life: Life, on: str) -> str | None:
    return life_of(life.subscription("a"), day(on), history=life.history).state


def test_what_runs_has_begun_and_renews_at_the_next_boundary_of_its_grid():
    life = an_account("2026-01-31")
    life.buy("a", MONTHLY, licences=3)
    assert told(life, "2026-01-31") == ["was 2026-01-31 bought 3", "2026-02-28 renews 3"]
    # The grid springs back: 31 January, 28 February, 31 March.
    assert told(life, "2026-02-28") == ["was 2026-01-31 bought 3", "2026-03-31 renews 3"]


def test_a_renewal_says_the_licences_that_there_will_be():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=5)
    life.licences("a", 2, when="renewal")
    assert told(life, "2026-01-15") == ["was 2026-01-15 bought 5", "2026-02-15 renews 2", "2026-02-15 licences 2"]


def test_a_leap_year_and_a_cancellation_skips_the_grace():
    life = an_account("2028-01-29")
    life.buy("a", MONTHLY, licences=3)
    life.cancel("a", "period_end")
    # 29 January and a month is 29 February, which 2028 has. 90 days: 1 of February, 31, 30, and 28 of May: 29 May.
    expected = ["2028-02-29 disabled", "2028-05-29 deleted"]
    assert told(life, "2028-01-29") == ["was 2028-01-29 bought 3", *expected]
    assert [state(life, on) for on in ("2028-01-28", "2028-01-29", "2028-02-28", "2028-02-29", "2028-05-29")] == [
        None, "active", "active", "disabled", "deleted"
    ]  # fmt: skip


def test_a_term_that_ends_on_29_february_of_a_leap_year():
    life = an_account("2027-02-28")
    life.buy("a", a_plan("10.00", "year", term="366 days"))
    # 28 February 2027 and 366 days is 29 February 2028; 30 days on is 30 March; 90 more: 1 + 30 + 31 + 28: 28 June.
    assert told(life, "2027-02-28")[-3:] == ["2028-02-29 expires", "2028-03-30 disabled", "2028-06-28 deleted"]
    assert state(life, "2028-02-29") == "expired"
    assert state(life, "2028-03-29") == "expired"
    assert state(life, "2028-03-30") == "disabled"


@pytest.mark.parametrize(
    ("country", "dates"),
    [
        # 15 February and 30 days (13 of February, 17 of March); then 90: 14, 30, 31, 15.
        ("NL", ["2026-02-15 expires", "2026-03-17 disabled", "2026-06-15 deleted"]),
        # 10 days, and 180: 3 of February are left, 31, 30, 31, 30, 31, 24: 24 August.
        ("IT", ["2026-02-15 expires", "2026-02-25 disabled", "2026-08-24 deleted"]),
    ],
)
def test_two_countries_have_lengths_of_their_own(country: str, dates: list[str]):
    special = with_terms(CLASSIC, {"expired_days": 10, "disabled_days": 180})
    terms = Agreement(CLASSIC, by_country=(("IT", special),)).for_customer(country=country, kind="business")
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, terms=terms)
    life.ask(SetRenewal("a", renews=False))
    assert told(life, "2026-01-15") == ["was 2026-01-15 bought 1", *dates]


def test_a_trial_without_a_method_lapses_and_then_is_as_any_that_expired():
    life = an_account("2026-01-15", payment="none")
    life.buy("a", TRIAL, licences=2)
    # 14 days: 29 January. 30 on: 28 February. 90 on: 29 May.
    expected = ["2026-01-29 lapses", "2026-02-28 disabled", "2026-05-29 deleted"]
    assert told(life, "2026-01-15") == ["was 2026-01-15 trial 2", *expected]
    assert state(life, "2026-01-29") == "expired"


def test_a_trial_with_a_method_converts_and_then_renews():
    life = an_account("2026-01-15")
    life.buy("a", TRIAL, licences=2)
    assert told(life, "2026-01-28") == ["was 2026-01-15 trial 2", "2026-01-29 converts"]
    # From the day on that it is sold, a month: 29 January, 28 February.
    after = ["was 2026-01-15 trial 2", "was 2026-01-29 converts", "2026-02-28 renews 2"]
    assert told(life, "2026-01-29") == after
    assert state(life, "2026-01-29") == "active"
    life.days("2026-02-01")
    assert told(life, "2026-02-01") == after


def test_what_is_past_due_is_disabled_unless_it_is_paid():
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("10.00", "year"), terms=classic(payment_terms=14))
    life.days("2026-02-01")
    # Due on 29 January, 14 days after the 15th; disabled 30 days later, on 28 February; deleted after 90: 29 May.
    assert told(life, "2026-01-29") == ["was 2026-01-15 bought 1", "2027-01-15 renews 1"]
    assert told(life, "2026-01-30") == [
        "was 2026-01-15 bought 1",
        "unless paid 2026-02-28 disabled",
        "unless paid 2026-05-29 deleted",
        "2027-01-15 renews 1",
    ]
    life.pay()
    assert told(life, "2026-02-01") == ["was 2026-01-15 bought 1", "2027-01-15 renews 1"]


def test_what_nobody_paid_is_disabled_and_deleted_for_certain():
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("10.00", "year"), terms=classic(payment_terms=14))
    life.days("2026-03-01")
    assert told(life, "2026-03-01") == ["was 2026-01-15 bought 1", "was 2026-02-28 disabled", "2026-05-29 deleted"]
    assert state(life, "2026-03-01") == "disabled"


def test_what_ends_before_nobody_pays_is_not_told_twice():
    life = an_account("2026-01-15", payment="none")
    life.buy("a", MONTHLY, terms=classic(payment_terms=14))
    life.cancel("a", "period_end")
    # The cancellation takes effect on 15 February, the bill of 15 January would end it on the 28th.
    assert told(life, "2026-02-01") == ["was 2026-01-15 bought 1", "2026-02-15 disabled", "2026-05-16 deleted"]


def test_more_assigned_than_bought_has_a_day_by_which_it_is_to_be_put_right():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, licences=5)
    life.assign("a", 1)
    life.licences("a", 3, when="renewal")
    life.assign("a", 5)
    life.days("2026-02-20")
    # From 15 February on two hold a licence for whom there is none; 90 days: 13 + 31 + 30 + 16: 16 May.
    assert told(life, "2026-02-20")[-2:] == ["2026-03-15 renews 3", "2026-05-16 conflict 2"]


def test_a_pause_stands_in_the_life_and_nothing_renews_in_it():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.days("2026-01-20")
    life.ask(Pause("a"))
    assert told(life, "2026-01-25") == ["was 2026-01-15 bought 1", "was 2026-01-20 paused"]


def test_a_past_that_has_ended_and_begun_again_is_told_whole():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.cancel("a", "now")
    life.days("2026-01-18")
    life.ask(Reactivate("a"))
    assert told(life, "2026-01-18") == [
        "was 2026-01-15 bought 1",
        "was 2026-01-15 disabled",
        "was 2026-01-18 reactivated",
        "2026-02-15 renews 1",
    ]


def test_what_comes_within_some_days_leaves_out_what_has_been():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.cancel("a", "period_end")
    found = life_of(life.subscription("a"), day("2026-01-16"), history=life.history)
    assert [entry.day for entry in found.coming(29)] == []
    assert [entry.day for entry in found.coming(30)] == [date(2026, 2, 15)]
