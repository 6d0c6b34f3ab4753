"""How far a billing run is, for whoever waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import click

from prorata.store.runs import Progress, Run

_BETWEEN_LINES: Final = 10.0  # seconds


class Teller:
    """Says how far a run is, how fast, and how long it will take.

    On a screen in one line that is written anew, else in a line every ten seconds. `now`: seconds since any moment.
    """

    def __init__(self, *, on_screen: bool, now: Callable[[], float] = time.monotonic) -> None:
        """`on_screen`: what is written can be written over."""
        self._on_screen = on_screen
        self._now = now
        self._began = self._last = now()
        self._first: int | None = None

    def tell(self, run: Run, progress: Progress) -> None:
        """Tell it, if there is something new to tell."""
        if self._first is None:
            self._first = progress.accounts_done
        now = self._now()
        if self._on_screen:
            is_over = progress.accounts_done >= progress.accounts
            click.echo(f"\r{self._told(run, progress, now=now)}\033[K", nl=is_over, err=True)
        elif now - self._last >= _BETWEEN_LINES:
            self._last = now
            click.echo(self._told(run, progress, now=now), err=True)

    def _told(self, run: Run, progress: Progress, *, now: float) -> str:
        seconds = now - self._began
        rate = (progress.accounts_done - (self._first or 0)) / seconds if seconds else 0
        left = progress.accounts - progress.accounts_done
        line = f"{run.as_of}: {progress.accounts_done:,} of {progress.accounts:,} accounts"
        if rate:
            line += f", {rate:,.0f} a second, {left / rate:,.0f} s left"
        return f"{line}, {progress.parked:,} parked" if progress.parked else line
