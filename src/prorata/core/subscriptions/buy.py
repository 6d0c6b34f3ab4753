"""Buying a subscription: at once, or after a trial."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from prorata.core.calendar import Anchor, after, grid
from prorata.core.catalog.plans import Plan, parts
from prorata.core.catalog.terms import LicenceBounds, Terms
from prorata.core.errors import DomainError
from prorata.core.events import PaymentMode, Subscribe
from prorata.core.licences.ledger import LicenceChange
from prorata.core.money import MAX_MINOR, Money
from prorata.core.subscriptions.ledgers import PlanChange, PlanWhy, Rest, phase_starts
from prorata.core.subscriptions.model import Ending, Setup, Subscription, Trial, Turn


class LicencesOutOfBounds(DomainError):
    """Fewer licences than the terms allow, or more."""

    code = "licences_out_of_bounds"


class AmountTooLarge(DomainError):
    """So many licences at this price come to more for a period than the product can bill."""

    code = "amount_too_large"


class NameTaken(DomainError):
    """The account has a subscription of that name."""

    code = "name_taken"


class MethodNeeded(DomainError):
    """The terms ask for a payment method before a trial begins, and there is none."""

    code = "method_needed"


def check_bounds(licences: int, bounds: LicenceBounds) -> None:
    """Refuse a total outside the terms' bounds."""
    if not bounds.fewest <= licences <= bounds.most:
        raise LicencesOutOfBounds(licences=licences, fewest=bounds.fewest, most=bounds.most)


def check_total_of(licences: int, terms: Terms, *, in_trial: bool) -> None:
    """Refuse a total that the terms do not allow, or not in a trial."""
    bounds = terms.licences
    if in_trial and terms.trial.licences < bounds.most:
        bounds = LicenceBounds(min(bounds.fewest, terms.trial.licences), terms.trial.licences)
    check_bounds(licences, bounds)


def check_worth(licences: int, plan: Plan) -> None:
    """Refuse a total that comes to more than `MAX_MINOR` minor units for a period, in any phase."""
    for phase in range(max(1, len(plan.phases))):
        for part in parts(plan, licences, phase=phase):
            numerator, denominator = part.price.ratio
            if numerator * part.count > MAX_MINOR * denominator:
                largest = Money(MAX_MINOR, part.price.currency)
                raise AmountTooLarge(licences=licences, amount=str(largest), currency=largest.currency.code)


def bought(event: Subscribe, *, subscription: int, on: date, at: datetime, mode: PaymentMode) -> Subscription:
    """The subscription that a purchase makes, starting on a day. Raises `LicencesOutOfBounds`, `AmountTooLarge`,
    `AnchorNotPossible`, `MethodNeeded`.
    """
    plan, terms = event.plan, event.terms
    check_total_of(event.licences, terms, in_trial=plan.trial is not None)
    check_worth(event.licences, plan)
    if plan.trial and terms.trial.card and mode == "none":
        raise MethodNeeded(plan=plan.name)
    anchor = terms.anchor if event.anchor is None else event.anchor
    new = Subscription(
        id=subscription,
        name=event.name,
        profile=event.profile,
        terms=terms,
        start=on,
        started_at=at,
        plans=(PlanChange(at, on, plan, grid(on, plan.every, anchor=anchor), on, event.by, "purchase"),),
        changes=(LicenceChange(at, on, event.licences, event.by),),
        covered_to=on,
        turns=(Turn(on, "trial" if plan.trial else "active", at),),
    )
    if plan.trial is None:
        return begun(new, on, at=at, setups=True)
    ends = after(on, plan.trial)
    rest = Rest(on, ends, "trial", at, event.by)
    return replace(new, state="trial", trial=Trial(ends, anchor), rests=(rest,))


def begun(subscription: Subscription, on: date, *, at: datetime, setups: bool) -> Subscription:
    """The subscription whose term and phases count from a day: with its fixed end, and what is charged once."""
    plan = subscription.plan
    owed = subscription.setups
    if setups:
        owed = _setups(plan, on)
    return replace(subscription, setups=owed, ending=term_ending(subscription, on, at=at))


def _setups(plan: Plan, on: date) -> tuple[Setup, ...]:
    own = (Setup(on, plan.setup, plan.name),) if plan.setup else ()
    return (*own, *phase_setups(plan, on))


def phase_setups(plan: Plan, on: date) -> tuple[Setup, ...]:
    """What is charged once as each phase begins, counted from a day."""
    starts = zip(plan.phases, phase_starts(plan, on), strict=True)
    return tuple(Setup(first, phase.setup, plan.name) for phase, first in starts if phase.setup)


def term_ending(subscription: Subscription, on: date, *, at: datetime) -> Ending | None:
    """The end that a plan with a fixed term has by itself, counted from a day."""
    plan = subscription.plan
    if plan.term is None:
        return None
    end = after(on, plan.term)
    refund = subscription.terms.refund.end
    return Ending(end, end, at, "system", refund, subscription.version, "term")


def first_plan(subscription: Subscription, on: date, *, at: datetime, anchor: Anchor, why: PlanWhy) -> PlanChange:
    """The plan in force, its periods counted from a new first day."""
    last = subscription.plans[-1]
    return PlanChange(at, on, last.plan, grid(on, last.plan.every, anchor=anchor), on, last.by, why)
