"""Giving a discount: on a subscription or on all of the account, for a time or for good."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from prorata.core.calendar import Every
from prorata.core.events import GiveDiscount as Event
from prorata.core.money import Money
from prorata.usecases.command import Command, Ground, with_reason
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class GiveDiscount(Command):
    """Take `percent` off each charge from now on, or an `amount` off each period.

    Of one subscription or of all (None); for so `long`, or for good (None). `reason` is for the audit.
    """

    permission: ClassVar[Permission] = "give_discount"
    action: ClassVar[str] = "discount.give"

    subscription: str | None = None
    percent: Fraction | None = None
    amount: Money | None = None
    long: Every | None = None
    reason: str = ""

    def event(self, ground: Ground) -> Event:
        """The discount."""
        return Event(self.subscription, self.percent, self.amount, self.long, ground.actor.side)

    def subject(self) -> str:
        """On what, how much, for how long, and why."""
        off = f"{self.percent} %" if self.amount is None else f"{self.amount} {self.amount.currency.code}"
        long = "" if self.long is None else f" for {self.long}"
        return with_reason(f"{self.subscription or 'account'}, {off}{long}", self.reason)
