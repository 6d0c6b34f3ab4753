"""The properties of `tests/properties`, each on new histories in its turn, until the time is up."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic
from traceback import format_exception_only

from hypothesis import is_hypothesis_test, seed

from properties import effort

EACH = 40
"""So many histories before the next property has its turn: a second or two."""

_FOLDER = Path(effort.__file__).parent
_MINUTE = 60


@dataclass(frozen=True)
class Property:
    """A test of hypothesis, and where it stands."""

    module: str
    name: str
    test: Callable[[], None]

    def replay(self, number: int) -> str:
        """How to see again what was found from that seed."""
        where = f"tests/properties/{self.module}.py::{self.name}"
        return f"{effort.EXAMPLES}={EACH} .venv/bin/pytest {where} --hypothesis-seed={number}"


@dataclass
class _Tally:
    """How far it is."""

    begun: float
    said: float
    histories: int = 0

    def sentence(self) -> str:
        seconds = max(monotonic() - self.begun, 1e-9)
        return f"{self.histories:,} histories, {self.histories / seconds:.0f} a second"


def hunt(until: float, say: Callable[[str], None]) -> list[str]:
    """Hunt with every property there is."""
    # Before they are imported: a test of hypothesis keeps the settings that it was made under.
    effort.hunt(EACH)
    return hunt_with(all_properties(), until, say=say)


def all_properties() -> list[Property]:
    """Every property of the folder, in the order of the files."""
    found: list[Property] = []
    for file in sorted(_FOLDER.glob("test_*.py")):
        module = import_module(f"properties.{file.stem}")
        tests = [(name, test) for name, test in vars(module).items() if name.startswith("test_")]
        found += [Property(file.stem, name, test) for name, test in tests if is_hypothesis_test(test)]
    return found


def hunt_with(properties: Sequence[Property], until: float, *, say: Callable[[str], None]) -> list[str]:
    """Hunt with these, in turns. One that found something has done its work, and is not asked again."""
    tally = _Tally(monotonic(), monotonic())
    going, found = list(properties), list[str]()
    while going and monotonic() < until:
        turn = going.pop(0)
        number = secrets.randbits(48)
        failure = _attempt(turn, number)
        if failure is None:
            going.append(turn)
        else:
            found.append(f"{turn.name}\n{failure}\nTo see it again:\n  {turn.replay(number)}")
            say(f"{turn.name} does not hold")
        tally.histories += EACH
        if monotonic() - tally.said >= _MINUTE:
            tally.said = monotonic()
            say(tally.sentence())
    say(tally.sentence())
    return found


def _attempt(turn: Property, number: int) -> str | None:
    """What goes wrong with so many histories from a seed, as small as it could be made."""
    try:
        seed(number)(turn.test)()
    except Exception as failure:  # noqa: BLE001 - a failure is a value
        return "".join(format_exception_only(failure)).rstrip()
    return None
