"""Home: what is owed, why, and what to do about it; what comes next; how the subscriptions are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.usecases.pages.home import HomePage, home
from prorata.web.center import paths
from prorata.web.center.conflicts import ConflictNotice, conflict_notice
from prorata.web.center.lifeline import coming_soon
from prorata.web.center.pay_words import pay_refused
from prorata.web.center.rows import product_rows
from prorata.web.center.unused import UnusedNotice, unused_notice
from prorata.web.center.words import (
    DocumentLedger,
    Names,
    amount,
    document_ledger,
    resting_sentence,
    titles,
)
from prorata.web.forms import get
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, Figure, Link
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.roles import refused_to


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBill:
    """A bill that is to be paid."""

    number: str
    href: str
    left: str
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Subscriptions whose billing rests, and what that means."""

    links: tuple[Link, ...]
    text: str


def routes() -> Sequence[BaseRoute]:
    """The first page."""
    return (get(paths.HOME, show, name="home"),)


def show(request: Request) -> Response:
    """Show it."""
    here = visit(request)
    w = wording_of(request)
    page = home(here.services, here.request())
    names = titles(w, page.subscriptions)
    living = [f for f in page.subscriptions if f.subscription.state != "deleted"]
    return render(
        request,
        "center/home.html",
        title=_title(w, page),
        lead=_lead(w, page),
        pay=Action(
            label=w.t("Pay {amount}", amount=amount(w, page.owed)),
            href=paths.pay(),
            kind="primary",
            disabled_reason=pay_refused(w, here, account=page.here.account),
        )
        if page.owed
        else None,
        today=page.here.today,
        figures=_figures(w, page),
        open_bills=_open_bills(w, page),
        resting=_resting(w, page, names=names),
        next_bill=_next_bill(w, page, names=names),
        soon=coming_soon(w, ((names[of], life) for of, life in page.lives.items())),
        rows=product_rows(w, living, everything=page.subscriptions),
        conflicts=tuple(_conflicts(w, page, names=names)),
        closing=page.closing,
        to_closing=Link(label=w.t("Close account"), href=paths.CLOSE_ACCOUNT),
        unused=tuple(_unused(w, here, page=page, names=names)),
        leave=_ways_out(w, here),
        buy=Action(
            label=w.t("Buy a product"),
            href=paths.BUY,
            kind="secondary" if living else "primary",
            disabled_reason=refused_to(w, here.actor, permission="buy"),
        ),
    )


def _ways_out(w: Wording, here: Visit) -> tuple[Action, Action]:
    """To one's data, and out for good."""
    return (
        Action(
            label=w.t("Back up data"),
            href=paths.BACK_UP,
            disabled_reason=refused_to(w, here.actor, permission="export"),
        ),
        Action(
            label=w.t("Close account"),
            href=paths.CLOSE_ACCOUNT,
            kind="quiet",
            disabled_reason=refused_to(w, here.actor, permission="close_account"),
        ),
    )


def _title(w: Wording, page: HomePage) -> str:
    return w.t("{amount} to pay", amount=amount(w, page.owed)) if page.owed else w.t("Nothing to pay")


def _lead(w: Wording, page: HomePage) -> str:
    """Why: how many bills are open, how many of them late, or when the next one comes."""
    if page.past_due:
        oldest = page.past_due[0]
        return w.n(
            "Bill {number} was to be paid by {day}.",
            "{count} bills are past due. The oldest, {number}, was to be paid by {day}.",
            len(page.past_due),
            number=oldest.number,
            day=oldest.due or oldest.date,
        )
    if page.open_bills:
        first = page.open_bills[0]
        return w.n(
            "Bill {number} is to be paid by {day}.",
            "{count} bills are open. The first, {number}, is to be paid by {day}.",
            len(page.open_bills),
            number=first.number,
            day=first.due or first.date,
        )
    if page.next_bill:
        return w.t("Every bill is paid. The next one comes on {day}.", day=page.next_bill.date)
    if any(facts.parked and facts.subscription.is_running for facts in page.subscriptions):
        return w.t("Every bill is paid. When the next one comes is not known while billing is on hold.")
    return w.t("Every bill is paid, and none is to come.")


def _figures(w: Wording, page: HomePage) -> tuple[Figure, ...]:
    active = [f.subscription for f in page.subscriptions if f.subscription.is_running]
    found: list[Figure] = []
    if page.next_bill:
        day = page.next_bill.date
        away = w.in_days((day - page.here.today).days)
        found.append(
            Figure(
                label=w.t("Next bill"),
                value=amount(w, page.next_bill.total),
                note=w.t("{day}, {away}", day=day, away=away),
            )
        )
    if active:
        assigned, bought = sum(s.assigned for s in active), sum(s.licences for s in active)
        found.append(
            Figure(
                label=w.t("Licences"),
                value=w.number(bought),
                note=w.t("{assigned} of {purchased} assigned", assigned=assigned, purchased=bought),
            )
        )
    if page.credit:
        found.append(
            Figure(
                label=w.t("Account credit"),
                value=amount(w, page.credit),
                note=w.t("pays the next bills by itself"),
            )
        )
    return tuple(found)


def _open_bills(w: Wording, page: HomePage) -> tuple[OpenBill, ...]:
    late = {row.id for row in page.past_due}
    return tuple(
        OpenBill(
            number=row.number,
            href=paths.bill(row.number),
            left=amount(w, row.left),
            due=row.due,
            late=row.id in late,
        )
        for row in page.open_bills
    )


def _next_bill(w: Wording, page: HomePage, *, names: Names) -> DocumentLedger | None:
    return document_ledger(w, page.next_bill, names=names) if page.next_bill else None


def _resting(w: Wording, page: HomePage, *, names: Names) -> Resting | None:
    """The one notice for all subscriptions whose billing rests; None where none does."""
    found = [facts.subscription for facts in page.subscriptions if facts.parked]
    if not found:
        return None
    return Resting(
        links=tuple(Link(label=names[s.id], href=paths.product(s.name)) for s in found),
        text=resting_sentence(w, seller=page.here.seller, count=len(found)),
    )


def _unused(w: Wording, here: Visit, *, page: HomePage, names: Names) -> Iterator[UnusedNotice]:
    """What nobody holds and costs; a trial costs nothing yet."""
    for facts in page.subscriptions:
        subscription = facts.subscription
        found = page.unused[subscription.id]
        notice = unused_notice(w, here, facts=facts, unused=found, name=names[subscription.id])
        if notice and subscription.state == "active" and not found.more:
            yield notice


def _conflicts(w: Wording, page: HomePage, *, names: Names) -> Iterator[ConflictNotice]:
    for facts in page.subscriptions:
        notice = conflict_notice(w, facts, today=page.here.today, name=names[facts.subscription.id])
        if notice:
            yield notice
