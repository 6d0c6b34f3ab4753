"""How far a verification is, for whoever waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import click

from prorata.usecases.verify import Progress

_BETWEEN_LINES: Final = timedelta(seconds=10)


class Teller:
    """Says how far it is: in one line that is written anew on a screen, else in a line every ten seconds."""

    def __init__(self, *, on_screen: bool) -> None:
        """`on_screen`: what is written can be written over."""
        self._on_screen = on_screen
        self._last: datetime | None = None

    def tell(self, progress: Progress) -> None:
        """Tell it, if there is something new to tell."""
        if self._on_screen:
            is_over = progress.accounts >= progress.of_accounts
            click.echo(f"\r{_told(progress)}\033[K", nl=is_over, err=True)
        elif progress.now - (self._last or progress.since) >= _BETWEEN_LINES:
            self._last = progress.now
            click.echo(_told(progress), err=True)


def _told(progress: Progress) -> str:
    told = f"{progress.accounts:,} of {progress.of_accounts:,} accounts, {many(progress.lines, 'line')}"
    seconds = (progress.now - progress.since).total_seconds()
    if seconds > 0 and progress.accounts:
        left = seconds * (progress.of_accounts - progress.accounts) / progress.accounts
        told += f", {progress.lines / seconds:,.0f} a second, {max(left, 0):,.0f} s left"
    return f"{told}, {many(progress.findings, 'finding')}" if progress.findings else told


def many(count: int, word: str) -> str:
    """So many of something."""
    return f"{count:,} {word if count == 1 else word + 's'}"
