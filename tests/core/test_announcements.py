"""What is announced on which day, each date counted by hand."""

from datetime import date, timedelta

import pytest

from core.build import Life, a_plan, an_account, classic, day
from prorata.core.events import Pause, SetRenewal, StopConversion
from prorata.core.insights.announcements import Announcement, announcements_due, next_announcement, tells_members
from prorata.core.insights.life import life_of

MONTHLY = a_plan("10.00", "month")
YEARLY = a_plan("100.00", "year")
DAYS = (30, 7, 1)

Told = tuple[str, str, str, int]
"""On which day it is told, what, the day that it is about, and how many days before."""


def due(life: Life, on: str) -> list[Announcement]:
    """What is to be announced by a day, whether it was before or not."""
    found = life_of(life.subscription("a"), day(on), history=life.history)
    return list(announcements_due(found, life.subscription("a").terms.announce_days))


def live(life: Life, until: str, *, nobody_looks: tuple[str, ...] = ()) -> list[Told]:
    """Let the days pass, each evening with its run and then a look at what is due; what was told is not told again."""
    told: dict[tuple[str, date, int], Told] = {}
    while life.today < day(until):
        on = life.today.isoformat()
        life.evening()
        for one in due(life, on) if on not in nobody_looks else ():
            key = (one.what, one.entry.day, one.days_before)
            told.setdefault(key, (on, one.what, one.entry.day.isoformat(), one.days_before))
    return list(told.values())


def test_an_end_is_told_thirty_seven_and_one_day_before_and_then_each_that_follows():
    life = an_account("2026-01-15")
    life.buy("a", a_plan("10.00", "quarter"))
    life.ask(SetRenewal("a", renews=False))
    assert live(life, "2026-09-01") == [
        # 15 April less 30, 7 and 1: March has 31 days.
        ("2026-03-16", "expires", "2026-04-15", 30),
        ("2026-04-08", "expires", "2026-04-15", 7),
        ("2026-04-14", "expires", "2026-04-15", 1),
        # Expired for 30 days: the 15th of May. The announcement 30 days before is on the day itself that it expires.
        ("2026-04-15", "disabled", "2026-05-15", 30),
        ("2026-05-08", "disabled", "2026-05-15", 7),
        ("2026-05-14", "disabled", "2026-05-15", 1),
        # Disabled for 90: 16 of May, 30, 31, and 13 of August. 30 before: 14 July.
        ("2026-07-14", "deleted", "2026-08-13", 30),
        ("2026-08-06", "deleted", "2026-08-13", 7),
        ("2026-08-12", "deleted", "2026-08-13", 1),
    ]


def test_a_cancellation_of_today_announces_the_deletion_only():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.cancel("a", "now")
    # Deleted after 90 days: 16 of January, 28, 31, and 15 of April.
    assert [told[:3] for told in live(life, "2026-04-20")] == [
        ("2026-03-16", "deleted", "2026-04-15"),
        ("2026-04-08", "deleted", "2026-04-15"),
        ("2026-04-14", "deleted", "2026-04-15"),
    ]


def test_what_is_decided_ten_days_before_is_told_seven_and_one_day_before():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.days("2026-02-05")
    life.cancel("a", "period_end")
    assert live(life, "2026-02-15") == [
        ("2026-02-08", "disabled", "2026-02-15", 7),
        ("2026-02-14", "disabled", "2026-02-15", 1),
    ]


def test_what_is_decided_on_the_very_day_of_an_announcement_is_told_that_day():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.days("2026-02-08")
    life.cancel("a", "period_end")
    assert live(life, "2026-02-09") == [("2026-02-08", "disabled", "2026-02-15", 7)]


def test_of_days_on_which_nobody_looked_one_announcement_comes_and_it_is_the_nearest():
    life = an_account("2026-01-15")
    life.buy("a", a_plan("10.00", "quarter"))
    life.ask(SetRenewal("a", renews=False))
    every_day = [date(2026, 3, 1) + timedelta(days=n) for n in range(40)]
    absent = tuple(one.isoformat() for one in every_day)  # from 1 March to 9 April
    assert live(life, "2026-04-15", nobody_looks=absent) == [
        ("2026-04-10", "expires", "2026-04-15", 7),
        ("2026-04-14", "expires", "2026-04-15", 1),
    ]


