"""Paying one document, or everything that is open; and how documents are paid from here on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prorata.core.events import Pay, PaymentMode, SetPayment
from prorata.core.money import Money
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission


@dataclass(frozen=True, slots=True)
class PayDocument(Command):
    """Pay a document (its place in the account's list) or all that is open; `amount` pays a part."""

    permission: ClassVar[Permission] = "pay"
    action: ClassVar[str] = "document.pay"

    document: int | None = None
    amount: Money | None = None
    method: str = "transfer"

    def event(self, ground: Ground) -> Pay:
        """The payment."""
        return Pay(self.document, self.amount, self.method, ground.actor.side)

    def subject(self) -> str:
        """What is paid."""
        return "everything open" if self.document is None else f"document {self.document}"


@dataclass(frozen=True, slots=True)
class SetPaymentMode(Command):
    """Whether a saved method pays documents, is refused, or there is none."""

    permission: ClassVar[Permission] = "set_payment"
    action: ClassVar[str] = "payment.mode"

    mode: PaymentMode

    def event(self, ground: Ground) -> SetPayment:
        """The new mode."""
        return SetPayment(self.mode, ground.actor.side)

    def subject(self) -> str:
        """The mode."""
        return self.mode
