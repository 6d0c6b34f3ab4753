"""A second bookkeeper, slow and obvious: it knows nothing of lines, layers, windows or rounding.

For each subscription it keeps one number for each day: how many licences are owed. It is told what was asked for, and
works out by itself what the terms make of it, with a list of seats (one entry a seat, the day it was bought) and a grid
that it walks month by month. What a seat costs for a day is the price, divided by the days of the period around it.

Of the program it knows how an anchor and terms are written down, and nothing else: a test sees to that.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from prorata.core.calendar import Anchor
from prorata.core.catalog.terms import Refund, Terms

DAY = timedelta(days=1)
_MONTHS = {"month": 1, "2 months": 2, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7, "30 days": 30}


def boundaries(start: date, every: str, anchor: Anchor | None) -> list[date]:
    """The days on which periods begin, from before the start to five years after it."""
    if every in _DAYS:
        first = start - DAY * start.weekday() if anchor == "calendar" and every == "week" else start
        return [first + DAY * (_DAYS[every] * i) for i in range(2000 // _DAYS[every])]
    months = _MONTHS[every]
    day = start.day if anchor is None else 1 if anchor == "calendar" else anchor
    assert isinstance(day, int)
    year, month = (start.year, 1) if anchor == "calendar" else (start.year, start.month)
    if anchor == "calendar" and months == 1:
        month = start.month
    found: list[date] = []
    for i in range(-24, 61):
        if i % months == 0:
            y, m = divmod(year * 12 + month - 1 + i, 12)
            found.append(date(y, m + 1, min(day, monthrange(y, m + 1)[1])))
    return found


class SeatBook:
    """One subscription. `price`: in minor units, for a licence and a period of the grid.

    `retired`: things were asked for that only the other bookkeeper knows. `stood`: the seats that stood charged when it
    ended, as it is told: an end that gives nothing back leaves them so.
    """

    def __init__(self, *, start: date, grid: list[date], terms: Terms, licences: int, price: Fraction) -> None:
        self.terms = terms
        self.start = start
        self.grid = grid
        self.price = price
        self.asked = {start}
        self.seats: list[date] = [start] * licences
        self.this_morning: list[date] = []
        self.assigned = 0
        self.owed: dict[date, int] = {}
        self.covered = start
        self.waiting: tuple[date, int] | None = None
        self.waiting_is_newer = False
        self.end: tuple[date, date, Refund] | None = None
        self.over = False
        self.stood: dict[date, int] | None = None
        self.noted = (-1, start)
        self.retired = False

    def period(self, on: date) -> tuple[date, date]:
        """The boundaries around a day: the last one before its end, and the next."""
        place = bisect_right(self.grid, on)
        return self.grid[place - 1], self.grid[place]

    def worth(self, seat_days: Mapping[date, int]) -> Fraction:
        """What so many seats on each of these days come to, exactly: each day of each seat by itself."""
        exact = Fraction(0)
        for day, seats in seat_days.items():
            begins, ends = self.period(day)
            for _ in range(seats):
                exact += self.price / (ends - begins).days
        return exact

    def total(self, licences: int, *, when: str | None, today: date) -> None:
        """Somebody sets a new total."""
        self.asked.add(today)
        self._waiting_takes_effect(today)
        has = len(self.seats)
        if when is None:
            when = self._usual(licences)
        at_once = licences
        if when == "renewal":
            at_once = has
        elif when == "window":
            fresh = sum(1 for bought in self.seats if (today - bought).days <= self.terms.window_days)
            at_once = max(licences, has - fresh)
        self._set(at_once, today)
        self.waiting = (self.period(today)[1], licences) if licences != at_once else None
        self.waiting_is_newer = True

    def _usual(self, licences: int) -> str:
        if licences >= len(self.seats):
            return self.terms.add_licences
        return {"credit": "now", "kept": "now"}.get(self.terms.remove_licences, self.terms.remove_licences)

    def _set(self, licences: int, today: date) -> None:
        """The newest seats go first; seats that went today and come back today were never away."""
        while len(self.seats) > licences:
            self.seats.pop()
        while len(self.seats) < licences:
            place = len(self.seats)
            self.seats.append(self.this_morning[place] if place < len(self.this_morning) else today)

    def _waiting_takes_effect(self, today: date) -> None:
        if self.waiting and self.waiting[0] <= today:
            effective, licences = self.waiting
            self.waiting = None
            self._set(licences, effective)

    def cancel(self, when: str | date | None, *, refund: Refund | None, today: date) -> None:
        """Somebody cancels."""
        self.asked.add(today)
        if when is None:
            when = self.terms.cancel
            if when == "window":
                begun = max(self.start, self.period(today)[0])
                when = "now" if (today - begun).days <= self.terms.window_days else "period_end"
        policy = refund or self.terms.refund.end
        if when == "period_end":
            boundary = self.period(today)[1]
            self.end = (boundary, boundary, policy)
        else:
            on = when if isinstance(when, date) else today
            self.end = (on, on + DAY if self.terms.end_day == "charged" else on, policy)
        self.waiting_is_newer = False
        if self.end[0] <= today:
            self._finish(today)

    def undo(self, today: date) -> None:
        """Somebody takes back what was asked for last."""
        self.asked.add(today)
        if self.waiting and (self.end is None or self.waiting_is_newer):
            self.waiting = None
        else:
            self.end = None

    def purchased_on_the_spot(self) -> None:
        """The first bill was written at the purchase."""
        if self.terms.billed == "advance":
            self.covered = self.period(self.start)[1]

    def evening(self, today: date, *, billed: bool, by_hand: bool) -> None:
        """The day is over. `billed`: a run has written what is due; `by_hand`: and all that has changed."""
        if self.end and not self.over and self.end[0] <= today:
            self._finish(today)
        if not self.over:
            self._waiting_takes_effect(today)
            self._note(today)
        self.this_morning = list(self.seats)
        if billed and (by_hand or not self._final_bill_waits(today)):
            self.covered = max(self.covered, self._due(today))

    def may_bring(self, today: date) -> bool:
        """Whether anything at all could happen on that day; where not, it is idle."""
        if today in self.grid or today in self.asked or today - 30 * DAY in self.asked:
            return True
        if self.end is None:
            return False
        ended = self.end[0]
        return today in {ended, self.end[1], ended + 30 * DAY, ended + DAY * self.terms.disabled_days}

    def _final_bill_waits(self, today: date) -> bool:
        if not (self.over and self.end and self.terms.final_document == "next_billing_date"):
            return False
        ended = self.end[0]
        next_billing_date = ended if ended in self.grid else self.period(ended)[1]
        return today < min(next_billing_date, ended + 30 * DAY)

    def _due(self, today: date) -> date:
        if self.over and self.end:
            return self.end[1]
        begun, ends = self.period(today)
        due = ends if self.terms.billed == "advance" else max(begun, self.start)
        return min(due, self.end[1]) if self.end else due

    def _stays_charged(self, day: date) -> bool:
        """Whether seats given up are charged on that day all the same."""
        if self.terms.remove_licences == "kept":
            return True
        return self.terms.refund.change == "none" and day < self.covered

    def _note(self, today: date) -> None:
        """From today to the end of the period so many licences are owed."""
        has, day, ends = len(self.seats), today, self.period(today)[1]
        if self.noted == (has, ends):
            return
        self.noted = has, ends
        while day < ends:
            most = max(self.owed.get(day, 0), has)
            self.owed[day] = most if self._stays_charged(day) else has
            day += DAY

    def _finish(self, today: date) -> None:
        """The end: seats go, but those that stay charged do not."""
        assert self.end
        if self.waiting and self.waiting[0] < self.end[1]:
            self._waiting_takes_effect(today)
        self.waiting = None
        self._note(today)
        has, day, ends = len(self.seats), self.end[1], self.period(today)[1]
        refund = self.end[2]
        while day < ends:
            if refund != "none" or day >= self.covered:
                self.owed[day] -= has
            day += DAY
        self.over = True
