"""Records: what the core is made of. Frozen, slotted, equal by value, cheap to make.

A billing run makes some forty records for each renewal. A frozen dataclass fills each of its fields by looking the name
up and asking whether it may; a record fills it through the slot itself, in half the time, and is as frozen afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def record(cls: type[_T]) -> type[_T]:
    """Make a record of a class: a dataclass with `frozen` and `slots`. No default factories, no `__post_init__`."""
    made = dataclass(frozen=True, slots=True)(cls)
    made.__init__ = _filling(made)
    return made


def _filling(cls: type[Any]) -> Callable[..., None]:
    """Write `__init__` as a dataclass does, but for how a field is filled."""
    scope: dict[str, Any] = {}
    taken: list[str] = []
    for field in fields(cls):
        scope[f"set_{field.name}"] = getattr(cls, field.name).__set__
        if field.default is not MISSING:
            scope[f"default_{field.name}"] = field.default
        taken.append(field.name if field.default is MISSING else f"{field.name}=default_{field.name}")
    filled = "; ".join(f"set_{field.name}(self, {field.name})" for field in fields(cls))
    exec(f"def __init__(self, {', '.join(taken)}): {filled}", scope)  # noqa: S102 - of a class's own field names
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init
