"""The history of an account: all that the rules need to know in order to decide what happens next.

It is the open tail, not the whole past: subscriptions that can still change, lines that can still be credited,
documents that are open or stand behind such a line, payments that can still be given back, credit that is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from prorata.core.actors import Side
from prorata.core.calendar import Period
from prorata.core.catalog.plans import Item, NewPrice
from prorata.core.credits.model import CreditLot
from prorata.core.documents.model import LineRef, Standing
from prorata.core.errors import DomainError
from prorata.core.events import PaymentMode
from prorata.core.money import Currency, Money, UnitPrice
from prorata.core.payments.model import Payment
from prorata.core.records import record
from prorata.core.subscriptions.model import Subscription


class UnknownSubscription(DomainError):
    """The account has no subscription of that name yet."""

    code = "unknown_subscription"


@record
class Account:
    """What the rules ask of an account.

    `zone`: where its business days are counted. `tax_rate`: percent on everything, None for no tax. `billing`: by the
    daily run and on the spot, or only by `Bill`. `closed`: nothing happens to it any more.
    """

    zone: ZoneInfo
    currency: Currency
    tax_rate: Fraction | None = None
    kind: Literal["business", "consumer"] = "business"
    country: str = "NL"
    billing: Literal["daily", "manual"] = "daily"
    closed: bool = False


@record
class Taken:
    """Seats of a line that were credited, on which days; `days`: how many, as the terms count them.

    `exact`: from which instant to which, where the terms count seconds.
    """

    period: Period
    licences: int
    days: int
    exact: Period | None = None


@record
class Charge:
    """A charged line as later credits see it: what it charged and what was already taken back of it.

    `licences`: 1 for what is flat. `credited` went with seats, `adjusted` without any: goodwill and refunds. A discount
    is a charge below zero, which `reduces` another one and is given back with it. `days` of `of_days`, as the terms
    count them; a setup has none. `exact`: from which instant to which, where the terms count seconds.
    """

    ref: LineRef
    subscription: int
    item: Item
    period: Period
    licences: int
    price: UnitPrice | None
    days: int
    of_days: int
    amount: Money
    tax_rate: Fraction | None
    tax: Money
    taken: tuple[Taken, ...]
    credited: Money
    tax_credited: Money
    adjusted: Money
    reduces: LineRef | None = None
    discount: int | None = None
    exact: Period | None = None

    @property
    def seat_days(self) -> int:
        """Licences × days that it charged."""
        return self.licences * self.days

    @property
    def seat_days_kept(self) -> int:
        """Those that no credit has taken back yet."""
        return self.seat_days - sum(t.licences * t.days for t in self.taken)

    @property
    def left(self) -> Money:
        """What of its amount was not given back."""
        return self.amount - self.credited - self.adjusted

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left that could be given back."""
        if self.seat_days and not self.seat_days_kept:
            return True
        return not self.left if self.amount or not self.seat_days else False


@record
class Discount:
    """What is taken off charges whose first day lies from `start` up to, not including, `until` (None: for good).

    Of one subscription (by id) or of all (None): `percent` of each charge, or an `amount` for each period.
    """

    id: int
    subscription: int | None
    percent: Fraction | None
    amount: Money | None
    start: date
    until: date | None
    at: datetime
    by: Side


@record
class Next:
    """The next free id of each kind, counted within the account."""

    subscription: int = 1
    document: int = 1
    payment: int = 1
    lot: int = 1
    transfer: int = 1
    discount: int = 1


@record
class History:
    """The account and its open tail, in the order in which things came about.

    `parked`: the subscriptions (by id) that no document is written for, until somebody has mended what is wrong there.
    `discounts`: those that are not over. `prices`: newer prices of the plans that its subscriptions have.
    """

    account: Account
    mode: PaymentMode = "automatic"
    subscriptions: tuple[Subscription, ...] = ()
    charges: tuple[Charge, ...] = ()
    standings: tuple[Standing, ...] = ()
    payments: tuple[Payment, ...] = ()
    lots: tuple[CreditLot, ...] = ()
    next: Next = Next()
    parked: frozenset[int] = frozenset()
    discounts: tuple[Discount, ...] = ()
    prices: tuple[NewPrice, ...] = ()

    def subscription(self, name: str) -> Subscription:
        """Find a subscription by its name; raises `UnknownSubscription`."""
        for subscription in self.subscriptions:
            if subscription.name == name:
                return subscription
        raise UnknownSubscription(subscription=name)

    def running(self) -> tuple[Subscription, ...]:
        """The subscriptions that are not parked."""
        if not self.parked:
            return self.subscriptions
        return tuple(s for s in self.subscriptions if s.id not in self.parked)

    def open_documents(self) -> tuple[Standing, ...]:
        """What is still to be paid, oldest due first."""
        return tuple(oldest_due_first(self.standings))

    def past_due(self, on: date) -> frozenset[int]:
        """The documents that are open after their due date."""
        return frozenset(s.document for s in self.open_documents() if s.due is not None and s.due < on)


def oldest_due_first(standings: Iterable[Standing]) -> list[Standing]:
    """Those of which something is left to pay, by their due date; credit notes last."""
    still_open = [s for s in standings if s.left.minor > 0]
    return sorted(still_open, key=lambda s: (s.due or date.max, s.document))
