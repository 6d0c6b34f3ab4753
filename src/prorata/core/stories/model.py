"""A story as data: an account, what is sold to it and on what terms, and what happens on which day.

It comes from an edge that read it from somewhere; names are resolved and amounts are exact by then.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from prorata.core.calendar import business_date
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.terms import Terms
from prorata.core.events import Event, GiveDiscount, Late, OfSubscription, PaymentMode
from prorata.core.history import Account
from prorata.core.money import Currency
from prorata.core.records import record

MOST_ASSIGNED = 10_000
"""Played for real, each holder of a licence is a member of the account: so many and no more."""


@record
class StoryPlan:
    """A plan and the terms that this story's customer buys it under."""

    plan: Plan
    terms: Terms


@record
class StoryEvent:
    """One event of a story. `place` counts from 1 in the order written; `at` is aware and never goes back.

    `preview`: nothing happens, only its documents are shown.
    """

    place: int
    at: datetime
    event: Event
    preview: bool = False

    @property
    def what(self) -> Event:
        """What happens, whenever it was entered."""
        return self.event.event if isinstance(self.event, Late) else self.event

    @property
    def subscription(self) -> str | None:
        """The name of the subscription that must be there for it; None where it needs none."""
        return self.what.subscription if isinstance(self.what, OfSubscription | GiveDiscount) else None


@record
class Story:
    """What happens to one account until a day, that day's run included.

    `tax_rate`: percent on everything, None for no tax. `country` and `kind` are the customer's, `seller_country` the
    seller's. There is at least one event, and `until` is not before the last one's day.
    """

    title: str
    currency: Currency
    zone: ZoneInfo
    billing: Literal["daily", "manual"]
    payment: PaymentMode
    tax_rate: Fraction | None
    seller_country: str
    country: str
    kind: Literal["business", "consumer"]
    plans: tuple[StoryPlan, ...]
    events: tuple[StoryEvent, ...]
    until: date

    @property
    def account(self) -> Account:
        """What the rules ask of the account."""
        return Account(
            zone=self.zone,
            currency=self.currency,
            tax_rate=self.tax_rate,
            kind=self.kind,
            country=self.country,
            billing=self.billing,
        )

    @property
    def first_day(self) -> date:
        """The business day of the first event, on which the clock starts."""
        return business_date(self.events[0].at, self.zone)

    @property
    def has_previews(self) -> bool:
        """Whether any event only asks what would happen."""
        return any(event.preview for event in self.events)
