"""The commands that the events of a story are, where it is played through the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    ChangePlan,
    CloseAccount,
    Event,
    ExtendTrial,
    GiveBack,
    GiveCredit,
    GiveDiscount,
    Late,
    MoveAnchor,
    OfSubscription,
    Pause,
    Pay,
    Reactivate,
    Resume,
    SetPayment,
    SetPrice,
    SetRenewal,
    StopConversion,
    Subscribe,
    Undo,
)
from prorata.usecases import (
    change_licences,
    change_plan,
    extend_trial,
    give_back,
    give_credit,
    give_discount,
    late,
    move_anchor,
    set_renewal,
    stop_conversion,
)
from prorata.usecases.bill_account import BillAccount
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.command import Command, Ground
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.pay_document import PayDocument, SetPaymentMode
from prorata.usecases.permissions import Actor, Permission
from prorata.usecases.reactivate_subscription import ReactivateSubscription
from prorata.usecases.resume_subscription import ResumeSubscription
from prorata.usecases.undo_change import UndoChange


@dataclass(frozen=True, slots=True)
class Stock:
    """What a stage has in the place of a story's names: the plans' ids, and members to whom licences are assigned."""

    plans: Mapping[str, int]
    assign: Callable[[Assign], Command]


@dataclass(frozen=True, slots=True)
class InTheNameOf(Command):
    """A command entered by others than the person that a story names: several at one moment, or the vendor's people."""

    permission: ClassVar[Permission] = "see"
    action: ClassVar[str] = "story"

    actor: Actor
    command: Command

    def event(self, ground: Ground) -> Event:
        """The command's own event."""
        return self.command.event(replace(ground, actor=self._entrant()))

    def subject(self) -> str:
        """What the command is done to."""
        return f"{self.command.action} {self.command.subject()}"

    def detail(self) -> Mapping[str, object]:
        """What the command tells."""
        return self.command.detail()

    def record(self, ground: Ground) -> None:
        """What the command records."""
        self.command.record(ground)

    def _entrant(self) -> Actor:
        """Whom the story names. What is entered late asks again who may do it, which a story does not."""
        if not isinstance(self.command, late.Late):
            return self.actor
        return replace(self.actor, permissions=self.actor.permissions | {self.command.command.permission})


@dataclass(frozen=True, slots=True)
class NewPrice(Command):
    """A new price as the rules see it in its own moment; the catalogue has it only once the moment has happened."""

    permission: ClassVar[Permission] = "set_price"
    action: ClassVar[str] = "price.set"

    price: SetPrice

    def event(self, ground: Ground) -> SetPrice:
        """The price."""
        return replace(self.price, by=ground.actor.side)

    def subject(self) -> str:
        """The plan, and how much."""
        return f"{self.price.plan.name}: {self.price.amount} {self.price.amount.currency.code}"


@dataclass(frozen=True, slots=True)
class Close(Command):
    """An end as the rules see it: nothing is erased, so that there is something left to tell."""

    permission: ClassVar[Permission] = "close_account"
    action: ClassVar[str] = "account.close"

    def event(self, ground: Ground) -> CloseAccount:
        """The end."""
        return CloseAccount(by=ground.actor.side)

    def subject(self) -> str:
        """The account itself."""
        return "account"


def command_of(event: Event, stock: Stock) -> Command:  # noqa: C901, PLR0911 - a case for each verb of a story
    """The command of one event of a story. Raises `TypeError` for what no story has: a daily run, several at once."""
    match event:
        case Late(inner, effective, reason):
            return late.Late(command_of(inner, stock), effective, reason)
        case Subscribe():
            return BuySubscription(stock.plans[event.plan.name], event.licences, event.name, event.anchor)
        case Pay():
            return PayDocument(event.document, event.amount, event.method)
        case SetPayment():
            return SetPaymentMode(event.mode)
        case Bill():
            return BillAccount()
        case CloseAccount():
            return Close()
        case GiveBack() | GiveCredit() | GiveDiscount() | SetPrice():
            return _given(event)
        case _:
            if isinstance(event, OfSubscription):
                return _of_subscription(event, stock)
            raise TypeError(event)


def _given(event: GiveBack | GiveCredit | GiveDiscount | SetPrice) -> Command:
    match event:
        case GiveBack():
            return give_back.GiveBack(event.document, event.amount, event.adjust)
        case GiveCredit():
            return give_credit.GiveCredit(event.amount, event.document, event.line)
        case GiveDiscount():
            return give_discount.GiveDiscount(event.subscription, event.percent, event.amount, event.long)
        case SetPrice():
            return NewPrice(event)


def _of_subscription(event: OfSubscription, stock: Stock) -> Command:  # noqa: PLR0911 - as above
    match event:
        case ChangeLicences(name):
            return change_licences.ChangeLicences(name, event.licences, event.when)
        case ChangePlan(name):
            plan = stock.plans[event.plan.name]
            return change_plan.ChangePlan(name, plan, event.when, event.anchor, event.licences)
        case MoveAnchor(name):
            return move_anchor.MoveAnchor(name, event.anchor)
        case Assign():
            return stock.assign(event)
        case Cancel(name):
            return CancelSubscription(name, event.when, event.refund)
        case Undo(name):
            return UndoChange(name)
        case _:
            return _of_its_life(event)


def _of_its_life(
    event: Pause | Resume | SetRenewal | Reactivate | ExtendTrial | StopConversion,
) -> Command:
    match event:
        case Pause(name):
            return PauseSubscription(name)
        case Resume(name):
            return ResumeSubscription(name)
        case SetRenewal(name):
            return set_renewal.SetRenewal(name, event.renews)
        case Reactivate(name):
            return ReactivateSubscription(name)
        case ExtendTrial(name):
            return extend_trial.ExtendTrial(name)
        case StopConversion(name):
            return stop_conversion.StopConversion(name)
