"""Living a life: every wish goes through `step`, every day has its run, and nothing is forgotten."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from properties.seat_book import DAY, SeatBook, boundaries
from properties.wishes import AtOnce, Back, Buy, Change, Life, Members, Mode, Money, Run, Stop, Total, Wait, Wish
from prorata.core.calendar import every, start_of_day
from prorata.core.catalog.plans import Plan, Price
from prorata.core.credits.model import CreditLot
from prorata.core.decision import Decision
from prorata.core.documents.model import Document, Line, LineRef, Standing
from prorata.core.errors import DomainError
from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    Event,
    Pay,
    SetPayment,
    Subscribe,
    Together,
    Undo,
)
from prorata.core.history import Account, History
from prorata.core.insights.forecast import end_of_day, run
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import Money as Amount
from prorata.core.money import UnitPrice, currency
from prorata.core.payments.model import Payment
from prorata.core.step import step
from prorata.core.stories.tail import open_tail

FIRST = date(2026, 1, 17)
MOST_SUBSCRIPTIONS = 3
MINOR_UNITS = {"EUR": 100, "JPY": 1, "KWD": 1000}
_LONG_TAIL = 40

Night = Literal["run", "bill", "nothing"]
"""What the evening of a day brings: the day's run, a bill by hand after it, or a run that did not come."""


@dataclass
class Lived:
    """Everything that has come about so far; `history` is cut to its open tail now and then, as the store does."""

    life: Life
    history: History
    today: date
    minute: int = 0
    quiet: bool = False
    evening: bool = False
    documents: list[Document] = field(default_factory=list[Document])
    transfers: list[Transfer] = field(default_factory=list[Transfer])
    standings: dict[int, Standing] = field(default_factory=dict[int, Standing])
    payments: dict[int, Payment] = field(default_factory=dict[int, Payment])
    lots: dict[int, CreditLot] = field(default_factory=dict[int, CreditLot])
    books: dict[str, SeatBook] = field(default_factory=dict[str, SeatBook])
    last: Decision | None = None

    @property
    def at(self) -> datetime:
        return start_of_day(self.today, self.history.account.zone) + timedelta(hours=6, minutes=self.minute)

    def keep(self, decision: Decision) -> None:
        after, self.last = decision.after, decision
        self.documents += decision.documents
        self.transfers += decision.transfers
        if after is not self.history:
            self.standings.update((standing.document, standing) for standing in after.standings)
            self.payments.update((payment.id, payment) for payment in after.payments)
            self.lots.update((lot.id, lot) for lot in after.lots)
        self.history = open_tail(after, self.today) if len(after.charges) > _LONG_TAIL else after

    def lines(self, subscription: int) -> Iterator[tuple[LineRef, Line]]:
        for document in self.documents:
            for place, line in enumerate(document.lines, start=1):
                if line.subscription == subscription:
                    yield LineRef(document.id, place), line

    def left(self) -> int:
        """What all documents leave to pay, in minor units."""
        return sum(standing.left.minor for standing in self.standings.values())


def begin(life: Life) -> Lived:
    """An account on its first day."""
    account = Account(
        zone=ZoneInfo(life.zone), currency=currency(life.currency), tax_rate=life.tax_rate, billing=life.billing
    )
    return Lived(life, History(account, mode=life.mode), FIRST + DAY * life.start)


def _every_day(_: date) -> Night:
    return "run"


def live(
    life: Life, *, rest: int = 35, last: bool = True, nights: Callable[[date], Night] = _every_day
) -> Iterator[Lived]:
    """Live a life; yields after every decision. At the end `rest` quiet days, and a last bill.

    No night without its run lies before a day on which something is asked for.
    """
    lived = begin(life)
    for wish in (*life.wishes, Wait(rest)):
        yield from _wish(lived, wish, nights=nights)
    if last:
        yield from _wish(lived, Run(), nights=nights)
        yield from evening(lived)


def _wish(lived: Lived, wish: Wish, *, nights: Callable[[date], Night]) -> Iterator[Lived]:
    if isinstance(wish, Wait):
        for to_come in reversed(range(wish.days)):
            night = nights(lived.today)
            yield from evening(lived, night="run" if night == "nothing" and not to_come else night)
        return
    if lived.quiet:
        yield from evening(lived)
    event = event_of(lived, wish)
    if event is None:
        return
    lived.minute += 1
    try:
        decision = step(lived.history, event, lived.at)
    except DomainError:
        return
    lived.keep(decision)
    _tell(lived, wish)
    yield lived


