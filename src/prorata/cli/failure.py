"""How a command says that it cannot: one line on standard error, and an exit code."""

from __future__ import annotations

from typing import IO, Any

import click


class Failure(click.ClickException):
    """What was wrong, as one line without a prefix. Exit code 2: nothing has happened."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line on standard error."""
        click.echo(self.message, file=file, err=file is None)
