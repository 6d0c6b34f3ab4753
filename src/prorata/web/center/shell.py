"""What surrounds the work on every page: the places, the person, and the clock of a test account."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from starlette.requests import Request

from prorata.core.calendar import add_months
from prorata.core.errors import DomainError
from prorata.store.errors import StoreError
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.pages.surroundings import Surroundings, surroundings
from prorata.web.center import paths
from prorata.web.center.visit import Visit, maybe_visit
from prorata.web.center.words import refused_to, role_word, titles
from prorata.web.rendering import wording_of
from prorata.web.views import ClockBar, ClockStep, Link, NavItem, Shell
from prorata.wording import Wording

MOST_STEPS = 8
_LOG = logging.getLogger(__name__)


def shell_of(request: Request) -> Shell:
    """The shell of a request; without a person, or where the database does not answer, the bare one."""
    try:
        found = maybe_visit(request)
        return _shell(request, found) if found else Shell()
    except (DomainError, StoreError):
        _LOG.exception("The surroundings of a page could not be read.")
        return Shell()


def around(request: Request, visit: Visit) -> Surroundings:
    """The account's surroundings, read once for a request: pages may use them too."""
    if not hasattr(request.state, "around"):
        request.state.around = surroundings(visit.services, visit.request())
    found: Surroundings = request.state.around
    return found


def _shell(request: Request, visit: Visit) -> Shell:
    w = wording_of(request)
    found = around(request, visit)
    return Shell(
        nav=_places(w, request.url.path, past_due=found.past_due),
        home=paths.HOME,
        seller=found.here.seller,
        account=found.here.account.name,
        person=f"{visit.member.name}, {role_word(w, visit.member.role)}",
        switch_person=Link(label=w.t("Be somebody else"), href=paths.PEOPLE),
        clock=_clock(w, found, visit=visit) if found.here.account.clock_at else None,
    )


def _places(w: Wording, path: str, *, past_due: int) -> tuple[NavItem, ...]:
    products = path.startswith((paths.PRODUCTS, paths.BUY))
    return (
        NavItem(label=w.t("Home"), href=paths.HOME, icon="home", current=path == paths.HOME),
        NavItem(label=w.t("Your products"), href=paths.PRODUCTS, icon="products", current=products),
        NavItem(
            label=w.t("Bills & payments"),
            href=paths.BILLS,
            icon="bills",
            current=path.startswith(paths.BILLS),
            count=w.number(past_due) if past_due else None,
            count_words=w.n("{count} bill is past due", "{count} bills are past due", past_due) if past_due else None,
        ),
    )


def _clock(w: Wording, found: Surroundings, *, visit: Visit) -> ClockBar:
    return ClockBar(
        today=found.here.today,
        action=paths.CLOCK,
        steps=clock_steps(w, found),
        refused=refused_to(w, visit.actor, permission="move_clock"),
    )


def clock_steps(w: Wording, found: Surroundings) -> tuple[ClockStep, ...]:
    """The days worth going to, with what is to be seen on each, in order; at most eight."""
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for day, text in (*_spans(w, found.here.today), *_events(w, found)):
        by_day[day].append(text)
    days = sorted(day for day in by_day if day > found.here.today)
    return tuple(ClockStep(day=day, text=w.list(by_day[day])) for day in days[:MOST_STEPS])


def _spans(w: Wording, today: date) -> tuple[tuple[date, str], ...]:
    return (
        (today + timedelta(days=1), w.t("1 day later")),
        (today + timedelta(days=7), w.t("1 week later")),
        (add_months(today.year, today.month, months=1, day=today.day), w.t("1 month later")),
    )


def _events(w: Wording, found: Surroundings) -> Iterator[tuple[date, str]]:
    names = titles(w, found.subscriptions)
    bills = [f.next_bill for f in found.subscriptions if f.next_bill]
    if bills:
        yield min(bills), w.t("the next bill")
    waiting = [row for row in found.open_bills if row.due and row.due >= found.here.today]
    if waiting and waiting[0].due:
        number = waiting[0].number
        yield waiting[0].due + timedelta(days=1), w.t("bill {number} becomes past due", number=number)
    for facts in found.subscriptions:
        yield from _turns(w, facts, name=names[facts.subscription.id])


def _turns(w: Wording, facts: SubscriptionFacts, *, name: str) -> Iterator[tuple[date, str]]:
    pending, plan = facts.subscription.pending, facts.subscription.pending_plan
    if plan:
        yield plan.effective, w.t("the plan of {name} changes", name=name)
    if pending:
        yield (
            pending.effective,
            w.n("{name} has {count} licence", "{name} has {count} licences", pending.licences, name=name),
        )
    trial = facts.subscription.trial
    if trial and facts.subscription.state == "trial":
        yield trial.ends, w.t("the trial of {name} ends", name=name)
    for turn in facts.timetable:
        if turn.state == "expired" and turn.on != (trial and trial.ends):
            yield turn.on, w.t("{name} expires", name=name)
        if turn.state == "disabled":
            yield turn.on, w.t("members lose access to {name}", name=name)
        if turn.state == "deleted":
            yield turn.on, w.t("the data of {name} is deleted", name=name)
