"""`prorata account`: the customers' accounts, and the invitation of whoever is to own one."""

from __future__ import annotations

from typing import TypedDict, Unpack

import click

from prorata.cli.close import close_command
from prorata.cli.export import export_command
from prorata.cli.own_data import OPERATOR, opened
from prorata.cli.timetable import timetable_command
from prorata.store.snapshots import Language as Spoken
from prorata.usecases.open_account import NewAccount, open_account
from prorata.usecases.pages.accounts import accounts_page
from prorata.usecases.people.invite import VALID
from prorata.wording import Language

_LAST_ID = 2**63 - 1  # of a bigint


class _Wanted(TypedDict):
    name: str
    owner: str
    owner_name: str
    address: tuple[str, ...]
    currency: str
    country: str | None
    zone: str | None
    tax_rate: str | None
    language: Spoken
    seller: int | None


@click.group(short_help="Open accounts for customers.")
def account() -> None:
    """Open accounts for customers, list them, tell their timetables, take their data out, and close them.

    Everything else is done on the site.
    """


@account.command("create", short_help="Open an account, and invite its owner by mail.")
@click.argument("name")
@click.option("--owner", required=True, metavar="EMAIL", help="Who is to own it: they are invited by mail.")
@click.option("--owner-name", required=True, metavar="NAME", help="What they are called.")
@click.option("--address", multiple=True, required=True, metavar="LINE", help="A line of it; once for each line.")
@click.option("--currency", required=True, help="What it is billed in, such as EUR.")
@click.option("--country", help="Two letters, such as NL.  [default: the seller's]")
@click.option("--zone", help="Where its days begin and end.  [default: the seller's]")
@click.option("--tax-rate", metavar="PERCENT", help="What is charged on top, such as 21.  [default: no tax]")
@click.option(
    "--language",
    type=click.Choice([each.value for each in Language]),
    default="en",
    show_default=True,
    help="Of the invitation, the owner's pages, and the bills.",
)
@click.option("--seller", type=click.IntRange(1, _LAST_ID), metavar="ID", help="Whose customer it is, of several.")
@click.pass_context
def create_command(context: click.Context, **wanted: Unpack[_Wanted]) -> None:
    """Open the account NAME for a customer, as its bills call it, and mail its owner an invitation.

    The mail goes out where `prorata serve` is running, or by `prorata work`. Exit codes: 0 done, 2 refused.
    """
    new = NewAccount(**wanted)
    with opened(context, links=True) as services:
        made = open_account(services, OPERATOR, new=new)
    click.echo(f"Account {made} is open. {new.owner} is invited by mail, to come in within {VALID.days} days.")


@account.command("list", short_help="List the accounts.")
@click.argument("words", required=False, default="")
@click.pass_context
def list_command(context: click.Context, *, words: str) -> None:
    """List the accounts with these WORDS in their name, or with this number; without them the first of all."""
    with opened(context) as services:
        found = accounts_page(services, OPERATOR, words=words)
    for row in found.rows:
        click.echo(f"{row.id}  {'closed' if row.closed else row.name}, {row.country}, of {row.seller}")
    if found.more:
        click.echo("… and more. Write more of the name.")
    if not found.rows:
        click.echo("There is no such account." if words else "There is no account yet.")


account.add_command(export_command)
account.add_command(close_command)
account.add_command(timetable_command)
