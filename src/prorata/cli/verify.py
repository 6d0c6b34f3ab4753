"""`prorata verify`: everything that is stored, made again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

import click

from prorata.cli.failure import Failure
from prorata.cli.verify_progress import Teller, many
from prorata.cli.wiring import Wiring, wiring_of
from prorata.core.errors import DomainError
from prorata.usecases.verify import Found, Verified
from prorata.usecases.verify import verify as verify_all
from prorata.wording import Language, wording_for
from prorata.wording.errors import sentence

_LAST_ID: Final = 2**63 - 1  # of a bigint
_MOST_PARKED: Final = 20


@click.command(short_help="Recompute everything that is stored.")
@click.option("--account", type=click.IntRange(1, _LAST_ID), metavar="ID", help="Only this account.")
@click.option("--demo", "on_demo", is_flag=True, help="The demo's data.")
@click.option("--record", is_flag=True, help="Keep what comes of it, as the nightly verification does.")
@click.pass_context
def verify(context: click.Context, *, account: int | None, on_demo: bool, record: bool) -> None:
    """Recompute every amount from its proof, every balance from its transfers, every number from its series, and every
    day of every licence from its history.

    Exit codes: 0 all is as it should be, 1 something is not, 2 refused.
    """
    if record and account is not None:
        raise Failure("--record keeps what comes of verifying everything: leave out --account.")
    wiring = wiring_of(context.find_object(Wiring))
    with wiring.services("demo" if on_demo else "own") as services:
        try:
            verified = verify_all(
                services, account=account, record=record, progress=Teller(on_screen=sys.stderr.isatty()).tell
            )
        except DomainError as error:
            raise Failure(sentence(error, wording_for(Language.EN))) from None
    tell_verified(verified)
    if verified.count:
        context.exit(1)


def tell_verified(verified: Verified, *, name_parked: bool = True) -> None:
    """Say what a verification found: in one line, and each finding before it, on standard error."""
    for line in (*_found(verified), *(_parked(verified) if name_parked else ())):
        click.echo(line, err=True)
    click.echo(_summary(verified), err=bool(verified.count))


def _found(verified: Verified) -> Iterator[str]:
    yield from map(_finding, verified.findings)
    if verified.count > len(verified.findings):
        yield f"... and {verified.count - len(verified.findings):,} more"


def _parked(verified: Verified) -> Iterator[str]:
    shown = verified.parked[:_MOST_PARKED]
    for account, name in shown:
        yield f"account {account}: {name} is parked: what it lacks is no finding, see `prorata parked`"
    if verified.parked_count > len(shown):
        yield f"... and {verified.parked_count - len(shown):,} more are parked"


def _finding(found: Found) -> str:
    account, finding = found
    whose = "all accounts" if account is None else f"account {account}"
    return f"{whose}: {finding.where}: {finding.code}: {finding.detail}"


def _summary(verified: Verified) -> str:
    looked = ", ".join(
        many(count, word)
        for count, word in (
            (verified.accounts, "account"),
            (verified.documents, "document"),
            (verified.lines, "line"),
        )
    )
    parked = f", {many(verified.parked_count, 'subscription')} parked" if verified.parked_count else ""
    found = many(verified.count, "finding") if verified.count else "nothing found"
    return f"{looked} verified: {found}{parked}."
