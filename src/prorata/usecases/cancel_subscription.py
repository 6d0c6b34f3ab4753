"""Cancelling a subscription: now, at the end of the period, or on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from prorata.core.catalog.terms import Refund
from prorata.core.events import Cancel
from prorata.usecases.command import Command, Ground, with_reason
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class CancelSubscription(Command):
    """Cancel a subscription; `when` and `refund` override its terms. `reason` is the customer's own word."""

    permission: ClassVar[Permission] = "cancel"
    action: ClassVar[str] = "subscription.cancel"

    subscription: str
    when: Literal["now", "period_end"] | date | None = None
    refund: Refund | None = None
    reason: str = ""

    def event(self, ground: Ground) -> Cancel:
        """The cancellation."""
        return Cancel(self.subscription, self.when, self.refund, ground.actor.side)

    def subject(self) -> str:
        """The subscription that ends, and why."""
        return with_reason(self.subscription, self.reason)
