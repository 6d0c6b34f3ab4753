"""Deciding: a preview is the act, what was shown is recognised, coming and going in a day is free."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given

from properties.dice import Dice, thrown
from properties.lives import LIFE, life_of, lives, seats_of
from properties.living import Lived, live
from properties.other_ways import (
    NEVER,
    check_the_same_is_billed,
    lives_by_the_second,
    on_terms,
    the_same_in_any_steps,
    without,
)
from properties.seat_book import DAY
from properties.wishes import (
    Again,
    AtOnce,
    Back,
    Late,
    Life,
    Move,
    Off,
    Other,
    Renewal,
    Run,
    Stop,
    Total,
    Trying,
    Wait,
    Wish,
)
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


@given(lives_by_the_second())
def test_a_preview_is_the_act_and_changes_nothing(life: Life) -> None:
    for lived in live(life):
        assert lived.last
        before = lived.last.before
        if lived.evening and lived.last.after == before:
            continue
        told = repr(before)
        event = DayRun() if lived.evening else lived.granted[-1]
        again = step(before, event, lived.last.at)
        assert again == lived.last
        assert fingerprint(again) == fingerprint(lived.last)
        assert repr(before) == told


def _shown(decision: Decision) -> object:
    """What a person is shown: the documents, what becomes of all of them, how each subscription concerned stands."""
    before = decision.before.subscriptions
    plans = [
        (s.name, s.licences, s.assigned, s.state, s.pending and s.pending.licences, s.ending and s.ending.on)
        for s in decision.after.subscriptions
        if s not in before
    ]
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
    return tuple(seats_of(dice) for _ in range(dice.of(1, 1, 2, 3))), dice.coin()


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
    # The final document of what nobody pays takes along what waits: it comes on another day.
    *_, lived = live(on_terms(life, grace_days=NEVER), rest=0, last=False)
    lived.minute = 10
    for one in filter(_quiet, lived.history.subscriptions):
        events = [ChangeLicences(one.name, total, when="now") for total in (*totals, one.licences)]
        history = _gone_and_back(lived, events, at_once=at_once)
        if history is not None:
            assert _ahead(history, lived) == _ahead(lived.history, lived)


@given(lives(), thrown(lambda dice: (dice.number(1, 40), dice.coin()), throws=3))
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


def _only_changes_at_once(wish: Wish) -> Wish | None:
    """A wish that leaves neither an end nor a change to come behind it, nor lets a day pass; None for what would."""
    match wish:
        case Total():
            return replace(wish, when="now")
        case Other():
            return replace(wish, when="now")
        case Stop() | Back() | AtOnce() | Run() | Renewal() | Again() | Trying() | Late():
            return None
        case _:
            return wish


def _cancelled_and_not(dice: Dice) -> tuple[Life, Life]:
    """A life, and the same where a cancellation for a day to come is asked for and taken back before it comes."""
    life = the_same_in_any_steps(life_of(dice.cup(LIFE)))
    wishes = [one for wish in life.wishes if (one := _only_changes_at_once(wish))]
    asked = dice.number(1, len(wishes))
    back = dice.number(asked, len(wishes))
    passed = sum(wish.days for wish in wishes[asked:back] if isinstance(wish, Wait))
    stop = Stop(0, passed + dice.number(1, 20), None)
    detour = (*wishes[:asked], stop, *wishes[asked:back], Back(0), *wishes[back:])
    return replace(life, wishes=tuple(wishes)), replace(life, wishes=detour)


@given(thrown(_cancelled_and_not, throws=LIFE + 6))
def test_a_cancellation_taken_back_before_its_day_leaves_no_trace_in_what_is_billed(lived: tuple[Life, Life]) -> None:
    (*_, straight), (*_, detour) = (live(life) for life in lived)
    check_the_same_is_billed(straight, detour)


@given(lives())
def test_assigning_costs_nothing(life: Life) -> None:
    *_, lived = live(life, rest=0, last=False)
    lived.minute = 10
    for one in lived.history.subscriptions:
        history = _gone_and_back(lived, [Assign(one.name, 0), Assign(one.name, one.assigned)], at_once=False)
        if history is not None:
            assert _ahead(history, lived) == _ahead(lived.history, lived)


def _net(lines: Iterable[Line]) -> Counter[int]:
    """What each subscription comes to, net."""
    sums: Counter[int] = Counter()
    for line in lines:
        sums[line.subscription] += line.amount.minor
    return sums


@given(lives(), thrown(_detours, throws=10))
def test_a_change_and_its_way_back_with_a_bill_after_each_cost_half_a_minor_unit_a_line_at_most(
    life: Life, detours: tuple[tuple[int, ...], bool]
) -> None:
    # A discount that has come since is taken off what is charged again, not off what was charged; and a credit may pay
    # what another subscription has ended for.
    life = on_terms(without(life, Off, Move), grace_days=NEVER)
    *_, lived = live(replace(life, billing="manual"), rest=0, last=False)
    lived.minute = 10
    before = step(lived.history, Bill(), lived.at).after
    for one in filter(_quiet, before.subscriptions):
        if one.terms.proration == "none":
            continue  # a part costs the whole there, and nothing of it comes back once it was billed
        history, written = before, list[Line]()
        try:
            for total in (*detours[0], one.licences):
                lived.minute += 1
                changed = step(history, ChangeLicences(one.name, total, when="now"), lived.at)
                billed = step(changed.after, Bill(), lived.at)
                history = billed.after
                written += [line for document in billed.documents for line in document.lines]
        except DomainError:
            continue
        assert abs(_net(written)[one.id]) * 2 <= len(written)
        assert set(_net(written)) <= {one.id}
