"""Accounts: found by name or number, and the way to act for one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.store.screens.accounts import FoundAccount
from prorata.usecases.pages.accounts import MOST_FOUND, AccountsPage, accounts_page
from prorata.web.console import paths
from prorata.web.forms import get, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.visits import staff
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """An account in the list."""

    name: str
    number: str
    href: str
    seller: str
    country: str
    running: str
    people: str
    test: bool


def routes() -> Sequence[BaseRoute]:
    """The list."""
    return (get(paths.ACCOUNTS, show, name="all_accounts"),)


def show(request: Request) -> Response:
    """What is found; without words the first accounts of all."""
    here, w = staff(request), wording_of(request)
    page = accounts_page(here.services, here.actor, words=query_form(request).text("words"))
    return render(
        request,
        "console/accounts.html",
        lead=_lead(w, page),
        words=page.words,
        rows=tuple(_line(w, row) for row in page.rows),
        action=paths.ACCOUNTS,
    )


def _lead(w: Wording, page: AccountsPage) -> str:
    if page.more:
        return w.t("More accounts than {most} fit; these are the first. Write more of the name.", most=MOST_FOUND)
    return w.n("{count} account", "{count} accounts", len(page.rows))


def _line(w: Wording, row: FoundAccount) -> AccountLine:
    return AccountLine(
        name=w.t("Closed account {number}", number=str(row.id)) if row.closed else row.name,
        number=str(row.id),
        href=paths.account(row.id),
        seller=row.seller,
        country=row.country,
        running=w.number(row.running),
        people=w.number(row.people),
        test=row.test,
    )
