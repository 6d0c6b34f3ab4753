"""Deciding: a preview changes nothing, the same question has the same answer, coming and going in a day is free."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from properties.living import Lived, begin, evening, event_of, live
from properties.seat_book import DAY
from properties.wishes import Life, Wait, lives
from prorata.core.documents.model import Cause, Line
from prorata.core.errors import DomainError
from prorata.core.events import Bill, ChangeLicences, DayRun
from prorata.core.history import History
from prorata.core.insights.fingerprint import fingerprint
from prorata.core.insights.forecast import end_of_day
from prorata.core.step import step

NO_CAUSE = Cause("period", date(2026, 1, 1), "system")


@given(lives())
def test_the_same_question_has_the_same_answer_and_asking_changes_nothing(life: Life) -> None:
    lived = begin(life)
    for wish in life.wishes:
        before = repr(lived.history)
        event = event_of(lived, wish)
        if isinstance(wish, Wait) or event is None:
            for _ in evening(lived):
                pass
            continue
        lived.minute += 1
        try:
            first = step(lived.history, event, lived.at)
        except DomainError:
            assert repr(lived.history) == before
            continue
        second = step(lived.history, event, lived.at)
        assert repr(lived.history) == before
        assert first == second
        assert fingerprint(first) == fingerprint(second)
        lived.keep(first)


def _ahead(history: History, lived: Lived) -> list[tuple[date, tuple[Line, ...]]]:
    """The lines of the next 40 days; where billing is by hand, those of a bill today."""
    found: list[tuple[date, tuple[Line, ...]]] = []
    for i in range(40):
        on = lived.today + DAY * i
        decision = step(history, Bill() if i == 0 else DayRun(), end_of_day(on, history))
        history = decision.after
        found += [(on, tuple(replace(line, cause=NO_CAUSE) for line in d.lines)) for d in decision.documents]
    return found


@given(lives(), st.integers(0, 40))
def test_a_change_and_its_way_back_on_one_day_cost_nothing(life: Life, licences: int) -> None:
    *_, lived = live(life, rest=0)
    lived.minute = 10
    for subscription in lived.history.subscriptions:
        if subscription.state != "active" or subscription.pending or subscription.unwritten:
            continue
        there = ChangeLicences(subscription.name, licences, when="now")
        back = ChangeLicences(subscription.name, subscription.licences, when="now")
        try:
            gone = step(lived.history, there, lived.at).after
        except DomainError:
            continue
        returned = step(gone, back, lived.at).after
        assert _ahead(returned, lived) == _ahead(lived.history, lived)
