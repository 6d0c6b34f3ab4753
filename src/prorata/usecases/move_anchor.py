"""Moving the day on which periods begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from prorata.core.events import MoveAnchor as Event
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class MoveAnchor(Command):
    """Let periods begin on another day of the month, or on a date and counted from it."""

    permission: ClassVar[Permission] = "move_anchor"
    action: ClassVar[str] = "subscription.anchor"

    subscription: str
    anchor: int | date

    def event(self, ground: Ground) -> Event:
        """The move."""
        return Event(self.subscription, self.anchor, ground.actor.side)

    def subject(self) -> str:
        """The subscription, and its new day."""
        return f"{self.subscription} to {self.anchor}"
