"""Deciding: a preview is the act, what was shown is recognised, coming and going in a day is free."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given

from properties.dice import Dice, thrown
from properties.living import Lived, begin, evening, event_of, live
from properties.seat_book import DAY
from properties.wishes import Life, Wait, lives, seats_of
from prorata.core.decision import Decision
from prorata.core.documents.model import Cause, Line
from prorata.core.errors import DomainError
from prorata.core.events import Assign, Bill, Cancel, ChangeLicences, DayRun, Event, Together, Undo
from prorata.core.history import History
from prorata.core.insights.fingerprint import fingerprint
from prorata.core.insights.forecast import end_of_day
from prorata.core.step import step
from prorata.core.subscriptions.model import Subscription

NO_CAUSE = Cause("period", date(2026, 1, 1), "system")


@given(lives())
def test_a_preview_is_the_act_and_changes_nothing(life: Life) -> None:
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
            preview = step(lived.history, event, lived.at)
        except DomainError:
            assert repr(lived.history) == before
            continue
        act = step(lived.history, event, lived.at)
        assert repr(lived.history) == before
        assert preview == act
        assert fingerprint(preview) == fingerprint(act)
        lived.keep(preview)


def _shown(decision: Decision) -> object:
    """All that a person is shown: the documents, what becomes of all of them, and what is asked for of what."""
    plans = [(s.name, s.licences, s.assigned, s.state, s.pending, s.ending) for s in decision.after.subscriptions]
    return decision.documents, decision.after.standings, plans


@given(lives())
def test_whoever_was_shown_something_else_has_another_fingerprint(life: Life) -> None:
    shown: dict[str, object] = {}
    for lived in live(life):
        if lived.last and lived.last.after != lived.last.before:
            mark = fingerprint(lived.last)
            assert shown.setdefault(mark, _shown(lived.last)) == _shown(lived.last)


# ---------------------------------------------------------------------- there and back


def _ahead(history: History, lived: Lived) -> list[tuple[date, tuple[Line, ...]]]:
    """The lines of the next 40 days; where billing is by hand, those of a bill today."""
    found: list[tuple[date, tuple[Line, ...]]] = []
    for i in range(40):
        on = lived.today + DAY * i
        decision = step(history, Bill() if i == 0 else DayRun(), end_of_day(on, history))
        history = decision.after
        found += [(on, tuple(replace(line, cause=NO_CAUSE) for line in d.lines)) for d in decision.documents]
    return found


def _detours(dice: Dice) -> tuple[tuple[int, ...], bool]:
    """Totals on the way, and whether all of it happens in one instant."""
    return tuple(seats_of(dice) for _ in range(dice.of(1, 1, 2, 3))), dice.of(False, True)


def _quiet(subscription: Subscription) -> bool:
    """Nothing waits that the detour would put aside, and what follows is not written on other days because of it."""
    return subscription.state == "active" and not subscription.pending and not subscription.unwritten


def _gone_and_back(lived: Lived, events: Sequence[Event], *, at_once: bool) -> History | None:
    """The history after these events of a day, None where one of them is refused; none of them writes anything."""
    history = lived.history
    try:
        for event in (Together(tuple(events)),) if at_once else events:
            lived.minute += 1
            decision = step(history, event, lived.at)
            assert not decision.documents
            history = decision.after
    except DomainError:
        return None
    return history


@given(lives(), thrown(_detours, throws=10))
def test_a_change_and_its_way_back_on_one_day_cost_nothing(life: Life, detours: tuple[tuple[int, ...], bool]) -> None:
    totals, at_once = detours
    *_, lived = live(life, rest=0, last=False)
    lived.minute = 10
    for one in filter(_quiet, lived.history.subscriptions):
        events = [ChangeLicences(one.name, total, when="now") for total in (*totals, one.licences)]
        history = _gone_and_back(lived, events, at_once=at_once)
        if history is not None:
            assert _ahead(history, lived) == _ahead(lived.history, lived)


@given(lives(), thrown(lambda dice: (dice.number(1, 40), dice.of(False, True)), throws=3))
def test_a_cancellation_taken_back_on_its_day_costs_nothing(life: Life, detour: tuple[int, bool]) -> None:
    days, at_once = detour
    *_, lived = live(life, rest=0, last=False)
    lived.minute = 10
    for one in filter(_quiet, lived.history.subscriptions):
        if one.ending:
            continue
        for when in ("period_end", lived.today + DAY * days):
            history = _gone_and_back(lived, [Cancel(one.name, when), Undo(one.name)], at_once=at_once)
            if history is not None:
                assert _ahead(history, lived) == _ahead(lived.history, lived)


@given(lives())
def test_assigning_costs_nothing(life: Life) -> None:
    *_, lived = live(life, rest=0, last=False)
    lived.minute = 10
    for one in lived.history.subscriptions:
        history = _gone_and_back(lived, [Assign(one.name, 0), Assign(one.name, one.assigned)], at_once=False)
        if history is not None:
            assert _ahead(history, lived) == _ahead(lived.history, lived)


def _net(history: History, lived: Lived, *, written: Sequence[Decision]) -> Counter[int]:
    """What each subscription comes to, net, in what was written and in the lines of the days ahead."""
    sums: Counter[int] = Counter()
    lines = [line for decision in written for document in decision.documents for line in document.lines]
    for line in (*lines, *(line for _, lines_ahead in _ahead(history, lived) for line in lines_ahead)):
        sums[line.subscription] += line.amount.minor
    return sums


@given(lives(), thrown(_detours, throws=10))
def test_a_change_taken_back_on_its_day_costs_nothing_even_where_a_bill_lies_between(
    life: Life, detours: tuple[tuple[int, ...], bool]
) -> None:
    life = replace(life, billing="manual")
    *_, lived = live(life, rest=0, last=False)
    lived.minute = 10
    before = step(lived.history, Bill(), lived.at)
    for one in filter(_quiet, before.after.subscriptions):
        written: list[Decision] = []
        history = before.after
        try:
            for total in (*detours[0], one.licences):
                lived.minute += 1
                changed = step(history, ChangeLicences(one.name, total, when="now"), lived.at)
                written.append(step(changed.after, Bill(), lived.at))
                history = written[-1].after
        except DomainError:
            continue
        assert _net(history, lived, written=written) == _net(before.after, lived, written=())
