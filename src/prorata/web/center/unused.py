"""Licences that nobody holds, on the pages that say so: what they cost, and the way to remove them."""

from __future__ import annotations

from dataclasses import dataclass

from prorata.core.insights.standing import Standing
from prorata.core.insights.unused import Unused
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center import paths
from prorata.web.center.words import amount, cost_each_period, licences
from prorata.web.views import Action
from prorata.web.visits import Visit
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedNotice:
    """What there is to say, and the way to remove them; None where there is nothing to remove, or others may."""

    title: str
    text: str
    remove: Action | None


def unused_notice(
    w: Wording, here: Visit, *, facts: SubscriptionFacts, unused: Unused, name: str | None = None
) -> UnusedNotice | None:
    """The notice of a subscription; None where nobody is charged anything for what is unused.

    `name`: what the subscription is called, where the page has several.
    """
    subscription = facts.subscription
    in_trial = subscription.state == "trial"
    text = _in_trial(w, facts) if in_trial else _text(w, unused, name=name)
    if not unused.count or subscription.paused or text is None:
        return None
    fewest = max(subscription.assigned, subscription.terms.licences.fewest)
    away = subscription.licences - fewest
    offered = away > 0 and not unused.more and here.actor.may("change_licences")
    remove = Action(
        label=w.t("Remove {licences}", licences=licences(w, away)),
        href=paths.product(subscription.name, "licences", licences=fewest),
    )
    return UnusedNotice(title=w.t("Unused licences"), text=text, remove=remove if offered else None)


def _in_trial(w: Wording, facts: SubscriptionFacts) -> str | None:
    if not facts.unused_cost:
        return None
    return w.n(
        "{count} licence is held by nobody and would cost {cost} after the trial.",
        "{count} licences are held by nobody and would cost {cost} after the trial.",
        facts.unused,
        cost=cost_each_period(w, facts.unused_cost, every=facts.subscription.plan.every),
    )


def _text(w: Wording, unused: Unused, *, name: str | None) -> str | None:
    if unused.more:
        rest = w.n(
            "Without it there would be {amount} more to pay a year, before tax: fewer have a higher price.",
            "Without them there would be {amount} more to pay a year, before tax: fewer have a higher price.",
            unused.count,
            amount=amount(w, unused.more),
        )
    elif unused.month or unused.year:
        rest = w.n(
            "It costs {month} this month, {year} a year, before tax.",
            "They cost {month} this month, {year} a year, before tax.",
            unused.count,
            month=amount(w, unused.month),
            year=amount(w, unused.year),
        )
    else:
        return None
    return f"{_held_by_nobody(w, unused.count, name=name)} {rest}"


def _held_by_nobody(w: Wording, count: int, *, name: str | None) -> str:
    if name is None:
        return w.n("{count} licence is held by nobody.", "{count} licences are held by nobody.", count)
    return w.n(
        "{count} licence of {name} is held by nobody.",
        "{count} licences of {name} are held by nobody.",
        count,
        name=name,
    )


def licence_facts(w: Wording, standing: Standing, *, unused: Unused) -> tuple[tuple[str, str], ...]:
    """How the licences of a subscription stand, as labels and values: now, at the renewal, and what is unused."""
    many = standing.assigned - standing.bought
    found = [
        (w.t("Bought now"), w.number(standing.bought)),
        (w.t("Assigned"), w.number(standing.assigned)),
        (w.t("Free"), w.n("{count} too many", "{count} too many", many) if many > 0 else w.number(standing.free)),
    ]
    if standing.renewal:
        at = w.t("{count}, on {day}", count=standing.at_renewal, day=standing.renewal)
        found.append((w.t("At the renewal"), at))
    if unused.month or unused.year:
        cost = w.t("{month} this month, {year} a year", month=amount(w, unused.month), year=amount(w, unused.year))
        found.append((w.t("Unused licences cost"), cost))
    return tuple(found)
