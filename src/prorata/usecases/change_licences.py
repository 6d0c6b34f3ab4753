"""Buying more licences, or removing some: a new total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.catalog.terms import When
from prorata.core.events import ChangeLicences as Event
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class ChangeLicences(Command):
    """Set the new total of a subscription; `when` overrides its terms."""

    permission: ClassVar[Permission] = "change_licences"
    action: ClassVar[str] = "licences.change"

    subscription: str
    licences: int
    when: When | None = None

    def event(self, ground: Ground) -> Event:
        """The change."""
        return Event(self.subscription, self.licences, self.when, ground.actor.side)

    def subject(self) -> str:
        """The subscription that is changed."""
        return self.subscription
