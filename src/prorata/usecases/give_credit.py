"""Goodwill: account credit, or a credit on a line of a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import GiveCredit as Event
from prorata.core.money import Money
from prorata.usecases.command import Command, Ground, with_reason
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class GiveCredit(Command):
    """Give an amount to the account, or (net, tax on top) on a line of a document: both places count from 1.

    `reason` is for the audit.
    """

    permission: ClassVar[Permission] = "give_credit"
    action: ClassVar[str] = "credit.give"

    amount: Money
    document: int | None = None
    line: int | None = None
    reason: str = ""

    def event(self, ground: Ground) -> Event:
        """The gift."""
        return Event(self.amount, self.document, self.line, ground.actor.side)

    def subject(self) -> str:
        """How much, on what, and why."""
        on = "account" if self.document is None else f"document {self.document}"
        line = "" if self.line is None else f", line {self.line}"
        return with_reason(f"{self.amount} {self.amount.currency.code}, {on}{line}", self.reason)