def test_what_has_come_to_pass_unannounced_is_announced_no_more():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.cancel("a", "period_end")
    life.days("2026-02-15")
    assert due(life, "2026-02-15") == []


def test_a_cancellation_that_is_taken_back_is_announced_no_more():
    life = an_account("2026-01-15")
    life.buy("a", YEARLY)
    life.cancel("a", day("2026-03-01"))
    assert [one.what for one in due(life, "2026-02-01")] == ["disabled"]
    life.undo("a")
    assert due(life, "2026-02-01") == []


@pytest.mark.parametrize(
    ("length", "renewal", "told_on"),
    [
        ("year", "2027-01-15", "2026-12-16"),  # 30 days, of 365
        ("quarter", "2026-04-15", "2026-03-16"),  # 30 of 90
        ("60 days", "2026-03-16", "2026-02-14"),  # 30 of 60: half of it is enough
        ("59 days", "2026-03-15", "2026-03-08"),  # 7 of 59
        ("month", "2026-02-15", "2026-02-08"),  # 7 of 31
        ("week", "2026-01-22", "2026-01-21"),  # 1 of 7
        ("2 days", "2026-01-17", "2026-01-16"),  # 1 of 2
    ],
)
def test_a_renewal_is_told_once_on_the_largest_day_within_half_of_the_period(length: str, renewal: str, told_on: str):
    life = an_account("2026-01-15")
    life.buy("a", a_plan("10.00", length))
    before = int((day(renewal) - day(told_on)).days)
    assert live(life, renewal) == [(told_on, "renews", renewal, before)]


def test_what_renews_every_day_is_not_announced():
    life = an_account("2026-01-15")
    life.buy("a", a_plan("1.00", "day"))
    assert live(life, "2026-01-25") == []


def test_a_renewal_in_a_leap_year_and_one_that_nobody_looked_for_in_time():
    life = an_account("2028-01-31")
    life.buy("a", MONTHLY)
    # Half of 29 days is 14: 7 before 29 February is the 22nd; before 31 March it is the 24th.
    assert live(life, "2028-03-31", nobody_looks=("2028-03-24", "2028-03-25")) == [
        ("2028-02-22", "renews", "2028-02-29", 7),
        ("2028-03-26", "renews", "2028-03-31", 7),
    ]


def test_a_paused_subscription_announces_no_renewal():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.ask(Pause("a"))
    assert live(life, "2026-03-20") == []


def test_a_trial_announces_what_becomes_of_it_and_what_it_costs_to_do_nothing():
    trial = a_plan("10.00", "month", trial="30 days")
    lapsing, converting = an_account("2026-01-15", payment="none"), an_account("2026-01-15")
    lapsing.buy("a", trial)
    converting.buy("a", trial)
    # 30 days from 15 January: 14 February; and 30 before that is the day of the purchase.
    assert live(lapsing, "2026-02-14") == [
        ("2026-01-15", "lapses", "2026-02-14", 30),
        ("2026-02-07", "lapses", "2026-02-14", 7),
        ("2026-02-13", "lapses", "2026-02-14", 1),
    ]
    assert [told[1:] for told in live(converting, "2026-02-14")] == [
        ("converts", "2026-02-14", 30),
        ("converts", "2026-02-14", 7),
        ("converts", "2026-02-14", 1),
    ]


def test_a_conversion_that_is_stopped_is_told_as_what_it_is_then():
    life = an_account("2026-01-15")
    life.buy("a", a_plan("10.00", "month", trial="14 days"))
    life.days("2026-01-24")
    life.ask(StopConversion("a"))
    assert live(life, "2026-01-29") == [
        ("2026-01-24", "lapses", "2026-01-29", 7),
        ("2026-01-28", "lapses", "2026-01-29", 1),
    ]


