"""`prorata account close`: ending an account, by its steps; and the certificate of one that is closed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TypedDict, Unpack

import click

from prorata.cli.days import day
from prorata.cli.own_data import OPERATOR, opened
from prorata.core.closing import BackupMissing
from prorata.core.money import Money
from prorata.usecases.act import Request, Services
from prorata.usecases.certificate import Certificate
from prorata.usecases.close_account import Closed, Wish, close_account, the_certificate
from prorata.usecases.pages.closing import ClosingPage, closing_page
from prorata.wording import Language, Wording, wording_for
from prorata.wording.closing import erased_words, kept_word, step_word
from prorata.wording.errors import sentence

_LAST_ID = 2**63 - 1  # of a bigint
_ID = click.IntRange(1, _LAST_ID)


class _Wanted(TypedDict):
    number: int
    on: date | None
    waive_backup: bool
    yes: bool
    certificate: bool


@click.command("close", short_help="Close an account for good.")
@click.argument("number", metavar="ID", type=_ID)
@click.option("--on", type=day, metavar="DATE", help="Not at once, but on this day.")
@click.option("--waive-backup", is_flag=True, help="Nobody needs the data any more.")
@click.option("--yes", is_flag=True, help="Do it; without this it is only shown.")
@click.option("--certificate", is_flag=True, help="Write the certificate of an account that is closed, as JSON.")
@click.pass_context
def close_command(context: click.Context, **wanted: Unpack[_Wanted]) -> None:
    """Show what must be done before the account ID can be closed and what a closing does, and with --yes close it.

    Exit codes: 0 done or shown, 2 refused.
    """
    w = wording_for(Language.EN)
    with opened(context) as services:
        if wanted["certificate"]:
            _write_certificate(services, wanted["number"])
            return
        request = Request(wanted["number"], OPERATOR)
        page = closing_page(services, request)
        for line in _told(w, page, waived=wanted["waive_backup"]):
            click.echo(line)
        if not wanted["yes"]:
            click.echo("Nothing is done yet. With --yes it is.")
            return
        wish = Wish(name=page.account, on=wanted["on"], waive_backup=wanted["waive_backup"])
        done = close_account(services, request, wish=wish)
    click.echo("")
    for line in _certified(w, done.certificate) if isinstance(done, Closed) else _planned(w, done.on):
        click.echo(line)


def _told(w: Wording, page: ClosingPage, *, waived: bool) -> Iterator[str]:
    yield f"Account {page.number}, {page.account}, on {w.date(page.today)}"
    if page.planned:
        yield f"It is to be closed on {w.date(page.planned)}."
    for step in page.steps:
        blocked = None if waived and isinstance(step.blocked, BackupMissing) else step.blocked
        yield f"  {'to do' if blocked else 'done '}  {step_word(w, step.what)}"
        if blocked:
            yield f"         {sentence(blocked, w)}"
    if page.facts.money:
        yield f"{_amount(w, page.facts.money)} of account credit goes back to the methods that paid it."
    if page.facts.gifts:
        yield f"{_amount(w, page.facts.gifts)} of account credit was a gift and lapses."
    yield f"Erased: all that says who its people are ({w.n('{count} member', '{count} members', page.people)})."
    for kept in page.kept:
        yield f"Kept: {kept_word(w, count=kept['count'], until=kept['until'], law=kept['law'])}."


def _certified(w: Wording, told: Certificate) -> Iterator[str]:
    yield f"Account {told['account']} is closed."
    yield f"Erased: {w.list(erased_words(w, told['erased']))}."
    for kept in told["kept"]:
        yield f"Kept: {kept_word(w, count=kept['count'], until=kept['until'], law=kept['law'])}."
    yield f"SHA-256 of the certificate: {told['sha256']}"


def _planned(w: Wording, on: date) -> Iterator[str]:
    yield f"The account is to be closed on {w.date(on)}. Its owner can take that back until then."


def _write_certificate(services: Services, number: int) -> None:
    told = the_certificate(services, OPERATOR, account=number)
    if told is None:
        raise click.UsageError(f"account {number} is not closed: there is no certificate yet.")
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


def _amount(w: Wording, amount: Money) -> str:
    return w.money(amount.minor, amount.currency.code, exponent=amount.currency.exponent)
