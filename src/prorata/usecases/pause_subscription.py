"""Pausing a subscription: no use and no charge, the data kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Pause
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class PauseSubscription(Command):
    """Pause a subscription from now on, until it is resumed."""

    permission: ClassVar[Permission] = "pause"
    action: ClassVar[str] = "subscription.pause"

    subscription: str

    def event(self, ground: Ground) -> Pause:
        """The pause."""
        return Pause(self.subscription, ground.actor.side)

    def subject(self) -> str:
        """The subscription."""
        return self.subscription
