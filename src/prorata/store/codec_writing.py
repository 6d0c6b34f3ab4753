"""Core data into JSON: as Python's lists and dictionaries, or straight into the canonical text.

Both go by the very type of each value. How a type is written is worked out when it is first met and kept: a run writes
the same few types millions of times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType
from typing import Any, Final, get_type_hints

from prorata.core.money import Currency

TreeWriter = Callable[[Any], object]
TextWriter = Callable[[Any], str]
_Writers = tuple[tuple[type, TextWriter], ...]


def write_tree(value: object) -> object:
    """The JSON of a value as what `json.dumps` takes; raises TypeError for what has no form: a float, a list."""
    return _TREES[type(value)](value)


def write_text(value: object) -> str:
    """The JSON of a value in its one spelling: keys in order, no spaces. Raises TypeError as `write_tree` does."""
    return _TEXTS[type(value)](value)


class _Trees(dict[type, TreeWriter]):
    def __missing__(self, kind: type) -> TreeWriter:
        self[kind] = made = _tree_writer(kind)
        return made


class _Texts(dict[type, TextWriter]):
    def __missing__(self, kind: type) -> TextWriter:
        self[kind] = made = _text_writer(kind)
        return made


_TREES: Final = _Trees()
_TEXTS: Final = _Texts()


def _tree_writer(kind: type) -> TreeWriter:
    if _is(kind, bool, int, str, NoneType):
        return _itself
    if _is(kind, tuple):
        return _tree_of_items
    return _plain_writer(kind, _PLAIN) or _tree_of_fields(_names(kind))


def _text_writer(kind: type) -> TextWriter:
    if _is(kind, str):
        return encode_basestring
    if _is(kind, bool, NoneType):
        return _CONSTANTS.__getitem__
    if _is(kind, int):
        return int.__repr__
    if _is(kind, tuple):
        return _text_of_items
    return _plain_writer(kind, _QUOTED) or _text_of_fields(kind)


_JSON: Final = frozenset((bool, int, str, NoneType))
_CONSTANTS: Final = {True: "true", False: "false", None: "null"}
_BY_TEMPLATE: Final = (int, NoneType)
_NOTHING: Final = "null%.0s"
"""Takes a value as `%s` does, and says none of it."""


def _is(kind: type, *of: type) -> bool:
    return issubclass(kind, of)


def _plain_writer(kind: type, writers: _Writers) -> TextWriter | None:
    """How a value that is one text is written."""
    return next((write for plain, write in writers if issubclass(kind, plain)), None)


def _digits(value: Decimal) -> str:
    text = str(value)
    return text if "E" not in text else f"{value:f}"


def _instant(at: datetime) -> str:
    """An instant has one spelling, in whatever zone it is told; ValueError for one of no zone."""
    if at.tzinfo is None:
        raise ValueError(at)
    return at.astimezone(UTC).isoformat()


# A moment is a date to Python, so it comes before. The quoted ones stand by themselves: a call is what costs.
_PLAIN: Final[_Writers] = (
    (Decimal, _digits),
    (Fraction, str),
    (datetime, _instant),
    (date, lambda day: day.isoformat()),
    (Currency, attrgetter("code")),
)
_QUOTED: Final[_Writers] = (
    (Decimal, lambda value: f'"{_digits(value)}"'),
    (Fraction, lambda value: f'"{value}"'),
    (datetime, lambda at: f'"{_instant(at)}"'),
    (date, lambda day: f'"{day.isoformat()}"'),
    (Currency, lambda currency: f'"{currency.code}"'),
)


def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass, which has no type of its own
    if not is_dataclass(kind):
        raise TypeError(str(kind))
    return tuple(field.name for field in fields(kind))


def _itself(value: object) -> object:
    return value


def _tree_of_items(items: tuple[object, ...]) -> object:
    return [_TREES[type(item)](item) for item in items]


def _text_of_items(items: tuple[object, ...]) -> str:
    return f"[{','.join([_TEXTS[type(item)](item) for item in items])}]"


def _tree_of_fields(names: tuple[str, ...]) -> TreeWriter:
    values_of = _getter(names)

    def write(value: object) -> object:
        return {
            name: part if type(part) in _JSON else _TREES[type(part)](part)
            for name, part in zip(names, values_of(value), strict=True)
        }

    return write


def _text_of_fields(kind: type) -> TextWriter:
    """All that lies below at once: one template, filled with the values that one getter finds."""
    form, paths = layout(kind)
    values_of = _getter(paths)
    fillings: dict[tuple[type, ...], tuple[str, list[tuple[int, TextWriter]]]] = {}

    def filling_of(kinds: tuple[type, ...]) -> tuple[str, list[tuple[int, TextWriter]]]:
        """The template for values of these types, and what writes each of them that has to be written."""
        filled = form % tuple(_NOTHING if kind is NoneType else "%s" for kind in kinds)
        return filled, [(i, _TEXTS[kind]) for i, kind in enumerate(kinds) if kind not in _BY_TEMPLATE]

    def write(value: object) -> str:
        try:
            values = list(values_of(value))
        except AttributeError:
            raise TypeError(value) from None
        kinds = tuple(map(type, values))
        filling = fillings.get(kinds)
        if filling is None:
            filling = fillings[kinds] = filling_of(kinds)
        filled, writers = filling
        for i, text_of in writers:
            values[i] = text_of(values[i])
        return filled % tuple(values)

    return write


def layout(kind: type, *, whole: type | None = None) -> tuple[str, tuple[str, ...]]:
    """The template of a dataclass, with those of the dataclasses in it, and the way to each value that fills it.

    What is of the kind `whole` stays one value.
    """
    names, hints = sorted(_names(kind)), get_type_hints(kind)
    parts: list[str] = []
    paths: list[str] = []
    for name in names:
        nested = _is_nested(hints[name]) and hints[name] is not whole
        part, below = layout(hints[name], whole=whole) if nested else ("%s", ("",))
        if hints[name] is Currency:
            below = ("code",)
        parts.append(f'"{name}":{part}')
        paths += [f"{name}.{path}" if path else name for path in below]
    return "{" + ",".join(parts) + "}", tuple(paths)


def _is_nested(hint: object) -> bool:
    return isinstance(hint, type) and is_dataclass(hint) and hint is not Currency


def _getter(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    """The values of several attributes at once; of a single one too."""
    values_of = attrgetter(*names)
    return values_of if len(names) > 1 else lambda value: (values_of(value),)
