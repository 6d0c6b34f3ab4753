"""`prorata run`: the billing run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from datetime import date

import click

from prorata.cli.days import day
from prorata.cli.failure import Failure
from prorata.cli.own_data import OPERATOR
from prorata.cli.run_progress import Teller
from prorata.cli.run_told import told_run
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.errors import DomainError
from prorata.store.runs import Run
from prorata.usecases.act import Services
from prorata.usecases.plan_billing import plan_billing
from prorata.usecases.run_billing import open_runs, patiently, work
from prorata.usecases.run_summary import RunSummary, find_run, summarise
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence

_LAST_ID = 2**63 - 1  # of a bigint
_MOST_WORKERS = 64
_PATIENCE = 60  # seconds that another worker has to end by itself when all is done


@click.command(short_help="Bill every account whose day has come.")
@click.option(
    "--as-of",
    type=day,
    metavar="DATE",
    help="Bill what is due by this day, as 2026-03-01; today, where the seller is, if left out.",
)
@click.option("--seller", type=click.IntRange(1, _LAST_ID), metavar="ID", help="Only this seller; else each.")
@click.option("--workers", type=click.IntRange(1, _MOST_WORKERS), default=1, help="Processes that share the work.")
@click.option("--batch-size", type=int, metavar="N", help="Accounts in one transaction; else PRORATA_BATCH_SIZE.")
@click.option("--dry-run", is_flag=True, help="Say what would be billed, and write nothing.")
@click.option("--join", type=click.IntRange(1, _LAST_ID), metavar="RUN", hidden=True, help="Help with this run.")
@click.pass_context
def run(
    context: click.Context,
    *,
    as_of: date | None,
    seller: int | None,
    workers: int,
    batch_size: int | None,
    dry_run: bool,
    join: int | None,
) -> None:
    """Bill every account whose day has come, and let states change that are due.

    A run is opened once for each seller and day. Starting it again goes on where it stopped, and writes nothing twice.
    Documents carry the day on which they are made, whatever day is run.

    Exit codes: 0 all that was due is billed, 1 something is parked or left over, 2 refused or stopped, 3 something was
    parked by a failure that no rule foresaw.
    """
    with wiring_of(context.find_object(Wiring)).services("own") as services, _refusing():
        if join:
            work(services, find_run(services, join))
            return
        if dry_run:
            planned = plan_billing(services, as_of=as_of, seller=seller, batch_size=batch_size)
            summaries = tuple((one, None) for one in planned)
        else:
            opened = open_runs(services, as_of=as_of, seller=seller, batch_size=batch_size, actor=OPERATOR)
            summaries = tuple((_done(services, one, workers=workers), one) for one in opened)
    if not summaries:
        click.echo("There is no seller yet, and so nothing to bill.")
    for summary, opened_as in summaries:
        click.echo("\n".join(told_run(summary, opened_as)))
    context.exit(_exit_code(summary for summary, _ in summaries))


@contextmanager
def _refusing() -> Generator[None]:
    try:
        yield
    except DomainError as error:
        raise Failure(sentence(error, wording_for(Language.EN))) from None


def _done(services: Services, run: Run, *, workers: int) -> RunSummary:
    """Do a run with so many processes: this one, and others that join it."""
    if run.state == "open":
        with _other_workers(run, count=workers - 1):
            work(services, run, progress=Teller(on_screen=sys.stderr.isatty()).tell)
    return patiently(lambda: summarise(services, run.id))


@contextmanager
def _other_workers(run: Run, *, count: int) -> Generator[None]:
    command = [sys.executable, "-m", "prorata", "run", "--join", str(run.id)]
    started = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(count)]  # noqa: S603 - our own program
    try:
        yield
        with suppress(subprocess.TimeoutExpired):  # it waits for what it cannot have; the summary says what is left
            for one in started:
                one.wait(timeout=_PATIENCE)
    finally:
        for one in started:
            if one.poll() is None:
                one.terminate()
                one.wait()


def _exit_code(summaries: Iterable[RunSummary]) -> int:
    return max((3 if one.failed else 0 if one.well else 1 for one in summaries), default=0)
