"""Credits: used and credited are what was charged, on every day and in any split, and none takes more than is left."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import floor

from hypothesis import given

from properties.asking import MINOR_UNITS
from properties.dice import Dice, thrown
from properties.lives import length_of, lives, price_of
from properties.living import FIRST, evening, live
from properties.other_ways import NEVER, lives_by_the_second, on_terms
from properties.seat_book import DAY, boundaries
from properties.wishes import PLAIN, Buy, Life, Stop, Total, Wait, Wish
from prorata.core.catalog.plans import Item
from prorata.core.catalog.read_terms import with_terms
from prorata.core.documents.model import Document, Line, LineRef
from prorata.core.events import Cancel
from prorata.core.step import step


def nearest(exact: Fraction) -> int:
    """An amount of zero or more in whole minor units, halves upward."""
    return floor(exact + Fraction(1, 2))


def days_of_line(line: Line) -> Iterator[date]:
    """Each day that it is for."""
    return (line.period.start + DAY * i for i in range(line.period.days))


def seats_of(line: Line) -> int:
    """How many it charges, or takes back, on each of its days; what is flat is one."""
    return 1 if line.licences is None else line.licences


@dataclass(frozen=True)
class Taken:
    """A charged line and the credits that took back from it, in their order."""

    line: Line
    credits: tuple[Line, ...]

    @property
    def left(self) -> int:
        """What is left of its amount, in minor units."""
        return self.line.amount.minor + sum(credit.amount.minor for credit in self.credits)

    def seats(self) -> dict[date, int]:
        """How many of its seats are left on each of its days."""
        days = dict.fromkeys(days_of_line(self.line), seats_of(self.line))
        for credit in self.credits:
            if credit.days is not None:
                for day in days_of_line(credit):
                    days[day] -= seats_of(credit)
        return days

    @property
    def is_by_hand(self) -> bool:
        """Whether something of it was given back by hand, which takes no days."""
        return any(credit.days is None for credit in self.credits)

    def used(self) -> int:
        """The share of its amount that belongs to the seat-days left, by itself rounded."""
        charged = seats_of(self.line) * (self.line.days or 0)
        if not charged:
            return self.line.amount.minor
        given_up = sum(seats_of(credit) * (credit.days or 0) for credit in self.credits)
        sign = 1 if self.line.amount.minor >= 0 else -1
        return sign * nearest(Fraction(abs(self.line.amount.minor) * (charged - given_up), charged))


def taken(documents: list[Document]) -> list[Taken]:
    """Every charged line with what was taken back from it."""
    credits_of: dict[LineRef, list[Line]] = defaultdict(list)
    for document in documents:
        for line in document.lines:
            if line.corrects:
                credits_of[line.corrects].append(line)
    charged = [
        (LineRef(document.id, place), line)
        for document in documents
        for place, line in enumerate(document.lines, start=1)
        if not line.corrects
    ]
    assert set(credits_of) <= {ref for ref, _ in charged}, "a credit on no line"
    return [Taken(line, tuple(credits_of[ref])) for ref, line in charged]


@given(lives_by_the_second())
def test_what_is_used_of_a_line_and_what_was_credited_are_what_was_charged(life: Life) -> None:
    for lived in live(life):
        if not lived.evening or not (lived.last and lived.last.documents):
            continue
        for one in taken(lived.documents):
            assert one.is_by_hand or one.left == one.used()


@given(lives_by_the_second())
def test_a_credit_never_exceeds_the_amount_and_the_seats_that_are_left_of_its_line(life: Life) -> None:
    *_, lived = live(life)
    for one in taken(lived.documents):
        left = one.line.amount.minor
        for credit in one.credits:
            # A discount is a charge below zero: it is given back as a line above zero.
            assert min(0, -left) <= credit.amount.minor <= max(0, -left)
            left += credit.amount.minor
            # It is the same thing that is taken back: at the price, the rate and in the period it was charged.
            same = ("subscription", "item", "tax_rate", *(("price", "of_days") if credit.days is not None else ()))
            assert all(getattr(credit, name) == getattr(one.line, name) for name in same)
        # A day outside the line's period would be no key here.
        assert all(0 <= seats <= seats_of(one.line) for seats in one.seats().values())


@given(lives_by_the_second())
def test_no_more_is_given_back_of_a_document_than_it_charged(life: Life) -> None:
    *_, lived = live(life)
    left: dict[int, int] = defaultdict(int)
    for document in lived.documents:
        for line in document.lines:
            left[line.corrects.document if line.corrects else document.id] += line.amount.minor
        # What is taken off a charge is a line below zero, and goes back with it.
        assert all(net >= 0 for net in left.values()), document.id


@given(lives())
def test_the_newest_line_that_has_seats_left_is_taken_back_first(life: Life) -> None:
    *_, lived = live(life)
    left: dict[LineRef, tuple[tuple[int, Item], dict[date, int]]] = {}
    for document in lived.documents:
        taking_back = [line for line in document.lines if line.kind == "credit" and line.days is not None]
        for line in taking_back:
            assert line.corrects in left, "taken back before it was charged"
            _take(left[line.corrects][1], line)
        for line in taking_back:
            newer = [
                days
                for ref, (of, days) in left.items()
                if of == (line.subscription, line.item) and _newer(ref, line.corrects)
            ]
            assert not any(days.get(day) for days in newer for day in days_of_line(line)), "a newer line had seats left"
        for place, line in enumerate(document.lines, start=1):
            if line.kind in {"recurring", "flat"}:
                left[LineRef(document.id, place)] = ((line.subscription, line.item), Taken(line, ()).seats())


def _take(seats: dict[date, int], credit: Line) -> None:
    for day in days_of_line(credit):
        seats[day] -= seats_of(credit)


def _newer(one: LineRef, other: LineRef | None) -> bool:
    return other is not None and (one.document, one.line) > (other.document, other.line)


@dataclass(frozen=True)
class Split:
    """One purchase in the middle of a period, and what is given up of it: on which days of the line, leaving how many.

    The last of them is its end.
    """

    life: Life
    given_up: tuple[tuple[int, int], ...]

    @property
    def buy(self) -> Buy:
        """The purchase, which is the first wish."""
        (first,) = [wish for wish in self.life.wishes if isinstance(wish, Buy)]
        return first


def _split_of(dice: Dice) -> Split:
    every, anchor = length_of(dice.cup(2))
    terms = with_terms(PLAIN, {"end_day": dice.of("free", "charged")})
    buy = Buy(price_of(dice.cup(5)), every, terms, licences=dice.number(1, 40), anchor=anchor)
    life = Life(
        currency=dice.of("EUR", "JPY", "KWD"),
        tax_rate=dice.of(None, Fraction(21), Fraction("5.5")),
        billing="daily",
        mode=dice.of("automatic", "none"),
        zone="Europe/Amsterdam",
        start=dice.number(0, 400),
        wishes=(buy,),
    )
    days = _first_period(life, buy)[0]
    offsets = sorted({dice.number(0, days - 1) for _ in range(dice.of(1, 2, 3, 4, 6, 8))})
    seats, given_up = buy.licences, list[tuple[int, int]]()
    for offset in offsets[:-1]:
        seats = dice.number(0, seats)
        given_up.append((offset, seats))
    return Split(life, (*given_up, (offsets[-1], 0)))


def _first_period(life: Life, buy: Buy) -> tuple[int, int]:
    """Days from the purchase to the end of its period, and days of the whole period."""
    start = FIRST + DAY * life.start
    grid = boundaries(start, buy.every, buy.anchor)
    ends = min(day for day in grid if day > start)
    begins = max(day for day in grid if day <= start)
    return (ends - start).days, (ends - begins).days


def _charged(split: Split) -> int:
    """The first line, by itself: price × licences × days ÷ days of the period."""
    days, of_days = _first_period(split.life, split.buy)
    minor = Fraction(split.buy.price) * MINOR_UNITS[split.life.currency]
    return nearest(minor * split.buy.licences * days / of_days)


@given(thrown(_split_of, throws=60))
def test_on_each_possible_day_of_an_end_the_used_part_and_the_credit_are_what_was_charged(split: Split) -> None:
    *_, bought = live(split.life, rest=0, last=False)
    charged, days = _charged(split), _first_period(split.life, split.buy)[0]
    kept_today = int(split.buy.terms.end_day == "charged")
    first_day = bought.today
    for offset in range(days):
        bought.today = first_day + DAY * offset
        ended = step(bought.history, Cancel("a", "now"), bought.at)
        credited = [line.amount.minor for document in ended.documents for line in document.lines]
        used = nearest(Fraction(charged * (offset + kept_today), days))
        assert sum(credited) == used - charged, offset
        assert len(credited) == (1 if split.buy.price and offset + kept_today < days else 0)


@given(thrown(_split_of, throws=60))
def test_a_line_taken_back_in_any_split_closes_to_the_cent(split: Split) -> None:
    wishes: list[Wish] = [split.buy]
    passed = 0
    for offset, seats in split.given_up:
        wishes += [Wait(offset - passed), Total(0, seats, "now")]
        passed = offset
    wishes[-1] = Stop(0, "now", None)
    # Given up piece by piece, over a year perhaps: its bill is not to end it before.
    *_, lived = live(on_terms(replace(split.life, wishes=tuple(wishes)), grace_days=NEVER), rest=0, last=False)
    for _ in evening(lived):
        pass
    charged, (days, _) = _charged(split), _first_period(split.life, split.buy)
    kept, seats, since = 0, split.buy.licences, 0
    for offset, left in split.given_up:
        kept += seats * (offset - since)
        seats, since = left, offset
    if split.buy.terms.end_day == "charged":
        kept += split.given_up[-2][1] if len(split.given_up) > 1 else split.buy.licences
    assert sum(line.amount.minor for document in lived.documents for line in document.lines) == nearest(
        Fraction(charged * kept, split.buy.licences * days)
    )
    if not kept:
        assert all(standing.left.minor == 0 for standing in lived.standings.values())
        assert sum(document.total.minor for document in lived.documents) == 0, (
            "tax is left of what was taken back whole"
        )
