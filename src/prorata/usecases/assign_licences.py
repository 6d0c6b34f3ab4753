"""Assigning licences to members, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from prorata.core.events import Assign
from prorata.store import assignments
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.usecases.command import Command
from prorata.usecases.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class AssignLicences(Command):
    """Give licences of a subscription to the members of `add`, take them from those of `remove`."""

    permission: ClassVar[Permission] = "assign"
    action: ClassVar[str] = "licences.assign"

    subscription: str
    add: frozenset[int] = frozenset()
    remove: frozenset[int] = frozenset()

    def event(self, conn: Connection, account: AccountRow, *, actor: Actor) -> Assign:
        """How many members hold a licence afterwards."""
        return Assign(self.subscription, len(self._holders(conn, account)), actor.side)

    def record(self, conn: Connection, account: AccountRow, *, at: datetime) -> None:
        """Who holds one."""
        assignments.set_holders(conn, account.account_id, self.subscription, self._holders(conn, account), since=at)

    def subject(self) -> str:
        """The subscription and the members."""
        gained = "".join(f" +{m}" for m in sorted(self.add))
        return f"{self.subscription}:{gained}" + "".join(f" -{m}" for m in sorted(self.remove))

    def _holders(self, conn: Connection, account: AccountRow) -> frozenset[int]:
        held = assignments.holders(conn, account.account_id, self.subscription)
        return (held | self.add) - self.remove
