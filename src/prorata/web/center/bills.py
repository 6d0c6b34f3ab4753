"""Bills & payments: what is owed, what is past due, what is credit, and every document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.events import PaymentMode
from prorata.store.screens.bills import BillRow
from prorata.usecases.pages.bills import PER_PAGE, BillsPage, bills_page, state_of
from prorata.web.center import paths
from prorata.web.center.document_words import bill_state_word
from prorata.web.center.pay_words import pay_refused
from prorata.web.center.words import amount, owed_sentence
from prorata.web.forms import get, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, Pages
from prorata.web.visits import Visit, visit
from prorata.wording import Wording, mark

_OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """A document in the list; `chip` is a kind of chip, `word` its state; `pay` leads to where it is paid."""

    number: str
    href: str
    note: str | None
    day: date
    due: date | None
    chip: str
    word: str
    total: str
    left: str
    pay: str | None


def routes() -> Sequence[BaseRoute]:
    """The list; `?show=open` and `?page=2` choose from it."""
    return (get(paths.BILLS, _bills, name="bills"),)


def _bills(request: Request) -> Response:
    w = wording_of(request)
    here = visit(request)
    asked = query_form(request)
    open_only = asked.text("show") == _OPEN
    page = bills_page(here.services, here.request(), open_only=open_only, page=asked.whole_number("page") or 1)
    refused = pay_refused(w, here, account=page.here.account)
    return render(
        request,
        "center/bills.html",
        lead=f"{_state(w, page)} {w.t(_MODES[page.payment])}",
        owed=amount(w, page.owed),
        past_due=amount(w, page.past_due),
        late=bool(page.past_due),
        credit=amount(w, page.credit),
        settle=_settle(w, page, here=here),
        rows=[_line(w, row, today=page.here.today, may_pay=refused is None) for row in page.rows],
        open_only=open_only,
        pages=_pages(w, page),
    )


_MODES: dict[PaymentMode, str] = {
    "automatic": mark("New bills are paid at once with the saved method."),
    "declining": mark("The saved method is declined, so new bills wait to be paid here."),
    "none": mark("No method is saved, so new bills wait to be paid here."),
}


def _state(w: Wording, page: BillsPage) -> str:
    return owed_sentence(w, owed=page.owed, past_due=page.past_due)


def _settle(w: Wording, page: BillsPage, *, here: Visit) -> Action:
    """The one primary act: never hidden, and where it cannot be used it says why."""
    reason = pay_refused(w, here, account=page.here.account) if page.owed else w.t("Nothing is open.")
    return Action(label=w.t("Settle balance"), href=paths.pay(), kind="primary", disabled_reason=reason)


def _line(w: Wording, row: BillRow, *, today: date, may_pay: bool) -> BillLine:
    state = state_of(row, today)
    return BillLine(
        number=row.number,
        href=paths.bill(row.number),
        note=w.t("Final document") if row.final else None,
        day=row.date,
        due=row.due,
        chip="neutral" if state == "credit_note" else state,
        word=bill_state_word(w, state),
        total=amount(w, row.total),
        left=amount(w, row.left),
        pay=paths.pay(row.number) if row.left.minor > 0 and may_pay else None,
    )


def _pages(w: Wording, page: BillsPage) -> Pages | None:
    if page.count <= PER_PAGE:
        return None
    first = (page.page - 1) * PER_PAGE + 1
    last = first + len(page.rows) - 1
    return Pages(
        shown=w.t("{first}–{last} of {all}", first=first, last=last, all=page.count),
        previous_href=_page(page, page.page - 1) if page.page > 1 else None,
        next_href=_page(page, page.page + 1) if last < page.count else None,
    )


def _page(page: BillsPage, number: int) -> str:
    return paths.with_query(paths.BILLS, show=_OPEN if page.open_only else "", page=number)
