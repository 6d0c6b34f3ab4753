"""What came of a billing run, or would come of it, in lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from prorata.cli.parked import told_parked, told_would_park
from prorata.core.money import Money
from prorata.store.runs import Run, Total
from prorata.usecases.run_summary import RunSummary

_MOST_PARKED: Final = 20


def told_run(summary: RunSummary, opened_as: Run | None) -> list[str]:
    """A run in lines. `opened_as`: the run as it was found or opened before it was worked on; None for a dry run."""
    what = f"{summary.seller.name}, {summary.as_of}"
    lines = [f"Run {summary.run}: {what}" if summary.run else f"Dry run: {what}; nothing was written"]
    if opened_as and opened_as.state == "finished" and opened_as.finished_at:
        at = opened_as.finished_at.astimezone(summary.seller.zone)
        lines.append(f"  was finished at {at:%Y-%m-%d %H:%M}; nothing more was due")
    else:
        lines += _told_billed(summary)
    return [*lines, *_told_would_park(summary), *_told_parked(summary)]


def _told_billed(summary: RunSummary) -> Iterator[str]:
    would = "" if summary.run else "would be "
    yield f"  {_many(summary.accounts, 'account')} visited, {summary.billed:,} {would}billed"
    yield from _table(summary.totals)
    if summary.waiting:
        yield f"  {_many(summary.waiting, 'batch', more='batches')} left over: start the run again to go on."
    elif summary.state == "superseded":
        yield "  The run of a later day has taken over what was left."


def _told_would_park(summary: RunSummary) -> Iterator[str]:
    if summary.run or not summary.parked_now:
        return
    shown = summary.would_park[:_MOST_PARKED]
    yield f"  {_many(summary.parked_now, 'subscription')} would be parked{':' if shown else '.'}"
    for account, why in shown:
        yield from (f"  {line}" for line in told_would_park(account, why))
    if shown and summary.parked_now > len(shown):
        yield f"  … and {summary.parked_now - len(shown):,} more"


def _told_parked(summary: RunSummary) -> Iterator[str]:
    count = summary.parked_count
    if not count:
        return
    by_this = f", {summary.parked_now:,} by this run" if summary.run else " already"
    yield f"  {_many(count, 'subscription')} parked{by_this}:"
    shown = summary.parked[:_MOST_PARKED]
    for row in shown:
        yield from (f"  {line}" for line in told_parked(row))
    if count > len(shown):
        yield f"  … and {count - len(shown):,} more: `prorata parked`"
    unexpected = sum(row.why.unexpected for row in summary.parked)
    if unexpected:
        yield f"  {_many(unexpected, 'failure')} of the program itself: see `prorata parked --trace`."


def _many(count: int, one: str, *, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _table(totals: Iterable[Total]) -> list[str]:
    rows = [("", "invoices", "with tax", "credit notes", "with tax")]
    for total in totals:
        code = f"{total.currency.code}{' (test)' if total.test else ''}"
        counts = (f"{total.invoices:,}", _amount(total.invoiced), f"{total.credit_notes:,}", _amount(total.credited))
        rows.append((code, *counts))
    if len(rows) == 1:
        return ["  Nothing was due."]
    wide = [max(len(row[place]) for row in rows) for place in range(5)]
    return ["  " + f"{row[0]:<{wide[0]}}" + "".join(f"  {row[i]:>{wide[i]}}" for i in range(1, 5)) for row in rows]


def _amount(money: Money) -> str:
    return f"{Decimal(str(money)):,}"
