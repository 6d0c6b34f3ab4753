"""`prorata db`: the database itself."""

from __future__ import annotations

import click

from prorata.cli.wiring import Wiring, wiring_of


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_context
def migrate(context: click.Context) -> None:
    """Bring the tables up to date; safe to repeat."""
    wiring = wiring_of(context.find_object(Wiring))
    wiring.migrate()
    click.echo(f"The database is at version {wiring.version()}.")
