"""One event of a story being read: what its verb's reader may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from zoneinfo import ZoneInfo

from prorata.cli.story_amounts import read_money
from prorata.cli.yaml_values import Entries, Value, listed, meant, shown
from prorata.core.actors import Side
from prorata.core.events import Event
from prorata.core.money import Currency, Money
from prorata.core.stories.model import StoryPlan

_LAST_DAY_OF_MONTH = 31


@dataclass(frozen=True, slots=True)
class Known:
    """What the events of a story may name."""

    zone: ZoneInfo
    currency: Currency
    plans: Mapping[str, StoryPlan]


@dataclass(frozen=True, slots=True)
class Reading:
    """One event being read: its keys, the value of its verb, and who does it."""

    entries: Entries
    verb: Value
    known: Known
    by: Side

    def of(self) -> str:
        """The subscription that `of` names."""
        return self.entries.need("of", why="the subscription that is meant").text()

    def word(self, key: str, *allowed: str) -> str | None:
        """One of a few words, None where the key is left out."""
        value = self.entries.get(key)
        return value.one_of(*allowed) if value else None

    def whole(self, key: str, *, fewest: int) -> int | None:
        """A whole number, None where the key is left out."""
        value = self.entries.get(key)
        return value.whole(fewest=fewest) if value else None

    def amount(self, key: str) -> Money | None:
        """An amount above zero, None where the key is left out."""
        value = self.entries.get(key)
        return read_money(value, self.known.currency, fewest=1) if value else None

    def plan(self, value: Value) -> StoryPlan:
        """The plan that a value names."""
        name = value.text()
        if name not in self.known.plans:
            plans = listed(self.known.plans)
            hint = meant(name, self.known.plans)
            raise value.wrong(f'there is no plan "{shown(name)}": the plans are {plans}{hint}')
        return self.known.plans[name]


Reader: TypeAlias = "tuple[tuple[str, ...], Callable[[Reading], Event]]"
"""The keys that a verb has, and what reads it."""


def day_of_grid(value: Value, *, otherwise: str = "") -> int | date:
    """A day of the month, or a whole date. `otherwise`: what else might have stood there."""
    if value.kind == "int":
        day = value.whole(fewest=1)
        if day <= _LAST_DAY_OF_MONTH:
            return day
    elif value.raw is not None and value.kind in {"str", "timestamp"} and value.raw[:1].isdigit():
        return value.day()
    raise value.wrong(f"must be {otherwise}a day of the month from 1 to 31, or a whole date such as 2026-03-01")
