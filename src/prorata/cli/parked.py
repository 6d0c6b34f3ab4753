"""`prorata parked`: what cannot be billed, why, and letting it be billed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from prorata.cli.failure import Failure
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.errors import DomainError
from prorata.store.parked import ParkedRow
from prorata.usecases.mend_parked import mend, parked_subscriptions
from prorata.usecases.permissions import Actor
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence
from prorata.wording.parked import way_out, why

_LAST_ID = 2**63 - 1  # of a bigint
OPERATOR: Final = Actor("vendor", "Operator")
"""Who acts on the command line: whoever looks after the vendor's machine."""


@click.group(invoke_without_command=True, short_help="List what cannot be billed, and mend it.")
@click.option("--trace", is_flag=True, help="With the program's own account of failures that no rule foresaw.")
@click.option("--seller", type=click.IntRange(1, _LAST_ID), metavar="ID", help="Only of this seller.")
@click.pass_context
def parked(context: click.Context, *, trace: bool, seller: int | None) -> None:
    """List the subscriptions that cannot be billed: why, and what would mend it.

    Everything else is billed all the same. Exit codes: 0 nothing is parked, 1 something is, 2 refused.
    """
    if context.invoked_subcommand:
        return
    with wiring_of(context.find_object(Wiring)).services("own") as services:
        rows = parked_subscriptions(services, seller=seller)
    for row in rows:
        click.echo("\n".join(told_parked(row)))
        if trace and row.why.trace:
            click.echo(row.why.trace)
    if not rows:
        click.echo("Nothing is parked.")
    context.exit(1 if rows else 0)


@parked.command("mend", short_help="Let a subscription be billed again, if it can be.")
@click.argument("account", type=click.IntRange(1, _LAST_ID))
@click.argument("subscription")
@click.pass_context
def mend_one(context: click.Context, *, account: int, subscription: str) -> None:
    """Look whether SUBSCRIPTION of ACCOUNT can be billed by now; if so, the next run bills what was left out.

    Exit codes: 0 it is mended, 2 it cannot be billed still, or is not parked.
    """
    with wiring_of(context.find_object(Wiring)).services("own") as services:
        try:
            mended = mend(services, OPERATOR, account=account, subscription=subscription)
        except DomainError as error:
            raise Failure(sentence(error, wording_for(Language.EN))) from None
    click.echo(f"{subscription} of account {account} is billed again.")
    for document in mended.documents:
        total = document.total
        click.echo(f"  The next run writes a document of {total} {total.currency.code}.")
    if not mended.documents:
        click.echo("  Nothing of it is due yet.")


def told_parked(row: ParkedRow) -> Iterator[str]:
    """A parked subscription in three lines: which, why, and what would mend it."""
    w = wording_for(Language.EN)
    yield f"account {row.account_id} ({row.account}), {row.subscription}, since {row.at.date()}, for {row.as_of}"
    yield f"  {why(row.why, w)}"
    yield f"  {way_out(row.why, w)}"
