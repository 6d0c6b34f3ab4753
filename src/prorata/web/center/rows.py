"""Subscriptions as rows of a table: what Home and Your products both show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from prorata.core.money import zero
from prorata.usecases.pages.facts import SubscriptionFacts
from prorata.web.center import paths
from prorata.web.center.words import amount, chip_kinds, cost_each_period, price_each, titles
from prorata.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A subscription in a list. `next_label` says what `next_day` is: the next bill, the end, the deletion.

    `resting`: its billing is on hold.
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


def product_rows(
    w: Wording, subscriptions: Iterable[SubscriptionFacts], *, everything: Iterable[SubscriptionFacts]
) -> tuple[ProductRow, ...]:
    """Rows of some of an account's subscriptions; `everything` are all of them, by which two of a product differ."""
    names = titles(w, everything)
    return tuple(_row(w, facts, name=names[facts.subscription.id]) for facts in subscriptions)


def _row(w: Wording, facts: SubscriptionFacts, *, name: str) -> ProductRow:
    subscription = facts.subscription
    active = subscription.state == "active"
    day, label = next_moment(w, facts)
    return ProductRow(
        name=name,
        href=paths.product(subscription.name),
        price=price_each(w, subscription.plan),
        chips=chip_kinds(facts),
        assigned=w.t("{assigned} of {bought}", assigned=subscription.assigned, bought=subscription.licences)
        if active
        else "–",
        unused=w.n("{count} unused", "{count} unused", facts.unused) if facts.unused else None,
        cost=cost_each_period(w, facts.per_period, every=subscription.plan.every)
        if active
        else amount(w, zero(facts.per_period.currency)),
        next_day=day,
        next_label=label,
        resting=facts.parked,
    )


def next_moment(w: Wording, facts: SubscriptionFacts) -> tuple[date | None, str]:
    """The next day that counts, and what it is: the end of a cancelled one, else the next bill, else the deletion."""
    state, ending = facts.subscription.state, facts.subscription.ending
    if state == "active":
        if ending:
            return ending.on, w.t("access ends")
        return facts.next_bill, w.t("billing is on hold") if facts.parked else w.t("next bill")
    on = next((turn.on for turn in facts.timetable if turn.state == "deleted"), None)
    return on, w.t("data deleted")
