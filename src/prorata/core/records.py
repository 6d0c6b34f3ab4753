"""Records: what the core is made of. Frozen, slotted, equal by value, cheap to make.

A billing run makes some forty records for each renewal. A frozen dataclass fills each of its fields by looking the name
up and asking whether it may; a record is filled in a half to a third of that time, and is as frozen afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def record(cls: type[_T]) -> type[_T]:
    """Make a record of a class: a dataclass with `frozen` and `slots`. No default factories, no `__post_init__`."""
    made = dataclass(frozen=True, slots=True)(cls)
    made.__init__ = _filling(made)
    return made


_FEW: Final = 4
"""So many fields are filled as fast one by one."""


def _filling(cls: type[Any]) -> Callable[..., None]:
    """Write `__init__` as a dataclass does, but for how the fields are filled.

    Few are filled through their slots. For many it is faster to be, for that moment, of a class with the same slots
    that lets itself be changed.
    """
    names = [field.name for field in fields(cls)]
    scope: dict[str, Any] = {f"default_{field.name}": field.default for field in fields(cls)}
    taken = [f.name if f.default is MISSING else f"{f.name}=default_{f.name}" for f in fields(cls)]
    if len(names) <= _FEW or cls.__bases__ != (object,):
        scope |= {f"set_{name}": getattr(cls, name).__set__ for name in names}
        filled = [f"set_{name}(self, {name})" for name in names]
    else:
        scope |= {"become": _BECOME, "Open": type("Open", (), {"__slots__": cls.__slots__}), "Own": cls}
        filled = ["become(self, Open)", *(f"self.{name} = {name}" for name in names), "self.__class__ = Own"]
    exec(f"def __init__(self, {', '.join(taken)}): {'; '.join(filled)}", scope)  # noqa: S102 - of the class's own names
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


_BECOME: Final = object.__dict__["__class__"].__set__
