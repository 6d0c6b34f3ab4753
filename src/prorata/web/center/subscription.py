"""A subscription: its state and dates, its licences and who holds them, what can be done with it, what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.actors import Side
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.pages.subscription import SubscriptionPage, subscription_page
from prorata.web.center import paths
from prorata.web.center.agreed import term_sentences
from prorata.web.center.shell import around
from prorata.web.center.visit import Visit, visit
from prorata.web.center.words import (
    chip_kinds,
    cost_each_period,
    licences,
    moments,
    price_each,
    refused_to,
    resting_sentence,
    stages,
    state_sentence,
    titles,
)
from prorata.web.forms import get, query_form
from prorata.web.rendering import render, wording_of
from prorata.web.views import Action, Figure
from prorata.wording import Wording, mark

NEWS = MappingProxyType(
    {
        "bought": mark("Bought. The licences can be assigned now."),
        "licences": mark("The change of licences is saved."),
        "assigned": mark("Who holds a licence is saved."),
        "undone": mark("What was planned is undone."),
    }
)
"""What was just done, by the key `news` in the address."""

_BY: dict[Side, str] = {"admin": mark("an admin"), "vendor": mark("the vendor"), "system": mark("the daily run")}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A line of the licence ledger: from `day` on there are `total` licences, `change` more or fewer than before."""

    day: date
    total: str
    change: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Something that waits for its day, and the way to undo it."""

    title: str
    text: str
    undo: Action | None


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
    return render(
        request,
        "center/subscription.html",
        title=titles(w, around(request, here).subscriptions)[subscription.id],
        news=_news(w, request),
        chips=chip_kinds(facts),
        lead=state_sentence(w, facts, today=today),
        today=today,
        figures=_figures(w, facts, today=today),
        resting=resting_sentence(w, seller=page.here.seller) if facts.parked else None,
        pending=_pending(w, here, facts=facts),
        unused=_unused(w, here, facts=facts),
        stages=stages(w, facts.timetable, today=today),
        moments=moments(w, facts, today=today),
        holders=_holders(page),
        assigned=w.t(
            "{assigned} of {purchased} assigned", assigned=subscription.assigned, purchased=subscription.licences
        ),
        terms=term_sentences(w, subscription.terms),
        ledger=_ledger(w, facts),
        name=subscription.name,
        active=subscription.state == "active",
        actions=_actions(w, here, facts=facts),
    )


def _news(w: Wording, request: Request) -> str | None:
    key = query_form(request).text("news")
    return w.t(NEWS[key]) if key in NEWS else None


def _figures(w: Wording, facts: SubscriptionFacts, *, today: date) -> tuple[Figure, ...]:
    subscription = facts.subscription
    if subscription.state != "active":
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
            label=w.t("Price"),
            value=cost_each_period(w, facts.per_period, every=subscription.plan.every),
            note=price_each(w, subscription.plan),
        ),
    ]
    if facts.next_bill:
        away = w.in_days((facts.next_bill - today).days)
        found.append(Figure(label=w.t("Next bill"), value=w.date(facts.next_bill), note=away))
    if subscription.ending:
        on = subscription.ending.on
        found.append(Figure(label=w.t("Access ends"), value=w.date(on), note=w.in_days((on - today).days)))
    return tuple(found)


def _pending(w: Wording, here: Visit, *, facts: SubscriptionFacts) -> tuple[Pending, ...]:
    """What waits, the last asked for first: that is the one which can be undone first."""
    subscription = facts.subscription
    ending, change = subscription.ending, subscription.pending
    if subscription.state != "active":
        return ()
    found: list[tuple[datetime, str, str]] = []
    if ending:
        deleted = next(turn.on for turn in facts.timetable if turn.state == "deleted")
        text = w.t("Members lose access on {day}. The data is deleted on {deleted}.", day=ending.on, deleted=deleted)
        found.append((ending.at, w.t("Cancellation planned"), text))
    if change:
        text = w.n(
            "On {day} there is {count} licence. Until then {now} stay.",
            "On {day} there are {count} licences. Until then {now} stay.",
            change.licences,
            day=change.effective,
            now=subscription.licences,
        )
        found.append((change.at, w.t("Change of licences planned"), text))
    found.sort(key=lambda each: each[0], reverse=True)
    undo = Action(
        label=w.t("Undo"),
        href=paths.product(subscription.name, "undo"),
        disabled_reason=refused_to(w, here.actor, permission="cancel"),
    )
    return tuple(
        Pending(title=title, text=text, undo=undo if place == 0 else None)
        for place, (_, title, text) in enumerate(found)
    )


def _unused(w: Wording, here: Visit, *, facts: SubscriptionFacts) -> Pending | None:
    """What unused licences cost, with the way to remove them for those who may."""
    if not facts.unused:
        return None
    subscription = facts.subscription
    fewest = max(subscription.assigned, subscription.terms.licences.fewest)
    too_many = subscription.licences - fewest
    remove = Action(
        label=w.t("Remove {licences}", licences=licences(w, too_many)),
        href=paths.product(subscription.name, "licences", licences=fewest),
    )
    offered = too_many > 0 and here.actor.may("change_licences")
    text = w.n(
        "{count} licence is held by nobody and costs {cost}.",
        "{count} licences are held by nobody and cost {cost}.",
        facts.unused,
        cost=cost_each_period(w, facts.unused_cost, every=subscription.plan.every),
    )
    return Pending(title=w.t("Unused licences"), text=text, undo=remove if offered else None)


def _holders(page: SubscriptionPage) -> tuple[str, ...]:
    return tuple(sorted((m.name for m in page.members if m.id in page.holders), key=str.casefold))


def _actions(w: Wording, here: Visit, *, facts: SubscriptionFacts) -> dict[str, Action]:
    """Everything that can be done; what cannot be done now, or not by this person, says why."""
    subscription = facts.subscription
    name = subscription.name
    cancel_refused = refused_to(w, here.actor, permission="cancel")
    if subscription.state == "active" and subscription.ending and not cancel_refused:
        cancel_refused = w.t("It is cancelled already. Undo that first to choose another day.")
    if subscription.state != "active":
        refused = refused_to(w, here.actor, permission="buy")
        return {"change": Action(label=w.t("Buy a product"), href="/buy", kind="primary", disabled_reason=refused)}
    return {
        "change": Action(
            label=w.t("Buy or remove licences"),
            href=paths.product(name, "licences"),
            kind="primary",
            disabled_reason=refused_to(w, here.actor, permission="change_licences"),
        ),
        "assign": Action(
            label=w.t("Assign licences"),
            href=paths.product(name, "members"),
            disabled_reason=refused_to(w, here.actor, permission="assign"),
        ),
        "cancel": Action(
            label=w.t("Cancel subscription"),
            href=paths.product(name, "cancel"),
            kind="danger",
            disabled_reason=cancel_refused,
        ),
    }


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
                by=w.t(_BY[change.by]),
            )
        )
    return tuple(reversed(found))
