"""Switching the renewal of a subscription off, so that it ends with its term, and on again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import SetRenewal as Event
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class SetRenewal(Command):
    """Whether the subscription goes on after its term."""

    permission: ClassVar[Permission] = "set_renewal"
    action: ClassVar[str] = "subscription.renewal"

    subscription: str
    renews: bool

    def event(self, ground: Ground) -> Event:
        """The switch."""
        return Event(self.subscription, self.renews, ground.actor.side)

    def subject(self) -> str:
        """The subscription, and what was chosen."""
        return f"{self.subscription}: {'on' if self.renews else 'off'}"
