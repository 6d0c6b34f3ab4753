"""`prorata staff`: the vendor's people, who work at the console. The first of them can only be made here."""

from __future__ import annotations

from typing import cast

import click

from prorata.cli.own_data import OPERATOR, opened
from prorata.store.people import StaffRole
from prorata.store.snapshots import Language as Spoken
from prorata.usecases.door.links import HOURS
from prorata.usecases.door.staff import NewStaff, create_staff, end_staff, staff_link, staff_list
from prorata.usecases.permissions import STAFF_ROLES
from prorata.wording import Language


@click.group(short_help="Take on the vendor’s people, and let them in.")
def staff() -> None:
    """Take on the people who work for the vendor, let them in by a link, and let them go."""


@staff.command("create", short_help="Take somebody on, and print a link that lets them in.")
@click.argument("email")
@click.option("--name", required=True, help="What they are called.")
@click.option(
    "--role", type=click.Choice(list(STAFF_ROLES)), default="owner", show_default=True, help="What they may do."
)
@click.option(
    "--language",
    type=click.Choice([each.value for each in Language]),
    default="en",
    show_default=True,
    help="That of their pages and mails.",
)
@click.pass_context
def create_command(context: click.Context, *, email: str, name: str, role: str, language: str) -> None:
    """Take on the person of EMAIL, and print a link that signs them in once.

    Exit codes: 0 done, 2 refused.
    """
    new = NewStaff(email=email, name=name, role=cast("StaffRole", role), language=cast("Spoken", language))
    with opened(context, links=True) as services:
        made = create_staff(services, OPERATOR, new=new)
    click.echo(_told(new.name, made))


@staff.command("link", short_help="Print a new link for somebody who has lost every other way in.")
@click.argument("email")
@click.pass_context
def link_command(context: click.Context, *, email: str) -> None:
    """Print a link that signs the person of EMAIL in once. A link that they had before is good no more.

    Exit codes: 0 done, 2 refused.
    """
    with opened(context, links=True) as services:
        made = staff_link(services, OPERATOR, email=email)
    click.echo(_told(email, made))


@staff.command("list", short_help="List who works for the vendor.")
@click.pass_context
def list_command(context: click.Context) -> None:
    """List who works for the vendor, and who did."""
    with opened(context) as services:
        found = staff_list(services, OPERATOR)
    for row in found:
        until = f", until {row.until.date()}" if row.until else ""
        click.echo(f"{row.person.email}  {row.person.name}, {row.role}, since {row.since.date()}{until}")
    if not found:
        click.echo("Nobody works for the vendor yet. Begin with: prorata staff create EMAIL --name NAME")


@staff.command("end", short_help="Let somebody go: they are out at once.")
@click.argument("email")
@click.pass_context
def end_command(context: click.Context, *, email: str) -> None:
    """Let the person of EMAIL go: every session and link of theirs ends now.

    Exit codes: 0 done, 2 refused.
    """
    with opened(context) as services:
        end_staff(services, OPERATOR, email=email)
    click.echo(f"{email} does not work for the vendor any more, and is signed out everywhere.")


def _told(name: str, link: str) -> str:
    return f"{link}\nThis link signs {name} in, once, within {HOURS} hours. Whoever has it can use it."
