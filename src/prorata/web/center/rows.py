"""Subscriptions as rows of a table: what Home and Your products both show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from prorata.core.money import zero
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center import paths
from prorata.web.center.states import entered
from prorata.web.center.words import amount, chip_kinds, cost_each_period, price_each, titles
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A subscription in a list. `next_label` says what `next_day` is: the next bill, the end, the deletion.

    `resting`: its billing is on hold, or it is paused. `value`: what ticking it sends; empty where it is deleted.
    """

    name: str
    href: str
    price: str
    chips: tuple[str, ...]
    assigned: str
    unused: str | None
    cost: str
    next_day: date | None
    next_label: str
    resting: bool
    value: str = ""


def product_rows(
    w: Wording, subscriptions: Iterable[SubscriptionFacts], *, everything: Iterable[SubscriptionFacts]
) -> tuple[ProductRow, ...]:
    """Rows of some of an account's subscriptions; `everything` are all of them, by which two of a product differ."""
    names = titles(w, everything)
    return tuple(_row(w, facts, name=names[facts.subscription.id]) for facts in subscriptions)


def _row(w: Wording, facts: SubscriptionFacts, *, name: str) -> ProductRow:
    subscription = facts.subscription
    running = subscription.is_running
    day, label = next_moment(w, facts)
    return ProductRow(
        name=name,
        href=paths.product(subscription.name),
        price=price_each(w, subscription.plan, phase=facts.phase),
        chips=chip_kinds(facts),
        assigned=w.t("{assigned} of {bought}", assigned=subscription.assigned, bought=subscription.licences)
        if running
        else "–",
        unused=w.n("{count} unused", "{count} unused", facts.unused) if facts.unused else None,
        cost=cost_each_period(w, facts.per_period, every=subscription.plan.every)
        if subscription.state == "active" and not subscription.paused
        else amount(w, zero(facts.per_period.currency)),
        next_day=day,
        next_label=label,
        resting=facts.parked or subscription.paused is not None,
        value="" if subscription.state == "deleted" else subscription.name,
    )


def next_moment(w: Wording, facts: SubscriptionFacts) -> tuple[date | None, str]:
    """The next day that counts, and what it is: the end of what ends, else the next bill, else the deletion."""
    subscription, ending = facts.subscription, facts.subscription.ending
    match subscription.state:
        case "active" if ending:
            if ending.why == "cancelled" and subscription.paused:
                return ending.on, w.t("ends")
            return ending.on, w.t("access ends") if ending.why == "cancelled" else w.t("expires")
        case "active":
            return facts.next_bill, _next_bill(w, facts)
        case "trial" if subscription.trial:
            return subscription.trial.ends, w.t("first bill") if facts.sold_after_trial else w.t("trial ends")
        case "expired":
            label = w.t("is disabled") if subscription.paused else w.t("access ends")
            return entered(facts.timetable).get("disabled"), label
        case _:
            return entered(facts.timetable).get("deleted"), w.t("data deleted")


def _next_bill(w: Wording, facts: SubscriptionFacts) -> str:
    if facts.subscription.paused:
        return w.t("paused, no bill")
    return w.t("billing is on hold") if facts.parked else w.t("next bill")
