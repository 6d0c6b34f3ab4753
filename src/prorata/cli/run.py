"""`prorata run`: the billing run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from datetime import datetime

import click

from prorata.cli.failure import Failure
from prorata.cli.parked import OPERATOR, told_parked
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.errors import DomainError
from prorata.store.runs import Progress, Run, Total
from prorata.usecases.act import Services
from prorata.usecases.plan_billing import plan_billing
from prorata.usecases.run_billing import open_runs, patiently, work
from prorata.usecases.run_summary import RunSummary, find_run, summarise
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence

_LAST_ID = 2**63 - 1  # of a bigint
_MOST_WORKERS = 64
_PATIENCE = 60  # seconds that a helper has to end by itself when all is done


@click.command(short_help="Bill every account whose day has come.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
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
    as_of: datetime | None,
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
    day = as_of.date() if as_of else None
    with wiring_of(context.find_object(Wiring)).services("own") as services, _refusing():
        if join:
            work(services, find_run(services, join))
            return
        if dry_run:
            summaries = plan_billing(services, as_of=day, seller=seller, batch_size=batch_size)
        else:
            opened = open_runs(services, as_of=day, seller=seller, batch_size=batch_size, actor=OPERATOR)
            summaries = tuple(_done(services, one, workers=workers) for one in opened)
    if not summaries:
        click.echo("There is no seller yet, and so nothing to bill.")
    for summary in summaries:
        click.echo("\n".join(_told(summary)))
    context.exit(_exit_code(summaries))


@contextmanager
def _refusing() -> Generator[None]:
    try:
        yield
    except DomainError as error:
        raise Failure(sentence(error, wording_for(Language.EN))) from None


def _done(services: Services, run: Run, *, workers: int) -> RunSummary:
    """Do a run with so many processes: this one, and others that join it."""
    with _helpers(run, count=workers - 1):
        work(services, run, progress=_Screen().show if sys.stderr.isatty() else None)
    return patiently(lambda: summarise(services, run.id))


@contextmanager
def _helpers(run: Run, *, count: int) -> Generator[None]:
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


class _Screen:
    """One line on the screen that says how far a run is, how fast, and how long it will take."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._first: int | None = None

    def show(self, run: Run, progress: Progress) -> None:
        """Write the line anew."""
        if self._first is None:
            self._first = progress.accounts_done
        seconds = time.monotonic() - self._began
        rate = (progress.accounts_done - self._first) / seconds if seconds else 0
        left = progress.accounts - progress.accounts_done
        line = f"{run.as_of}: {progress.accounts_done:,} of {progress.accounts:,} accounts"
        if rate:
            line += f", {rate:,.0f} a second, {left / rate:,.0f} s left"
        if progress.parked:
            line += f", {progress.parked:,} parked"
        click.echo(f"\r{line}\033[K", nl=not left, err=True)


def _told(summary: RunSummary) -> list[str]:
    what = f"{summary.seller.name}, {summary.as_of}"
    head = f"Run {summary.run}: {what}" if summary.run else f"Dry run: {what}; nothing was written"
    would = "" if summary.run else "would be "
    lines = [head, f"  {_many(summary.accounts, 'account')} visited, {summary.billed:,} {would}billed"]
    lines += _table(summary.totals)
    if summary.waiting:
        lines.append(f"  {_many(summary.waiting, 'batch', more='batches')} left over: start the run again to go on.")
    elif summary.state == "superseded":
        lines.append("  The run of a later day has taken over what was left.")
    if summary.run is None and summary.parked_now:
        lines.append(f"  {_many(summary.parked_now, 'subscription')} would be parked.")
    if summary.parked_count:
        lines.append(f"  {_many(summary.parked_count, 'subscription')} parked, {summary.parked_now:,} by this run:")
        lines += [f"  {line}" for row in summary.parked for line in told_parked(row)]
    if summary.unexpected:
        lines.append(f"  {_many(summary.unexpected, 'failure')} of the program itself: see `prorata parked --trace`.")
    return lines


def _many(count: int, one: str, *, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _table(totals: Iterable[Total]) -> list[str]:
    rows = [("", "invoices", "with tax", "credit notes", "with tax")]
    for total in totals:
        code = f"{total.currency.code}{' (test)' if total.test else ''}"
        counts = (f"{total.invoices:,}", str(total.invoiced), f"{total.credit_notes:,}", str(total.credited))
        rows.append((code, *counts))
    if len(rows) == 1:
        return ["  Nothing was due."]
    wide = [max(len(row[place]) for row in rows) for place in range(5)]
    return ["  " + f"{row[0]:<{wide[0]}}" + "".join(f"  {row[i]:>{wide[i]}}" for i in range(1, 5)) for row in rows]


def _exit_code(summaries: Iterable[RunSummary]) -> int:
    return max((3 if one.failed else 0 if one.well else 1 for one in summaries), default=0)
