"""Refusing plans and terms that contradict themselves, when they are written and not when somebody is billed.

What a seller writes is a draft: it may name prices twice, or none. `checked` makes a plan of it, or says which key is
wrong. Keys are paths into the draft with places counted from 1: `tiers.steps.2.up_to`, `phases.1.for`, `price`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from prorata.core.calendar import Every
from prorata.core.catalog.plans import Phase, Plan, Price, Step, Tiers
from prorata.core.catalog.terms import Agreement, Terms
from prorata.core.errors import DomainError
from prorata.core.money import Currency, Money, NotAnAmount, UnitPrice
from prorata.core.records import record

MAX_PARTS = 100
"""More phases or steps than any price list has."""


class ContradictoryPlan(DomainError):
    """A plan or its terms contradict themselves; the parameter `key` says where."""

    code = "contradictory_plan"


class NoPrice(ContradictoryPlan):
    """The plan says nothing of what it costs."""

    code = "no_price"


class PriceTwice(ContradictoryPlan):
    """Two of price, phases and tiers say what a licence costs."""

    code = "price_twice"


class NothingListed(ContradictoryPlan):
    """There are phases without any phase, or tiers without any step."""

    code = "nothing_listed"


class TooManyParts(ContradictoryPlan):
    """There are more phases or steps than a plan may have."""

    code = "too_many_parts"


class PhaseWithoutEnd(ContradictoryPlan):
    """A phase lasts for good although another is to come after it."""

    code = "phase_without_end"


class LastPhaseEnds(ContradictoryPlan):
    """The last phase has an end: there would be no price after it."""

    code = "last_phase_ends"


class StepsDoNotRise(ContradictoryPlan):
    """A step ends at no more licences than the one before it."""

    code = "steps_do_not_rise"


class StepWithoutEnd(ContradictoryPlan):
    """A step is open although another is to come after it."""

    code = "step_without_end"


class LastStepEnds(ContradictoryPlan):
    """The last step has an end: more licences would have no price."""

    code = "last_step_ends"


class StepWithoutPrice(ContradictoryPlan):
    """A step has neither a price for each licence nor a flat one."""

    code = "step_without_price"


class NoLength(ContradictoryPlan):
    """A period, a trial, a phase or a term lasts no time at all."""

    code = "no_length"


class WindowWithoutDays(ContradictoryPlan):
    """The terms have a window, and it is never open."""

    code = "window_without_days"


@record
class StepDraft:
    """A step as it was written: what is None was left out."""

    up_to: int | None
    price: UnitPrice | None
    flat: UnitPrice | None = None


@record
class TiersDraft:
    """Tiers as they were written."""

    kind: Literal["volume", "graduated"]
    steps: tuple[StepDraft, ...]


@record
class PlanDraft:
    """A plan as it was written: what is None was left out."""

    name: str
    every: Every
    currency: Currency
    price: UnitPrice | None = None
    flat: UnitPrice | None = None
    tiers: TiersDraft | None = None
    phases: tuple[Phase, ...] | None = None
    setup: Money | None = None
    trial: Every | None = None
    term: Every | None = None


def checked(draft: PlanDraft, *, version: int = 1) -> Plan:
    """The plan that a draft describes. Raises a `ContradictoryPlan`, or `NotAnAmount` for a setup below zero."""
    _check_one_price(draft)
    _check_lengths(draft)
    if draft.tiers:
        _check_steps(draft.tiers.steps)
    if draft.phases is not None:
        _check_phases(draft.phases)
    for setup in (draft.setup, *(phase.setup for phase in draft.phases or ())):
        if setup and setup.minor < 0:
            raise NotAnAmount(text=str(setup))
    nothing = UnitPrice(Decimal(0), draft.currency)
    price = Price(version, draft.price or nothing, draft.flat, _tiers(draft.tiers, nothing) if draft.tiers else None)
    return Plan(draft.name, draft.every, price, draft.setup, draft.trial, draft.phases or (), draft.term)


def check_plan(plan: Plan) -> None:
    """Refuse a plan that contradicts itself, as `checked` refuses a draft of it: for who saves one."""
    price = plan.price
    instead = price.tiers is not None or bool(plan.phases)
    steps = price.tiers and tuple(StepDraft(step.up_to, step.price, step.flat) for step in price.tiers.steps)
    checked(
        PlanDraft(
            plan.name,
            plan.every,
            price.amount.currency,
            price=None if instead and not price.amount.amount else price.amount,
            flat=price.flat,
            tiers=TiersDraft(price.tiers.kind, steps) if price.tiers and steps is not None else None,
            phases=plan.phases or None,
            setup=plan.setup,
            trial=plan.trial,
            term=plan.term,
        )
    )


def _tiers(tiers: TiersDraft, nothing: UnitPrice) -> Tiers:
    return Tiers(tiers.kind, tuple(Step(step.up_to, step.price or nothing, step.flat) for step in tiers.steps))


def _check_one_price(draft: PlanDraft) -> None:
    ways = {"price": draft.price, "tiers": draft.tiers, "phases": draft.phases}
    there = [name for name, way in ways.items() if way is not None]
    if len(there) > 1:
        raise PriceTwice(key=there[0], plan=draft.name, beside=there[1])
    if not there and draft.flat is None:
        raise NoPrice(key="price", plan=draft.name)


def _check_lengths(draft: PlanDraft) -> None:
    lengths = {"every": draft.every, "trial": draft.trial, "term": draft.term}
    lengths.update((f"phases.{place}.for", phase.length) for place, phase in enumerate(draft.phases or (), start=1))
    for key, length in lengths.items():
        if length and length.count < 1:
            raise NoLength(key=key)


def _check_number(parts: tuple[object, ...], *, key: str) -> None:
    if not parts:
        raise NothingListed(key=key)
    if len(parts) > MAX_PARTS:
        raise TooManyParts(key=key, most=MAX_PARTS)


def _check_phases(phases: tuple[Phase, ...]) -> None:
    _check_number(phases, key="phases")
    *before, last = enumerate(phases, start=1)
    for place, phase in before:
        if phase.length is None:
            raise PhaseWithoutEnd(key=f"phases.{place}.for", phase=place)
    place, phase = last
    if phase.length is not None:
        raise LastPhaseEnds(key=f"phases.{place}.for", phase=place)


def _check_steps(steps: tuple[StepDraft, ...]) -> None:
    _check_number(steps, key="tiers.steps")
    below = 0
    for place, step in enumerate(steps, start=1):
        key = f"tiers.steps.{place}"
        if step.price is None and step.flat is None:
            raise StepWithoutPrice(key=f"{key}.price", step=place)
        is_last = place == len(steps)
        if step.up_to is None:
            if not is_last:
                raise StepWithoutEnd(key=f"{key}.up_to", step=place)
            continue
        if step.up_to <= below:
            raise StepsDoNotRise(key=f"{key}.up_to", step=place, up_to=step.up_to, before=below)
        if is_last:
            raise LastStepEnds(key=f"{key}.up_to", step=place, up_to=step.up_to)
        below = step.up_to


def check_agreement(agreement: Agreement) -> None:
    """Refuse terms that contradict themselves for any country and kind of customer. Raises `WindowWithoutDays`."""
    countries = ("", *(country for country, _ in agreement.by_country))
    kinds = ("", *(kind for kind, _ in agreement.by_kind))
    for country in countries:
        for kind in kinds:
            check_terms(agreement.for_customer(country=country, kind=kind))


def check_terms(terms: Terms) -> None:
    """Refuse terms with a window of no days. Raises `WindowWithoutDays`."""
    for name in ("cancel", "remove_licences"):
        if getattr(terms, name) == "window" and not terms.window_days:
            raise WindowWithoutDays(key="window_days", window=name)
