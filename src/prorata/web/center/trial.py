"""A trial: how long it is free, what comes then, and what can be done: extend it, stop that it is sold, let it be sold.

Which of these can be done is asked of the rules: each is previewed, and what is refused is shown with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from prorata.core.errors import DomainError
from prorata.core.subscriptions.trials import NotInTrial
from prorata.usecases.act import Preview, preview
from prorata.usecases.command import Command
from prorata.usecases.extend_trial import ExtendTrial
from prorata.usecases.pages.facts import SubscriptionFacts, facts_of
from prorata.usecases.stop_conversion import StopConversion
from prorata.usecases.undo_change import UndoChange
from prorata.web.center import paths
from prorata.web.center.decision import Decision, confirm, decision_page
from prorata.web.center.one_act import Seen, facts_here, instead, said_of
from prorata.web.center.outcome import Outcome, outcome
from prorata.web.center.shell import around
from prorata.web.center.states import after_trial, moments, state_sentence
from prorata.web.center.words import chip_kinds, cost_each_period, titles
from prorata.web.forms import Form, get, post, query_form
from prorata.web.rendering import wording_of
from prorata.web.views import Action, Figure, Option
from prorata.web.visits import visit
from prorata.wording import Wording
from prorata.wording.roles import refused_to

Choice = Literal["extend", "stop", "sell"]

_PATH = paths.PRODUCTS + "/{name}/trial"
_DAY = timedelta(days=1)
_NEWS: Mapping[Choice, str] = {"extend": "trial_extended", "stop": "conversion_stopped", "sell": "conversion_on"}


@dataclass(frozen=True, slots=True)
class Way:
    """One of the things that can be done: what would happen, or why it cannot be."""

    choice: Choice
    shown: Preview | None
    refused: str | None


def routes() -> Sequence[BaseRoute]:
    """What can be done in a trial, and doing it."""
    return get(_PATH, show, name="trial"), post(_PATH, act)


def show(request: Request) -> Response:
    """Show how the trial is, what can be done, and what the choice of the query would bring."""
    return _page(request, _chosen(query_form(request)))


def act(request: Request, form: Form) -> Response:
    """Do what was shown; what a rule refuses by now is said, and nothing has happened."""
    here, choice = visit(request), _chosen(form)
    here.actor.must("trial")
    if choice is None:
        return _page(request, None)
    return confirm(
        request,
        form,
        commands=(_command(request.path_params["name"], choice),),
        done=paths.product(request.path_params["name"], news=_NEWS[choice]),
        again=lambda changed, refusal: _page(request, choice, changed=changed, refusal=refusal),
        refusals=(DomainError,),
    )


def _chosen(form: Form) -> Choice | None:
    match form.text("do"):
        case "extend" | "stop" | "sell" as choice:
            return choice
        case _:
            return None


def _command(name: str, choice: Choice) -> Command:
    match choice:
        case "extend":
            return ExtendTrial(name)
        case "stop":
            return StopConversion(name)
        case "sell":
            return UndoChange(name)


def _page(
    request: Request, choice: Choice | None, *, changed: bool = False, refusal: DomainError | None = None
) -> Response:
    here, facts, w = visit(request), facts_here(request), wording_of(request)
    here.actor.must("see")
    subscription, today = facts.subscription, around(request, here).here.today
    refused = refused_to(w, here.actor, permission="trial")
    if subscription.state != "trial":
        refused = said_of(request, NotInTrial(subscription=subscription.name))
    ways = () if refused else tuple(_way(request, one) for one in _choices(facts))
    chosen = next((way for way in ways if way.choice == choice), None)
    return decision_page(
        request,
        Decision(
            title=w.t("The trial"),
            lead=state_sentence(w, facts, today=today),
            product=titles(w, around(request, here).subscriptions)[subscription.id],
            href=paths.product(subscription.name),
            action=paths.product(subscription.name, "trial"),
            keep=w.t("Leave it as it is"),
            chips=chip_kinds(facts),
            hidden=(("do", choice),) if choice else (),
            outcome=_outcome(request, chosen) if chosen else None,
            refused=Action(label=w.t("Change the trial"), disabled_reason=refused) if refused else None,
            error=chosen.refused if chosen else said_of(request, refusal) if refusal else None,
            nothing=None if refused else w.t("Choose one: what it brings is shown here before anything happens."),
            changed=changed,
        ),
        template="center/trial.html",
        figures=_figures(w, facts, today=today),
        options=tuple(_option(w, facts, way=way) for way in ways),
        chosen=choice or "",
        early=_early(w, facts, refused=refused_to(w, here.actor, permission="change_plan")),
        instead=instead(w, here, facts=facts, but="trial") if refused else (),
    )


def _choices(facts: SubscriptionFacts) -> tuple[Choice, ...]:
    """All that a trial knows; of the two about its end the one that is not so already."""
    trial = facts.subscription.trial
    return ("extend", "stop" if trial and trial.converts else "sell")


def _way(request: Request, choice: Choice) -> Way:
    here = visit(request)
    try:
        shown = preview(here.services, here.request(), _command(request.path_params["name"], choice))
    except DomainError as error:
        return Way(choice, None, said_of(request, error))
    return Way(choice, shown, None)


# ------------------------------------------------------------------------------------------ words


def _figures(w: Wording, facts: SubscriptionFacts, *, today: date) -> tuple[Figure, ...]:
    """How long it is free, what it costs then, and when the first bill comes."""
    trial = facts.subscription.trial
    if trial is None or facts.subscription.state != "trial":
        return ()
    left = max((trial.ends - today).days, 0)
    cost = cost_each_period(w, facts.per_period, every=facts.subscription.plan.every)
    found = [
        Figure(
            label=w.t("Still free"),
            value=w.n("{count} day", "{count} days", left),
            note=w.t("up to and including {day}", day=trial.ends - _DAY),
        )
    ]
    if facts.sold_after_trial and facts.next_bill:
        found += [
            Figure(label=w.t("Then"), value=cost, note=w.t("before tax")),
            Figure(
                label=w.t("First bill"), value=w.date(facts.next_bill), note=w.in_days((facts.next_bill - today).days)
            ),
        ]
    else:
        found.append(Figure(label=w.t("Then"), value=w.t("it ends by itself"), note=w.t("nothing is charged")))
    return tuple(found)


def _option(w: Wording, facts: SubscriptionFacts, *, way: Way) -> Option:
    rule = facts.subscription.terms.extend_trial
    match way.choice:
        case "extend":
            label = (
                w.n("Extend it by {count} day", "Extend it by {count} days", rule.days) if rule else w.t("Extend it")
            )
            hint = w.t("It can be done once.") if rule and rule.once else None
        case "stop":
            label = w.t("Stop the conversion")
            hint = w.t("Then it ends by itself, and nothing is charged.")
        case "sell":
            label = w.t("Let it convert again")
            hint = w.t("Then it goes on after the trial, and is paid for.")
    return Option(value=way.choice, label=label, hint=hint, disabled_reason=way.refused)


def _early(w: Wording, facts: SubscriptionFacts, *, refused: str | None) -> Action:
    return Action(
        label=w.t("Choose a plan without a trial"),
        href=paths.product(facts.subscription.name, "plan"),
        disabled_reason=refused,
    )


def _outcome(request: Request, way: Way) -> Outcome | None:
    if way.shown is None:
        return None
    w, here = wording_of(request), visit(request)
    place = around(request, here)
    seen = Seen(facts_here(request), way.shown)
    then = facts_of(
        seen.after,
        today=place.here.today,
        product=seen.before.product,
        past_due=False,
        mode=way.shown.decision.after.mode,
    )
    return outcome(
        w,
        way.shown,
        names=titles(w, place.subscriptions),
        points=_points(w, seen, then=then, choice=way.choice),
        deed=_deed(w, way.choice),
        moments=[one for one in moments(w, then, today=place.here.today) if one.state != "past"],
    )


def _deed(w: Wording, choice: Choice) -> str:
    match choice:
        case "extend":
            return w.t("Extend the trial")
        case "stop":
            return w.t("Stop the conversion")
        case "sell":
            return w.t("Let it convert again")


def _points(w: Wording, seen: Seen, *, then: SubscriptionFacts, choice: Choice) -> Iterator[str]:
    trial, was = seen.after.trial, seen.before.subscription.trial
    if trial is None or was is None:
        return
    if choice == "extend":
        yield w.t(
            "It is free up to and including {day} instead of {before}.", day=trial.ends - _DAY, before=was.ends - _DAY
        )
        yield after_trial(w, then)
        return
    yield w.t("Until {day} nothing changes: it is free, and members use it.", day=trial.ends - _DAY)
    yield after_trial(w, then)
    if choice == "stop":
        yield w.t("Until then you can let it convert again.")
