"""The life of a subscription by its dates: its state on a day, what has been, what is certain, and what depends.

It follows from the history and the terms alone. What is certain is so as things stand: nobody asks for anything, and
what is open is paid. What depends on a payment is conditional: on its day it happens unless a document is paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from prorata.core.calendar import Period, business_date, start_of_day
from prorata.core.documents.model import Standing
from prorata.core.events import PaymentMode
from prorata.core.history import History
from prorata.core.records import record
from prorata.core.subscriptions.lifecycle import Around, on_day
from prorata.core.subscriptions.model import EndWhy, State, Subscription, Turn, timetable
from prorata.core.subscriptions.trials import converted, converts, lapse
from prorata.core.subscriptions.unpaid import unpaid_from

What = Literal[
    "bought",
    "trial",
    "converts",
    "lapses",
    "reactivated",
    "paused",
    "resumed",
    "renews",
    "licences",
    "plan",
    "conflict",
    "expires",
    "disabled",
    "deleted",
]
How = Literal["past", "certain", "conditional"]

_ORDER: Final[tuple[What, ...]] = ("bought", "trial", "lapses", "expires", "converts", "renews", "plan", "licences")
"""Of one day: what begins or ends, then what comes with it."""


@record
class Entry:
    """What happens on a day. `since`: the day on which it was decided, or has been true from.

    `why`: of an end. `document`: what is to be paid so that it does not happen. `licences`: of a purchase, a change and
    a renewal the total from then on; of a conflict how many are assigned and not bought. `period`: of a renewal the one
    that is over then.
    """

    day: date
    what: What
    how: How
    since: date
    why: EndWhy | None = None
    document: int | None = None
    licences: int | None = None
    period: Period | None = None


@record
class Life:
    """A subscription on a day: its state, None before it began, and every day of its life in order."""

    on: date
    state: State | None
    entries: tuple[Entry, ...]

    @property
    def is_paused(self) -> bool:
        """Whether there is a pause that nobody has ended."""
        what = [entry.what for entry in self.entries]
        return what.count("paused") > what.count("resumed")

    def coming(self, days: int) -> tuple[Entry, ...]:
        """What comes within so many days, today included."""
        last = self.on + timedelta(days=days)
        return tuple(entry for entry in self.entries if entry.how != "past" and entry.day <= last)


def turns_of(subscription: Subscription, mode: PaymentMode) -> tuple[Turn, ...]:
    """Every change of state; those that the end of a trial brings are the ones of today's choice and payment."""
    trial = subscription.trial
    if subscription.state != "trial" or trial is None:
        return timetable(subscription)
    at = subscription.started_at
    if converts(subscription, mode):
        return timetable(converted(subscription, trial.ends, at=at))
    return timetable(replace(subscription, ending=lapse(subscription, trial.ends, at=at)))


def life_of(subscription: Subscription, on: date, *, history: History) -> Life:
    """The life of a subscription as it is on a day; a day to come finds it as it will be if nothing else happens.

    `history`: that of its account, for its zone, how it pays, and what is open; the subscription may know more of its
    past than is in there.
    """
    zone, mode = history.account.zone, history.mode
    s = on_day(subscription, on, around=Around(mode, (), start_of_day(on, zone)))
    turns = turns_of(s, mode)
    state: State | None = next((turn.state for turn in reversed(turns) if turn.on <= on), None)
    view = _View(s, on, zone)
    found = [*_turned(view, turns), *_rested(view), *_waiting(view)]
    if state == "active":
        found += [*_renewal(view), *_unpaid(view, history.standings)]
    if state in {"trial", "active", "expired"}:
        found += _in_conflict(view)
    order = {what: place for place, what in enumerate(_ORDER)}
    found.sort(key=lambda entry: (entry.day, order.get(entry.what, len(order))))
    return Life(on, state, tuple(found))


@record
class _View:
    """A subscription as it is on a day, and where its days are counted."""

    subscription: Subscription
    on: date
    zone: ZoneInfo

    def how(self, day: date) -> How:
        """Whether a day has been. What happens today is no more to come where the state shows it, but still told."""
        return "past" if day < self.on else "certain"

    def day(self, at: datetime) -> date:
        return business_date(at, self.zone)


