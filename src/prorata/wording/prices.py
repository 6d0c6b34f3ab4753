"""What a plan costs, in words: one line for lists, and every part of it for who is about to buy or change."""

from __future__ import annotations

from prorata.core.calendar import Every
from prorata.core.catalog.plans import Plan, Step, Tiers
from prorata.core.money import Money, UnitPrice
from prorata.wording.marking import mark, mark_plural
from prorata.wording.terms import per_period
from prorata.wording.words import Wording

_LENGTHS = {
    "day": mark_plural("{count} day", "{count} days"),
    "week": mark_plural("{count} week", "{count} weeks"),
    "month": mark_plural("{count} month", "{count} months"),
    "quarter": mark_plural("{count} quarter", "{count} quarters"),
    "year": mark_plural("{count} year", "{count} years"),
}
_OFTEN = {
    "day": mark("daily"),
    "week": mark("weekly"),
    "month": mark("monthly"),
    "quarter": mark("quarterly"),
    "year": mark("yearly"),
}
_OFTEN_IN_ALL = {
    "day": mark_plural("every {count} day", "every {count} days"),
    "week": mark_plural("every {count} week", "every {count} weeks"),
    "month": mark_plural("every {count} month", "every {count} months"),
    "quarter": mark_plural("every {count} quarter", "every {count} quarters"),
    "year": mark_plural("every {count} year", "every {count} years"),
}


def how_often(w: Wording, every: Every) -> str:
    """How often something is billed: "monthly", "every 2 weeks"."""
    if every.count == 1:
        word = _OFTEN[every.unit]
        return w.t(word)
    singular, plural = _OFTEN_IN_ALL[every.unit]
    return w.n(singular, plural, every.count)


def length(w: Wording, every: Every) -> str:
    """A length of time: "3 months"."""
    singular, plural = _LENGTHS[every.unit]
    return w.n(singular, plural, every.count)


def short(w: Wording, plan: Plan, *, phase: int = 0) -> str:
    """What a plan costs in one line, in a phase of it: "€12.50 per licence per month".

    Steps are told by the cheapest one ("from €8.00 per licence per month"), phases to come by the last of them.
    """
    each = _period(w, plan)
    per_licence = _lowest(plan, phase=phase)
    flat = plan.price.flat
    if plan.price.tiers and flat and flat.amount:
        lowest = _price(w, per_licence)
        return w.t("{flat} and from {price} per licence {period}", flat=_price(w, flat), price=lowest, period=each)
    if plan.price.tiers:
        return w.t("from {price} per licence {period}", price=_price(w, per_licence), period=each)
    if flat and flat.amount:
        if not per_licence.amount:
            return w.t("{amount} {period}", amount=_price(w, flat), period=each)
        return w.t(
            "{flat} and {price} per licence {period}", flat=_price(w, flat), price=_price(w, per_licence), period=each
        )
    if not per_licence.amount and not _later(plan, phase=phase):
        return w.t("free of charge")
    said = w.t("{price} per licence {period}", price=_price(w, per_licence), period=each)
    later = _later(plan, phase=phase)
    return w.t("{said}, later {price}", said=said, price=_price(w, later)) if later else said


def _lowest(plan: Plan, *, phase: int) -> UnitPrice:
    if plan.price.tiers:
        return min((step.price for step in plan.price.tiers.steps), key=lambda one: one.amount)
    return plan.phases[min(phase, len(plan.phases) - 1)].amount if plan.phases else plan.price.amount


def _later(plan: Plan, *, phase: int) -> UnitPrice | None:
    """The price of the last phase, where it is another one than that of this phase and still to come."""
    if phase + 1 >= len(plan.phases):
        return None
    last = plan.phases[-1].amount
    return last if last != plan.phases[phase].amount else None


def parts_in_words(w: Wording, plan: Plan) -> tuple[str, ...]:
    """Every part of a price as a sentence of its own: trial, licences, steps, phases, flat part, setup, fixed term."""
    found: list[str] = []
    if plan.trial:
        found.append(w.t("Free for {length}, as a trial.", length=length(w, plan.trial)))
    found += _per_licence(w, plan)
    if plan.price.flat and plan.price.flat.amount:
        flat = _price(w, plan.price.flat)
        found.append(
            w.t(
                "{price} {period} for the subscription, for any number of licences.",
                price=flat,
                period=_period(w, plan),
            )
        )
    if plan.setup:
        found.append(w.t("{amount} once, with the first bill, to set it up.", amount=_money(w, plan.setup)))
    if plan.term:
        found.append(w.t("It ends by itself after {length}.", length=length(w, plan.term)))
    return tuple(found)


def _per_licence(w: Wording, plan: Plan) -> list[str]:
    if plan.price.tiers:
        return _tiers(w, plan.price.tiers, plan=plan)
    if plan.phases:
        return _phases(w, plan)
    price = plan.price
    if not price.amount.amount and price.flat and price.flat.amount:
        return []
    if not price.amount.amount:
        return [w.t("It is free of charge.")]
    return [w.t("{price} per licence {period}.", price=_price(w, price.amount), period=_period(w, plan))]


def _phases(w: Wording, plan: Plan) -> list[str]:
    found: list[str] = []
    for place, phase in enumerate(plan.phases):
        price = w.t("{price} per licence {period}", price=_price(w, phase.amount), period=_period(w, plan))
        if phase.length is None:
            said = w.t("After that {price}.", price=price) if place else w.t("{price}.", price=price)
        elif place:
            said = w.t("Then {price} for {length}.", price=price, length=length(w, phase.length))
        else:
            said = w.t("First {price} for {length}.", price=price, length=length(w, phase.length))
        if phase.setup:
            setup = w.t("{amount} once as it begins.", amount=_money(w, phase.setup))
            said = f"{said} {setup}"
        found.append(said)
    return found


def _tiers(w: Wording, tiers: Tiers, *, plan: Plan) -> list[str]:
    """A sentence on how the steps count, then one for each."""
    rule = (
        w.t("All licences cost what the step says that their number falls in, {period}:", period=_period(w, plan))
        if tiers.kind == "volume"
        else w.t("Each licence costs what its own step says, {period}:", period=_period(w, plan))
    )
    below = 0
    found = [rule]
    for step in tiers.steps:
        found.append(_step(w, step, below=below))
        below = step.up_to or below
    return found


def _step(w: Wording, step: Step, *, below: int) -> str:
    price = _price(w, step.price)
    if step.up_to is None:
        said = w.t("from licence {first} on: {price} each", first=below + 1, price=price)
    else:
        said = w.t("licences {first} to {last}: {price} each", first=below + 1, last=step.up_to, price=price)
    return w.t("{said}, and {flat} beside it", said=said, flat=_price(w, step.flat)) if step.flat else said


def _period(w: Wording, plan: Plan) -> str:
    return per_period(w, plan.every.unit, count=plan.every.count)


def _price(w: Wording, unit: UnitPrice) -> str:
    return w.unit_price(unit.amount, unit.currency.code, exponent=unit.currency.exponent)


def _money(w: Wording, money: Money) -> str:
    return w.money(money.minor, money.currency.code, exponent=money.currency.exponent)
