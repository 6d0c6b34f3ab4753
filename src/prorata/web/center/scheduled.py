"""What waits for its day on a subscription: each change with its date, and the ways to replace and to undo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prorata.core.actors import Side
from prorata.core.subscriptions.cancel import NothingToUndo, undo
from prorata.core.subscriptions.ledgers import PlanChange
from prorata.core.subscriptions.model import Ending, Subscription
from prorata.usecases.pages.change_plan import family
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.usecases.pages.subscription import SubscriptionPage
from prorata.usecases.permissions import Actor
from prorata.web.center import paths
from prorata.web.center.change_plan_options import plan_title
from prorata.web.center.doings import refused
from prorata.web.center.states import entered
from prorata.web.center.words import licences, price_each
from prorata.web.views import Action
from prorata.wording import Wording, mark

_BY: dict[Side, str] = {"admin": mark("an admin"), "vendor": mark("the vendor"), "system": mark("the daily run")}


def who(w: Wording, side: Side) -> str:
    """Who asked for something: "an admin"."""
    word = _BY[side]
    return w.t(word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A change that is to come: on which day, what, why it stands here, what can be done about it."""

    day: date
    title: str
    text: str
    by: str
    replace: Action | None = None
    undo: Action | None = None


def scheduled(w: Wording, page: SubscriptionPage, *, actor: Actor) -> tuple[Scheduled, ...]:
    """Everything that is to come, in the order of the days. Only what was asked for last can be undone at once."""
    facts, today, announced = page.facts, page.here.today, page.announced
    if not facts.subscription.is_running:
        return ()
    found = [
        *_plan(w, page, actor=actor),
        *_licences(w, facts, actor=actor, today=today),
        *_trial(w, facts, actor=actor, today=today),
        *_ending(w, facts, actor=actor, today=today),
        *((_price(w, announced),) if announced else ()),
    ]
    return tuple(sorted(found, key=lambda each: each.day))


def _plan(w: Wording, page: SubscriptionPage, *, actor: Actor) -> list[Scheduled]:
    facts, subscription = page.facts, page.facts.subscription
    waits = subscription.pending_plan
    if waits is None:
        return []
    is_same = family(waits.plan.name) == family(subscription.plan.name)
    is_other_length = waits.plan.every != subscription.plan.every
    kind = "frequency" if is_same and is_other_length else "plan"
    called = (plan_title(w, o, among=page.offers) for o in page.offers if o.plan.name == waits.plan.name)
    becomes = w.t("{plan}, {price}.", plan=next(called, waits.plan.name), price=price_each(w, waits.plan))
    return [
        Scheduled(
            day=waits.effective,
            title=w.t("Another billing frequency") if kind == "frequency" else w.t("Another plan"),
            text=_unless_it_ends(w, subscription, on=waits.effective, text=becomes),
            by=who(w, waits.by),
            replace=_replace(w, facts, actor=actor, part=kind),
            undo=_undo(w, facts, actor=actor, of="plan", today=page.here.today),
        )
    ]


def _licences(w: Wording, facts: SubscriptionFacts, *, actor: Actor, today: date) -> list[Scheduled]:
    waits = facts.subscription.pending
    if waits is None:
        return []
    becomes = w.n(
        "There is {count} licence then. Until then {now} stay.",
        "There are {count} licences then. Until then {now} stay.",
        waits.licences,
        now=licences(w, facts.subscription.licences),
    )
    return [
        Scheduled(
            day=waits.effective,
            title=w.t("Change of licences"),
            text=_unless_it_ends(w, facts.subscription, on=waits.effective, text=becomes),
            by=who(w, waits.by),
            replace=_replace(w, facts, actor=actor, part="licences"),
            undo=_undo(w, facts, actor=actor, of="licences", today=today),
        )
    ]


def _unless_it_ends(w: Wording, subscription: Subscription, *, on: date, text: str) -> str:
    """What is planned for a day on which it has ended does not happen."""
    ending = subscription.ending
    if ending is None or ending.on > on:
        return text
    return f"{text} {w.t('It does not happen unless the end is undone.')}"


def _trial(w: Wording, facts: SubscriptionFacts, *, actor: Actor, today: date) -> list[Scheduled]:
    """A conversion that somebody has stopped."""
    trial = facts.subscription.trial
    if facts.subscription.state != "trial" or trial is None or trial.converts:
        return []
    return [
        Scheduled(
            day=trial.ends,
            title=w.t("The trial ends and is not sold"),
            text=w.t("Nothing is charged."),
            by=who(w, "admin"),
            undo=_undo(w, facts, actor=actor, of="trial", today=today),
        )
    ]


def _ending(w: Wording, facts: SubscriptionFacts, *, actor: Actor, today: date) -> list[Scheduled]:
    ending = facts.subscription.ending
    if ending is None:
        return []
    title, text = _end_words(w, facts, ending=ending)
    can_be_undone = ending.why != "term"
    return [
        Scheduled(
            day=ending.on,
            title=title,
            text=text,
            by=w.t("the plan itself") if ending.why == "term" else who(w, ending.by),
            undo=_undo(w, facts, actor=actor, of="ending", today=today) if can_be_undone else None,
        )
    ]


def _end_words(w: Wording, facts: SubscriptionFacts, *, ending: Ending) -> tuple[str, str]:
    days = entered(facts.timetable)
    deleted = days.get("deleted", ending.on)
    paused = facts.subscription.paused
    if ending.why == "cancelled":
        said = (
            mark("The subscription ends on {day}. The data is deleted on {deleted}.")
            if paused
            else mark("Members lose access on {day}. The data is deleted on {deleted}.")
        )
        return w.t("Cancellation planned"), w.t(said, day=ending.on, deleted=deleted)
    said = (
        mark("It expires. It is disabled on {day}. The data is deleted on {deleted}.")
        if paused
        else mark("It expires. Members lose access on {day}. The data is deleted on {deleted}.")
    )
    text = w.t(said, day=days.get("disabled", ending.on), deleted=deleted)
    return (w.t("End of the fixed term") if ending.why == "term" else w.t("Renewal is off")), text


def _price(w: Wording, announced: PlanChange) -> Scheduled:
    return Scheduled(
        day=announced.effective,
        title=w.t("New price"),
        text=w.t(
            "{price}. Until then the price of today holds. Who does not want it changes the plan or switches the "
            "renewal off before.",
            price=price_each(w, announced.plan),
        ),
        by=who(w, "vendor"),
    )


def _replace(w: Wording, facts: SubscriptionFacts, *, actor: Actor, part: str) -> Action:
    permission = "change_licences" if part == "licences" else "change_plan"
    return Action(
        label=w.t("Replace"),
        href=paths.product(facts.subscription.name, part),
        disabled_reason=refused(w, facts, actor=actor, permission=permission),
    )


def _undo(w: Wording, facts: SubscriptionFacts, *, actor: Actor, of: str, today: date) -> Action:
    why_not = refused(w, facts, actor=actor, permission="cancel")
    if why_not is None and undone_first(facts.subscription, today=today) != of:
        why_not = w.t("What was asked for later is undone first.")
    return Action(label=w.t("Undo"), href=paths.product(facts.subscription.name, "undo"), disabled_reason=why_not)


def undone_first(subscription: Subscription, *, today: date) -> str | None:
    """What an undoing would take back: "trial", "ending", "licences" or "plan"; None where nothing can be."""
    try:
        after = undo(subscription, today=today)
    except NothingToUndo:
        return None
    if subscription.trial != after.trial:
        return "trial"
    if subscription.pending != after.pending:
        return "licences"
    return "plan" if subscription.pending_plan != after.pending_plan else "ending"
