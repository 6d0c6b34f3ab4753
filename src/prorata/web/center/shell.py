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
from prorata.usecases.permissions import Actor
from prorata.web.addresses import END_BEHALF
from prorata.web.center import paths
from prorata.web.center.words import titles
from prorata.web.rendering import wording_of
from prorata.web.views import Behalf, ClockBar, ClockStep, NavItem, Shell
from prorata.web.visits import Visit, door_of, maybe_visit
from prorata.wording import Wording, mark
from prorata.wording.roles import actor_role_word, refused_to

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
    if not visit.actor.may("see"):
        return Shell(number=visit.account, person=_person(w, visit), switch_person=door_of(request).way_out(w))
    found = around(request, visit)
    return Shell(
        nav=_places(w, request.url.path, past_due=found.past_due, actor=visit.actor),
        home=paths.HOME,
        seller=found.here.seller,
        account=found.here.account.name,
        number=visit.account,
        person=_person(w, visit),
        switch_person=door_of(request).way_out(w),
        behalf=_behalf(w, visit, account=found.here.account.name),
        clock=_clock(w, found, visit=visit) if found.here.account.clock_at else None,
    )


def _person(w: Wording, visit: Visit) -> str:
    return f"{visit.name}, {actor_role_word(w, visit.actor)}"


def _behalf(w: Wording, visit: Visit, *, account: str) -> Behalf | None:
    """What one of the vendor's people is told on every page while they act for a customer."""
    if visit.actor.behalf is None:
        return None
    says = w.t("You act for {account} as one of the vendor’s people. Their audit says so.", account=account)
    return Behalf(says=says, why=w.t("Reason: {reason}", reason=visit.actor.behalf), action=END_BEHALF)


def _places(w: Wording, path: str, *, past_due: int, actor: Actor) -> tuple[NavItem, ...]:
    products = path.startswith((paths.PRODUCTS, paths.BUY, paths.CANCEL))
    licences = NavItem(
        label=w.t("Licences"), href=paths.LICENCES, icon="licences", current=path.startswith(paths.LICENCES)
    )
    people = NavItem(label=w.t("Members"), href=paths.MEMBERS, icon="members", current=path.startswith(paths.MEMBERS))
    keys = NavItem(label=w.t("API keys"), href=paths.KEYS, icon="key", current=path.startswith(paths.KEYS))
    audit = NavItem(label=w.t("Audit"), href=paths.AUDIT, icon="clock", current=path.startswith(paths.AUDIT))
    saving = NavItem(
        label=w.t("Back up data"), href=paths.BACK_UP, icon="download", current=path.startswith(paths.BACK_UP)
    )
    return (
        NavItem(label=w.t("Home"), href=paths.HOME, icon="home", current=path == paths.HOME),
        NavItem(label=w.t("Your products"), href=paths.PRODUCTS, icon="products", current=products),
        licences,
        NavItem(
            label=w.t("Bills & payments"),
            href=paths.BILLS,
            icon="bills",
            current=path.startswith(paths.BILLS),
            count=w.number(past_due) if past_due else None,
            count_words=w.n("{count} bill is past due", "{count} bills are past due", past_due) if past_due else None,
        ),
        *((people,) if actor.may("see_people") else ()),
        *((keys,) if actor.may("manage_keys") else ()),
        *((audit,) if actor.may("see_audit") else ()),
        *((saving,) if actor.may("export") else ()),
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
            said = mark("{name} ends") if facts.subscription.paused else mark("members lose access to {name}")
            yield turn.on, w.t(said, name=name)
        if turn.state == "deleted":
            yield turn.on, w.t("the data of {name} is deleted", name=name)
