"""The clock of a test account: move it, and see what happened on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from prorata.core.subscriptions.model import State
from prorata.store.screens.bills import BillRow
from prorata.usecases.pages.bills import bills_page
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.run_account import ClockBackwards, ClockTooFar, Ran, advance_clock
from prorata.web.center import paths
from prorata.web.center.shell import around, clock_steps
from prorata.web.center.words import amount, titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.languages import own_path
from prorata.web.rendering import render, wording_of
from prorata.web.views import FieldError
from prorata.web.visits import visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.terms import document_kind_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that a day brought: a document with its amount and how it stands, or a change of state."""

    day: date
    text: str
    href: str | None = None
    note: str | None = None
    amount: str = ""


def routes() -> Sequence[BaseRoute]:
    """Where the clock stands and what its last move brought, and moving it."""
    return get(paths.CLOCK, show, name="clock"), post(paths.CLOCK, move)


def show(request: Request) -> Response:
    """Tell what happened since the day of the query; without one, only where the clock stands."""
    query = query_form(request)
    since = _day(query.text("from"))
    if since is None:
        return _form_page(request, typed="", next_page=own_path(query.text("next", paths.HOME)))
    return _told(request, since=since, first=query.whole_number("first"), last=query.whole_number("last"))


def move(request: Request, form: Form) -> Response:
    """Move the clock, then tell what happened. A day that is none, or over, is said beside the field (422)."""
    here = visit(request)
    w = wording_of(request)
    next_page = own_path(form.text("next", paths.HOME))
    typed = form.text("to")
    to = _day(typed)
    if to is None:
        wrong = w.t("This is not a day. Choose one from the calendar, or write it like 2026-03-14.")
        return _form_page(request, typed=typed, next_page=next_page, error=wrong)
    since = around(request, here).here.today
    try:
        ran = advance_clock(here.services, here.request(), to=to)
    except (ClockBackwards, ClockTooFar) as refusal:
        return _form_page(request, typed=typed, next_page=next_page, error=sentence(refusal, w))
    return RedirectResponse(_address(ran, since=since, next_page=next_page), status_code=303)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None  # Python reads other forms of ISO 8601 too


def _address(ran: Ran, *, since: date, next_page: str) -> str:
    """Where it is told what happened: the documents of the move are those from the first to the last one."""
    back = paths.HOME if next_page.startswith(paths.CLOCK) else paths.without_news(next_page)
    places = [issued.document.id for issued in ran.issued]
    found: dict[str, str | int] = {"first": min(places), "last": max(places)} if places else {}
    return paths.with_query(paths.CLOCK, **{"from": since.isoformat()}, **found, next=back)


def _form_page(request: Request, *, typed: str, next_page: str, error: str | None = None) -> Response:
    here = visit(request)
    here.actor.must("move_clock")
    w = wording_of(request)
    found = around(request, here)
    return render(
        request,
        "center/clock.html",
        status=422 if error else 200,
        today=found.here.today,
        typed=typed or found.here.today.isoformat(),
        next_page=next_page,
        steps=clock_steps(w, found),
        errors=(FieldError(field="to", text=error),) if error else (),
    )


def _told(request: Request, *, since: date, first: int | None, last: int | None) -> Response:
    here = visit(request)
    w = wording_of(request)
    found = around(request, here)
    today = found.here.today
    rows = bills_page(here.services, here.request()).rows if first and last else ()
    shown = [row for row in rows if (first or 0) <= row.id <= (last or 0)]
    more = (last or 0) - (first or 0) + 1 - len(shown) if shown else 0
    names = titles(w, found.subscriptions)
    happened = [_document(w, row) for row in shown]
    for facts in found.subscriptions:
        happened += _turns(w, facts, name=names[facts.subscription.id], since=since, today=today)
    return render(
        request,
        "center/moved.html",
        today=today,
        days=(today - since).days,
        happened=tuple(sorted(happened, key=lambda one: one.day)),
        more=more,
        next_page=own_path(query_form(request).text("next", paths.HOME)),
    )


def _document(w: Wording, row: BillRow) -> Happening:
    kind = document_kind_word(w, row.kind)
    return Happening(
        day=row.date,
        text=w.t("{kind} {number}", kind=kind, number=row.number),
        href=paths.bill(row.number),
        note=_standing(w, row),
        amount=amount(w, row.total),
    )


def _standing(w: Wording, row: BillRow) -> str:
    if row.left.minor > 0 and row.due:
        return w.t("{amount} to pay by {day}", amount=amount(w, row.left), day=row.due)
    return w.t("settled") if row.kind == "credit_note" else w.t("paid")


def _turns(w: Wording, facts: SubscriptionFacts, *, name: str, since: date, today: date) -> Iterator[Happening]:
    href = paths.product(facts.subscription.name)
    for turn in facts.timetable:
        if since < turn.on <= today and turn.on > facts.subscription.start:
            yield Happening(day=turn.on, text=_turned(w, turn.state, name=name), href=href)
    for change in facts.subscription.changes:
        if since < change.effective <= today:
            many = change.licences
            text = w.n("{name} has {count} licence", "{name} has {count} licences", many, name=name)
            yield Happening(day=change.effective, text=text, href=href)


def _turned(w: Wording, state: State, *, name: str) -> str:
    match state:
        case "expired":
            return w.t("{name} expired", name=name)
        case "disabled":
            return w.t("Members lost access to {name}", name=name)
        case "deleted":
            return w.t("The data of {name} was deleted", name=name)
        case _:
            return w.t("{name} became active", name=name)
