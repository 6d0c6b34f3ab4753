"""Paying one document, or everything that is open; and how documents are paid from here on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from prorata.core.actors import Side
from prorata.core.errors import DomainError
from prorata.core.events import Pay, PaymentMode, SetPayment
from prorata.core.money import Money
from prorata.store.accounts import AccountRow
from prorata.usecases.command import Command, Ground
from prorata.usecases.permissions import Permission

TRANSFER: Final = "transfer"
"""The method of a payment that arrived at the seller's bank."""


class PaysByTransfer(DomainError):
    """A real account pays by transfer: that its bills are paid is not for itself to say."""

    code = "pays_by_transfer"


def pays_by_transfer(account: AccountRow, side: Side) -> bool:
    """Whether somebody of this side can pay nothing on a page: money moves in a test account alone, and is made up."""
    return side == "admin" and not account.test


@dataclass(frozen=True, slots=True)
class PayDocument(Command):
    """Pay a document (its place in the account's list) or all that is open; `amount` pays a part.

    Raises `PaysByTransfer` for the people of a real account: the vendor's enter what has arrived.
    """

    permission: ClassVar[Permission] = "pay"
    action: ClassVar[str] = "document.pay"

    document: int | None = None
    amount: Money | None = None
    method: str = TRANSFER

    def event(self, ground: Ground) -> Pay:
        """The payment."""
        if pays_by_transfer(ground.account, ground.actor.side):
            raise PaysByTransfer
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
        """The new mode. Raises `PaysByTransfer` where there is no method that could be saved."""
        if self.mode != "none" and pays_by_transfer(ground.account, ground.actor.side):
            raise PaysByTransfer
        return SetPayment(self.mode, ground.actor.side)

    def subject(self) -> str:
        """The mode."""
        return self.mode
