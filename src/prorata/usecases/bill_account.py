"""A run of an account at once, as an event of its own: where billing is manual, nothing is written without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Bill
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class BillAccount(Command):
    """Write what is due now."""

    permission: ClassVar[Permission] = "move_clock"
    action: ClassVar[str] = "account.bill"

    def event(self, ground: Ground) -> Bill:
        """The run."""
        return Bill(ground.actor.side)

    def subject(self) -> str:
        """The account itself."""
        return "account"
