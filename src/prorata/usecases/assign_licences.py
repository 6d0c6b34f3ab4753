"""Assigning licences to members, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Assign
from prorata.core.history import UnknownSubscription
from prorata.store import assignments
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class AssignLicences(Command):
    """Give licences of a subscription to the members of `add`, take them from those of `remove`."""

    permission: ClassVar[Permission] = "assign"
    action: ClassVar[str] = "licences.assign"

    subscription: str
    add: frozenset[int] = frozenset()
    remove: frozenset[int] = frozenset()

    def event(self, ground: Ground) -> Assign:
        """How many members hold a licence afterwards."""
        try:
            holders = self._holders(ground)
        except UnknownSubscription:
            # It may be bought in the same moment; where it is not, the rules refuse it.
            holders = self.add - self.remove
        return Assign(self.subscription, len(holders), ground.actor.side)

    def record(self, ground: Ground) -> None:
        """Who holds one."""
        account = ground.account.account_id
        members = self._holders(ground)
        assignments.set_holders(
            ground.conn, account, subscription=self.subscription, members=members, since=ground.at, by=ground.actor.side
        )

    def subject(self) -> str:
        """The subscription and the members."""
        gained = "".join(f" +{m}" for m in sorted(self.add))
        return f"{self.subscription}:{gained}" + "".join(f" -{m}" for m in sorted(self.remove))

    def _holders(self, ground: Ground) -> frozenset[int]:
        held = assignments.holders(ground.conn, ground.account.account_id, subscription=self.subscription)
        return (held | self.add) - self.remove
