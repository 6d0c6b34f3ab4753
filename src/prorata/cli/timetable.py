"""`prorata account timetable`: what was and what is to come of each subscription of an account, by the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from prorata.cli.days import day
from prorata.cli.output import as_json
from prorata.cli.own_data import OPERATOR, opened
from prorata.core.calendar import FIRST_DAY, LAST_DAY
from prorata.core.insights.life import Entry, Life
from prorata.core.stories.result import Json
from prorata.core.subscriptions.model import Subscription
from prorata.usecases.act import Request
from prorata.usecases.pages.timetable import TimetablePage, timetable_page
from prorata.wording import Language, Wording, wording_for
from prorata.wording.life import happens, unless
from prorata.wording.terms import state_word

_LAST_ID = 2**63 - 1  # of a bigint


def _day(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    """The day that is written so, within the calendar of the product."""
    found = day(text) if text is not None else None
    if found and not FIRST_DAY <= found <= LAST_DAY:
        raise click.BadParameter(f"{found} is out of reach. Choose a day from {FIRST_DAY} to {LAST_DAY}.")
    return found


@click.command("timetable", short_help="Tell what was and what is to come of an account's subscriptions.")
@click.argument("account", metavar="ID", type=click.IntRange(1, _LAST_ID))
@click.option("--on", metavar="DATE", callback=_day, help="As of this day, such as 2026-03-01; today, if left out.")
@click.option("--json", "in_json", is_flag=True, help="As JSON.")
@click.pass_context
def timetable_command(context: click.Context, *, account: int, on: date | None, in_json: bool) -> None:
    """Tell of each subscription of the account ID its state on a day, what was, and what is to come if nothing changes.

    A day to come finds everything as it will be if nothing else happens. Exit codes: 0 done, 2 refused.
    """
    with opened(context) as services:
        page = timetable_page(services, Request(account, OPERATOR), on=on)
    if in_json:
        click.echo(as_json(_told(page)), nl=False)
        return
    w = wording_for(Language.EN)
    click.echo(f"{page.here.account.name or 'closed'}, as of {page.on}")
    for subscription, life in page.lives:
        click.echo("\n".join(_lines(subscription, life, w=w)))
    if not page.lives:
        click.echo("It has no subscription.")


def _lines(subscription: Subscription, life: Life, *, w: Wording) -> Iterator[str]:
    yield ""
    yield f"{subscription.name}: {state_word(w, life.state) if life.state else 'not begun'}"
    for entry in life.entries:
        yield f"  {entry.day}  {entry.how:<11}  {_said(w, entry)}"


def _said(w: Wording, entry: Entry) -> str:
    said = happens(w, entry)
    depends = unless(w, entry)
    return f"{said}. {depends}" if depends else said


def _told(page: TimetablePage) -> dict[str, Json]:
    return {
        "account": page.here.account.account_id,
        "on": page.on.isoformat(),
        "subscriptions": [
            {"subscription": s.name, "state": life.state, "timetable": [_entry(entry) for entry in life.entries]}
            for s, life in page.lives
        ],
    }


def _entry(entry: Entry) -> dict[str, Json]:
    found: dict[str, Json] = {"day": entry.day.isoformat(), "what": entry.what, "how": entry.how}
    facts: dict[str, Json] = {"licences": entry.licences, "why": entry.why, "document": entry.document}
    return found | {name: value for name, value in facts.items() if value is not None}
