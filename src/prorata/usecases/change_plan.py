"""Going over to another plan, or another billing frequency: now, or at the renewal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.calendar import business_date
from prorata.core.catalog.terms import AnchorChange, When
from prorata.core.events import ChangePlan as Event
from prorata.store import catalogue
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class ChangePlan(Command):
    """Go over to a plan of the catalogue, perhaps with another total of licences.

    `when` and `anchor` override the terms of the subscription.
    """

    permission: ClassVar[Permission] = "change_plan"
    action: ClassVar[str] = "plan.change"

    subscription: str
    plan: int
    when: When | None = None
    anchor: AnchorChange | None = None
    licences: int | None = None

    def event(self, ground: Ground) -> Event:
        """The change, to the price of today."""
        today = business_date(ground.at, ground.account.zone)
        offer = catalogue.offer(ground.conn, ground.account, plan_id=self.plan, on=today)
        return Event(
            subscription=self.subscription,
            plan=offer.plan,
            when=self.when,
            anchor=self.anchor,
            licences=self.licences,
            by=ground.actor.side,
        )

    def subject(self) -> str:
        """The subscription, and the plan that it goes over to."""
        return f"{self.subscription} to plan {self.plan}"