def test_what_is_not_paid_is_told_from_the_first_day_on_that_it_is_past_due():
    life = an_account("2026-01-15", payment="none")
    life.buy("a", YEARLY, terms=classic(payment_terms=14))
    # Due on 29 January; disabled 30 days later, on 28 February; deleted 90 days after that, on 29 May.
    assert live(life, "2026-05-29") == [
        ("2026-01-30", "unpaid", "2026-02-28", 30),
        ("2026-02-21", "unpaid", "2026-02-28", 7),
        ("2026-02-27", "unpaid", "2026-02-28", 1),
        ("2026-04-29", "deleted", "2026-05-29", 30),
        ("2026-05-22", "deleted", "2026-05-29", 7),
        ("2026-05-28", "deleted", "2026-05-29", 1),
    ]


def test_what_is_paid_in_the_meantime_is_announced_no_more():
    life = an_account("2026-01-15", payment="none")
    life.buy("a", YEARLY, terms=classic(payment_terms=14))
    first = live(life, "2026-02-10")
    life.pay()
    assert [told[3] for told in first] == [30]
    assert live(life, "2026-06-01") == []


def test_a_conflict_is_told_before_its_deadline():
    life = an_account("2026-01-15")
    life.buy("a", YEARLY, licences=5, terms=classic(conflict_days=20))
    life.licences("a", 3, when="renewal")
    life.assign("a", 5)
    life.days("2027-01-15")
    # From 15 January 2027 on, for 20 days: 4 February. 30 before was over; 7 before is 28 January.
    assert live(life, "2027-02-04") == [
        ("2027-01-28", "conflict", "2027-02-04", 7),
        ("2027-02-03", "conflict", "2027-02-04", 1),
    ]


def test_an_agreement_may_announce_on_other_days_or_never():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY, terms=classic(announce_days=[14, 3]))
    life.cancel("a", "period_end")
    assert [told[:1] + told[3:] for told in live(life, "2026-02-15")] == [("2026-02-01", 14), ("2026-02-12", 3)]
    silent = an_account("2026-01-15")
    silent.buy("a", MONTHLY, terms=classic(announce_days=[]))
    silent.cancel("a", "period_end")
    assert live(silent, "2026-02-15") == []


def test_nothing_is_announced_of_what_is_deleted():
    life = an_account("2026-01-15")
    life.buy("a", MONTHLY)
    life.cancel("a", "now")
    life.days("2026-04-16")
    assert due(life, "2026-04-16") == []
    assert _next(life, "2026-04-16") is None


def _next(life: Life, on: str) -> date | None:
    s = life.subscription("a")
    return next_announcement(life_of(s, day(on), history=life.history), s, history=life.history)


def test_a_clock_that_jumps_knows_on_which_day_to_stop_next():
    life = an_account("2026-01-15", payment="none")
    life.buy("a", YEARLY, terms=classic(payment_terms=14))
    # The day after it is due; then 21 February and the 27th; and a year on the renewal, 30 days before 15 January.
    assert _next(life, "2026-01-15") == date(2026, 1, 30)
    assert _next(life, "2026-01-30") == date(2026, 2, 21)
    assert _next(life, "2026-02-21") == date(2026, 2, 27)
    life.pay()
    assert _next(life, "2026-02-21") == date(2026, 12, 16)


@pytest.mark.parametrize(("days", "told"), [((30, 7, 1), {7, 1}), ((14, 3), {3}), ((30, 10), {10}), ((5,), {5})])
def test_members_who_lose_access_are_told_a_week_before_or_as_near_as_the_terms_allow(
    days: tuple[int, ...], told: set[int]
):
    life = an_account("2026-01-15")
    life.buy("a", YEARLY, terms=classic(announce_days=list(days)))
    life.cancel("a", "period_end")
    (entry,) = (
        e
        for e in life_of(life.subscription("a"), day("2026-01-15"), history=life.history).entries
        if e.what == "disabled"
    )
    assert {one for one in days if tells_members(Announcement("disabled", one, entry), days)} == told
    assert not any(tells_members(Announcement("deleted", one, entry), days) for one in days)
