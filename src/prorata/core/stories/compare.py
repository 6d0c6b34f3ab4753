"""Comparing a result with what a story expects of it.

Lists have equal length and compare in order; a map compares only the keys that the expectation names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from prorata.core.stories.result import Json


def differences(expected: Json, got: Json) -> tuple[str, ...]:
    """Every difference as `documents[2].lines[1].amount: expected "9.82", got "9.83"`; places count from 0.

    The path reads as it would be typed into a query of the result, so that it can be looked up there.
    """
    return tuple(_differences(expected, got, path=""))


def _differences(expected: Json, got: Json, *, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(got, dict):
        for key, value in expected.items():
            inner = f"{path}.{key}" if path else key
            if key in got:
                yield from _differences(value, got[key], path=inner)
            else:
                yield f"{inner}: expected {_written(value)}, but the result has no such key"
    elif isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            yield f"{path}: expected {len(expected)} in the list, got {len(got)}"
        for place, (wanted, there) in enumerate(zip(expected, got, strict=False)):
            yield from _differences(wanted, there, path=f"{path}[{place}]")
    elif type(expected) is not type(got) or expected != got:
        yield f"{path}: expected {_written(expected)}, got {_written(got)}"


def _written(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
