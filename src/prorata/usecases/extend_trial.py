"""Extending a trial, as the terms allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import ExtendTrial as Event
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class ExtendTrial(Command):
    """Give a trial more days."""

    permission: ClassVar[Permission] = "trial"
    action: ClassVar[str] = "trial.extend"

    subscription: str

    def event(self, ground: Ground) -> Event:
        """The extension."""
        return Event(self.subscription, ground.actor.side)

    def subject(self) -> str:
        """The subscription."""
        return self.subscription
