"""Entering something late: as if it had happened on an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from prorata.core.calendar import FIRST_DAY, business_date, start_of_day
from prorata.core.events import Late as Event
from prorata.usecases.command import Command, Ground, with_reason
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class Late(Command):
    """Any command as of an earlier day, for a reason in words, which the audit keeps.

    The vendor's people enter it; what the command itself asks for, they have.
    """

    permission: ClassVar[Permission] = "enter_late"
    action: ClassVar[str] = "late.enter"

    command: Command
    effective: date
    reason: str = ""

    def event(self, ground: Ground) -> Event:
        """The command's own event, as it would have been asked for on that day."""
        ground.actor.must(self.command.permission)
        return Event(self.command.event(self._then(ground)), self.effective, self.reason)

    def subject(self) -> str:
        """What was entered, as of when, and why."""
        return with_reason(f"{self.command.action} {self.command.subject()} as of {self.effective}", self.reason)

    def detail(self) -> Mapping[str, object]:
        """The same as data, beside what the command says of itself."""
        entered = {"action": self.command.action, "effective": self.effective.isoformat(), "reason": self.reason}
        return {**self.command.detail(), **entered}

    def record(self, ground: Ground) -> None:
        """What the command records is recorded now: who holds a licence has held it since it was entered."""
        self.command.record(ground)

    def _then(self, ground: Ground) -> Ground:
        """The ground on that day; a day that is still to come is for the rules to refuse."""
        zone = ground.account.zone
        on = max(self.effective, FIRST_DAY)
        return replace(ground, at=start_of_day(on, zone)) if on < business_date(ground.at, zone) else ground
