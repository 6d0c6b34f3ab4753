"""Terms that give nothing back: what was charged stays charged, and nothing is charged that was not.

February 2026 has 28 days: at 28.00 a month a day costs 1.00, at 56.00 it costs 2.00.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from itertools import product

import pytest

from core.build import Life, a_plan, an_account, classic, day, lines
from prorata.core.errors import DomainError
from prorata.core.events import Cancel, ChangeLicences, ChangePlan, Event, Late, Pause, Reactivate, Resume
from prorata.core.step import step

NOTHING_BACK = classic(refund="none")
BY_THE_SECOND = classic(refund="none", proration="second", invoice_changes="now")
BASIC, PREMIUM = a_plan("28.00", "month", name="basic"), a_plan("56.00", "month", name="premium")


def late(life: Life, event: Event, on: str) -> None:
    life.ask(Late(event, day(on), "found in the post"))


def on_premium_from_the_5th_ended_on_the_10th_back_on_the_20th(*, entered: str) -> Life:
    """The plan waits for the next bill, so its days after the end are on none: 2.00 × 2 × 5 and, from the 20th, × 9."""
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=2, terms=NOTHING_BACK)
    life.days("2026-02-05")
    life.ask(ChangePlan("a", PREMIUM))
    life.days(entered)
    late(life, Cancel("a", when="now"), "2026-02-10")
    life.days("2026-02-20")
    life.ask(Reactivate("a"))
    assert life.totals == ["56.00", "20.00", "36.00"]
    return life


@pytest.mark.parametrize("entered", ["2026-02-10", "2026-02-12"])
@pytest.mark.parametrize(
    ("licences", "since", "lines_of_march"),
    [
        # One more on the 8th and 9th, 2.00 × 2, and again from the 20th, 2.00 × 9; March has 3.
        (3, "2026-02-08", [("2026-02-08", "2026-02-10", "4.00"), ("2026-02-20", "2026-03-01", "18.00"), "168.00"]),
        # One fewer since the 3rd gives nothing back, and costs nothing; March has 1.
        (1, "2026-02-03", ["56.00"]),
    ],
)
def test_what_is_entered_late_does_not_charge_the_days_between_an_end_and_the_reactivation(
    entered: str, licences: int, since: str, lines_of_march: list[tuple[str, str, str] | str]
) -> None:
    life = on_premium_from_the_5th_ended_on_the_10th_back_on_the_20th(entered=entered)
    life.days("2026-02-25")
    late(life, ChangeLicences("a", licences), since)
    life.days("2026-03-02")
    (march,) = life.documents[3:]
    shown = [("2026-03-01", "2026-04-01", one) if isinstance(one, str) else one for one in lines_of_march]
    assert [(first, last, amount) for _, first, last, _, amount in lines(march)] == shown


def test_fewer_licences_entered_after_the_end_are_not_given_up_twice() -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=NOTHING_BACK)
    life.days("2026-02-10")
    life.cancel("a", "now")
    life.days("2026-02-15")
    late(life, ChangeLicences("a", 1), "2026-02-08")
    life.days("2026-02-20")
    life.ask(Reactivate("a"))
    life.days("2026-03-02")
    # All of February is paid: 28.00 × 3. March has the one that is left.
    assert life.totals == ["84.00", "28.00"]


@pytest.mark.parametrize(
    ("first", "entered"),
    [
        (ChangeLicences("a", 1), ChangeLicences("a", 1)),
        (Pause("a"), ChangeLicences("a", 1)),
        (ChangeLicences("a", 1), Pause("a")),
        (ChangeLicences("a", 1), Cancel("a", when="now")),
        (Pause("a"), Resume("a")),
    ],
)
def test_what_was_given_up_already_is_not_given_up_again_by_what_is_entered_for_an_earlier_day(
    first: Event, entered: Event
) -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=classic(refund="none", invoice_changes="now"))
    life.days("2026-02-08")
    life.ask(first)
    life.days("2026-02-12")
    late(life, entered, "2026-02-04")
    life.days("2026-02-28")
    # All of February is paid for the three.
    assert life.totals == ["84.00"]


def test_licences_that_were_added_later_are_not_charged_beside_those_that_are_given_up_for_an_earlier_day() -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=classic(refund="none", invoice_changes="now"))
    life.days("2026-02-08")
    life.licences("a", 5)
    life.days("2026-02-12")
    late(life, ChangeLicences("a", 1), "2026-02-04")
    life.days("2026-02-28")
    # 28.00 × 3, and two more from the 8th: 1.00 × 2 × 21.
    assert life.totals == ["84.00", "42.00"]


def at_noon(life: Life, event: Event) -> None:
    decision = step(life.history, event, datetime.combine(life.today, time(12), UTC))
    life.history = decision.after
    life.documents += decision.documents


@pytest.mark.parametrize("event", [Cancel("a", when="now"), Pause("a"), ChangeLicences("a", 1)])
def test_by_the_second_the_morning_before_something_is_given_up_is_charged_once(event: Event) -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=BY_THE_SECOND)
    life.days("2026-02-05")
    at_noon(life, event)
    life.days("2026-02-28")
    assert len(life.documents) == 1


def test_by_the_second_a_plan_that_is_left_at_noon_is_charged_once_that_day() -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=BY_THE_SECOND)
    life.days("2026-02-05")
    at_noon(life, ChangePlan("a", PREMIUM))
    life.days("2026-02-28")
    # The other plan from noon on: 56.00 × 3 × 23½/28 = 141.00.
    assert life.totals[1:] == ["141.00"]


@pytest.mark.parametrize(
    ("up", "again"),
    [
        (Pause("a"), Resume("a")),
        (Cancel("a", when="now"), Reactivate("a")),
        (ChangeLicences("a", 1), ChangeLicences("a", 3)),
    ],
)
def test_by_the_second_what_is_taken_up_again_in_paid_time_costs_nothing_and_gives_nothing_back(
    up: Event, again: Event
) -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=BY_THE_SECOND)
    life.days("2026-02-05")
    at_noon(life, up)
    life.days("2026-02-08")
    at_noon(life, again)
    life.days("2026-02-28")
    assert len(life.documents) == 1


@pytest.mark.parametrize("first", [ChangeLicences("a", 5), ChangePlan("a", PREMIUM)])
def test_what_comes_on_the_day_of_a_pause_is_not_charged_while_it_is_paused(first: Event) -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=classic(refund="none", invoice_changes="now"))
    life.days("2026-02-05")
    life.ask(first)
    life.ask(Pause("a"))
    life.days("2026-02-28")
    # All of February is paid for the three: 28.00 × 3.
    assert life.totals == ["84.00"]


def test_a_plan_left_for_a_day_before_a_pause_is_not_charged_for_what_came_after_the_pause_began() -> None:
    life = an_account("2026-02-01", zone="UTC")
    life.buy("a", BASIC, licences=3, terms=classic(refund="none", invoice_changes="now"))
    life.days("2026-02-10")
    life.ask(Pause("a"))
    life.days("2026-03-15")
    late(life, ChangePlan("a", PREMIUM), "2026-02-05")
    life.days("2026-03-20")
    # February was paid for, and March is on no bill. The other plan from the 5th to the 10th: 2.00 × 3 × 5.
    assert life.totals == ["84.00", "30.00"]


ACTS: dict[str, Event] = {
    "1": ChangeLicences("a", 1),
    "3": ChangeLicences("a", 3),
    "5": ChangeLicences("a", 5),
    "basic": ChangePlan("a", BASIC),
    "premium": ChangePlan("a", PREMIUM),
    "pause": Pause("a"),
    "resume": Resume("a"),
    "cancel": Cancel("a", when="now"),
    "reactivate": Reactivate("a"),
}


def owed(acts: Mapping[int, str]) -> int:
    """Euros for February: each evening, each day to come is charged for the most that were ever held of it."""
    held, plan, is_on = 3, "basic", True
    most = {"basic": dict.fromkeys(range(1, 29), 0), "premium": dict.fromkeys(range(1, 29), 0)}
    for today in range(1, 29):
        act = acts.get(today, "")
        held = int(act) if act.isdigit() else held
        plan = act if act in most else plan
        is_on = act in {"resume", "reactivate"} or (is_on and act not in {"pause", "cancel"})
        for on in range(today, 29):
            most[plan][on] = max(most[plan][on], held if is_on else 0)
    return sum(most["basic"].values()) + 2 * sum(most["premium"].values())


def test_whatever_is_done_in_a_month_each_day_is_charged_once_for_the_most_that_was_held() -> None:
    told = 0
    for acts in product(ACTS, repeat=3):
        life = an_account("2026-02-01", zone="UTC")
        life.buy("a", BASIC, licences=3, terms=classic(refund="none", invoice_changes="now"))
        of_days: dict[int, str] = dict(zip((5, 8, 12), acts, strict=True))
        try:
            for on, act in of_days.items():
                life.days(f"2026-02-{on:02}")
                life.ask(ACTS[act])
        except DomainError:
            continue
        life.evening()
        told += 1
        assert all(line.amount.minor >= 0 for document in life.documents for line in document.lines), acts
        assert sum(document.total.minor for document in life.documents) == 100 * owed(of_days), acts
    assert told > 150