def _turned(view: _View, turns: Iterable[Turn]) -> Iterator[Entry]:
    """The changes of state, with what each comes from."""
    s = view.subscription
    before: State | None = None
    entered = len(s.turns)
    for place, turn in enumerate(turns):
        has_been = place < entered and turn.on <= view.on
        yield Entry(
            turn.on,
            _what(turn.state, before),
            "past" if has_been else view.how(turn.on),
            min(view.day(turn.at), turn.on),
            why=s.ending.why if s.ending and turn.on >= s.ending.on and turn.state != "active" else None,
            licences=s.changes[0].licences if before is None else None,
        )
        before = turn.state


def _what(state: State, before: State | None) -> What:
    if state == "active":
        return "bought" if before is None else "converts" if before == "trial" else "reactivated"
    if state == "expired":
        return "lapses" if before == "trial" else "expires"
    return state


def _rested(view: _View) -> Iterator[Entry]:
    """Pauses, as far as they are remembered."""
    for rest in view.subscription.rests:
        if rest.why != "pause":
            continue
        yield Entry(rest.start, "paused", "past" if rest.start <= view.on else "certain", rest.start)
        if rest.end:
            yield Entry(rest.end, "resumed", "past" if rest.end <= view.on else "certain", rest.end)


def _waiting(view: _View) -> Iterator[Entry]:
    """Changes that wait for a boundary of the grid."""
    pending, plan = view.subscription.pending, view.subscription.pending_plan
    if plan:
        yield Entry(plan.effective, "plan", "certain", view.day(plan.at))
    if pending:
        yield Entry(pending.effective, "licences", "certain", view.day(pending.at), licences=pending.licences)


def _renewal(view: _View) -> Iterator[Entry]:
    """The next boundary at which a period begins; none while it is paused, or where it ends before."""
    s = view.subscription
    period = s.grid.period(view.on)
    if s.paused or (s.ending and s.ending.on <= period.end):
        return
    pending = s.pending
    licences = pending.licences if pending and pending.effective <= period.end else s.licences
    since = max(s.start, s.plans[-1].effective, *(turn.on for turn in s.turns))
    yield Entry(period.end, "renews", "certain", since, licences=licences, period=period)


def _in_conflict(view: _View) -> Iterator[Entry]:
    """The day on which those lose their licence for whom there is none."""
    s = view.subscription
    if s.conflict and not (s.ending and s.ending.on <= s.conflict.until):
        yield Entry(s.conflict.until, "conflict", "certain", s.conflict.since, licences=max(s.assigned - s.licences, 0))


def _unpaid(view: _View, standings: Iterable[Standing]) -> Iterator[Entry]:
    """What happens unless the first document that is past due is paid."""
    s, first = view.subscription, first_unpaid(view.subscription, standings, today=view.on)
    if first is None:
        return
    day, due, document = first
    yield Entry(day, "disabled", "conditional", due, why="unpaid", document=document)
    gone = day + timedelta(days=s.terms.disabled_days)
    yield Entry(gone, "deleted", "conditional", due, why="unpaid", document=document)


def first_unpaid(
    subscription: Subscription, standings: Iterable[Standing], *, today: date
) -> tuple[date, date, int] | None:
    """Of what is past due, the document that ends it first, as `owing` says it; None where it ends before, or nothing
    is.
    """
    first = min((one for one in owing(subscription, standings) if one[1] < today), default=None)
    ending = subscription.ending
    return None if first is None or (ending and ending.on <= first[0]) else first


def owing(subscription: Subscription, standings: Iterable[Standing]) -> Iterator[tuple[date, date, int]]:
    """The documents that are to be paid so that it is not ended: the day of that end, the due date, the document."""
    for standing in standings:
        day = unpaid_from((standing,), (subscription,)).get(subscription.id)
        if day and standing.due:
            yield day, standing.due, standing.document
