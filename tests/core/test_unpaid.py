from dataclasses import replace

import pytest

from core.build import Life, a_plan, an_account, classic, day
from prorata.core.billing.due import due_on
from prorata.core.billing.unpaid import StillUnpaid
from prorata.core.catalog.terms import Terms
from prorata.core.events import DayRun, GiveBack, Pay, Reactivate, SetRenewal, Together, Undo
from prorata.core.insights.forecast import end_of_day, next_documents, next_run
from prorata.core.step import step
from prorata.core.subscriptions.change import AlreadyDeleted, AlreadyEnded
from prorata.core.subscriptions.model import timetable

MONTHLY = a_plan("12.50", "month")


def unpaid(until: str, *, terms: Terms | None = None) -> Life:
    """10 licences at 12.50 a month from 15 January, to be paid by transfer: due on 14 February, unpaid on 16 March."""
    life = an_account("2026-01-15", payment="none")
    life.buy("a", MONTHLY, licences=10, terms=terms or classic())
    life.days(until)
    return life


def state(life: Life) -> str:
    return life.subscription("a").state


def test_the_watermark_knows_the_first_day_on_which_it_is_unpaid() -> None:
    life = unpaid("2026-03-16")
    assert due_on(life.history, day("2026-03-16")) == day("2026-03-16")
    assert next_run(life.history, day("2026-03-15")) == day("2026-03-16")
    # While a bill of the next period comes first, that one.
    assert due_on(unpaid("2026-01-16").history, day("2026-01-16")) == day("2026-02-15")


def test_a_year_that_nobody_pays_wakes_the_run_on_its_day() -> None:
    life = an_account("2026-01-15", payment="none")
    life.buy("a", a_plan("120.00", "year"), licences=1)
    life.evening()
    assert due_on(life.history, day("2026-01-16")) == day("2026-03-16")
    assert next_run(life.history, day("2026-01-16")) == day("2026-03-16")


def test_without_grace_it_can_still_be_paid_on_the_day_it_is_due() -> None:
    life = unpaid("2026-02-15", terms=classic(grace_days=0))
    assert state(life) == "active"
    life.evening()
    assert (state(life), life.totals) == ("disabled", ["125.00"])  # nothing of 15 February on is billed
    assert [(turn.on, turn.state) for turn in timetable(life.subscription("a"))][1:] == [
        (day("2026-02-15"), "disabled"),
        (day("2026-05-16"), "deleted"),  # 13 + 31 + 30 + 16 = 90 days
    ]


def test_a_run_that_comes_late_ends_it_on_its_own_day() -> None:
    life = unpaid("2026-03-15", terms=classic())
    late = step(life.history, DayRun(), end_of_day(day("2026-03-20"), life.history))
    (ended,) = late.after.subscriptions
    assert ended.ending
    assert (ended.state, ended.ending.on, ended.ending.by) == ("disabled", day("2026-03-20"), "system")


def test_in_the_step_that_pays_it_can_be_used_again() -> None:
    life = unpaid("2026-03-28")
    with pytest.raises(AlreadyEnded):
        life.licences("a", 12)
    decision = life.ask(Together((Pay(), SetRenewal("a", renews=False))))
    (again,) = decision.after.subscriptions
    assert again.state == "active"
    assert again.ending
    assert again.ending.on == day("2026-04-15")
    # 125.00 × 18/31 = 72.58: one document of that instant.
    assert [str(document.total) for document in decision.documents] == ["72.58"]
    assert decision.documents[0].lines[0].cause.why == "reactivation"
    assert decision.documents[0].lines[0].cause.by == "system"


def test_by_hand_it_is_reactivated_only_once_it_is_paid_or_by_the_vendor() -> None:
    life = unpaid("2026-03-18")
    with pytest.raises(StillUnpaid) as refused:
        life.ask(Reactivate("a"))
    # The bill of 15 February was due on 17 March; of that of 15 March 4.03 are left, due on 14 April.
    assert refused.value.parameters == {"subscription": "a", "open": "250.00", "currency": "EUR"}
    life.ask(Reactivate("a", by="vendor"))
    assert state(life) == "active"


def test_cancelling_and_reactivating_is_no_second_grace() -> None:
    life = unpaid("2026-03-10")
    life.cancel("a")
    life.days("2026-03-16")
    with pytest.raises(StillUnpaid) as refused:
        life.ask(Reactivate("a"))
    assert refused.value.parameters["open"] == "125.00"
    life.pay(1)
    # It was cancelled: paying does not bring it back by itself.
    assert state(life) == "disabled"
    life.ask(Reactivate("a"))
    assert state(life) == "active"


def test_paid_on_the_day_of_its_deletion_it_stays_gone() -> None:
    life = unpaid("2026-06-14")  # 16 March + 90 days
    life.pay()
    assert state(life) == "disabled"
    with pytest.raises(AlreadyDeleted):
        life.ask(Reactivate("a"))
    life.evening()
    assert state(life) == "deleted"


def test_an_end_that_was_foreseen_can_be_taken_back_after_the_return() -> None:
    life = unpaid("2026-03-10")
    life.cancel("a", day("2026-06-01"))
    life.days("2026-03-20")
    assert life.subscription("a").foreseen
    life.pay()
    again = life.subscription("a")
    assert again.ending
    assert (again.ending.on, again.foreseen) == (day("2026-06-01"), None)
    life.ask(Undo("a"))
    assert life.subscription("a").ending is None


def test_a_part_given_back_of_an_open_bill_takes_it_out_of_dunning() -> None:
    life = unpaid("2026-02-01")
    life.pay(1, "100.00")
    life.ask(GiveBack(1))
    assert life.standing(1).subscriptions == ()
    life.days("2026-03-17")
    assert state(life) == "active"


def test_a_paid_bill_names_no_subscription() -> None:
    life = unpaid("2026-02-01")
    assert life.standing(1).subscriptions == (1,)
    life.pay(1)
    assert life.standing(1).subscriptions == ()


def test_a_forecast_takes_bills_to_be_paid_in_time() -> None:
    life = unpaid("2026-01-20")
    coming = next_documents(life.history, day("2026-01-20"), until=day("2026-06-15"), most=9)
    assert [str(document.total) for document in coming] == ["125.00"] * 5


def test_what_is_parked_ends_too_but_writes_nothing() -> None:
    life = unpaid("2026-03-16")
    held = replace(life.history, parked=frozenset({1}))
    decision = step(held, DayRun(), end_of_day(day("2026-03-16"), held))
    assert decision.after.subscriptions[0].state == "disabled"
    assert decision.documents == ()
