"""Pauses, trials, renewals and what begins again."""

import pytest

from core.build import Life, a_plan, an_account, classic, day, lines
from prorata.core.errors import DomainError
from prorata.core.events import (
    Cancel,
    ChangePlan,
    Event,
    ExtendTrial,
    Pause,
    Reactivate,
    Resume,
    SetRenewal,
    StopConversion,
)
from prorata.core.subscriptions.model import timetable

NOW = classic(invoice_changes="now")
MONTHLY = a_plan("31.00", "month")
TRIED = a_plan("31.00", "month", trial="10 days", setup="5.00")


def bought(first_day: str = "2026-01-15") -> Life:
    life = an_account(first_day)
    life.buy("a", MONTHLY, licences=2, terms=NOW)
    return life


def refused(life: Life, event: Event) -> str:
    with pytest.raises(DomainError) as found:
        life.ask(event)
    return found.value.code


# ---------------------------------------------------------------------- pauses


def test_a_pause_is_credited_and_the_resumed_days_are_charged() -> None:
    life = bought()
    life.days("2026-01-25")
    life.ask(Pause("a"))
    life.days("2026-02-05")
    life.ask(Resume("a"))
    # 62.00 × 21/31 come back; from 5 February on 62.00 × 10/31.
    assert life.totals == ["62.00", "-42.00", "20.00"]
    assert [d.lines[0].cause.why for d in life.documents] == ["purchase", "pause", "resume"]
    # The renewal date stays.
    life.days("2026-02-16")
    assert life.documents[3].lines[0].period.start == day("2026-02-15")


def test_while_it_is_paused_nothing_is_charged() -> None:
    life = bought()
    life.ask(Pause("a"))
    life.days("2026-04-01")
    assert life.totals == ["62.00", "-62.00"]


def test_a_pause_is_neither_begun_nor_ended_twice() -> None:
    life = bought()
    assert refused(life, Resume("a")) == "not_paused"
    life.ask(Pause("a"))
    assert refused(life, Pause("a")) == "already_paused"


# ---------------------------------------------------------------------- trials


def test_a_trial_is_free_and_then_sold_with_its_setup() -> None:
    life = an_account("2026-01-15")
    life.buy("a", TRIED, licences=2, terms=NOW)
    life.days("2026-01-26")
    assert lines(life.documents[0]) == [
        ("setup", "2026-01-25", "2026-01-25", None, "5.00"),
        ("recurring", "2026-01-25", "2026-02-25", 2, "62.00"),
    ]
    assert life.subscription("a").state == "active"


def test_without_a_method_it_lapses_unbilled() -> None:
    life = an_account("2026-01-15", payment="none")
    life.buy("a", TRIED, terms=NOW)
    life.days("2026-01-26")
    assert life.totals == []
    assert [(turn.on.isoformat(), turn.state) for turn in timetable(life.subscription("a"))] == [
        ("2026-01-15", "trial"),
        ("2026-01-25", "expired"),
        ("2026-02-24", "disabled"),
        ("2026-05-25", "deleted"),
    ]


def test_a_conversion_is_stopped_and_that_is_undone() -> None:
    life = an_account("2026-01-15")
    life.buy("a", TRIED, terms=NOW)
    life.ask(StopConversion("a"))
    assert refused(life, StopConversion("a")) == "already_stopped"
    life.undo("a")
    life.ask(StopConversion("a"))
    life.days("2026-01-26")
    assert (life.totals, life.subscription("a").state) == ([], "expired")


def test_a_trial_is_extended_once() -> None:
    life = an_account("2026-01-15")
    life.buy("a", TRIED, terms=NOW)
    life.ask(ExtendTrial("a"))
    trial = life.subscription("a").trial
    assert trial
    # 25 January and 30 days
    assert trial.ends == day("2026-02-24")
    assert refused(life, ExtendTrial("a")) == "trial_already_extended"


def test_there_is_nothing_to_cancel_in_a_trial() -> None:
    life = an_account("2026-01-15")
    life.buy("a", TRIED, terms=NOW)
    assert refused(life, Cancel("a")) == "nothing_to_cancel"


def test_another_plan_in_a_trial_counts_from_the_first_start() -> None:
    life = an_account("2026-01-15")
    life.buy("a", TRIED, terms=NOW)
    life.days("2026-01-20")
    life.ask(ChangePlan("a", a_plan("62.00", "month", name="other", trial="3 days")))
    # Three days from 15 January are over: it is sold on the day of the change.
    assert lines(life.documents[0]) == [("recurring", "2026-01-20", "2026-02-20", 1, "62.00")]


# ---------------------------------------------------------------------- the term, and beginning again


def test_a_renewal_that_is_off_ends_with_the_period_and_can_be_put_on() -> None:
    life = bought()
    life.ask(SetRenewal("a", renews=False))
    assert refused(life, SetRenewal("a", renews=False)) == "renewal_already_off"
    life.ask(SetRenewal("a", renews=True))
    assert life.subscription("a").ending is None
    life.ask(SetRenewal("a", renews=False))
    life.days("2026-02-16")
    assert (life.totals, life.subscription("a").state) == (["62.00"], "expired")


def test_a_fixed_term_ends_by_itself() -> None:
    life = an_account("2026-01-15")
    life.buy("a", a_plan("31.00", "month", term="45 days"), terms=NOW)
    life.days("2026-03-02")
    # 15 January and 45 days are 1 March: of the second month 14 of 28 days.
    assert life.totals == ["31.00", "15.50"]
    assert life.subscription("a").state == "expired"


def test_what_expired_begins_a_new_term_on_its_day() -> None:
    life = bought()
    life.ask(SetRenewal("a", renews=False))
    life.days("2026-02-20")
    life.ask(Reactivate("a"))
    assert lines(life.documents[1]) == [("recurring", "2026-02-20", "2026-03-20", 2, "62.00")]
    assert life.documents[1].lines[0].cause.why == "reactivation"
    assert life.subscription("a").ending is None


def test_what_was_cancelled_goes_on_on_its_old_grid() -> None:
    life = bought()
    life.days("2026-01-25")
    life.cancel("a")
    life.days("2026-02-05")
    life.ask(Reactivate("a"))
    # 62.00 × 10/31 to the old boundary; the days in between are nobody's.
    assert lines(life.documents[2]) == [("recurring", "2026-02-05", "2026-02-15", 2, "20.00")]


def test_what_runs_or_is_deleted_does_not_begin_again() -> None:
    life = bought()
    assert refused(life, Reactivate("a")) == "not_ended"
    life.cancel("a")
    # 90 days
    life.days("2026-04-16")
    assert refused(life, Reactivate("a")) == "already_deleted"
