"""Undoing what is pending: a cancellation to come, or a change at the renewal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Undo
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.usecases.command import Command
from prorata.usecases.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class UndoChange(Command):
    """Take back what was asked for last and has not taken effect."""

    permission: ClassVar[Permission] = "cancel"
    action: ClassVar[str] = "subscription.undo"

    subscription: str

    def event(self, conn: Connection, account: AccountRow, *, actor: Actor) -> Undo:
        """The undoing."""
        return Undo(self.subscription, actor.side)

    def subject(self) -> str:
        """The subscription."""
        return self.subscription
