"""Beginning again what has ended and is not deleted: after it expired with a new term, else in its old periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.billing.unpaid import StillUnpaid
from prorata.core.errors import DomainError
from prorata.core.subscriptions.change import AlreadyDeleted
from prorata.core.subscriptions.model import WITHOUT_GRACE
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.reactivate_subscription import ReactivateSubscription
from prorata.web.center import paths
from prorata.web.center.one_act import OneAct, Seen, do_act, facts_here, show_act
from prorata.web.center.shell import around
from prorata.web.center.states import state_sentence, waits_to_be_paid
from prorata.web.center.words import cost_each_period, licences
from prorata.web.forms import Form, get, post
from prorata.web.rendering import wording_of
from prorata.web.views import Action, Moment
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.roles import refused_to

_PATH = paths.PRODUCTS + "/{name}/reactivate"


def routes() -> Sequence[BaseRoute]:
    """What it brings, and doing it."""
    return get(_PATH, show, name="reactivate"), post(_PATH, reactivate)


def show(request: Request) -> Response:
    """Show what a new beginning brings and costs."""
    return show_act(request, _act(request))


def reactivate(request: Request, form: Form) -> Response:
    """Begin again as it was shown."""
    return do_act(request, form, _act(request))


def _act(request: Request) -> OneAct:
    w, facts = wording_of(request), facts_here(request)
    today = around(request, visit(request)).here.today
    return OneAct(
        part="reactivate",
        title=w.t("Reactivate"),
        lead=_lead(w, facts, today=today),
        command=ReactivateSubscription(facts.subscription.name),
        news="reactivated",
        deed=w.t("Reactivate it"),
        keep=w.t("Leave it as it is"),
        points=lambda seen: _points(w, seen),
        moments=lambda seen: _moments(w, seen),
        ways=lambda refusal: _ways(w, visit(request), refusal=refusal),
    )


def _lead(w: Wording, facts: SubscriptionFacts, *, today: date) -> str:
    """How it is; of what nobody has paid also how it comes back."""
    said = state_sentence(w, facts, today=today)
    if not waits_to_be_paid(facts, today=today):
        return said
    if facts.subscription.paused:
        then = w.t("It is paused then as before, and nothing is charged until it is resumed.")
    else:
        then = w.t("Its renewal date stays, and what is left of the period is charged.")
    return f"{said} {then}"


def _ways(w: Wording, here: Visit, *, refusal: DomainError) -> Iterator[Action]:
    """What can be done where it cannot be reactivated: pay first, or buy it anew."""
    if isinstance(refusal, StillUnpaid):
        yield Action(
            label=w.t("Pay what is open"),
            href=paths.pay(),
            kind="primary",
            disabled_reason=refused_to(w, here.actor, permission="pay"),
        )
    if isinstance(refusal, AlreadyDeleted):
        yield Action(
            label=w.t("Buy a product"),
            href=paths.BUY,
            kind="primary",
            disabled_reason=refused_to(w, here.actor, permission="buy"),
        )


def _points(w: Wording, seen: Seen) -> Iterator[str]:
    before, after, today = seen.before.subscription, seen.after, seen.shown.decision.today
    ending = before.ending
    if ending is None:
        return
    boundary = after.grid.next_boundary(today)
    cost = cost_each_period(w, seen.before.per_period, every=after.plan.every)
    many = licences(w, after.licences)
    if ending.why in WITHOUT_GRACE:
        yield w.t(
            "Its periods stay as they were: {licences} at {cost}. What is left of the current one is charged; the next "
            "one begins on {day}.",
            licences=many,
            cost=cost,
            day=boundary,
        )
    else:
        yield w.t(
            "A new term begins today: {licences} at {cost}. Its next period begins on {day}.",
            licences=many,
            cost=cost,
            day=boundary,
        )
    if before.state == "expired" and not before.paused:
        yield w.t("Members who hold a licence keep their access.")
    else:
        yield w.t("Members who hold a licence have access again from today on.")
    if ending.on < today:
        yield w.t("The days since the end on {day} are not charged.", day=ending.on)
    if after.ending:
        yield w.t("Its fixed term ends on {day}.", day=after.ending.on)


def _moments(w: Wording, seen: Seen) -> Iterator[Moment]:
    after, today = seen.after, seen.shown.decision.today
    yield Moment(day=today, title=w.t("It is active again"), note=w.t("The data is not deleted."), state="now")
    yield Moment(day=after.grid.next_boundary(today), title=w.t("The next period begins"))
