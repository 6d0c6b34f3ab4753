"""What a benchmark comes to: figures beside their yardsticks, and shares of the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from prorata.store.measuring import ServerFacts
from prorata.usecases.benchmarks.machine import Machine

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something measured. `key` is for programs, `what` for people; `wanted` is the figure to reach, if there is one.

    `yardstick`: what the same machine did at the same time with the bare work, in the same unit; `ratio`: how many
    times the yardstick's time this took.
    """

    key: str
    what: str
    value: float
    unit: str
    yardstick: float | None = None
    yardstick_is: str = ""
    ratio: float | None = None
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a batch: seconds of the clock in all, and of the total."""

    part: str
    seconds: float
    of_all: float


@dataclass(frozen=True, slots=True)
class Bench:
    """All figures of one benchmark, and what they were measured on.

    `findings`: what `verify` found on the data afterwards; `shares` only where they were asked for.
    """

    on: date
    seed: int
    batch_size: int
    machine: Machine
    server: ServerFacts
    figures: tuple[Figure, ...]
    shares: tuple[Share, ...]
    findings: int
