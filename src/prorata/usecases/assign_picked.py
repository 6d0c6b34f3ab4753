"""Assigning licences to people who were ticked, or to all of a filter, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Assign
from prorata.store import assignments
from prorata.usecases.command import Command, Ground
from prorata.usecases.people.end_access import NobodyChosen
from prorata.usecases.people.picking import Pick, picked
from prorata.usecases.permissions import Permission

_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class AssignPicked(Command):
    """Give everybody who is picked a licence of a subscription, where they have none; with `take` take theirs back."""

    permission: ClassVar[Permission] = "assign"
    action: ClassVar[str] = "licences.assign"

    subscription: str
    pick: Pick
    take: bool = False

    def event(self, ground: Ground) -> Assign:
        """How many members hold a licence afterwards. Raises `NobodyChosen`, and what finding them raises."""
        return Assign(self.subscription, len(self._holders(ground)), ground.actor.side)

    def record(self, ground: Ground) -> None:
        """Who holds one."""
        account, holders = ground.account.account_id, self._holders(ground)
        assignments.set_holders(
            ground.conn, account, subscription=self.subscription, members=holders, since=ground.at,
            by=ground.actor.side,
        )  # fmt: skip

    def subject(self) -> str:
        """The subscription and the members; of many, how many were meant."""
        sign, pick = "-" if self.take else "+", self.pick
        if pick.filter is None and len(pick.members) <= _MOST_NAMED:
            return f"{self.subscription}:" + "".join(f" {sign}{member}" for member in sorted(pick.members))
        return f"{self.subscription}: {pick.count or len(pick.members)} members"

    def detail(self) -> Mapping[str, object]:
        """Whether licences were given or taken."""
        return {"take": self.take}

    def _holders(self, ground: Ground) -> frozenset[int]:
        account = ground.account.account_id
        held = assignments.holders(ground.conn, account, subscription=self.subscription)
        chosen = frozenset(row.id for row in picked(ground.conn, account, pick=self.pick))
        if not chosen:
            raise NobodyChosen
        return held - chosen if self.take else held | chosen
