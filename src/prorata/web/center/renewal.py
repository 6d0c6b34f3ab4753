"""The renewal of a subscription: switched off it ends with its period, switched on it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.insights.life import first_unpaid
from prorata.core.subscriptions.model import timetable
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.set_renewal import SetRenewal
from prorata.web.center import paths
from prorata.web.center.one_act import OneAct, Seen, do_act, facts_here, show_act
from prorata.web.center.shell import around
from prorata.web.center.states import entered, timetable_moments, unless_paid, unless_paid_moment
from prorata.web.center.words import cost_each_period, licences
from prorata.web.forms import Form, get, post
from prorata.web.rendering import wording_of
from prorata.web.views import Moment
from prorata.web.visits import visit
from prorata.wording import Wording

_PATH = paths.PRODUCTS + "/{name}/renewal"
_DAY = timedelta(days=1)


def routes() -> Sequence[BaseRoute]:
    """What switching it does, and switching it."""
    return get(_PATH, show, name="renewal"), post(_PATH, switch)


def show(request: Request) -> Response:
    """Show what the other position of the switch brings."""
    facts = facts_here(request)
    return show_act(request, _act(request, facts, renews=not _renews(facts)))


def switch(request: Request, form: Form) -> Response:
    """Switch as it was shown: the form says to which position, so that two who click do not undo each other."""
    facts = facts_here(request)
    renews = form.text("renews", "off" if _renews(facts) else "on") == "on"
    return do_act(request, form, _act(request, facts, renews=renews))


def _renews(facts: SubscriptionFacts) -> bool:
    ending = facts.subscription.ending
    return not (facts.subscription.is_running and ending and ending.why == "renewal_off")


def _act(request: Request, facts: SubscriptionFacts, *, renews: bool) -> OneAct:
    w, name = wording_of(request), facts.subscription.name
    if renews:
        return OneAct(
            part="renewal",
            title=w.t("Switch the renewal on"),
            lead=_off_lead(w, facts),
            command=SetRenewal(name, renews=True),
            news="renewal_on",
            deed=w.t("Switch the renewal on"),
            keep=w.t("Leave it as it is"),
            points=lambda seen: _on_points(w, seen),
            moments=lambda seen: _on_moments(w, seen),
            hidden=(("renews", "on"),),
        )
    return OneAct(
        part="renewal",
        title=w.t("Switch the renewal off"),
        lead=_on_lead(w, facts, today=around(request, visit(request)).here.today),
        command=SetRenewal(name, renews=False),
        news="renewal_off",
        deed=w.t("Switch the renewal off"),
        keep=w.t("Leave it as it is"),
        points=lambda seen: _off_points(w, seen),
        moments=lambda seen: _off_moments(w, seen),
        kind="danger",
        hidden=(("renews", "off"),),
    )


def _on_lead(w: Wording, facts: SubscriptionFacts, *, today: date) -> str:
    subscription = facts.subscription
    if subscription.state != "active" or subscription.paused or subscription.ending:
        return w.t("The renewal decides whether the subscription goes on after the period that is paid for.")
    day = subscription.grid.next_boundary(today)
    return w.t("The renewal is on: the subscription goes on by itself, next on {day}.", day=day)


def _off_lead(w: Wording, facts: SubscriptionFacts) -> str:
    ending = facts.subscription.ending
    if ending is None:
        return ""
    return w.t("The renewal is off: the subscription expires on {day}.", day=ending.on)


def _off_points(w: Wording, seen: Seen) -> Iterator[str]:
    after, ending = seen.after, seen.after.ending
    if ending is None:
        return
    days = entered(timetable(after))
    yield w.t("Until {day} everything stays as it is, and nothing is credited.", day=ending.on - _DAY)
    if after.paused:
        yield w.t("On {day} it expires, and on {disabled} it is disabled.", day=ending.on, disabled=days["disabled"])
        yield w.t("It is paused: members have no access unless it is resumed.")
    else:
        yield w.n(
            "On {day} it expires. Members can use it for {count} more day, up to and including {last}.",
            "On {day} it expires. Members can use it for {count} more days, up to and including {last}.",
            after.terms.expired_days,
            day=ending.on,
            last=days["disabled"] - _DAY,
        )
    unpaid = _unpaid_on(seen)
    if unpaid:
        yield unless_paid(w, unpaid)
    yield w.t(
        "It can be switched on again until {day}; after that it can be reactivated until {last}.",
        day=ending.on - _DAY,
        last=days["deleted"] - _DAY,
    )


def _unpaid_on(seen: Seen) -> date | None:
    """The day on which it is disabled unless what is past due is paid, where that is before the end."""
    decision = seen.shown.decision
    first = first_unpaid(seen.after, decision.after.standings, today=decision.today)
    return first[0] if first else None


def _off_moments(w: Wording, seen: Seen) -> Iterator[Moment]:
    after, ending, today = seen.after, seen.after.ending, seen.shown.decision.today
    if ending is None:
        return
    last = ending.on - _DAY
    state = "now" if last == today else "next"
    yield Moment(day=last, title=w.t("Last day to switch the renewal on again"), state=state)
    unpaid = _unpaid_on(seen)
    if unpaid:
        yield unless_paid_moment(w, unpaid, paused=after.paused is not None)
    yield from timetable_moments(w, timetable(after), today=today, paused=after.paused is not None)


def _on_points(w: Wording, seen: Seen) -> Iterator[str]:
    before, after = seen.before.subscription, seen.after
    if before.ending is None:
        return
    yield w.t(
        "It does not end on {day}: it goes on as before, {licences} at {cost}.",
        day=before.ending.on,
        licences=licences(w, after.licences),
        cost=cost_each_period(w, seen.before.per_period, every=after.plan.every),
    )
    if after.ending:
        yield w.t("Its fixed term still ends on {day}.", day=after.ending.on)


def _on_moments(w: Wording, seen: Seen) -> Iterator[Moment]:
    ending = seen.before.subscription.ending
    if ending:
        yield Moment(day=ending.on, title=w.t("It does not expire"), note=w.t("A new period begins."))
