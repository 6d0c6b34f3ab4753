"""The terms of a story and of its plans.

The core reads them; it is given the keys one by one first, so that a wrong one is told with its line.
"""

from __future__ import annotations

from collections.abc import Mapping

from prorata.cli.yaml_values import Value, WrongFile, listed, meant, shown
from prorata.core.calendar import Anchor
from prorata.core.catalog.check_plans import ContradictoryPlan, check_agreement
from prorata.core.catalog.read_terms import NotATerm, TermNotYet, UnknownTerm, agreement
from prorata.core.catalog.terms import Agreement, Terms
from prorata.core.countries import COUNTRIES
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence

_GROUPS = ("by_country", "by_kind")


def read_terms(value: Value, *, over: Agreement | None = None) -> Agreement:
    """Read an agreement; without a preset its keys lie over `over`, or over classic. Raises `WrongFile`."""
    entries = value.entries()
    for key, term in entries.found.items():
        if key in _GROUPS:
            _check_group(term, over=over)
        else:
            _read(term, {key: _plain(term)}, over=over)
    read = _read(value, {key: _plain(term) for key, term in entries.found.items()}, over=over)
    try:
        check_agreement(read)
    except ContradictoryPlan as error:
        raise contradicted(value, error) from None
    return read


def contradicted(value: Value, error: ContradictoryPlan) -> WrongFile:
    """What contradicts itself within a value, at the key that is wrong, or where that key should stand."""
    *path, last = str(error.parameters["key"]).split(".")
    for part in path:
        value = value.items()[int(part) - 1] if part.isdigit() else value.entries().found[part]
    found = value.entries().get(last)
    return WrongFile((found or value).line, last, sentence=sentence(error, wording_for(Language.EN)))


def anchor(value: Value) -> Anchor:
    """Read an anchor: start, calendar, a day of the month or a date. Raises `WrongFile`."""
    return _read(value, {"anchor": _plain(value)}).base.anchor


def country(value: Value) -> str:
    """Read a country: two capital letters, as ISO 3166 has them. Raises `WrongFile`."""
    text = value.text()
    if text not in COUNTRIES:
        raise value.wrong(f'"{shown(text)}" is not a country: write its two capital letters, such as NL')
    return text


def _check_group(group: Value, *, over: Agreement | None) -> None:
    for name, special in group.entries().found.items():
        if group.key == "by_country" and name not in COUNTRIES:
            raise special.wrong("is not a country: write its two capital letters, such as NL")
        if group.key == "by_kind" and name not in {"consumer", "business"}:
            raise special.wrong("is not a kind of customer: it is business or consumer")
        for key, term in special.entries().found.items():
            _read(term, {group.key: {name: {key: _plain(term)}}}, over=over)


def _read(value: Value, entries: Mapping[str, object], *, over: Agreement | None = None) -> Agreement:
    try:
        return agreement(entries, over=over)
    except TermNotYet as error:
        raise value.wrong(f"{_named(error.parameters['key'], value)}is not available yet") from None
    except UnknownTerm as error:
        known = ["preset", *Terms.__dataclass_fields__, *_GROUPS]
        key = str(error.parameters["key"])
        hint = meant(key, known) if "." not in key else ""
        raise value.wrong(f"{_named(key, value)}is not a key of terms: known are {listed(known)}{hint}") from None
    except NotATerm as error:
        allowed, written = error.parameters["allowed"], shown(str(error.parameters["value"]))
        named = _named(error.parameters["key"], value)
        raise value.wrong(f'{named}"{written}" is not possible: it is {allowed}') from None


def _named(key: object, value: Value) -> str:
    """The key inside of a value that is a map, to begin the sentence with."""
    return "" if key == value.key else f"{key} "


def _plain(value: Value) -> object:
    """A term as the core reads it: words, whole numbers, dates and maps."""
    if value.raw is None:
        if value.kind == "seq":
            return [_plain(item) for item in value.items()]
        return {key: _plain(inner) for key, inner in value.entries().found.items()}
    if value.kind == "timestamp" or (value.key == "anchor" and _is_day(value)):
        return value.day()
    if value.kind == "float":
        raise value.wrong(f'"{value.raw}" is not a whole number')
    return value.plain()


def _is_day(value: Value) -> bool:
    return value.kind == "str" and value.raw is not None and value.raw[:1].isdigit()
