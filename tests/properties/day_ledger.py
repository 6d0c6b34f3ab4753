"""What is owed on each day of a whole life, from ledgers alone: licences, what is sold, rests, the end.

It prices a day by itself: how many of what, at which price. It knows nothing of lines, credits, windows of comparison
or rounding. Where seats that are given up stay charged its days do not count (`counts`): `seat_book.py` has those.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from properties.offers import DAY, Grid, Name, Offer, laid, later
from prorata.core.catalog.terms import Refund, Terms

Day = dict[Name, tuple[int, Decimal]]
"""What is owed on a day: how many of what, and the price of each."""


@dataclass(frozen=True)
class Sold:
    """From a day on this is sold, on this grid; phases and the term count from `since`."""

    day: date
    name: str
    version: int
    offer: Offer
    grid: Grid
    since: date


@dataclass(frozen=True)
class Dearer:
    """A new price of a plan, valid from a day."""

    name: str
    version: int
    price: Decimal
    day: date


@dataclass(frozen=True)
class End:
    """An end. `by_itself`: the term's, a renewal that is off, or a trial that lapsed; not that of what nobody paid."""

    on: date
    charged_to: date
    refund: Refund
    why: str
    asked: int

    @property
    def by_itself(self) -> bool:
        """Whether it expires before it is disabled."""
        return self.why not in {"cancelled", "unpaid"}


@dataclass(frozen=True)
class ToCome:
    """A change that waits for a day; `day`: for which it was asked for."""

    on: date
    asked: int
    day: date
    licences: int = 0
    sold: Sold | None = None
    anchor: str | int | date = "keep"


class DayLedger:
    """One subscription, from the day it was bought."""

    def __init__(
        self,
        *,
        start: date,
        sold: tuple[str, int, Offer],
        terms: Terms,
        licences: int,
        anchor: str | int | date | None,
        prices: list[Dearer],
        mode: str,
    ) -> None:
        name, version, offer = sold
        self.terms, self.start = terms, start
        self.anchor = self.trial_anchor = anchor
        self.prices, self.mode = prices, mode
        self.totals: list[tuple[date, int]] = [(start, licences)]
        self.sold = [Sold(start, name, version, offer, laid(start, offer.every, anchor), start)]
        self.rests: list[tuple[date, date | None]] = []
        self.end: End | None = None
        self.over = self.lapsed = self.stopped = self.converted = self.is_off = False
        self.waiting: ToCome | None = None
        self.another: ToCome | None = None
        self.setups: list[tuple[date, Decimal]] = []
        self.setups_count = True
        self.trial: date | None = later(start, offer.trial) if offer.trial else None
        self.asked: int = 0
        self.assigned = 0
        self.conflict: date | None = None
        self.foreseen: End | None = None
        self.bills_due: set[date] = set()
        self.covered = start
        self.days_asked: set[date] = {start}
        self.days_sold = {start}
        self.counts = self._gives_back() and terms.proration != "none"

    def _gives_back(self) -> bool:
        terms = self.terms
        return terms.remove_licences != "kept" and "none" not in {terms.refund.change, terms.refund.end}

    def sold_on(self, day: date) -> Sold:
        """What is sold on a day."""
        return [one for one in self.sold if one.day <= day][-1]

    def licences_on(self, day: date) -> int:
        """How many licences there are on a day."""
        return [number for since, number in self.totals if since <= day][-1]

    @property
    def licences(self) -> int:
        """How many there are by what is known."""
        return self.totals[-1][1]

    @property
    def now(self) -> Sold:
        """What is sold by what is known."""
        return self.sold[-1]

    @property
    def is_in_trial(self) -> bool:
        """Whether it has not been sold yet."""
        return self.trial is not None and not self.converted

    def owed(self, day: date, *, whatever_comes: bool = False) -> Day:
        """What is owed on a day; `whatever_comes`: as if the end that is to come were not."""
        if day < self.start or (self.trial and day < self.trial) or self._rests_on(day):
            return {}
        if self.end and day >= self.end.charged_to and (self.over or not whatever_comes):
            return {}
        sold = self.sold_on(day)
        begun = [first for first in sold.offer.phases_from(sold.since) if first <= day]
        phase = max(0, len(begun) - 1)
        costs = sold.offer.costs(self.licences_on(day), phase=phase)
        return {(sold.name, sold.version, phase, step, flat): cost for (step, flat), cost in costs.items()}

    def _rests_on(self, day: date) -> bool:
        return any(since <= day and (until is None or day < until) for since, until in self.rests)

    def worth(self, day: date, *, minor: int) -> Fraction:
        """What a day costs, exactly, in minor units; `minor` of them make one of the currency."""
        begins, ends = self.sold_on(day).grid.period(day)
        price = sum((Fraction(price) * count for count, price in self.owed(day).values()), Fraction(0)) * minor
        if self.terms.proration == "thirty" and self.sold_on(day).grid.day:
            return price * _thirty(day, day + DAY) / _thirty(begins, ends)
        return price / (ends - begins).days

    def due(self, today: date) -> date:
        """Up to where everything is charged once the day is over."""
        if self.over and self.end:
            return self.end.charged_to
        if self.trial and today < self.trial:
            return self.start
        if self.terms.billed == "advance":
            due = self.now.grid.period(today)[1]
        else:
            due = self._begun(today)
            resting = [since for since, until in self.rests if until is None]
            due = max([due, *resting])
        return min(due, self.end.charged_to) if self.end else due

    def _begun(self, today: date) -> date:
        """The last day on or before today on which a period was over."""
        day = today
        while day > self.start:
            # A grid holds from its day on; the one before it may have had a boundary on that very day.
            if self.sold_on(day).grid.begins(day) or self.sold_on(day - DAY).grid.begins(day):
                return day
            day -= DAY
        return self.start

    def final_bill_waits(self, today: date) -> bool:
        """Whether the end is not billed yet."""
        if not (self.over and self.end and self.terms.final_document == "next_billing_date"):
            return False
        on = self.end.on
        return today < min(self.now.grid.following(on), on + 30 * DAY)


def _thirty(one: date, other: date) -> int:
    months = (other.year - one.year) * 12 + other.month - one.month
    return 30 * months + min(other.day, 30) - min(one.day, 30)
