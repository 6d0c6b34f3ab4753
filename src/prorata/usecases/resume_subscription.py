"""Resuming a subscription that is paused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Resume
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class ResumeSubscription(Command):
    """End the pause; the renewal date is what it was."""

    permission: ClassVar[Permission] = "pause"
    action: ClassVar[str] = "subscription.resume"

    subscription: str

    def event(self, ground: Ground) -> Resume:
        """The end of the pause."""
        return Resume(self.subscription, ground.actor.side)

    def subject(self) -> str:
        """The subscription."""
        return self.subscription
