"""What is kept as JSON, and back: strict, versioned, never a float.

A `Form` writes one kind of core data under its version, and refuses to read anything that it would not have written:
an unknown key, a missing one, a number where a text belongs. Decimals and fractions are text, days and instants ISO
8601, currencies their code, tuples lists.

The keys are the names of the fields. A field that is added, renamed or removed in the core therefore changes what is
stored: the version goes up, and a migration or an older reader takes care of what is there. A test with a literal of
each form says so when it happens.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Generic, Literal, Protocol, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from prorata.core.calendar import Grid
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Agreement, Terms
from prorata.core.documents.model import Document, Statement
from prorata.core.licences.ledger import Forfeit
from prorata.core.money import Currency, UnknownCurrency, currency
from prorata.core.proof import Proof, TaxProof
from prorata.store.errors import StoreError
from prorata.store.snapshots import CustomerSnapshot, SellerSnapshot

T = TypeVar("T")

_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?")
_FRACTION: Final = re.compile(r"-?\d+(/\d+)?")


class _Reader(Protocol):
    def __call__(self, stored: object, *, place: str) -> object: ...


class Unreadable(StoreError):
    """Stored data are not what this program writes."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How one kind of data is kept: `{"v": 1, "<name>": ...}`."""

    name: str
    kind: Any
    version: int = 1

    def write(self, value: T) -> dict[str, object]:
        """The JSON of a value."""
        return {"v": self.version, self.name: _write(value)}

    def read(self, stored: object) -> T:
        """The value of a JSON; raises `Unreadable`, naming the place."""
        entries = _keys(stored, {"v", self.name}, place=self.name)
        if entries["v"] != self.version:
            raise Unreadable(f"{self.name} of version {entries['v']}, and only {self.version} can be read.")
        return cast("T", _read(self.kind, entries[self.name], place=self.name))


def canonical(value: object) -> bytes:
    """JSON of one spelling: keys in order, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def content_hash(value: object) -> bytes:
    """The SHA-256 of the canonical JSON: 32 bytes."""
    return hashlib.sha256(canonical(value)).digest()


def _write(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple):
        return [_write(item) for item in cast("tuple[object, ...]", value)]
    if is_dataclass(value) and not isinstance(value, type | Currency):
        return {field.name: _write(getattr(value, field.name)) for field in fields(cast("Any", value))}
    return _text_of(value)


def _text_of(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return str(value)
        case date():
            return value.isoformat()
        case Currency():
            return value.code
        case _:
            raise TypeError(value)


def _read(kind: Any, stored: object, *, place: str) -> object:  # noqa: ANN401 - a type, or what typing makes of several
    origin = get_origin(kind)
    if origin is Literal:
        return _literal(get_args(kind), stored, place=place)
    if origin in {Union, UnionType}:
        return _any_of(get_args(kind), stored, place=place)
    if origin is tuple:
        return _tuple(get_args(kind), stored, place=place)
    if kind in _SIMPLE:
        return _SIMPLE[kind](stored, place=place)
    entries = _keys(stored, set(_hints(kind)), place=place)
    return kind(**{name: _read(hint, entries[name], place=f"{place}.{name}") for name, hint in _hints(kind).items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(cast("Any", kind))}


def _keys(stored: object, names: set[str], *, place: str) -> dict[str, object]:
    if not isinstance(stored, dict):
        raise _wrong(stored, place=place)
    entries = cast("dict[str, object]", stored)
    if entries.keys() != names:
        odd = ", ".join(sorted(entries.keys() ^ names))
        raise Unreadable(f"{place}: these keys are missing or unknown: {odd}.")
    return entries


def _literal(allowed: tuple[object, ...], stored: object, *, place: str) -> object:
    if not isinstance(stored, str) or stored not in allowed:
        raise _wrong(stored, place=place)
    return stored


def _any_of(kinds: tuple[Any, ...], stored: object, *, place: str) -> object:
    for kind in kinds:
        try:
            return _read(kind, stored, place=place)
        except Unreadable:
            continue
    raise _wrong(stored, place=place)


def _tuple(kinds: tuple[Any, ...], stored: object, *, place: str) -> tuple[object, ...]:
    if not isinstance(stored, list):
        raise _wrong(stored, place=place)
    items = cast("list[object]", stored)
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(items)
    if len(items) != len(kinds):
        raise _wrong(items, place=place)
    return tuple(
        _read(kind, item, place=f"{place}[{i}]") for i, (kind, item) in enumerate(zip(kinds, items, strict=True))
    )


def _wrong(stored: object, *, place: str) -> Unreadable:
    return Unreadable(f"{place}: {str(stored)[:100]!r} is not what belongs here.")


def _none(stored: object, *, place: str) -> None:
    if stored is not None:
        raise _wrong(stored, place=place)


def _plain(kind: type) -> _Reader:
    def read(stored: object, *, place: str) -> object:
        # By the very type: True is an int to Python, and is none here.
        if type(stored) is not kind:
            raise _wrong(stored, place=place)
        return stored

    return read


def _from_text(make: Callable[[str], object], pattern: re.Pattern[str] | None = None) -> _Reader:
    def read(stored: object, *, place: str) -> object:
        if not isinstance(stored, str) or (pattern and not pattern.fullmatch(stored)):
            raise _wrong(stored, place=place)
        try:
            return make(stored)
        except (ValueError, ZeroDivisionError, UnknownCurrency):
            raise _wrong(stored, place=place) from None

    return read


_SIMPLE: Final[dict[object, _Reader]] = {
    NoneType: _none,
    bool: _plain(bool),
    int: _plain(int),
    str: _plain(str),
    Decimal: _from_text(Decimal, _DECIMAL),
    Fraction: _from_text(Fraction, _FRACTION),
    date: _from_text(date.fromisoformat, re.compile(r"\d{4}-\d\d-\d\d")),
    datetime: _from_text(datetime.fromisoformat, re.compile(r".+(Z|[+-]\d\d:\d\d)")),
    Currency: _from_text(currency),
}

AGREEMENT: Final[Form[Agreement]] = Form("agreement", Agreement)
TERMS: Final[Form[Terms]] = Form("terms", Terms)
PLAN: Final[Form[Plan]] = Form("plan", Plan)
GRID: Final[Form[Grid]] = Form("grid", Grid)
FORFEITS: Final[Form[tuple[Forfeit, ...]]] = Form("forfeits", tuple[Forfeit, ...])
PROOF: Final[Form[Proof]] = Form("proof", Proof)
TAX_PROOF: Final[Form[TaxProof]] = Form("tax_proof", TaxProof)
STATEMENT: Final[Form[Statement]] = Form("statement", Statement)
SELLER: Final[Form[SellerSnapshot]] = Form("seller", SellerSnapshot)
CUSTOMER: Final[Form[CustomerSnapshot]] = Form("customer", CustomerSnapshot)
DOCUMENT: Final[Form[Document]] = Form("document", Document)
FORMS: Final[tuple[Form[Any], ...]] = (
    AGREEMENT,
    TERMS,
    PLAN,
    GRID,
    FORFEITS,
    PROOF,
    TAX_PROOF,
    STATEMENT,
    SELLER,
    CUSTOMER,
    DOCUMENT,
)
"""Every form, for the test that holds their shapes."""
