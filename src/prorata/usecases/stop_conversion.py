"""Stopping that a trial is sold when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import StopConversion as Event
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class StopConversion(Command):
    """Let a trial lapse at its end, unbilled."""

    permission: ClassVar[Permission] = "trial"
    action: ClassVar[str] = "trial.stop"

    subscription: str

    def event(self, ground: Ground) -> Event:
        """The stop."""
        return Event(self.subscription, ground.actor.side)

    def subject(self) -> str:
        """The subscription."""
        return self.subscription
