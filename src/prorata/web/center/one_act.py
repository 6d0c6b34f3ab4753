"""Pages on which there is one thing to do with a subscription: what it does is shown at once, then confirmed.

Why it cannot be done is what the rule says that would refuse it: asked of the rules themselves, so that a page forbids
nothing that they allow. What can be done instead stands below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from prorata.core.errors import DomainError
from prorata.core.history import UnknownSubscription
from prorata.core.subscriptions.model import Subscription
from prorata.usecases.act import Preview, preview
from prorata.usecases.command import Command
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center import paths
from prorata.web.center.decision import Decision, confirm, decision_page
from prorata.web.center.failing import status_of
from prorata.web.center.outcome import outcome
from prorata.web.center.shell import around
from prorata.web.center.words import chip_kinds, titles
from prorata.web.forms import Form
from prorata.web.rendering import wording_of
from prorata.web.views import Action, Moment
from prorata.web.visits import Visit, visit
from prorata.wording import Wording
from prorata.wording.errors import sentence
from prorata.wording.roles import refused_to


@dataclass(frozen=True, slots=True)
class Seen:
    """A subscription before and after what is previewed, with the facts of both; `shown` is the whole preview."""

    before: SubscriptionFacts
    shown: Preview

    @property
    def after(self) -> Subscription:
        """The subscription as it would be."""
        return self.shown.decision.after.subscription(self.before.subscription.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAct:
    """One thing to do. `part` is its place in the address, `news` the key of what is said once it is done.

    `lead` says how the subscription is, `deed` what the button does, `points` and `moments` what comes of it, all of
    them in the reader's words. `hidden`: what else the confirmation brings along. `ways`: what can be done where a rule
    refuses it, before what the state of the subscription allows.
    """

    part: str
    title: str
    lead: str
    command: Command
    news: str
    deed: str
    keep: str
    points: Callable[[Seen], Iterable[str]]
    moments: Callable[[Seen], Iterable[Moment]]
    kind: str = "primary"
    hidden: tuple[tuple[str, str], ...] = ()
    ways: Callable[[DomainError], Iterable[Action]] = lambda _: ()


def facts_here(request: Request) -> SubscriptionFacts:
    """The facts of the subscription that the address names; raises `UnknownSubscription`."""
    name = request.path_params["name"]
    for facts in around(request, visit(request)).subscriptions:
        if facts.subscription.name == name:
            return facts
    raise UnknownSubscription(subscription=name)


def show_act(request: Request, act: OneAct, *, changed: bool = False, refusal: DomainError | None = None) -> Response:
    """The page: what happens, or why it cannot be and what can be done instead."""
    here, facts, w = visit(request), facts_here(request), wording_of(request)
    here.actor.must("see")
    refused = refused_to(w, here.actor, permission=act.command.permission)
    shown: Preview | None = None
    ways: tuple[Action, ...] = ()
    if not refused:
        try:
            shown = preview(here.services, here.request(), act.command)
        except DomainError as error:
            refused, refusal = said_of(request, error), refusal and error
            ways = tuple(act.ways(error))
    return decision_page(
        request,
        _page(
            request, act, shown=shown, refused=refused, changed=changed, status=status_of(refusal) if refusal else 200
        ),
        template="center/one_act.html",
        instead=(*ways, *instead(w, here, facts=facts, but=act.part)) if refused else (),
    )


def do_act(request: Request, form: Form, act: OneAct) -> Response:  # noqa: PLR0917 - a handler and what it does
    """Do what was shown. What a rule refuses by now is said on the page, and nothing has happened."""
    visit(request).actor.must(act.command.permission)
    return confirm(
        request,
        form,
        commands=(act.command,),
        done=paths.product(request.path_params["name"], news=act.news),
        again=lambda changed, refusal: show_act(request, act, changed=changed, refusal=refusal),
        refusals=(DomainError,),
    )


def _page(
    request: Request, act: OneAct, *, shown: Preview | None, refused: str | None, changed: bool, status: int
) -> Decision:
    w, facts = wording_of(request), facts_here(request)
    names = titles(w, around(request, visit(request)).subscriptions)
    name = facts.subscription.name
    seen = Seen(facts, shown) if shown else None
    return Decision(
        title=act.title,
        lead=act.lead,
        product=names[facts.subscription.id],
        href=paths.product(name),
        action=paths.product(name, act.part),
        keep=act.keep,
        chips=chip_kinds(facts),
        hidden=act.hidden,
        outcome=outcome(
            w,
            seen.shown,
            names=names,
            points=act.points(seen),
            deed=act.deed,
            moments=act.moments(seen),
            kind=act.kind,
        )
        if seen
        else None,
        refused=Action(label=act.deed, kind=act.kind, disabled_reason=refused) if refused else None,
        changed=changed,
        status=status,
    )


def said_of(request: Request, error: DomainError) -> str:
    """A refusal that calls the subscription by the name that its reader knows."""
    w, found = wording_of(request), dict(error.parameters)
    if found.get("subscription") == request.path_params["name"]:
        names = titles(w, around(request, visit(request)).subscriptions)
        found["subscription"] = names[facts_here(request).subscription.id]
    return sentence(type(error)(**found), w)


def instead(w: Wording, here: Visit, *, facts: SubscriptionFacts, but: str) -> tuple[Action, ...]:
    """What can be done in the state that the subscription is in, but for one part; only what this person may do."""
    name = facts.subscription.name
    words: Mapping[str, str] = {
        "trial": w.t("See the trial"),
        "resume": w.t("Resume it"),
        "reactivate": w.t("Reactivate it"),
        "undo": w.t("Undo what is planned"),
        "renewal": w.t("See the renewal"),
    }
    return (
        tuple(
            Action(label=words[part], href=paths.product(name, part))
            for part in _fitting(facts.subscription)
            if part != but
        )
        if here.actor.may("cancel")
        else ()
    )


def _fitting(subscription: Subscription) -> tuple[str, ...]:
    ending = subscription.ending
    match subscription.state:
        case "trial":
            return ("trial",)
        case "active" if subscription.paused:
            return ("resume",)
        case "active" if ending:
            return ("undo",) if ending.why == "cancelled" else ("renewal",)
        case "expired" | "disabled":
            return ("reactivate",)
        case _:
            return ()
