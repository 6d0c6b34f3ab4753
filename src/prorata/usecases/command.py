"""What every verb has: a permission, an event, and perhaps rows of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from prorata.core.events import Event
from prorata.store.accounts import AccountRow
from prorata.store.engine import Connection
from prorata.usecases.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Ground:
    """What a command stands on: the transaction, the account (locked when it is an act), who acts, and when."""

    conn: Connection
    account: AccountRow
    actor: Actor
    at: datetime


class Command(ABC):
    """A verb as data. `action` is its name in the audit."""

    __slots__ = ()

    permission: ClassVar[Permission]
    action: ClassVar[str]

    @abstractmethod
    def event(self, ground: Ground) -> Event:
        """The event that the rules decide on; it may look things up, and writes nothing."""

    @abstractmethod
    def subject(self) -> str:
        """What it is done to, in the audit."""

    def detail(self) -> Mapping[str, object]:
        """What else the audit keeps of it: text, whole numbers, lists and maps of them."""
        return {}

    def record(self, ground: Ground) -> None:  # noqa: B027 - most verbs have no rows of their own
        """Write rows that belong to the verb alone; the decision is saved by then, with what was bought in it."""


def with_reason(subject: str, reason: str) -> str:
    """A subject with the reason that was given, if one was."""
    return f"{subject}: {reason}" if reason else subject
