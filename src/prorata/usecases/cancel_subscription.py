"""Cancelling a subscription: now, at the end of the period, or on a day; and why, for who wants to say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal

from prorata.core.catalog.terms import Refund
from prorata.core.errors import DomainError
from prorata.core.events import Cancel
from prorata.store import cancellation_reasons
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission

REASONS: Final = ("too_expensive", "not_needed", "not_used", "missing", "not_working", "other_product", "other")
"""Why somebody may say that they cancel; nobody has to."""
MOST_WORDS: Final = 500


class UnknownReason(DomainError):
    """A reason that is none of those that can be chosen."""

    code = "unknown_reason"


class TooManyWords(DomainError):
    """What somebody says about their cancellation is longer than what is kept of it."""

    code = "too_many_words"


@dataclass(frozen=True, slots=True)
class CancelSubscription(Command):
    """Cancel a subscription; `when` and `refund` override its terms.

    `reason` is one of `REASONS` or empty, `words` are the customer's own. Both are kept beside the subscription, and
    not in the audit: they are about people, and go with the account.
    """

    permission: ClassVar[Permission] = "cancel"
    action: ClassVar[str] = "subscription.cancel"

    subscription: str
    when: Literal["now", "period_end"] | date | None = None
    refund: Refund | None = None
    reason: str = ""
    words: str = ""

    def event(self, ground: Ground) -> Cancel:
        """The cancellation; raises `UnknownReason`, `TooManyWords`."""
        if self.reason and self.reason not in REASONS:
            raise UnknownReason(reason=self.reason[:40])
        if len(self.words) > MOST_WORDS:
            raise TooManyWords(most=MOST_WORDS)
        return Cancel(self.subscription, self.when, self.refund, ground.actor.side)

    def subject(self) -> str:
        """The subscription that ends."""
        return self.subscription

    def record(self, ground: Ground) -> None:
        """What was said about it."""
        account = ground.account.account_id
        said = (self.reason, self.words)
        cancellation_reasons.add(ground.conn, account, subscription=self.subscription, at=ground.at, said=said)
