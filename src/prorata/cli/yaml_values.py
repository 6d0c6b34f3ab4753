"""YAML as located values: whatever is wrong can be told with its line and its key.

The file is composed into nodes and never constructed: each value is read as what its key wants, from the text that
stands there. So `12.50` never becomes a float, and `NO` never silently becomes false.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

import yaml

from prorata.core.calendar import FIRST_DAY, LAST_DAY, start_of_day
from prorata.core.stories.result import Json

MAX_WHOLE_DIGITS = 9
MAX_TEXT = 200

TAG = "tag:yaml.org,2002:"
"""What the tags of YAML itself begin with; written `!!`."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|z|[+-]\d{2}(?::?\d{2})?)?")
_WHOLE = re.compile(r"-?(?:0|[1-9]\d*)")


class WrongFile(Exception):
    """A story that cannot be played as it is written: the line, the key, and one sentence about them."""

    def __init__(self, line: int, key: str, *, sentence: str) -> None:
        """`line` counts from 1."""
        super().__init__(f"line {line}: {key}: {sentence}")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the file under its key."""

    node: yaml.Node
    key: str

    def wrong(self, sentence: str) -> WrongFile:
        """The error that this value is."""
        return WrongFile(self.line, self.key, sentence=sentence)

    @property
    def line(self) -> int:
        """The line of the file that it begins on, from 1."""
        return line_of(self.node)

    @property
    def raw(self) -> str | None:
        """The text that stands there, None for a list or a map."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else None

    @property
    def kind(self) -> str:
        """What YAML takes it for: `str`, `int`, `float`, `bool`, `null`, `timestamp`, `seq`, `map` or another tag."""
        return self.node.tag.removeprefix(TAG)

    def text(self) -> str:
        """One line of text."""
        if self.raw is None or self.kind in {"null", "merge", "value"}:
            raise self.wrong(f"must be text, not {described(self)}")
        if self.kind == "bool":
            raise self.wrong(f'YAML reads {self.raw} as true or false; in quotes, "{self.raw}", it is text')
        if self.kind != "str":
            raise self.wrong(f'must be text: put it in quotes, "{shown(self.raw)}"')
        if not self.raw or not self.raw.isprintable() or len(self.raw) > MAX_TEXT:
            raise self.wrong(f"must be one line of text, with 1 to {MAX_TEXT} characters")
        return self.raw

    def amount(self) -> str:
        """An amount or a rate as text: a number without quotes would not be exact."""
        if self.raw is not None and self.kind in {"int", "float"}:
            raise self.wrong(f'amounts are text, so that they stay exact: write "{self.raw}", in quotes')
        return self.text()

    def one_of(self, *allowed: str) -> str:
        """One of a few words."""
        text = self.text()
        if text not in allowed:
            raise self.wrong(f'"{shown(text)}" is not possible: it is {listed(allowed)}{meant(text, allowed)}')
        return text

    def whole(self, *, fewest: int) -> int:
        """A whole number that is not smaller than `fewest`."""
        if self.kind != "int" or self.raw is None:
            raise self.wrong(f"must be a whole number, not {described(self)}")
        if not _WHOLE.fullmatch(self.raw) or len(self.raw) > MAX_WHOLE_DIGITS:
            raise self.wrong(f"must be a whole number in plain digits, at most {MAX_WHOLE_DIGITS} of them")
        if int(self.raw) < fewest:
            raise self.wrong(f"must be {fewest} or more, not {self.raw}")
        return int(self.raw)

    def truth(self) -> bool:
        """True or false."""
        if self.kind != "bool" or self.raw is None:
            raise self.wrong(f"must be true or false, not {described(self)}")
        return self.raw.lower() in {"true", "yes", "on"}

    def day(self) -> date:
        """A day, in quotes or not."""
        raw = self._of_time("a day such as 2026-01-15")
        if not _DAY.fullmatch(raw):
            raise self.wrong(f'"{shown(raw)}" is not a day: write it like 2026-01-15')
        return self._in_calendar(raw)

    def moment(self, zone: ZoneInfo) -> datetime:
        """An instant, or the start of a day in the zone; as UTC."""
        raw = self._of_time("a day such as 2026-01-15, or an instant with its offset")
        if _DAY.fullmatch(raw):
            return start_of_day(self._in_calendar(raw), zone)
        found = _MOMENT.fullmatch(raw)
        if not found:
            raise self.wrong(f'"{shown(raw)}" is no day and no instant: write 2026-01-15 or 2026-01-15T09:00:00+01:00')
        self._in_calendar(found[1])
        if not found[3]:
            raise self.wrong(f"an instant needs its offset: write {found[1]}T{found[2]}Z, or +01:00 for Z")
        try:
            at = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3].upper()}")
        except ValueError:
            raise self.wrong(f"{raw} is not an instant of the clock") from None
        return at.astimezone(UTC)

    def _of_time(self, wanted: str) -> str:
        if self.raw is None or self.kind not in {"str", "timestamp"}:
            raise self.wrong(f"must be {wanted}, not {described(self)}")
        return self.raw

    def _in_calendar(self, raw: str) -> date:
        try:
            found = date.fromisoformat(raw)
        except ValueError:
            raise self.wrong(f"{raw} is not a day of the calendar") from None
        if not FIRST_DAY <= found <= LAST_DAY:
            raise self.wrong(f"{raw} is out of reach: days lie between {FIRST_DAY} and {LAST_DAY}")
        return found

    def items(self) -> tuple[Value, ...]:
        """The values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong(f"must be a list, not {described(self)}")
        return tuple(Value(node, self.key) for node in children(self.node))

    def entries(self) -> Entries:
        """The keys and values of a map, each key once."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong(f"must be a map of keys and values, not {described(self)}")
        found: dict[str, Value] = {}
        for key_node, node in pairs(self.node):
            key = Value(key_node, self.key).text()
            if key in found:
                raise WrongFile(line_of(key_node), key, sentence="stands here twice")
            found[key] = Value(node, key)
        return Entries(self, found)

    def plain(self) -> Json:
        """Whatever stands there, as JSON has it; dates are text as written."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: value.plain() for key, value in self.entries().found.items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [value.plain() for value in self.items()]
        return None if self.kind == "null" else self._plain_scalar()

    def _plain_scalar(self) -> str | int | bool | None:
        match self.kind:
            case "bool":
                return self.truth()
            case "int":
                return self.whole(fewest=-(10**MAX_WHOLE_DIGITS))
            case "float":
                return self.amount()
            case _:
                return self.raw


@dataclass(frozen=True, slots=True)
class Entries:
    """A map of the file."""

    value: Value
    found: Mapping[str, Value]

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def get(self, key: str) -> Value | None:
        """The value of a key that may be left out."""
        return self.found.get(key)

    def need(self, key: str, *, why: str) -> Value:
        """The value of a key that must be there."""
        if key not in self.found:
            raise WrongFile(self.value.line, key, sentence=f"is missing: {why}")
        return self.found[key]

    def only(self, *known: str, later: Iterable[str] = ()) -> None:
        """Refuse keys that are not known, and by name those whose work has not come yet."""
        for key, value in self.found.items():
            if key in later:
                raise value.wrong("is not available yet")
            if key not in known:
                raise WrongFile(
                    value.line,
                    shown(key),
                    sentence=f"is no key here: known are {listed(known)}{meant(key, known)}",
                )


def listed(words: Iterable[str]) -> str:
    """Words with commas between them."""
    return ", ".join(words)


def meant(word: str, known: Iterable[str]) -> str:
    """A guess at what was meant, to be put after a list; empty where nothing is near."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def shown(text: str) -> str:
    """A piece of the file as it can stand in one line of an error."""
    cut = text if len(text) <= 40 else f"{text[:39]}…"
    return "".join(letter if letter.isprintable() else "�" for letter in cut)


def described(value: Value) -> str:
    """What stands there, in a few words."""
    if value.raw is None:
        return "a list" if isinstance(value.node, yaml.SequenceNode) else "a map"
    return "nothing" if value.kind == "null" else f'"{shown(value.raw)}"'


def line_of(node: yaml.Node) -> int:
    """The line of the file that a node begins on, from 1."""
    return int(node.start_mark.line) + 1


def children(node: yaml.SequenceNode) -> list[yaml.Node]:
    """The nodes of a list."""
    return cast("list[yaml.Node]", node.value)


def pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    """The nodes of a map's keys and values."""
    return cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
