"""A subscription: its state and dates, its licences and who holds them, what can be done with it, what is to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.subscriptions.ledgers import PlanWhy
from prorata.core.subscriptions.model import WITHOUT_GRACE, Subscription
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.pages.subscription import SubscriptionPage, subscription_page
from prorata.usecases.permissions import Actor
from prorata.web.center import paths
from prorata.web.center.agreed import term_sentences
from prorata.web.center.conflicts import conflict_notice
from prorata.web.center.doings import assign_action, cancel_action, doings, first_action
from prorata.web.center.lifeline import lifeline, with_its_life
from prorata.web.center.news import news
from prorata.web.center.scheduled import scheduled, who
from prorata.web.center.shell import around
from prorata.web.center.states import moments, state_sentence
from prorata.web.center.unused import licence_facts, unused_notice
from prorata.web.center.upcoming import upcoming_bills
from prorata.web.center.words import (
    chip_kinds,
    cost_each_period,
    price_each,
    resting_sentence,
    titles,
)
from prorata.web.forms import get
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, Figure
from prorata.web.visits import visit
from prorata.wording import Wording, mark
from prorata.wording.prices import parts_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A line of the licence ledger: from `day` on there are `total` licences, `change` more or fewer than before."""

    day: date
    total: str
    change: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """A line of the ledger of plans: from `day` on it is sold at this price, because of this."""

    day: date
    price: str
    why: str
    by: str


def routes() -> Sequence[BaseRoute]:
    """One subscription."""
    return (get(paths.PRODUCTS + "/{name}", show, name="subscription"),)


def show(request: Request) -> Response:
    """Show it; an unknown name is a page that says so (404)."""
    here = visit(request)
    w = wording_of(request)
    page = subscription_page(here.services, here.request(), name=request.path_params["name"])
    facts, today = page.facts, page.here.today
    subscription = facts.subscription
    names = titles(w, around(request, here).subscriptions)
    return render(
        request,
        "center/subscription.html",
        title=names[subscription.id],
        news=news(w, request),
        chips=chip_kinds(facts),
        lead=state_sentence(w, facts, today=today),
        today=today,
        figures=_figures(w, facts, today=today),
        resting=resting_sentence(w, seller=page.here.seller) if facts.parked else None,
        scheduled=scheduled(w, page, actor=here.actor),
        unused=unused_notice(w, here, facts=facts, unused=page.unused),
        conflict=conflict_notice(w, facts, today=today, name=names[subscription.id]),
        standing=licence_facts(w, page.standing, unused=page.unused) if subscription.is_running else (),
        lifeline=lifeline(w, page.life),
        moments=with_its_life(w, moments(w, facts, today=today), life=page.life),
        upcoming=upcoming_bills(
            w, page.coming, names=names, subscription=subscription.id, resting=facts.parked and subscription.is_running
        ),
        holders=_holders(w, page),
        history_href=paths.product(subscription.name, "history") if here.actor.may("see_people") else "",
        assigned=w.t(
            "{assigned} of {purchased} assigned", assigned=subscription.assigned, purchased=subscription.licences
        ),
        costs=parts_in_words(w, subscription.plan),
        terms=term_sentences(w, subscription.terms),
        ledger=_ledger(w, facts),
        plans=_plans(w, facts),
        running=subscription.is_running,
        held=subscription.is_running or subscription.state == "expired",
        first=first_action(w, facts, actor=here.actor, today=today),
        assign=assign_action(w, facts, actor=here.actor),
        doings=doings(w, facts, actor=here.actor),
        cancel=cancel_action(w, facts, actor=here.actor),
        back_up=_back_up(w, facts, actor=here.actor),
    )


def _back_up(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Action | None:
    """The way to the data while they can still be taken out and members are losing, or have lost, what they use."""
    losing = facts.subscription.state in {"expired", "disabled"}
    return Action(label=w.t("Back up data"), href=paths.BACK_UP) if losing and actor.may("export") else None


def _figures(w: Wording, facts: SubscriptionFacts, *, today: date) -> tuple[Figure, ...]:
    subscription = facts.subscription
    if not subscription.is_running:
        return ()
    found = [
        Figure(
            label=w.t("Licences"),
            value=w.number(subscription.licences),
            note=w.t(
                "{assigned} of {purchased} assigned", assigned=subscription.assigned, purchased=subscription.licences
            ),
        ),
        Figure(
            label=_price_label(w, subscription),
            value=cost_each_period(w, facts.per_period, every=subscription.plan.every),
            note=price_each(w, subscription.plan, phase=facts.phase),
        ),
    ]
    trial = subscription.trial
    if subscription.state == "trial" and trial:
        away = w.in_days((trial.ends - today).days)
        found.append(Figure(label=w.t("The trial is over"), value=w.date(trial.ends), note=away))
    elif facts.next_bill:
        away = w.in_days((facts.next_bill - today).days)
        found.append(Figure(label=w.t("Next bill"), value=w.date(facts.next_bill), note=away))
    ending = subscription.ending
    if ending:
        ends = w.t("Ends") if subscription.paused else w.t("Access ends")
        label = ends if ending.why in WITHOUT_GRACE else w.t("Expires")
        found.append(Figure(label=label, value=w.date(ending.on), note=w.in_days((ending.on - today).days)))
    return tuple(found)


def _price_label(w: Wording, subscription: Subscription) -> str:
    """What the price is of: in a trial and in a pause it is one to come."""
    if subscription.state == "trial":
        return w.t("Price after the trial")
    return w.t("Price after the pause") if subscription.paused else w.t("Price")


def _holders(w: Wording, page: SubscriptionPage) -> tuple[tuple[str, str], ...]:
    """Who holds a licence and since when, by name."""
    found = sorted((m for m in page.members if m.id in page.holders), key=lambda m: (m.name.casefold(), m.id))
    return tuple((m.name, w.t("since {day}", day=page.since[m.id])) for m in found)


def _ledger(w: Wording, facts: SubscriptionFacts) -> tuple[LedgerEntry, ...]:
    """The licence ledger, newest first."""
    found: list[LedgerEntry] = []
    before = 0
    for change in facts.subscription.changes:
        difference = change.licences - before
        before = change.licences
        found.append(
            LedgerEntry(
                day=change.effective,
                total=w.number(change.licences),
                change=f"+{w.number(difference)}" if difference > 0 else w.number(difference),
                by=who(w, change.by),
            )
        )
    return tuple(reversed(found))


_WHY: dict[PlanWhy, str] = {
    "purchase": mark("purchase"),
    "plan": mark("change of plan"),
    "frequency": mark("change of billing frequency"),
    "price": mark("new price"),
    "anchor": mark("periods moved"),
    "reactivation": mark("reactivation"),
    "trial": mark("sold after the trial"),
}


def _plans(w: Wording, facts: SubscriptionFacts) -> tuple[PlanEntry, ...]:
    """The ledger of plans, newest first; empty while there was only the first."""
    changes = facts.subscription.plans
    if len(changes) == 1:
        return ()
    return tuple(
        PlanEntry(
            day=change.effective, price=price_each(w, change.plan), why=w.t(_WHY[change.why]), by=who(w, change.by)
        )
        for change in reversed(changes)
    )
