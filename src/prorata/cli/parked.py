"""`prorata parked`: what cannot be billed, why, and letting it be billed again."""

from __future__ import annotations

from collections.abc import Iterator

import click

from prorata.cli.own_data import OPERATOR, opened
from prorata.core.planning import Parked
from prorata.store.parked import ParkedRow
from prorata.usecases.mend_all import Tried, mend_all
from prorata.usecases.mend_parked import mend
from prorata.usecases.pages.parked import parked_list
from prorata.wording import Language, wording_for
from prorata.wording.parked import way_out, why

_LAST_ID = 2**63 - 1  # of a bigint


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
    with opened(context) as services:
        found = parked_list(services, seller=seller)
    for row in found.rows:
        click.echo("\n".join(told_parked(row)))
        if trace and row.why.trace:
            click.echo(row.why.trace)
    if found.count > len(found.rows):
        click.echo(f"… and {found.count - len(found.rows):,} more")
    if not found.rows:
        click.echo("Nothing is parked.")
    context.exit(1 if found.rows else 0)


@parked.command("mend", short_help="Let a subscription be billed again, if it can be.")
@click.argument("account", type=click.IntRange(1, _LAST_ID), required=False)
@click.argument("subscription", required=False)
@click.option("--all", "every", is_flag=True, help="Try everything that is parked.")
@click.option("--seller", type=click.IntRange(1, _LAST_ID), metavar="ID", help="With --all: only of this seller.")
@click.pass_context
def mend_command(
    context: click.Context, *, account: int | None, subscription: str | None, every: bool, seller: int | None
) -> None:
    """Look whether SUBSCRIPTION of ACCOUNT can be billed by now; if so, the next run bills what was left out.

    With --all instead of them, each that is parked is tried by itself.

    Exit codes: 0 it is mended, 2 it cannot be billed still, or is not parked. With --all: 0 all are mended, 1 some are
    parked still, 2 refused.
    """
    if every and account is None:
        # `prorata parked --seller 1 mend --all` means the same.
        of_group = context.parent.params["seller"] if context.parent else None
        context.exit(_mend_all(context, seller or of_group))
    if every or account is None or subscription is None or seller is not None:
        raise click.UsageError("Name ACCOUNT and SUBSCRIPTION, or --all, which may have a --seller.", context)
    with opened(context) as services:
        mended = mend(services, OPERATOR, account=account, subscription=subscription)
    click.echo(f"{subscription} of account {account} is billed again.")
    for document in mended.documents:
        total = document.total
        click.echo(f"  The next run writes a document of {total} {total.currency.code}.")
    if not mended.documents:
        click.echo("  Nothing of it is due yet.")


def _mend_all(context: click.Context, seller: int | None) -> int:
    """Try each and tell of each; the exit code."""
    tried, left = 0, 0
    with opened(context) as services:
        for one in mend_all(services, OPERATOR, seller=seller):
            tried, left = tried + 1, left + (one.still is not None)
            click.echo(_told_tried(one))
    if not tried:
        click.echo("Nothing is parked.")
    return 1 if left else 0


def _told_tried(tried: Tried) -> str:
    which = f"account {tried.row.account_id} ({tried.row.account}), {tried.row.subscription}"
    if tried.still:
        return f"{which}: still parked. {why(tried.still, wording_for(Language.EN))}"
    return f"{which}: billed again" if tried.mended else f"{which}: not parked any more"


def told_parked(row: ParkedRow) -> Iterator[str]:
    """A parked subscription in three lines: which, why, and what would mend it."""
    yield f"account {row.account_id} ({row.account}), {row.subscription}, since {row.at.date()}, for {row.as_of}"
    yield from _told_why(row.why)


def told_would_park(account: int, parked: Parked) -> Iterator[str]:
    """The same of a subscription that a run would park, of which a dry run knows the ids."""
    yield f"account {account}, subscription {parked.subscription}"
    yield from _told_why(parked)


def _told_why(parked: Parked) -> Iterator[str]:
    w = wording_for(Language.EN)
    yield f"  {why(parked, w)}"
    yield f"  {way_out(parked, w)}"
