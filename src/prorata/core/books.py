"""The books of an account while one step is decided: opened from its history, closed into a decision.

A step moves the same few balances many times. Here, and only here, things change in place: `step` opens the books and
closes them, nobody else ever holds them, and so nothing changes that can be seen from outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from prorata.core.calendar import business_date
from prorata.core.catalog.plans import NewPrice
from prorata.core.credits.model import CreditLot
from prorata.core.decision import Decision
from prorata.core.documents.model import Document, Standing
from prorata.core.events import PaymentMode
from prorata.core.history import Charge, Discount, History, Next, UnknownSubscription, oldest_due_first
from prorata.core.ledger.transfers import Transfer
from prorata.core.payments.model import Payment
from prorata.core.subscriptions.model import Subscription


class Books:
    """The account as it stands by now, each thing under its id, and what is new since the books were opened.

    `today` is the day of the instant, which documents carry; `on` the day that an event counts from, earlier where it
    is entered late.
    `documents`, `transfers`, `received` (payments) and `credited` (credit lots) are new, in their order. `spot` names
    the subscriptions of which a document is to be written at this instant.
    """

    def __init__(self, history: History, at: datetime) -> None:
        """Open the books at an instant (aware)."""
        self.before = history
        self.account = history.account
        self.at = at
        self.today = business_date(at, history.account.zone)
        self.on = self.today
        self.mode: PaymentMode = history.mode
        self.subscriptions: dict[int, Subscription] = {s.id: s for s in history.subscriptions}
        self.charges: list[Charge] = list(history.charges)
        self.standings: dict[int, Standing] = {s.document: s for s in history.standings}
        self.payments: dict[int, Payment] = {p.id: p for p in history.payments}
        self.lots: dict[int, CreditLot] = {lot.id: lot for lot in history.lots}
        self.discounts: tuple[Discount, ...] = history.discounts
        self.prices: tuple[NewPrice, ...] = history.prices
        self.documents: list[Document] = []
        self.transfers: list[Transfer] = []
        self.received: list[Payment] = []
        self.credited: list[CreditLot] = []
        self.spot: set[int] = set()
        self._ids: dict[str, int] | None = None
        self._is_touched = False
        self._places_of: dict[int, list[int]] = {}
        for place, charge in enumerate(history.charges):
            self._places_of.setdefault(charge.subscription, []).append(place)

    @property
    def next_subscription(self) -> int:
        """The next free id of a subscription."""
        return self.before.next.subscription + len(self.subscriptions) - len(self.before.subscriptions)

    @property
    def next_document(self) -> int:
        """The next free id of a document."""
        return self.before.next.document + len(self.documents)

    @property
    def next_payment(self) -> int:
        """The next free id of a payment."""
        return self.before.next.payment + len(self.received)

    @property
    def next_lot(self) -> int:
        """The next free id of a credit lot."""
        return self.before.next.lot + len(self.credited)

    @property
    def next_transfer(self) -> int:
        """The next free id of a transfer."""
        return self.before.next.transfer + len(self.transfers)

    @property
    def next_discount(self) -> int:
        """The next free id of a discount."""
        return self.before.next.discount + len(self.discounts) - len(self.before.discounts)

    @property
    def ids(self) -> dict[str, int]:
        """The subscriptions' ids by their names."""
        if self._ids is None:
            self._ids = {s.name: s.id for s in self.subscriptions.values()}
        return self._ids

    def subscription(self, name: str) -> Subscription:
        """Find a subscription by its name; raises `UnknownSubscription`."""
        if name not in self.ids:
            raise UnknownSubscription(subscription=name)
        return self.subscriptions[self.ids[name]]

    def running(self) -> list[Subscription]:
        """The subscriptions that are not parked."""
        parked = self.before.parked
        found = self.subscriptions.values()
        return [s for s in found if s.id not in parked] if parked else list(found)

    def put(self, subscription: Subscription) -> None:
        """Put a subscription's newest version in its place."""
        self.subscriptions[subscription.id] = subscription
        self._is_touched = True

    def add(self, subscription: Subscription) -> None:
        """Enter a new subscription; it comes last."""
        self.put(subscription)
        self.ids[subscription.name] = subscription.id

    def add_discount(self, discount: Discount) -> None:
        """Enter a new discount."""
        self.discounts = (*self.discounts, discount)
        self._is_touched = True

    def add_price(self, price: NewPrice) -> None:
        """Enter a new price of a plan."""
        self.prices = (*self.prices, price)
        self._is_touched = True

    def change(self, subscription: Subscription) -> None:
        """Put a subscription's changed state in its place: one version further."""
        self.put(replace(subscription, version=subscription.version + 1))

    def end(self) -> None:
        """Let nothing happen to the account any more."""
        self.account = replace(self.account, closed=True)
        self._is_touched = True

    def charges_of(self, subscription: int) -> list[Charge]:
        """The charged lines of a subscription, in their order."""
        return [self.charges[place] for place in self._places_of.get(subscription, ())]

    def add_charge(self, charge: Charge) -> None:
        """Enter a new charge; it comes last."""
        self._places_of.setdefault(charge.subscription, []).append(len(self.charges))
        self.charges.append(charge)

    def put_charges(self, charges: Iterable[Charge]) -> None:
        """Put charges' new states in their places."""
        new = {charge.ref: charge for charge in charges}
        if new:
            self.charges = [new.get(charge.ref, charge) for charge in self.charges]

    def open_documents(self) -> list[Standing]:
        """What is still to be paid, oldest due first."""
        return oldest_due_first(self.standings.values())

    def close(self) -> Decision:
        """What has come of it. Where nothing has, the history is the very one that the books were opened from."""
        return Decision(
            self.before,
            self._after() if self._is_touched or self.transfers or self.mode != self.before.mode else self.before,
            self.at,
            tuple(self.documents),
            tuple(self.transfers),
            tuple(self.received),
            tuple(self.credited),
        )

    def _after(self) -> History:
        following = Next(
            subscription=self.next_subscription,
            document=self.next_document,
            payment=self.next_payment,
            lot=self.next_lot,
            transfer=self.next_transfer,
            discount=self.next_discount,
        )
        return History(
            self.account,
            self.mode,
            tuple(self.subscriptions.values()),
            tuple(self.charges),
            tuple(self.standings.values()),
            tuple(self.payments.values()),
            tuple(self.lots.values()),
            following,
            self.before.parked,
            self.discounts,
            self.prices,
        )
