"""`prorata seller`: who sells, and issues documents."""

from __future__ import annotations

import click

from prorata.cli.own_data import OPERATOR, opened
from prorata.usecases.open_seller import NewSeller, open_seller, sellers_page


@click.group(short_help="Set up who sells.")
def seller() -> None:
    """Set up who sells: the legal entity that documents come from. Each has its own numbers and its own days."""


@seller.command("create", short_help="Set up a seller.")
@click.argument("name")
@click.option("--address", multiple=True, required=True, metavar="LINE", help="A line of it; once for each line.")
@click.option("--country", required=True, help="Two letters, such as NL.")
@click.option("--zone", required=True, help="Where its days begin and end, such as Europe/Amsterdam.")
@click.option("--tax-id", "tax_ids", multiple=True, metavar="NUMBER", help="A tax number; once for each.")
@click.pass_context
def create_command(
    context: click.Context,
    *,
    name: str,
    address: tuple[str, ...],
    country: str,
    zone: str,
    tax_ids: tuple[str, ...],
) -> None:
    """Set up the seller NAME, as it stands on documents.

    Exit codes: 0 done, 2 refused.
    """
    new = NewSeller(name=name, address=address, country=country, zone=zone, tax_ids=tax_ids)
    with opened(context) as services:
        made = open_seller(services, OPERATOR, new=new)
    click.echo(f"Seller {made} is set up. Open an account for a customer with: prorata account create")


@seller.command("list", short_help="List who sells.")
@click.pass_context
def list_command(context: click.Context) -> None:
    """List the sellers, each with the number by which `--seller` names it."""
    with opened(context) as services:
        found = sellers_page(services, OPERATOR)
    for row in found:
        click.echo(f"{row.id}  {row.name}, {row.country}, {row.zone.key}")
    if not found:
        click.echo("There is no seller yet. Set one up with: prorata seller create NAME --address LINE …")
