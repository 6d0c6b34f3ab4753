"""The values of the terms, read from the code: what each key may be, and what the presets say."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from types import NoneType
from typing import TYPE_CHECKING, Literal, cast, get_args, get_origin, get_type_hints

from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.catalog.terms import Terms

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PRESETS: Mapping[str, Terms] = {"classic": CLASSIC, "commit": COMMIT}
# What a file calls otherwise than the code.
_CALLED = {"fewest": "min", "most": "max"}


def words(of: type = Terms, before: str = "") -> dict[str, frozenset[str]]:
    """The words that each key may be, by its path; none where it is a number or a map."""
    found: dict[str, frozenset[str]] = {}
    for name, hint in get_type_hints(of).items():
        path = before + _CALLED.get(name, name)
        found[path] = frozenset(_words(hint))
        for inner in (hint, *get_args(hint)):
            if isinstance(inner, type) and is_dataclass(inner):
                found |= words(inner, f"{path}.")
    return found


def _words(hint: object) -> list[str]:
    if get_origin(hint) is Literal:
        return [str(value) for value in get_args(hint)]
    if hint is bool:
        return ["true", "false"]
    if hint is NoneType:
        return ["none"]
    return [word for inner in get_args(hint) for word in _words(inner)]


def value(terms: Terms, path: str) -> str:
    """What terms say for a key, as it is written; empty for a key of something that is not there."""
    back = {called: name for name, called in _CALLED.items()}
    found: object = terms
    for name in path.split("."):
        if found is None:
            return ""
        found = getattr(found, back.get(name, name))
    return written(found)


def written(found: object) -> str:
    """A value of the terms as a file has it."""
    if isinstance(found, bool):
        return str(found).lower()
    if found is None:
        return "none"
    if isinstance(found, str | int | date):
        return str(found)
    if isinstance(found, tuple):
        return f"[{', '.join(map(str, cast('tuple[int, ...]', found)))}]"
    keys = [field.name for field in fields(cast("DataclassInstance", found))]
    return "{" + ", ".join(f"{_CALLED.get(key, key)}: {written(getattr(found, key))}" for key in keys) + "}"


def keys_of_terms() -> list[str]:
    """The keys that terms have in the code, without those inside of others."""
    return [field.name for field in fields(Terms)]
