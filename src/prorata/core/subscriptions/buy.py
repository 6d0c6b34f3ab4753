"""Buying a subscription."""

from __future__ import annotations

from datetime import date, datetime

from prorata.core.calendar import grid
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import LicenceBounds
from prorata.core.errors import DomainError
from prorata.core.events import Subscribe
from prorata.core.licences.ledger import LicenceChange
from prorata.core.money import MAX_MINOR, Money
from prorata.core.subscriptions.model import Subscription


class LicencesOutOfBounds(DomainError):
    """Fewer licences than the terms allow, or more."""

    code = "licences_out_of_bounds"


class AmountTooLarge(DomainError):
    """So many licences at this price come to more for a period than the product can bill."""

    code = "amount_too_large"


class NameTaken(DomainError):
    """The account has a subscription of that name."""

    code = "name_taken"


def check_bounds(licences: int, bounds: LicenceBounds) -> None:
    """Refuse a total outside the terms' bounds."""
    if not bounds.fewest <= licences <= bounds.most:
        raise LicencesOutOfBounds(licences=licences, fewest=bounds.fewest, most=bounds.most)


def check_worth(licences: int, plan: Plan) -> None:
    """Refuse a total that comes to more than `MAX_MINOR` minor units for a period."""
    numerator, denominator = plan.price.amount.ratio
    if numerator * licences > MAX_MINOR * denominator:
        largest = Money(MAX_MINOR, plan.price.amount.currency)
        raise AmountTooLarge(licences=licences, amount=str(largest), currency=largest.currency.code)


def bought(event: Subscribe, *, subscription: int, today: date, at: datetime) -> Subscription:
    """The subscription that a purchase makes, starting today. Raises `LicencesOutOfBounds`, `AmountTooLarge`,
    `AnchorNotPossible`.
    """
    check_bounds(event.licences, event.terms.licences)
    check_worth(event.licences, event.plan)
    anchor = event.terms.anchor if event.anchor is None else event.anchor
    return Subscription(
        id=subscription,
        name=event.name,
        profile=event.profile,
        plan=event.plan,
        terms=event.terms,
        grid=grid(today, event.plan.every, anchor=anchor),
        start=today,
        started_at=at,
        changes=(LicenceChange(at, today, event.licences, event.by),),
        covered_to=today,
    )
