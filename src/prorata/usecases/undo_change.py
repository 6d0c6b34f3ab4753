"""Undoing what is pending: a cancellation to come, or a change at the renewal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Undo
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class UndoChange(Command):
    """Take back what was asked for last and has not taken effect."""

    permission: ClassVar[Permission] = "cancel"
    action: ClassVar[str] = "subscription.undo"

    subscription: str

    def event(self, ground: Ground) -> Undo:
        """The undoing."""
        return Undo(self.subscription, ground.actor.side)

    def subject(self) -> str:
        """The subscription."""
        return self.subscription
