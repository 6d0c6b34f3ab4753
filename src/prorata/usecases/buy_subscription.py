"""Buying licences of a plan: a new subscription."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.calendar import Anchor, business_date
from prorata.core.events import Event, Subscribe
from prorata.store import catalogue
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class BuySubscription(Command):
    """Buy `licences` of a plan of the catalogue, under the terms that its agreement gives to this customer.

    `name` tells the subscription from the account's others; without one the next free name of the plan is taken.
    """

    permission: ClassVar[Permission] = "buy"
    action: ClassVar[str] = "subscription.buy"

    plan: int
    licences: int
    name: str | None = None
    anchor: Anchor | None = None
    profile: int = 1

    def event(self, ground: Ground) -> Event:
        """The purchase, at the price and on the terms of today."""
        offer = catalogue.offer(
            ground.conn, ground.account, plan_id=self.plan, on=business_date(ground.at, ground.account.zone)
        )
        terms = offer.agreement.for_customer(country=ground.account.country, kind=ground.account.kind)
        name = self.name or catalogue.free_name(ground.conn, ground.account.account_id, plan=offer.plan.name)
        return Subscribe(
            name=name,
            plan=offer.plan,
            terms=terms,
            licences=self.licences,
            anchor=self.anchor,
            profile=self.profile,
            by=ground.actor.side,
        )

    def subject(self) -> str:
        """The plan that is bought."""
        return f"plan {self.plan}"
