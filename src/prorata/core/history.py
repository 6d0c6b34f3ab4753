"""The history of an account: all that the rules need to know in order to decide what happens next.

It is the open tail, not the whole past: subscriptions that can still change, lines that can still be credited,
documents that are open or stand behind such a line, payments that can still be given back, credit that is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from prorata.core.calendar import Period
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
    daily run and on the spot, or only by `Bill`.
    """

    zone: ZoneInfo
    currency: Currency
    tax_rate: Fraction | None = None
    kind: Literal["business", "consumer"] = "business"
    country: str = "NL"
    billing: Literal["daily", "manual"] = "daily"


@record
class Taken:
    """Seats of a line that were credited, on which days."""

    period: Period
    licences: int


@record
class Charge:
    """A charged line as later credits see it: what it charged and what was already taken back of it."""

    ref: LineRef
    subscription: int
    period: Period
    licences: int
    price: UnitPrice
    price_version: int
    of_days: int
    amount: Money
    tax_rate: Fraction | None
    tax: Money
    taken: tuple[Taken, ...]
    credited: Money
    tax_credited: Money

    @property
    def seat_days(self) -> int:
        """Licences × days that it charged."""
        return self.licences * self.period.days

    @property
    def seat_days_kept(self) -> int:
        """Those that no credit has taken back yet."""
        return self.seat_days - sum(t.licences * t.period.days for t in self.taken)


@record
class Next:
    """The next free id of each kind, counted within the account."""

    subscription: int = 1
    document: int = 1
    payment: int = 1
    lot: int = 1
    transfer: int = 1


@record
class History:
    """The account and its open tail, in the order in which things came about.

    `parked`: the subscriptions (by id) that no document is written for, until somebody has mended what is wrong there.
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
