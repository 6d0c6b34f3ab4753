"""Where the time of a batch goes: a stopwatch laid around the functions that a batch calls, for as long as it is held.

The run itself knows nothing of it, so that a run that nobody measures pays nothing for it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

from prorata.store import accounts, history, jobs, runs, saving
from prorata.usecases import run_batch
from prorata.usecases.benchmarks.figures import Share
from prorata.usecases.benchmarks.places import Place
from prorata.usecases.run_billing import open_runs

_PARTS: Final[tuple[tuple[str, ModuleType, str], ...]] = (
    ("claim the batch", runs, "claim"),
    ("lock its accounts", accounts, "lock_all"),
    ("load their histories", history, "load_all"),
    ("plan", run_batch, "plan"),
    ("save", saving, "save_all"),
    ("note when a run comes next", accounts, "set_due"),
    ("mark the batch done", runs, "done"),
    ("leave the job that checks it", jobs, "defer"),
)
_REST: Final = "commit, and all else"


def shares(place: Place) -> tuple[Share, ...]:
    """Do the run of the day in this process, and say where its time went."""
    (run,) = open_runs(place.services, as_of=None, seller=None, batch_size=None)
    seconds: dict[str, float] = defaultdict(float)
    began = time.perf_counter()
    with _watched(seconds):
        while run_batch.run_batch(place.services, run):
            pass
    in_all = time.perf_counter() - began
    return tuple(_shares(seconds, in_all))


def _shares(seconds: Mapping[str, float], in_all: float) -> Generator[Share]:
    for part, _, _ in _PARTS:
        yield Share(part, seconds[part], seconds[part] / in_all)
    rest = in_all - sum(seconds.values())
    yield Share(_REST, rest, rest / in_all)


@contextmanager
def _watched(seconds: dict[str, float]) -> Generator[None]:
    """Put the stopwatch where the batch looks its functions up, and take it away again."""
    were = [(module, name, getattr(module, name)) for _, module, name in _PARTS]
    for (part, module, name), (_, _, was) in zip(_PARTS, were, strict=True):
        setattr(module, name, _timed(was, part, seconds=seconds))
    try:
        yield
    finally:
        for module, name, was in were:
            setattr(module, name, was)


def _timed(function: Callable[..., Any], part: str, *, seconds: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the function takes and gives
        began = time.perf_counter()
        try:
            return function(*given, **named)
        finally:
            seconds[part] += time.perf_counter() - began

    return timed
