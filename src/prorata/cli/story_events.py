"""The events of a story: from the keys of the file to the events of the core.

An event has one verb. Verbs and keys whose work has not come yet are refused by name, told apart from unknown ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from prorata.cli.story_terms import anchor
from prorata.cli.yaml_values import Entries, Value, WrongFile, listed, meant, shown
from prorata.core.actors import Side
from prorata.core.catalog.terms import Refund, When
from prorata.core.errors import DomainError
from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    Event,
    Pay,
    PaymentMode,
    SetPayment,
    Subscribe,
    Undo,
)
from prorata.core.money import Currency, money
from prorata.core.stories.model import MOST_ASSIGNED, StoryEvent, StoryPlan

MAX_EVENTS = 10_000
PAYMENT_MODES = ("automatic", "declining", "none")

# A verb may be another's key: `licences` beside `subscribe` is no verb. So these are looked for first, ...
_LATER_VERBS = (
    "change_plan", "pause", "resume", "renewal", "reactivate", "extend_trial", "stop_conversion", "credit", "discount",
    "close",
)  # fmt: skip
# ... and these only where there is none of those.
_ALSO_KEYS = ("licences", "anchor", "refund", "price")
_LATER_AS_VERBS = ("anchor", "refund", "price")
_COMMON = ("at", "by", "preview")
_LATER_KEYS = ("effective", "names")


@dataclass(frozen=True, slots=True)
class Known:
    """What the events of a story may name."""

    zone: ZoneInfo
    currency: Currency
    plans: Mapping[str, StoryPlan]


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
    entries.only(*_COMMON, verb, *keys, later=_LATER_KEYS)
    at = entries.need("at", why="the day or the instant of the event").moment(known.zone)
    by = entries.get("by")
    side = cast("Side", by.one_of("admin", "vendor")) if by else "admin"
    preview = entries.get("preview")
    event = read(_Reading(entries, entries.found[verb], known, side))
    return StoryEvent(place, at, event, preview=preview.truth() if preview else False)


def _verb(entries: Entries) -> str:
    """The one verb of an event; refuses two, none, and those that have not come yet."""
    first = [key for key in entries.found if (key in READERS and key not in _ALSO_KEYS) or key in _LATER_VERBS]
    verbs = first or [key for key in entries.found if key in _ALSO_KEYS]
    for verb in verbs:
        if verb in _LATER_VERBS or verb in _LATER_AS_VERBS:
            raise entries.found[verb].wrong("is not available yet")
    if len(verbs) > 1:
        raise entries.found[verbs[1]].wrong(f"an event has one verb, and this one has {verbs[0]} already")
    if verbs:
        return verbs[0]
    for key, value in entries.found.items():
        if key in _LATER_KEYS:
            raise value.wrong("is not available yet")
        if key not in _ALL_KEYS:
            raise WrongFile(value.line, shown(key), sentence=_no_verb(key))
    raise entries.value.wrong(f"has no verb: one of {listed(READERS)}")


def _no_verb(key: str) -> str:
    return f"is no verb and no key of an event: the verbs are {listed(READERS)}{meant(key, _ALL_KEYS)}"


@dataclass(frozen=True, slots=True)
class _Reading:
    """One event being read: its keys, the value of its verb, and who does it."""

    entries: Entries
    verb: Value
    known: Known
    by: Side

    def of(self) -> str:
        return self.entries.need("of", why="the subscription that is meant").text()

    def word(self, key: str, *allowed: str) -> str | None:
        value = self.entries.get(key)
        return value.one_of(*allowed) if value else None


def _subscribe(reading: _Reading) -> Event:
    name = reading.verb.text()
    if name not in reading.known.plans:
        plans = listed(reading.known.plans)
        hint = meant(name, reading.known.plans)
        raise reading.verb.wrong(f'there is no plan "{shown(name)}": the plans are {plans}{hint}')
    sold = reading.known.plans[name]
    called = reading.entries.get("as")
    licences = reading.entries.get("licences")
    own_anchor = reading.entries.get("anchor")
    return Subscribe(
        name=called.text() if called else name,
        plan=sold.plan,
        terms=sold.terms,
        licences=licences.whole(fewest=0) if licences else 1,
        anchor=anchor(own_anchor) if own_anchor else None,
        by=reading.by,
    )


def _licences(reading: _Reading) -> Event:
    when = cast("When | None", reading.word("when", "now", "renewal"))
    return ChangeLicences(reading.of(), reading.verb.whole(fewest=0), when=when, by=reading.by)


def _assign(reading: _Reading) -> Event:
    if reading.verb.raw is None:
        raise reading.verb.wrong("names are not available yet: write how many members hold a licence")
    assigned = reading.verb.whole(fewest=0)
    if assigned > MOST_ASSIGNED:
        raise reading.verb.wrong(f"is too many: a story assigns at most {MOST_ASSIGNED} licences")
    return Assign(reading.of(), assigned, by=reading.by)


def _cancel(reading: _Reading) -> Event:
    refund = cast("Refund | None", reading.word("refund", "to_method", "credit", "none"))
    value = reading.entries.get("when")
    if value is None or value.raw in {"now", "period_end"}:
        when = cast('Literal["now", "period_end"] | None', value.raw if value else None)
        return Cancel(reading.verb.text(), when=when, refund=refund, by=reading.by)
    if value.raw is None or not value.raw[:1].isdigit():
        raise value.wrong("must be now, period_end or a day such as 2026-03-03")
    return Cancel(reading.verb.text(), when=value.day(), refund=refund, by=reading.by)


def _undo(reading: _Reading) -> Event:
    return Undo(reading.verb.text(), by=reading.by)


def _pay(reading: _Reading) -> Event:
    if reading.verb.kind == "int":
        document = reading.verb.whole(fewest=1)
    elif reading.verb.raw == "all":
        document = None
    else:
        raise reading.verb.wrong("must be all, or a document's place in the list (1 = first)")
    value = reading.entries.get("amount")
    if value is None:
        return Pay(document, by=reading.by)
    try:
        amount = money(value.amount(), reading.known.currency)
    except DomainError:
        of = reading.known.currency
        raise value.wrong(f"must be an amount in {of.code} with at most {of.exponent} decimals") from None
    return Pay(document, amount, by=reading.by)


def _payment(reading: _Reading) -> Event:
    return SetPayment(cast("PaymentMode", reading.verb.one_of(*PAYMENT_MODES)), by=reading.by)


def _bill(reading: _Reading) -> Event:
    if not reading.verb.truth():
        raise reading.verb.wrong("must be true: a run that does not happen is left out")
    return Bill(by=reading.by)


READERS: dict[str, tuple[tuple[str, ...], Callable[[_Reading], Event]]] = {
    "subscribe": (("as", "licences", "anchor"), _subscribe),
    "licences": (("of", "when"), _licences),
    "assign": (("of",), _assign),
    "cancel": (("when", "refund"), _cancel),
    "undo": ((), _undo),
    "pay": (("amount",), _pay),
    "payment": ((), _payment),
    "bill": ((), _bill),
}
_ALL_KEYS = (*_COMMON, *READERS, *(key for keys, _ in READERS.values() for key in keys))


def _check_order(events: tuple[StoryEvent, ...], entries: list[Entries]) -> None:
    before: datetime | None = None
    for event, found in zip(events, entries, strict=True):
        if before and event.at < before:
            raise found.found["at"].wrong("goes back behind the event before: events stand in the order of time")
        before = event.at


def _check_names(events: tuple[StoryEvent, ...], entries: list[Entries]) -> None:
    """Refuse names of subscriptions that nothing in the story buys."""
    bought = {e.event.name for e in events if isinstance(e.event, Subscribe) and not e.preview}
    for event, found in zip(events, entries, strict=True):
        if not isinstance(event.event, ChangeLicences | Assign | Cancel | Undo):
            continue
        name = event.event.subscription
        if name not in bought:
            value = found.get("of") or found.get("cancel") or found.found["undo"]
            there = f"there are {listed(sorted(bought))}" if bought else "there is none"
            raise value.wrong(f'no event buys a subscription "{shown(name)}": {there}{meant(name, bought)}')
