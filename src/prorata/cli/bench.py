"""`prorata bench`: what this machine does in a second, beside what it could do at best."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Final

import click

from prorata.cli.wiring import Wiring, wiring_of
from prorata.usecases.benchmarks.bench import BenchOptions, bench
from prorata.usecases.benchmarks.figures import Bench, Figure
from prorata.usecases.lives import Anchoring, LifeOptions

_MOST_ACCOUNTS: Final = 1_000_000
_LARGE: Final = (10_000, 200_000)
_QUICK: Final = 200
_HEADINGS: Final = ("", "measured", "beside it", "", "ratio", "wanted")
_LEFT: Final = frozenset((0, 3))


@click.command("bench", short_help="Measure how fast this machine bills and verifies.")
@click.option("--accounts", type=click.IntRange(1, _MOST_ACCOUNTS), default=20_000, help="How many are billed; 20,000.")
@click.option("--months", type=click.IntRange(1, 120), default=2, help="How long their history is at least; 2.")
@click.option("--subscriptions", type=click.IntRange(1, 20), default=3, help="The most that an account has; 3.")
@click.option("--several", type=click.IntRange(0, 100), default=20, help="Percent of accounts with more than one; 20.")
@click.option("--taxed", type=click.IntRange(0, 100), default=80, help="Percent of accounts with tax; 80.")
@click.option(
    "--mixed", is_flag=True, help="Of each account only one subscription renews on the day; else all of them."
)
@click.option("--seed", type=int, default=1, help="The same seed makes the same accounts.")
@click.option(
    "--workers", type=click.IntRange(1, 64), multiple=True, default=(1, 2), help="Processes that bill; 1, then 2."
)
@click.option("--batch-size", type=click.IntRange(1, 10_000), default=1000, help="Accounts in one transaction; 1,000.")
@click.option("--quick", is_flag=True, help="Only so many accounts that it ends within half a minute.")
@click.option("--large", is_flag=True, help="Compare a worker's memory at 10,000 and 200,000 accounts.")
@click.option("--profile", "split", is_flag=True, help="Say where the time of a batch goes, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--keep", is_flag=True, help="Leave the databases prorata_bench_… on the embedded server.")
@click.pass_context
def bench_command(
    context: click.Context,
    *,
    accounts: int,
    months: int,
    subscriptions: int,
    several: int,
    taxed: int,
    mixed: bool,
    seed: int,
    workers: tuple[int, ...],
    batch_size: int,
    quick: bool,
    large: bool,
    split: bool,
    as_json: bool,
    keep: bool,
) -> None:
    """Measure billing, planning, memory, verifying and asking, each beside a yardstick taken on the same machine then.

    The accounts are made up, on databases of their own that are removed afterwards, on the embedded PostgreSQL with its
    own settings. Exit codes: 0 measured, 1 what was billed does not verify.
    """
    anchoring: Anchoring = "mixed" if mixed else "renewal"
    life = LifeOptions(
        months=months, subscriptions=subscriptions, several=several, taxed=taxed, anchoring=anchoring, seed=seed
    )
    options = BenchOptions(life=life, accounts=accounts, workers=workers, batch_size=batch_size, split=split, keep=keep)
    with wiring_of(context.find_object(Wiring)).server() as server:
        found = bench(server, _sized(options, quick=quick, large=large), progress=_show)
    click.echo(
        json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2, default=str) if as_json else _told(found)
    )
    if found.findings:
        click.echo(f"verify has {found.findings} findings.", err=True)
        context.exit(1)


def _sized(options: BenchOptions, *, quick: bool, large: bool) -> BenchOptions:
    if quick:
        return dataclasses.replace(
            options,
            life=dataclasses.replace(options.life, lives=20),
            accounts=_QUICK,
            crowds=(_QUICK // 2, _QUICK),
            aged=_QUICK // 2,
            old=6,
            asked=10 * _QUICK,
            batch_size=min(options.batch_size, _QUICK // 4),
        )
    if large:
        return dataclasses.replace(options, crowds=_LARGE)
    few = min(2000, options.accounts)
    return dataclasses.replace(options, crowds=(few, options.accounts), aged=min(options.aged, options.accounts))


def _show(what: str) -> None:
    click.echo(f"  {what} ...", err=True)


def _told(found: Bench) -> str:
    return "\n".join([*_facts(found), "", *_table([_HEADINGS, *map(_row, found.figures)]), *_split(found)])


def _facts(found: Bench) -> Iterator[str]:
    machine, server = found.machine, found.server
    memory = f", {machine.memory_mb:,} MiB" if machine.memory_mb else ""
    yield f"{machine.processor}, {machine.cores} cores{memory}, {machine.system}, Python {machine.python}"
    yield f"PostgreSQL {server.version}: {', '.join(f'{name} {value}' for name, value in server.settings)}"
    if not server.durable:
        yield "These settings are not durable: the figures are too good."
    size, seed = found.batch_size, found.seed
    yield f"billed on {found.on}, {size} accounts a batch, seed {seed}; findings of verify: {found.findings}"


def _row(figure: Figure) -> tuple[str, ...]:
    measured = f"{_number(figure.value)} {figure.unit}"
    if figure.yardstick is None:
        return (figure.what, measured, "", "", "", figure.wanted)
    ratio = f"{figure.ratio:.2f} ×" if figure.ratio is not None else ""
    beside = f"{_number(figure.yardstick)} {figure.unit}"
    return (figure.what, measured, beside, figure.yardstick_is, ratio, figure.wanted)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if place in _LEFT else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _split(found: Bench) -> Iterator[str]:
    if found.shares:
        yield "\nWhere the time of a batch goes, one worker:"
    for share in found.shares:
        yield f"  {share.of_all:6.1%}  {share.part}"
