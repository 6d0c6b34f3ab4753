"""Playing a story: its days pass one by one, each with its events and then its run.

The same player drives an account in memory and one in a database. What it needs of either is a `Stage`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Protocol, TypeVar

from prorata.core.calendar import business_date
from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.core.events import Assign, Cancel, ChangeLicences, Event, Subscribe, Together, Undo
from prorata.core.stories.model import Story, StoryEvent
from prorata.core.stories.told import Previewed, Told
from prorata.core.subscriptions.cancel import BeforeStart

_Result = TypeVar("_Result")


class Stage(Protocol):
    """Where a story is played: one account whose clock moves only when it is told to.

    The player calls in the order of time: `act` and `preview` with instants that never go back, `run` once for a day
    when all of that day's events have happened, and `told` once at the end. Two stages that keep these promises tell
    the same story to the byte.
    """

    def act(self, event: Event, at: datetime) -> None:
        """Let an event happen at an instant (aware), and keep what follows from it.

        Events of one instant come as one `Together`, in their order: they are one decision and make one document for
        each billing profile. All of it happens, or a `DomainError` is raised and nothing has.
        """
        ...

    def preview(self, event: Event, at: datetime) -> tuple[Issued, ...]:
        """The documents that `act` would write now, with the numbers and standings they would get; keeps nothing.

        Raises the `DomainError` that `act` would raise.
        """
        ...

    def run(self, day: date) -> None:
        """The account's run of a business day, at the day's last instant: what takes effect, then what is due."""
        ...

    def next_day(self, after: date) -> date | None:
        """The first day after the given one whose run may find something to do if nothing happens until then.

        None where nothing is to come. Too early a day does no harm, only the next day is always right; too late a
        day skips a run. Asked after the run of `after`.
        """
        ...

    def told(self, on: date) -> Told:
        """The account as it stands after the run of a day, without previews."""
        ...


class Refused(Exception):
    """A rule refused the event at a place of the story (1 = first): the play ends there."""

    def __init__(self, place: int, error: DomainError) -> None:
        """Keep the place and what the rule said."""
        super().__init__(place, error)
        self.place = place
        self.error = error


def play(story: Story, stage: Stage) -> Told:
    """Let the days of a story pass on a stage, the last one's run included. Raises `Refused`."""
    previews: list[Previewed] = []
    day = story.first_day
    for at, moment in groupby(story.events, key=lambda event: event.at):
        day = _pass_days(stage, day, business_date(at, story.zone))
        previews += _moment(story, stage, tuple(moment))
    _pass_days(stage, day, story.until + timedelta(days=1))
    return replace(stage.told(story.until), previews=tuple(previews))


def _pass_days(stage: Stage, day: date, until: date) -> date:
    """Run each day from `day` up to, not including, `until`; idle days are skipped. Returns the day that comes next."""
    while day < until:
        stage.run(day)
        day = stage.next_day(day) or until
    return until


def _moment(story: Story, stage: Stage, moment: Sequence[StoryEvent]) -> list[Previewed]:
    """Let the events of one instant happen together; a preview sees those written before it."""
    kept: list[StoryEvent] = []
    previews: list[Previewed] = []
    for event in moment:
        if event.preview:
            names = _names(story, event)
            documents = _guarded(story, stage, [*kept, event], then=stage.preview)
            previews += (Previewed(issued, names) for issued in documents)
        else:
            kept.append(event)
    if kept:
        _guarded(story, stage, kept, then=stage.act)
    return previews


def _names(story: Story, preview: StoryEvent) -> dict[int, str]:
    """The names of the subscriptions that a preview knows, by id: an account counts its purchases from 1."""
    bought = [
        other.event.name
        for other in story.events
        if isinstance(other.event, Subscribe)
        and (other == preview or (other.place < preview.place and not other.preview))
    ]
    return dict(enumerate(bought, start=1))


def _guarded(
    story: Story, stage: Stage, events: Sequence[StoryEvent], *, then: Callable[[Event, datetime], _Result]
) -> _Result:
    if not any(_before_start(story, event) for event in events):
        try:
            return then(_together(events), events[0].at)
        except DomainError as error:
            raise _first_refused(story, stage, events, otherwise=error) from error
    raise _first_refused(story, stage, events)


def _first_refused(
    story: Story, stage: Stage, events: Sequence[StoryEvent], *, otherwise: DomainError | None = None
) -> Refused:
    """Which of the events of an instant is refused: the first with which they cannot happen any more."""
    for count, event in enumerate(events, start=1):
        early = _before_start(story, event)
        if early:
            return Refused(event.place, early)
        try:
            stage.preview(_together(events[:count]), event.at)
        except DomainError as error:
            return Refused(event.place, error)
    if otherwise is None:
        raise AssertionError(events)
    return Refused(events[-1].place, otherwise)


def _together(events: Sequence[StoryEvent]) -> Event:
    if len(events) == 1:
        return events[0].event
    return Together(tuple(event.event for event in events))


def _before_start(story: Story, event: StoryEvent) -> BeforeStart | None:
    """Whether an event names a subscription that is bought only later in the story."""
    if not isinstance(event.event, ChangeLicences | Assign | Cancel | Undo):
        return None
    name = event.event.subscription
    for other in story.events:
        if isinstance(other.event, Subscribe) and other.event.name == name and not other.preview:
            if other.place < event.place:
                return None
            starts = business_date(other.at, story.zone)
            return BeforeStart(subscription=name, starts=starts.isoformat())
    return None
