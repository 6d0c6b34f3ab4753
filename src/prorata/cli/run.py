"""`prorata run`: the daily run."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from operator import attrgetter

import click

from prorata.cli.failure import Failure
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.documents.numbers import Issued
from prorata.core.errors import DomainError
from prorata.core.money import Money
from prorata.usecases.run_accounts import RunSummary, run_accounts
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence


@click.command(short_help="Bill every account whose day has come.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", required=True, help="The day to run, as 2026-03-01."
)
@click.pass_context
def run(context: click.Context, *, as_of: datetime) -> None:
    """Bill every account whose day has come, and let states change that are due.

    Running a day again writes nothing. Exit codes: 0 all accounts were run, 1 some could not be, 2 refused.
    """
    wiring = wiring_of(context.find_object(Wiring))
    with wiring.services("own") as services:
        try:
            summary = run_accounts(services, as_of=as_of.date())
        except DomainError as error:
            raise Failure(sentence(error, wording_for(Language.EN))) from None
    click.echo(_told(summary))
    for failed in summary.failed:
        click.echo(f"account {failed.account} ({failed.name}) was not run: {failed.why}", err=True)
    if summary.failed:
        context.exit(1)


def _told(summary: RunSummary) -> str:
    counts = Counter(issued.document.kind for issued in summary.issued)
    lines = [f"{summary.visited} accounts, {counts['invoice']} invoices, {counts['credit_note']} credit notes"]
    lines += [f"  {total.currency.code} {total}" for total in _totals(summary.issued)]
    return "\n".join(lines)


def _totals(issued: tuple[Issued, ...]) -> list[Money]:
    totals: dict[str, Money] = {}
    for one in issued:
        amount = one.document.total
        code = amount.currency.code
        totals[code] = totals[code] + amount if code in totals else amount
    return sorted(totals.values(), key=attrgetter("currency.code"))
