"""Everything that can be done with a subscription, with the reason where the state or the reader's role forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.permissions import Actor, Permission
from prorata.web.center import paths
from prorata.web.center.states import waits_to_be_paid
from prorata.web.center.words import price_each
from prorata.web.views import Action
from prorata.wording import Wording
from prorata.wording.prices import how_often
from prorata.wording.roles import refused_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Something that can be changed: what, how it is now, and the way to change it."""

    title: str
    now: str
    action: Action


def refused(w: Wording, facts: SubscriptionFacts, *, actor: Actor, permission: Permission) -> str | None:
    """Why a running subscription is needed, or another role; None where nothing stands in the way."""
    return ended(w, facts) or refused_to(w, actor, permission=permission)


def ended(w: Wording, facts: SubscriptionFacts) -> str | None:
    """Why nothing can be changed any more, and what can be done instead; None while it runs."""
    subscription = facts.subscription
    if subscription.is_running:
        return None
    if subscription.state == "deleted":
        return w.t("It is deleted. A new one can be bought.")
    return w.t("It has ended. Reactivate it first.")


def doings(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> tuple[Doing, ...]:
    """What can be changed, in the order in which people ask for it; licences and the cancellation stand elsewhere."""
    return (
        _plan(w, facts, actor=actor),
        _frequency(w, facts, actor=actor),
        *((_trial(w, facts, actor=actor),) if facts.subscription.state == "trial" else ()),
        _renewal(w, facts, actor=actor),
        _pause(w, facts, actor=actor),
    )


def _plan(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Doing:
    return Doing(
        title=w.t("Plan"),
        now=price_each(w, facts.subscription.plan, phase=facts.phase),
        action=_to(
            w.t("Change plan"), "plan", facts=facts, why_not=refused(w, facts, actor=actor, permission="change_plan")
        ),
    )


def _frequency(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Doing:
    why_not = refused(w, facts, actor=actor, permission="change_plan")
    return Doing(
        title=w.t("Billing frequency"),
        now=w.t("Billed {period}", period=how_often(w, facts.subscription.plan.every)),
        action=_to(w.t("Change billing frequency"), "frequency", facts=facts, why_not=why_not),
    )


def _trial(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Doing:
    trial = facts.subscription.trial
    why_not = refused(w, facts, actor=actor, permission="trial")
    ends = w.t("Free up to and including {day}", day=trial.ends - timedelta(days=1)) if trial else ""
    return Doing(
        title=w.t("Trial"), now=ends, action=_to(w.t("Extend or stop the trial"), "trial", facts=facts, why_not=why_not)
    )


def _renewal(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Doing:
    subscription, ending = facts.subscription, facts.subscription.ending
    why_not = refused(w, facts, actor=actor, permission="set_renewal")
    if why_not is None and subscription.state == "trial":
        why_not = w.t("A trial does not renew. Its conversion can be stopped instead.")
    if why_not is None and ending and ending.why == "cancelled":
        why_not = w.t("It is cancelled. Undo that first.")
    if why_not is None and subscription.plan.term:
        why_not = w.t("It has a fixed term and ends by itself.")
    if not subscription.is_running:
        now = w.t("It does not renew")
    elif subscription.state == "trial":
        now = w.t("There is none in a trial")
    elif ending:
        now = w.t("It ends on {day}", day=ending.on)
    else:
        now = w.t("It goes on after each period")
    is_off = bool(ending and ending.why == "renewal_off" and subscription.is_running)
    label = w.t("Switch the renewal on") if is_off else w.t("Switch the renewal off")
    return Doing(title=w.t("Renewal"), now=now, action=_to(label, "renewal", facts=facts, why_not=why_not))


def _pause(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Doing:
    subscription = facts.subscription
    why_not = refused(w, facts, actor=actor, permission="pause")
    if why_not is None and subscription.state == "trial":
        why_not = w.t("Nothing is charged in a trial, so there is nothing to pause.")
    if subscription.paused and subscription.is_running:
        since = w.t("Paused since {day}", day=subscription.paused.start)
        return Doing(title=w.t("Pause"), now=since, action=_to(w.t("Resume"), "resume", facts=facts, why_not=why_not))
    return Doing(
        title=w.t("Pause"), now=w.t("Not paused"), action=_to(w.t("Pause it"), "pause", facts=facts, why_not=why_not)
    )


def first_action(w: Wording, facts: SubscriptionFacts, *, actor: Actor, today: date) -> Action:
    """The one thing that is most likely wanted: more or fewer licences; after an end to begin again, or to buy anew.

    What nobody has paid begins again by being paid.
    """
    subscription = facts.subscription
    if subscription.is_running:
        why_not = refused_to(w, actor, permission="change_licences")
        return _to(w.t("Buy or remove licences"), "licences", facts=facts, why_not=why_not, kind="primary")
    if subscription.state == "deleted":
        why_not = refused_to(w, actor, permission="buy")
        return Action(label=w.t("Buy a product"), href=paths.BUY, kind="primary", disabled_reason=why_not)
    if waits_to_be_paid(facts, today=today):
        why_not = refused_to(w, actor, permission="pay")
        return Action(label=w.t("Settle balance"), href=paths.pay(), kind="primary", disabled_reason=why_not)
    why_not = refused_to(w, actor, permission="reactivate")
    return _to(w.t("Reactivate"), "reactivate", facts=facts, why_not=why_not, kind="primary")


def assign_action(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Action:
    """Give licences to members, or take them back: in the grace after a term too."""
    return _to(w.t("Assign licences"), "members", facts=facts, why_not=refused_to(w, actor, permission="assign"))


def cancel_action(w: Wording, facts: SubscriptionFacts, *, actor: Actor) -> Action:
    """Cancel it; a trial and what is cancelled already say why not, and what can be done instead."""
    subscription = facts.subscription
    why_not = refused(w, facts, actor=actor, permission="cancel")
    if why_not is None and subscription.state == "trial":
        why_not = w.t("There is nothing to cancel in a trial. Stop its conversion, and it ends by itself.")
    if why_not is None and subscription.ending and subscription.ending.why == "cancelled":
        why_not = w.t("It is cancelled already. Undo that first to choose another day.")
    return _to(w.t("Cancel subscription"), "cancel", facts=facts, why_not=why_not, kind="danger")


def _to(label: str, part: str, *, facts: SubscriptionFacts, why_not: str | None, kind: str = "secondary") -> Action:
    return Action(label=label, href=paths.product(facts.subscription.name, part), kind=kind, disabled_reason=why_not)
