"""The events of a story: their order, the one verb of each, and the names that they may use."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from prorata.cli.story_reading import Known, Reading
from prorata.cli.story_verbs import READERS
from prorata.cli.yaml_values import Entries, Value, WrongFile, listed, meant, shown
from prorata.core.actors import Side
from prorata.core.events import Event, Late, Subscribe
from prorata.core.stories.model import StoryEvent

MAX_EVENTS = 10_000

# A verb may be another's key: `licences` beside `subscribe` is no verb. These are verbs only where there is no other.
_ALSO_KEYS = ("licences", "anchor", "refund", "price")
_COMMON = ("at", "by", "preview", "effective", "reason")
_ALL_KEYS = (*_COMMON, *READERS, *(key for keys, _ in READERS.values() for key in keys))


def read_events(value: Value, known: Known) -> tuple[StoryEvent, ...]:
    """Read the list of events. Raises `WrongFile`."""
    items = value.items()
    if not items:
        raise value.wrong("a story has at least one event")
    if len(items) > MAX_EVENTS:
        raise value.wrong(f"a story has at most {MAX_EVENTS:,} events")
    entries = [Value(item.node, "event").entries() for item in items]
    events = tuple(_event(found, known, place=place) for place, found in enumerate(entries, start=1))
    _check_order(events, entries)
    _check_names(events, entries)
    return events


def _event(entries: Entries, known: Known, *, place: int) -> StoryEvent:
    verb = _verb(entries)
    keys, read = READERS[verb]
    entries.only(*_COMMON, verb, *keys)
    at = entries.need("at", why="the day or the instant of the event").moment(known.zone)
    by = entries.get("by")
    side = cast("Side", by.one_of("admin", "vendor")) if by else "admin"
    preview = entries.get("preview")
    event = _when_entered(read(Reading(entries, entries.found[verb], known, side)), entries)
    return StoryEvent(place, at, event, preview=preview.truth() if preview else False)


def _when_entered(event: Event, entries: Entries) -> Event:
    """The event as it happens, or as it is entered late."""
    effective, reason = entries.get("effective"), entries.get("reason")
    if effective:
        return Late(event, effective.day(), reason.text() if reason else "")
    if reason:
        raise reason.wrong("only what is entered late has a reason: write effective too")
    return event


def _verb(entries: Entries) -> str:
    """The one verb of an event; refuses two, and none."""
    verbs = [key for key in entries.found if key in READERS and key not in _ALSO_KEYS]
    verbs = verbs or [key for key in entries.found if key in _ALSO_KEYS]
    if len(verbs) > 1:
        raise entries.found[verbs[1]].wrong(f"an event has one verb, and this one has {verbs[0]} already")
    if verbs:
        return verbs[0]
    for key, value in entries.found.items():
        if key not in _ALL_KEYS:
            raise WrongFile(value.line, shown(key), sentence=_no_verb(key))
    raise entries.value.wrong(f"has no verb: one of {listed(READERS)}")


def _no_verb(key: str) -> str:
    return f"is no verb and no key of an event: the verbs are {listed(READERS)}{meant(key, _ALL_KEYS)}"


def _check_order(events: tuple[StoryEvent, ...], entries: list[Entries]) -> None:
    before: datetime | None = None
    for event, found in zip(events, entries, strict=True):
        if before and event.at < before:
            raise found.found["at"].wrong("goes back behind the event before: events stand in the order of time")
        before = event.at


def _check_names(events: tuple[StoryEvent, ...], entries: list[Entries]) -> None:
    """Refuse names of subscriptions that nothing in the story buys."""
    bought = {e.what.name for e in events if isinstance(e.what, Subscribe) and not e.preview}
    for event, found in zip(events, entries, strict=True):
        name = event.subscription
        if name is not None and name not in bought:
            value = found.get("of") or found.found[_verb(found)]
            there = f"there are {listed(sorted(bought))}" if bought else "there is none"
            raise value.wrong(f'no event buys a subscription "{shown(name)}": {there}{meant(name, bought)}')
