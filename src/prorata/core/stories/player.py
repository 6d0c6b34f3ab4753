"""Playing a story: its days pass one by one, each with its events and then its run.

The same player drives an account in memory and one in a database. What it needs of either is a `Stage`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Protocol, TypeVar

from prorata.core.calendar import business_date
from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.core.events import Event, Subscribe, Together
from prorata.core.records import record
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
    purchases = _purchases(story)
    first_bought = {purchase.name: purchase for purchase in reversed(purchases)}
    playing = _Playing(stage, purchases, first_bought)
    previews: list[Previewed] = []
    day = story.first_day
    for at, moment in groupby(story.events, key=lambda event: event.at):
        day = playing.pass_days(day, business_date(at, story.zone))
        previews += playing.moment(tuple(moment))
    playing.pass_days(day, story.until + timedelta(days=1))
    return replace(stage.told(story.until), previews=tuple(previews))


@record
class _Purchase:
    place: int
    on: date
    name: str


def _purchases(story: Story) -> tuple[_Purchase, ...]:
    """The purchases that really happen, in their order: an account counts its subscriptions from 1 in this order."""
    return tuple(
        # One that is entered late can be named from its entry on, not from the day that it begins.
        _Purchase(event.place, business_date(event.at, story.zone), event.what.name)
        for event in story.events
        if isinstance(event.what, Subscribe) and not event.preview
    )


@record
class _Playing:
    stage: Stage
    purchases: tuple[_Purchase, ...]
    first_bought: Mapping[str, _Purchase]

    def pass_days(self, day: date, until: date) -> date:
        """Run each day from `day` up to, not including, `until`, but for idle ones. Returns the day to go on from."""
        while day < until:
            self.stage.run(day)
            day = self.stage.next_day(day) or until
        return until

    def moment(self, events: Sequence[StoryEvent]) -> list[Previewed]:
        """Let the events of one instant happen together; a preview sees those written before it."""
        kept: list[StoryEvent] = []
        previews: list[Previewed] = []
        for event in events:
            if event.preview:
                documents = self._guarded([*kept, event], then=self.stage.preview)
                names = self._names(event)
                previews += (Previewed(issued, names) for issued in documents)
            else:
                kept.append(event)
        if kept:
            self._guarded(kept, then=self.stage.act)
        return previews

    def _guarded(self, events: Sequence[StoryEvent], *, then: Callable[[Event, datetime], _Result]) -> _Result:
        for count, event in enumerate(events):
            early = self._before_start(event)
            if early:
                self._refuse_if_any(events[:count])
                raise Refused(event.place, early)
        try:
            return then(_together(events), events[0].at)
        except DomainError as error:
            self._refuse_if_any(events)
            raise Refused(events[-1].place, error) from error

    def _refuse_if_any(self, events: Sequence[StoryEvent]) -> None:
        """Raise `Refused` for the first of the events that the stage refuses.

        Once an event is refused, so is every longer beginning of its instant: the shortest one is found by halving.
        """
        beginnings = range(1, len(events) + 1)
        shortest = bisect_left(beginnings, 1, key=lambda count: 1 if self._refusal(events[:count]) else 0)
        if shortest < len(events):
            error = self._refusal(events[: shortest + 1])
            if error:
                raise Refused(events[shortest].place, error)

    def _refusal(self, events: Sequence[StoryEvent]) -> DomainError | None:
        try:
            self.stage.preview(_together(events), events[0].at)
        except DomainError as error:
            return error
        return None

    def _before_start(self, event: StoryEvent) -> BeforeStart | None:
        """Whether an event names a subscription that is bought only later in the story."""
        name = event.subscription
        bought = self.first_bought.get(name) if name is not None else None
        if name is None or bought is None or bought.place < event.place:
            return None
        return BeforeStart(subscription=name, starts=bought.on.isoformat())

    def _names(self, preview: StoryEvent) -> dict[int, str]:
        """The names of the subscriptions that a preview knows, by id."""
        bought = [purchase.name for purchase in self.purchases if purchase.place < preview.place]
        if isinstance(preview.what, Subscribe):
            bought.append(preview.what.name)
        return dict(enumerate(bought, start=1))


def _together(events: Sequence[StoryEvent]) -> Event:
    if len(events) == 1:
        return events[0].event
    return Together(tuple(event.event for event in events))
