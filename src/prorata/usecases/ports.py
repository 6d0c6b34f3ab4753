"""What use cases need from outside, as they see it; `prorata.adapters` has the real thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from prorata.store.outbox import Fact
from prorata.store.snapshots import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail that goes out: to whom, in which language, and the facts that its letter tells.

    `id` and `at` are the same at each try, so that a receiver can see that two copies are one mail.
    """

    id: int
    kind: str
    to: str = field(repr=False)
    language: Language
    data: Mapping[str, Fact] = field(repr=False)
    at: datetime


class NotSent(Exception):
    """A mail did not go out. `problem`: why, in a few words without address or content; `again`: it may go later."""

    def __init__(self, problem: str, *, again: bool) -> None:
        super().__init__(problem)
        self.problem = problem
        self.again = again


class Post(Protocol):
    """Takes mails to their readers."""

    def send(self, message: Message) -> None:
        """Word a mail and hand it over; when this returns, somebody else answers for it. Raises `NotSent`."""
        ...
