"""`prorata verify`: everything that is stored, made again."""

from __future__ import annotations

import sys

import click

from prorata.cli.failure import Failure
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.errors import DomainError
from prorata.usecases.verify import verify as verify_all
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence

_LAST_ID = 2**63 - 1  # of a bigint


@click.command(short_help="Recompute everything that is stored.")
@click.option("--account", type=click.IntRange(1, _LAST_ID), metavar="ID", help="Only this account.")
@click.option("--demo", "on_demo", is_flag=True, help="The demo's data.")
@click.pass_context
def verify(context: click.Context, *, account: int | None, on_demo: bool) -> None:
    """Recompute every amount from its proof, every balance from its transfers, every number from its series.

    Exit codes: 0 all is as it should be, 1 something is not, 2 refused.
    """
    wiring = wiring_of(context.find_object(Wiring))
    with wiring.services("demo" if on_demo else "own") as services:
        try:
            verified = verify_all(services, account=account, progress=_show if sys.stderr.isatty() else None)
        except DomainError as error:
            raise Failure(sentence(error, wording_for(Language.EN))) from None
    for where, finding in verified.findings:
        whose = f"account {where}" if where else "all accounts"
        click.echo(f"{whose}: {finding.where}: {finding.code}: {finding.detail}", err=True)
    if verified.findings:
        click.echo(f"{verified.accounts} accounts verified, {len(verified.findings)} findings.", err=True)
        context.exit(1)
    click.echo(f"{verified.accounts} accounts verified, nothing found.")


def _show(done: int) -> None:
    click.echo(f"\r{done} accounts", nl=False, err=True)
