"""Reactivating a subscription that has ended and is not deleted yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Reactivate
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class ReactivateSubscription(Command):
    """Begin again: with a new term after it expired, with what is left of the period after a cancellation."""

    permission: ClassVar[Permission] = "reactivate"
    action: ClassVar[str] = "subscription.reactivate"

    subscription: str

    def event(self, ground: Ground) -> Reactivate:
        """The new beginning."""
        return Reactivate(self.subscription, ground.actor.side)

    def subject(self) -> str:
        """The subscription."""
        return self.subscription
