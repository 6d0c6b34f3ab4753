"""The verbs of a story that are about one subscription: from their keys to the events of the core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from prorata.cli.story_money import MONEY_READERS
from prorata.cli.story_reading import Reader, Reading, day_of_grid
from prorata.cli.story_terms import anchor
from prorata.cli.yaml_values import shown
from prorata.core.catalog.terms import AnchorChange, Refund, When
from prorata.core.events import (
    Assign,
    Cancel,
    ChangeLicences,
    ChangePlan,
    CloseAccount,
    Event,
    ExtendTrial,
    MoveAnchor,
    Pause,
    Reactivate,
    Resume,
    SetRenewal,
    StopConversion,
    Subscribe,
    Undo,
)
from prorata.core.stories.model import MOST_ASSIGNED


def _subscribe(reading: Reading) -> Event:
    sold = reading.plan(reading.verb)
    called = reading.entries.get("as")
    licences = reading.whole("licences", fewest=0)
    own_anchor = reading.entries.get("anchor")
    return Subscribe(
        name=called.text() if called else sold.plan.name,
        plan=sold.plan,
        terms=sold.terms,
        licences=1 if licences is None else licences,
        anchor=anchor(own_anchor) if own_anchor else None,
        by=reading.by,
    )


def _licences(reading: Reading) -> Event:
    return ChangeLicences(reading.of(), reading.verb.whole(fewest=0), when=_when(reading), by=reading.by)


def _when(reading: Reading) -> When | None:
    return cast("When | None", reading.word("when", "now", "renewal"))


def _change_plan(reading: Reading) -> Event:
    sold = reading.plan(reading.verb)
    return ChangePlan(
        subscription=reading.of(),
        plan=sold.plan,
        when=_when(reading),
        anchor=_anchor_change(reading),
        licences=reading.whole("licences", fewest=0),
        by=reading.by,
    )


def _anchor_change(reading: Reading) -> AnchorChange | None:
    value = reading.entries.get("anchor")
    if value is None:
        return None
    if value.raw in {"keep", "restart"}:
        return cast('Literal["keep", "restart"]', value.raw)
    return day_of_grid(value, otherwise="keep, restart, ")


def _anchor(reading: Reading) -> Event:
    return MoveAnchor(reading.of(), day_of_grid(reading.verb), by=reading.by)


def _renewal(reading: Reading) -> Event:
    """YAML reads a bare `on` or `off` as true or false; in quotes they are words."""
    value = reading.verb
    if value.kind == "bool":
        renews = value.truth()
    elif value.raw in {"on", "off"}:
        renews = value.raw == "on"
    else:
        raise value.wrong("must be on or off")
    return SetRenewal(reading.of(), renews, by=reading.by)


def _assign(reading: Reading) -> Event:
    if reading.verb.raw is None:
        return _names(reading)
    assigned = reading.verb.whole(fewest=0)
    if assigned > MOST_ASSIGNED:
        raise reading.verb.wrong(f"is too many: a story assigns at most {MOST_ASSIGNED} licences")
    return Assign(reading.of(), assigned, by=reading.by)


def _names(reading: Reading) -> Event:
    names = tuple(value.text() for value in reading.verb.items())
    if len(names) > MOST_ASSIGNED:
        raise reading.verb.wrong(f"is too many: a story assigns at most {MOST_ASSIGNED} licences")
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise reading.verb.wrong(f'names "{shown(twice)}" twice: a member holds one licence')
    return Assign(reading.of(), len(names), by=reading.by, names=names)


def _close(reading: Reading) -> Event:
    reading.verb.one_of("account")
    return CloseAccount(by=reading.by)


def _cancel(reading: Reading) -> Event:
    refund = cast("Refund | None", reading.word("refund", "to_method", "credit", "none"))
    value = reading.entries.get("when")
    if value is None or value.raw in {"now", "period_end"}:
        when = cast('Literal["now", "period_end"] | None', value.raw if value else None)
        return Cancel(reading.verb.text(), when=when, refund=refund, by=reading.by)
    if value.raw is None or not value.raw[:1].isdigit():
        raise value.wrong("must be now, period_end or a day such as 2026-03-03")
    return Cancel(reading.verb.text(), when=value.day(), refund=refund, by=reading.by)


_OfOne = Undo | Pause | Resume | Reactivate | ExtendTrial | StopConversion


def _only_named(event: type[_OfOne]) -> Callable[[Reading], Event]:
    """A verb that says nothing but the subscription."""

    def read(reading: Reading) -> Event:
        return event(reading.verb.text(), by=reading.by)

    return read


READERS: dict[str, Reader] = {
    "subscribe": (("as", "licences", "anchor"), _subscribe),
    "licences": (("of", "when"), _licences),
    "change_plan": (("of", "when", "anchor", "licences"), _change_plan),
    "anchor": (("of",), _anchor),
    "pause": ((), _only_named(Pause)),
    "resume": ((), _only_named(Resume)),
    "renewal": (("of",), _renewal),
    "assign": (("of",), _assign),
    "names": (("of",), _names),
    "cancel": (("when", "refund"), _cancel),
    "undo": ((), _only_named(Undo)),
    "reactivate": ((), _only_named(Reactivate)),
    "extend_trial": ((), _only_named(ExtendTrial)),
    "stop_conversion": ((), _only_named(StopConversion)),
    "close": ((), _close),
    **MONEY_READERS,
}
"""Every verb of a story, with the keys that it has."""
