"""Giving back money that was paid for a document, with and without lowering what was charged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import GiveBack as Event
from prorata.core.money import Money
from prorata.usecases.command import Command, Ground, with_reason
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class GiveBack(Command):
    """Give back an amount of a document (its place in the account's list), or all that was not given back yet (None).

    `adjust`: by a credit note that takes the amount from its lines, so that it is not open again. `reason` is for the
    audit.
    """

    permission: ClassVar[Permission] = "give_back"
    action: ClassVar[str] = "document.refund"

    document: int
    amount: Money | None = None
    adjust: bool = False
    reason: str = ""

    def event(self, ground: Ground) -> Event:
        """The refund."""
        return Event(self.document, self.amount, self.adjust, ground.actor.side)

    def subject(self) -> str:
        """Of what, how much, and why."""
        much = "everything" if self.amount is None else f"{self.amount} {self.amount.currency.code}"
        adjusted = ", adjusted" if self.adjust else ""
        return with_reason(f"document {self.document}, {much}{adjusted}", self.reason)
