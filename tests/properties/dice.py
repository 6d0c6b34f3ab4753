"""Chance as hypothesis likes it least spoiled: one string of bytes, read as throws.

Out of many small strategies hypothesis makes one new example and then five copies of it with a part repeated: of 300
lives 66 were new. From one string every example is new, and a smaller one is a string with more zeros. So a zero is
always the plainest choice, and each wish reads from a place of its own: what one of them becomes leaves the others be.
"""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Dice:
    """Throws, one byte each; when they are used up, the first choice always."""

    def __init__(self, throws: bytes) -> None:
        self._throws = throws
        self._next = 0

    def of(self, *choices: T) -> T:
        """One of them; named twice, twice as often."""
        return choices[self._throw() * len(choices) // 256]

    def coin(self) -> bool:
        """One of two things; the plain one is no."""
        return self._throw() >= 128

    def number(self, fewest: int, most: int) -> int:
        """A whole number from `fewest` to `most`, both included; up to 65536 of them."""
        return fewest + (self._throw() * 256 + self._throw()) * (most - fewest + 1) // 65536

    def cup(self, throws: int) -> "Dice":
        """The next so many throws, apart."""
        start, self._next = self._next, self._next + throws
        return Dice(self._throws[start : self._next])

    def _throw(self) -> int:
        self._next += 1
        return self._throws[self._next - 1] if self._next <= len(self._throws) else 0


_FEWEST = 200
"""hypothesis tries bytes that stand in our own modules where their number fits: then a new module would be another
history, and a red run no more a change's doing. Nobody writes so many."""


def thrown(read: Callable[[Dice], T], *, throws: int) -> st.SearchStrategy[T]:
    """What is read out of so many throws; shown as it is, not as the throws it came from."""

    size = max(throws, _FEWEST)

    @st.composite
    def drawn(draw: st.DrawFn) -> T:
        return read(Dice(draw(st.binary(min_size=size, max_size=size))))

    return drawn()