def evening(lived: Lived, *, night: Night = "run") -> Iterator[Lived]:
    """The night of the day, then a new day."""
    if night != "nothing":
        lived.keep(run(lived.history, lived.today))
    if night == "bill":
        lived.keep(step(lived.history, Bill(), end_of_day(lived.today, lived.history)))
    by_hand = lived.life.billing == "manual"
    billed = night == "bill" or lived.quiet if by_hand else night == "run"
    for book in lived.books.values():
        book.evening(lived.today, billed=billed, by_hand=by_hand)
    lived.evening = True
    yield lived
    lived.evening = False
    lived.today += DAY
    lived.minute = 0
    lived.quiet = False


def event_of(lived: Lived, wish: Wish) -> Event | None:
    """The core's event of a wish; None where there is nobody to ask."""
    match wish:
        case Buy():
            return _purchase(lived, wish) if len(lived.history.subscriptions) < MOST_SUBSCRIPTIONS else None
        case Money(document, tenths):
            return _payment(lived, document, tenths)
        case AtOnce(wishes):
            events = [e for e in (event_of(lived, one) for one in wishes) if e is not None]
            return Together(tuple(events)) if events else None
        case Total() | Members() | Stop() | Back():
            return _change(lived, wish)
        case Mode(mode):
            return SetPayment(mode)
        case Run() | Wait():
            return Bill()


def _change(lived: Lived, wish: Change) -> Event | None:
    known = [s.name for s in lived.history.subscriptions]
    if not known:
        return None
    name = known[wish.which % len(known)]
    match wish:
        case Total(_, licences, when):
            return ChangeLicences(name, licences, when=when)
        case Members(_, assigned):
            return Assign(name, assigned)
        case Stop(_, when, refund):
            return Cancel(name, when=lived.today + DAY * when if isinstance(when, int) else when, refund=refund)
        case Back():
            return Undo(name)


def _purchase(lived: Lived, wish: Buy) -> Subscribe:
    price = UnitPrice(Decimal(wish.price), lived.history.account.currency)
    plan = Plan("plan", every(wish.every), Price(1, price))
    name = "abc"[len(lived.history.subscriptions)]
    return Subscribe(name, plan, wish.terms, licences=wish.licences, anchor=wish.anchor, profile=wish.profile)


def _payment(lived: Lived, document: int | None, tenths: int) -> Pay:
    still_open = [s for s in lived.history.open_documents() if document in {None, s.document}]
    owed = sum(s.left.minor for s in still_open)
    return Pay(document, None if tenths == 10 else Amount(owed * tenths // 10, lived.history.account.currency))


def _tell(lived: Lived, wish: Wish) -> None:
    """Tell the second bookkeeper what was granted."""
    match wish:
        case AtOnce(wishes):
            for one in wishes:
                _tell(lived, one)
        case Buy():
            _open_book(lived, wish)
        case Run():
            lived.quiet = True
        case Total() | Members() | Stop() | Back():
            _tell_change(list(lived.books.values())[wish.which % len(lived.books)], wish, today=lived.today)
        case _:
            pass


def _tell_change(book: SeatBook, wish: Change, *, today: date) -> None:
    match wish:
        case Total(_, licences, when):
            book.total(licences, when=when, today=today)
        case Members(_, assigned):
            book.assigned = assigned
        case Stop(_, when, refund):
            book.cancel(today + DAY * when if isinstance(when, int) else when, refund=refund, today=today)
        case Back():
            book.undo(today)


def _open_book(lived: Lived, wish: Buy) -> None:
    new = lived.history.subscriptions[-1]
    price = Fraction(wish.price) * MINOR_UNITS[lived.life.currency]
    grid = boundaries(lived.today, wish.every, wish.anchor)
    book = SeatBook(start=lived.today, grid=grid, terms=wish.terms, licences=wish.licences, price=price)
    if lived.life.billing == "daily":
        book.purchased_on_the_spot()
    lived.books[new.name] = book


def charged_days(lived: Lived, subscription: int) -> dict[date, int]:
    """How many licences stand charged on each day: every line put on its days, every credit taken off them."""
    days: dict[date, int] = defaultdict(int)
    for _, line in lived.lines(subscription):
        sign = -1 if line.kind == "credit" else 1
        for i in range(line.period.days):
            days[line.period.start + DAY * i] += sign * line.licences
    return {day: licences for day, licences in days.items() if licences}
