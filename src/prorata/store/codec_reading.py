"""JSON back into core data: nothing is read that would not have been written.

How a type is read is worked out once, as functions inside one another. They raise `_Odd` with the way to the value
that does not belong, and the outermost makes a sentence of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from prorata.core.money import Currency, UnknownCurrency, currency
from prorata.store.errors import StoreError

Reader = Callable[[object], object]

_KEPT_TEXTS: Final = 10_000
"""Of so many texts of each kind it is remembered what they mean: the same days and prices come back all the time."""


class Unreadable(StoreError):
    """Stored data are not what this program writes."""

    code = "unreadable"


class _Odd(Exception):
    """Something that does not belong: what is wrong with it, and the way to it, innermost step first."""

    def __init__(self, wrong: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.way: list[str] = []


def read(reader: Reader, stored: object, *, place: str) -> object:
    """What a reader makes of stored JSON; raises `Unreadable`, naming the place."""
    try:
        return reader(stored)
    except _Odd as odd:
        raise Unreadable(f"{place}{''.join(reversed(odd.way))}: {odd.wrong}") from None


@cache
def reader_of(kind: Any) -> Reader:  # noqa: ANN401 - a type, or what typing makes of several
    """The reader of a type: plain ones, dataclasses, tuples, literals, and a choice of these."""
    origin, of = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(frozenset(of))
    if origin in {Union, UnionType}:
        return _any_of(of)
    if origin is tuple:
        return _all_of(reader_of(of[0])) if of[-1] is Ellipsis else _each_of(tuple(map(reader_of, of)))
    return _PLAIN[kind] if kind in _PLAIN else _fields_of(kind)


def read_keys(stored: object, names: frozenset[str], *, place: str) -> dict[str, object]:
    """An object with exactly these keys; raises `Unreadable`, naming the place."""
    try:
        return _keys(stored, names)
    except _Odd as odd:
        raise Unreadable(f"{place}: {odd.wrong}") from None


def _keys(stored: object, names: frozenset[str]) -> dict[str, object]:
    if not isinstance(stored, dict):
        raise _wrong(stored)
    entries = cast("dict[str, object]", stored)
    if entries.keys() != names:
        odd = ", ".join(sorted(entries.keys() ^ names))
        raise _Odd(f"these keys are missing or unknown: {odd}.")
    return entries


def _wrong(stored: object) -> _Odd:
    return _Odd(f"{str(stored)[:100]!r} is not what belongs here.")


def _names(kind: Any) -> frozenset[str]:  # noqa: ANN401 - a dataclass, which has no type of its own
    return frozenset(field.name for field in fields(kind))


def _fields_of(kind: type) -> Reader:
    hints = get_type_hints(kind)
    parts = [(field.name, reader_of(hints[field.name])) for field in fields(cast("Any", kind))]
    names = _names(kind)

    def read_fields(stored: object) -> object:
        entries = _keys(stored, names)
        values: list[object] = []
        name = ""
        try:
            for name, reader in parts:
                values.append(reader(entries[name]))
        except _Odd as odd:
            odd.way.append(f".{name}")
            raise
        return kind(*values)

    return read_fields


def _all_of(reader: Reader) -> Reader:
    """Any number of one kind."""

    def read_all(stored: object) -> object:
        if not isinstance(stored, list):
            raise _wrong(stored)
        items = cast("list[object]", stored)
        return _read_items((reader,) * len(items), items)

    return read_all


def _each_of(readers: Sequence[Reader]) -> Reader:
    """As many as there are readers, each by its own."""

    def read_each(stored: object) -> object:
        if not isinstance(stored, list):
            raise _wrong(stored)
        items = cast("list[object]", stored)
        if len(items) != len(readers):
            raise _wrong(items)
        return _read_items(readers, items)

    return read_each


def _read_items(readers: Sequence[Reader], items: list[object]) -> tuple[object, ...]:
    values: list[object] = []
    try:
        for reader, item in zip(readers, items, strict=True):
            values.append(reader(item))
    except _Odd as odd:
        odd.way.append(f"[{len(values)}]")
        raise
    return tuple(values)


def _any_of(kinds: Sequence[Any]) -> Reader:
    """The first kind that fits; of objects, the first of those that have these very keys."""
    optional = NoneType in kinds
    others = [reader_of(kind) for kind in kinds if kind is not NoneType and not is_dataclass(kind)]
    objects: dict[frozenset[str], list[Reader]] = {}
    for kind in kinds:
        if is_dataclass(kind):
            objects.setdefault(_names(kind), []).append(reader_of(kind))

    def read_any(stored: object) -> object:
        if stored is None and optional:
            return None
        is_object = isinstance(stored, dict)
        may = objects.get(frozenset(cast("dict[str, object]", stored)), ()) if is_object else others
        for reader in may:
            try:
                return reader(stored)
            except _Odd:
                continue
        raise _wrong(stored)

    return read_any


def _one_of(allowed: frozenset[object]) -> Reader:
    def read_literal(stored: object) -> object:
        if not isinstance(stored, str) or stored not in allowed:
            raise _wrong(stored)
        return stored

    return read_literal


def _exactly(kind: type) -> Reader:
    def read_plain(stored: object) -> object:
        # By the very type: True is an int to Python, and is none here.
        if type(stored) is not kind:
            raise _wrong(stored)
        return stored

    return read_plain


def _from_text(make: Callable[[str], object], pattern: str = ".*") -> Reader:
    fits = re.compile(pattern).fullmatch

    @lru_cache(_KEPT_TEXTS)
    def made(text: str) -> object:
        if not fits(text):
            raise _wrong(text)
        try:
            return make(text)
        except (ValueError, ZeroDivisionError, UnknownCurrency):
            raise _wrong(text) from None

    def read_text(stored: object) -> object:
        if not isinstance(stored, str):
            raise _wrong(stored)
        return made(stored)

    return read_text


_PLAIN: Final[dict[object, Reader]] = {
    NoneType: _exactly(NoneType),
    bool: _exactly(bool),
    int: _exactly(int),
    str: _exactly(str),
    Decimal: _from_text(Decimal, r"-?\d+(\.\d+)?"),
    Fraction: _from_text(Fraction, r"-?\d+(/\d+)?"),
    date: _from_text(date.fromisoformat, r"\d{4}-\d\d-\d\d"),
    datetime: _from_text(datetime.fromisoformat, r".+(Z|[+-]\d\d:\d\d)"),
    Currency: _from_text(currency),
}
