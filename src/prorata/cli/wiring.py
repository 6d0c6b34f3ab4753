"""What the command line is given from above: the pieces that it may not reach for by itself.

The floor above joins the edges to what they are played on. It calls `main(obj=Wiring(...))`; without it, only what
needs nothing from there works.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from prorata.core.stories.model import Story
from prorata.core.stories.player import Stage


@dataclass(frozen=True, slots=True)
class Wiring:
    """`live_stage` opens a stage in PostgreSQL for a story: a fresh test seller and an account with its own clock."""

    live_stage: Callable[[Story], AbstractContextManager[Stage]] | None = None
