"""Telling the second bookkeepers what was granted: each keeps its own books, and sees nothing of the program's."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from properties.asking import MINOR_UNITS
from properties.day_book import DayBook
from properties.day_ledger import Dearer as NewPrice
from properties.offers import Offer
from properties.seat_book import DAY, SeatBook, boundaries
from properties.wishes import (
    Afterwards,
    Again,
    Back,
    Buy,
    Change,
    Dearer,
    Late,
    Life,
    Members,
    Mode,
    Move,
    Other,
    Renewal,
    Rest,
    SimpleChange,
    Stop,
    Total,
    Trying,
    Wish,
)

T = TypeVar("T")
NAMES = "abc"


def offers_of(life: Life) -> dict[str, Offer]:
    """What can be bought in a life, by the plans' names."""
    return {f"plan {place}": offer for place, offer in enumerate(life.offers, start=1)}


def name_of(life: Life, offer: Offer) -> str:
    """The plan's name of an offer."""
    return next((name for name, known in offers_of(life).items() if known == offer), "plan")


@dataclass
class Told:
    """The books of a life: of seats and of days, for each subscription one; and the prices that were told."""

    life: Life
    mode: str
    books: dict[str, SeatBook] = field(default_factory=dict[str, SeatBook])
    day_books: dict[str, DayBook] = field(default_factory=dict[str, DayBook])
    prices: list[NewPrice] = field(default_factory=list[NewPrice])

    def evening(self, today: date, *, billed: bool, by_hand: bool) -> None:
        """The day is over."""
        for book in (*self.books.values(), *self.day_books.values()):
            book.evening(today, billed=billed, by_hand=by_hand)

    def unpaid(self, owing: Mapping[str, Collection[date]], today: date) -> None:
        """A run has come, and by it these bills are to be paid."""
        for name, book in self.day_books.items():
            book.wakes(today)
            if book.nobody_paid(owing.get(name, ()), today):
                self.books[name].retired = True

    def unpaid_by(self, names: Collection[str]) -> set[str]:
        """Which of these have ended because nobody has paid."""
        ends = {name: self.day_books[name].end for name in names if self.day_books[name].over}
        return {name for name, end in ends.items() if end and end.why == "unpaid"}

    def paid_up(self, names: Collection[str], today: date) -> None:
        """Of these nothing is past due any more."""
        for name in names:
            self.day_books[name].is_paid(today)

    def paid(self, wish: Mode) -> None:
        """From here on it is paid in another way."""
        self.mode = wish.mode
        for book in self.day_books.values():
            book.mode = wish.mode

    def dearer(self, said: Dearer | Afterwards, today: date) -> None:
        """A plan has a new price."""
        wish, late = _said(said, Dearer)
        for book in self.day_books.values():
            book.wakes(today)
            book.days_asked.add(today)
        name = list(self.day_books.values())[wish.which % len(self.books)].now.name
        newest = max((new.version for new in self.prices if new.name == name), default=1)
        self.prices.append(NewPrice(name, newest + 1, wish.price, today - DAY * late))
        for seats in self.books.values():
            seats.retired = True

    def bought(self, said: Buy | Afterwards, today: date) -> None:
        """A purchase: its books are opened."""
        wish, late = _said(said, Buy)
        entered, today = today, today - DAY * late
        name = NAMES[len(self.books)]
        price = Fraction(wish.price) * MINOR_UNITS[self.life.currency]
        grid = boundaries(today, wish.every, wish.anchor)
        book = SeatBook(start=today, grid=grid, terms=wish.terms, licences=wish.licences, price=price)
        days = DayBook(
            start=today,
            sold=self._newest(name_of(self.life, wish.offer), wish.offer, on=today),
            terms=wish.terms,
            licences=wish.licences,
            anchor=None if wish.anchor == "start" else wish.anchor,
            prices=self.prices,
            mode=self.mode,
        )
        days.begins()
        days.days_asked.add(entered)
        if self.life.billing == "daily":
            book.purchased_on_the_spot()
            if wish.terms.billed == "advance":
                days.covered = days.due(entered)
        is_whole = late > 0 or not wish.offer.is_plain or wish.terms.proration != "day" or bool(self.prices)
        book.retired = bool(self.life.offers and is_whole)
        self.books[name], self.day_books[name] = book, days

    def _newest(self, name: str, offer: Offer, *, on: date) -> tuple[str, int, Offer]:
        """An offer at its newest price of a day."""
        version = 1
        for new in self.prices:
            if new.name == name and new.day <= on:
                version, offer = new.version, replace(offer, price=new.price)
        return name, version, offer

    def changed(self, wish: Change, today: date) -> None:
        """Something was asked of a subscription."""
        change, days = (wish.change, wish.days) if isinstance(wish, Late) else (wish, 0)
        name = list(self.books)[change.which % len(self.books)]
        if isinstance(change, Total | Members | Stop | Back) and not days:
            _tell_seats(self.books[name], change, today=today)
        else:
            self.books[name].retired = True
        book, on = self.day_books[name], today - DAY * days
        book.asks(today, on)
        if days and isinstance(change, Total | Other):
            book.entered_late(on, lambda: self._tell_days(book, change, on=on, today=today))
        else:
            self._tell_days(book, change, on=on, today=today)

    def _tell_days(self, book: DayBook, wish: SimpleChange, *, on: date, today: date) -> None:
        # Each verb by its own line; a wish of a kind knows its own fields.
        verbs: dict[type, Callable[[Any], None]] = {
            Total: lambda w: book.total(w.licences, when=w.when, on=on),
            Members: lambda w: book.assigns(w.assigned),
            Stop: lambda w: book.cancel(_day_of(w, today), refund=w.refund, on=on, today=today),
            Back: lambda _: book.undo(on),
            Other: lambda w: self._tell_plan(book, w, on=on),
            Move: lambda w: book.move(w.anchor if w.anchor > 0 else today - DAY * w.anchor, on=on),
            Rest: lambda w: (book.pause if w.begins else book.resume)(on),
            Renewal: lambda w: book.renewal(renews=w.renews, on=on),
            Again: lambda _: book.reactivate(on),
            Trying: lambda w: book.extend() if w.longer else book.stop(),
        }
        verbs[type(wish)](wish)

    def _tell_plan(self, book: DayBook, wish: Other, *, on: date) -> None:
        offers = offers_of(self.life)
        name, offer = list(offers.items())[wish.to % len(offers)]
        sold = self._newest(name, offer, on=on)
        book.plan(sold, when=wish.when, anchor=wish.anchor, licences=wish.licences, on=on)


def _said(said: Wish, kind: type[T]) -> tuple[T, int]:
    """What was said, and how many days late."""
    wish, late = (said.wish, said.days) if isinstance(said, Afterwards) else (said, 0)
    assert isinstance(wish, kind)
    return wish, late


def _day_of(wish: Stop, today: date) -> str | date | None:
    return today + DAY * wish.when if isinstance(wish.when, int) else wish.when


def _tell_seats(book: SeatBook, wish: Total | Members | Stop | Back, *, today: date) -> None:
    if book.retired:
        return
    match wish:
        case Total(_, licences, when):
            book.total(licences, when=when, today=today)
        case Members(_, assigned):
            book.assigned = assigned
        case Stop(_, _, refund):
            book.cancel(_day_of(wish, today), refund=refund, today=today)
        case Back():
            book.undo(today)
