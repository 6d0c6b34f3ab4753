"""Living a life: every wish goes through `step`, every day has its run, and nothing is forgotten."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from properties.asking import asked_by_hand, asked_of, core_plan
from properties.day_book import DayBook
from properties.offers import Name
from properties.seat_book import DAY, SeatBook
from properties.telling import NAMES, Told, name_of, offers_of
from properties.wishes import (
    Afterwards,
    AtAnInstant,
    AtOnce,
    Buy,
    Change,
    Dearer,
    Gift,
    Late,
    Life,
    Mode,
    Money,
    Off,
    Return,
    Run,
    SimpleChange,
    Total,
    Wait,
    Wish,
)
from prorata.core.calendar import start_of_day
from prorata.core.credits.model import CreditLot
from prorata.core.decision import Decision
from prorata.core.documents.model import Document, Line, Standing
from prorata.core.errors import DomainError
from prorata.core.events import Bill, DayRun, Event, Pay, SetPayment, Subscribe, Together
from prorata.core.events import Late as EnteredLate
from prorata.core.history import Account, History
from prorata.core.insights.forecast import end_of_day
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import Money as Amount
from prorata.core.money import currency
from prorata.core.payments.model import Payment
from prorata.core.step import step
from prorata.core.stories.tail import open_tail
from support.nights import run

FIRST = date(2026, 1, 17)
MOST_SUBSCRIPTIONS = len(NAMES)
_LONG_TAIL = 40
LATEST = DAY * 35
"""So much later things are entered at most."""
_NAMED = frozenset(range(1, 7))
"""The documents that somebody may give something back of."""

Night = Literal["run", "bill", "nothing", "made up", "partly made up"]
"""What an evening brings: the day's run, a bill by hand after it, no run, or first all or some that did not come."""


@dataclass(frozen=True)
class Ways:
    """How the days go: what the evening of a day brings, and which subscriptions (by id) are parked on it.

    `at_last`: what comes instead of nothing on the evening before something is asked for.
    """

    night: Callable[[date], Night] = lambda _: "run"
    at_last: Night = "run"
    parked: Callable[[date], frozenset[int]] = lambda _: frozenset()


_USUAL = Ways()


@dataclass
class Lived:
    """Everything that has come about so far; `history` is cut to its open tail now and then, as the store does."""

    life: Life
    history: History
    today: date
    minute: int = 0
    quiet: bool = False
    evening: bool = False
    missed: list[date] = field(default_factory=list[date])
    granted: list[Event] = field(default_factory=list[Event])
    documents: list[Document] = field(default_factory=list[Document])
    transfers: list[Transfer] = field(default_factory=list[Transfer])
    standings: dict[int, Standing] = field(default_factory=dict[int, Standing])
    payments: dict[int, Payment] = field(default_factory=dict[int, Payment])
    lots: dict[int, CreditLot] = field(default_factory=dict[int, CreditLot])
    bills: dict[int, tuple[date, frozenset[int]]] = field(default_factory=dict[int, tuple[date, frozenset[int]]])
    by_hand: bool = False
    last: Decision | None = None
    told: Told = field(init=False)

    def __post_init__(self) -> None:
        self.told = Told(self.life, self.life.mode)

    @property
    def books(self) -> dict[str, SeatBook]:
        """The books of seats, by the subscriptions' names."""
        return self.told.books

    @property
    def day_books(self) -> dict[str, DayBook]:
        """The books of days, by the subscriptions' names."""
        return self.told.day_books

    @property
    def at(self) -> datetime:
        return start_of_day(self.today, self.history.account.zone) + timedelta(hours=6, minutes=self.minute)

    def keep(self, decision: Decision) -> None:
        after, self.last = decision.after, decision
        if after == self.history:
            return
        self.documents += decision.documents
        self.transfers += decision.transfers
        self.standings.update((standing.document, standing) for standing in after.standings)
        self.payments.update((payment.id, payment) for payment in after.payments)
        self.lots.update((lot.id, lot) for lot in after.lots)
        self._note_bills(decision)
        if len(after.charges) > _LONG_TAIL:
            after = open_tail(after, self.today - LATEST, keep=_NAMED)
        self.history = after

    def _note_bills(self, decision: Decision) -> None:
        """What is to be paid in time: not what was paid once, nor what somebody has given money back for."""
        for document in decision.documents:
            if document.due:
                self.bills[document.id] = document.due, frozenset(line.subscription for line in document.lines)
        given_back = {t.debit.of for t in decision.transfers if (t.debit.name, t.credit.name) == ("receivable", "cash")}
        left = {s.document for s in self.standings.values() if s.left.minor > 0}
        self.bills = {one: bill for one, bill in self.bills.items() if one in left and one not in given_back}

    def owing(self) -> dict[str, set[date]]:
        """On which days what is to be paid is due, by the subscriptions' names."""
        found: dict[str, set[date]] = defaultdict(set)
        for due, subscriptions in self.bills.values():
            for one in subscriptions:
                found[NAMES[one - 1]].add(due)
        return found

    def late(self) -> set[str]:
        """The subscriptions with something on a bill that was due before today."""
        return {name for name, due in self.owing().items() if min(due) < self.today}

    def lines(self, subscription: int) -> list[Line]:
        """All lines of a subscription, in their order."""
        return [line for document in self.documents for line in document.lines if line.subscription == subscription]

    def left(self) -> int:
        """What all documents leave to pay, in minor units."""
        return sum(standing.left.minor for standing in self.standings.values())


def begin(life: Life) -> Lived:
    """An account on its first day."""
    account = Account(
        zone=ZoneInfo(life.zone), currency=currency(life.currency), tax_rate=life.tax_rate, billing=life.billing
    )
    return Lived(life, History(account, mode=life.mode), FIRST + DAY * life.start)


def live(life: Life, *, rest: int = 35, last: bool = True, ways: Ways = _USUAL) -> Iterator[Lived]:
    """Live a life; yields after every decision. At the end `rest` quiet days, and a last bill with nothing parked.

    No night without its run lies before a day on which something is asked for.
    """
    lived = begin(life)
    for wish in (*life.wishes, Wait(rest)):
        yield from _wish(lived, wish, ways=ways)
    if last:
        yield from _wish(lived, Run(), ways=_USUAL)
        yield from evening(lived)


def _wish(lived: Lived, wish: Wish, *, ways: Ways) -> Iterator[Lived]:
    if isinstance(wish, Wait):
        for to_come in reversed(range(wish.days)):
            _park(lived, ways)
            night = ways.night(lived.today)
            yield from evening(lived, night=ways.at_last if night == "nothing" and not to_come else night)
        return
    if lived.quiet:
        yield from evening(lived)
    _park(lived, ways)
    event = event_of(lived, wish)
    if event is None:
        return
    lived.minute += 1
    try:
        decision = step(lived.history, event, lived.at)
    except DomainError:
        return
    before, owing, late = len(lived.documents), lived.owing(), lived.told.unpaid_by(lived.late())
    lived.keep(decision)
    lived.granted.append(event)
    if isinstance(wish, Run):
        lived.told.unpaid(owing, lived.today)
    _tell(lived, wish)
    lived.told.paid_up(late - lived.late(), lived.today)
    _note_ends(lived, before)
    yield lived


def _park(lived: Lived, ways: Ways) -> None:
    parked = ways.parked(lived.today)
    if parked != lived.history.parked:
        lived.history = replace(lived.history, parked=parked)


def evening(lived: Lived, *, night: Night = "run") -> Iterator[Lived]:
    """The night of the day, then a new day."""
    before, owing, late = len(lived.documents), lived.owing(), lived.told.unpaid_by(lived.late())
    _runs(lived, night)
    if night != "nothing":
        lived.told.unpaid(owing, lived.today)
    lived.told.paid_up(late - lived.late(), lived.today)
    by_hand = lived.life.billing == "manual"
    billed = night == "bill" or lived.quiet if by_hand else night != "nothing"
    lived.told.evening(lived.today, billed=billed, by_hand=by_hand)
    _note_ends(lived, before)
    lived.evening = True
    yield lived
    lived.evening = False
    lived.today += DAY
    lived.minute = 0
    lived.quiet = False


def _note_ends(lived: Lived, documents: int) -> None:
    """Note for each subscription that has just ended what stood charged when it did."""
    for subscription, book in zip(lived.history.subscriptions, lived.books.values(), strict=True):
        if book.over and book.stood is None:
            lines = [line for document in lived.documents[:documents] for line in document.lines]
            book.stood = seats_by_day(line for line in lines if line.subscription == subscription.id)


def _runs(lived: Lived, night: Night) -> None:
    late = end_of_day(lived.today, lived.history)
    if night == "nothing":
        lived.missed.append(lived.today)
        return
    made_up = {"made up": lived.missed, "partly made up": lived.missed[1::3]}.get(night, [])
    for day in made_up:
        lived.keep(step(lived.history, DayRun(as_of=day), late))
    lived.missed.clear()
    lived.keep(run(lived.history, lived.today))
    if night == "bill":
        lived.keep(step(lived.history, Bill(), late))


def event_of(lived: Lived, wish: Wish) -> Event | None:  # noqa: PLR0911 - one line for each verb
    """The core's event of a wish; None where there is nobody to ask."""
    match wish:
        case Buy():
            known = len(lived.history.subscriptions)
            return _purchase(lived, wish, known=known) if known < MOST_SUBSCRIPTIONS else None
        case Money(document, tenths):
            return _payment(lived, document, tenths)
        case AtOnce(wishes):
            return _together(lived, wishes)
        case Mode(mode):
            return SetPayment(mode)
        case Run() | Wait():
            return Bill()
        case Dearer() | Off() | Gift() | Return():
            return asked_by_hand(wish, lived.history, NAMES, offers=offers_of(lived.life))
        case Afterwards(inner, days):
            event = event_of(lived, inner)
            return EnteredLate(event, lived.today - DAY * days) if event else None
        case _:
            return _change(lived, wish, known=len(lived.history.subscriptions))


def _together(lived: Lived, wishes: Iterable[AtAnInstant]) -> Together | None:
    """The events of one instant; what is bought in it may be changed in it."""
    known, events = len(lived.history.subscriptions), list[Event]()
    for wish in wishes:
        if isinstance(wish, Buy):
            event: Event | None = _purchase(lived, wish, known=known) if known < MOST_SUBSCRIPTIONS else None
            known += event is not None
        elif isinstance(wish, Off | Dearer):
            event = asked_by_hand(wish, lived.history, NAMES, offers=offers_of(lived.life))
        else:
            event = _change(lived, wish, known=known)
        events += [event] if event else []
    return Together(tuple(events)) if events else None


def _change(lived: Lived, wish: Change, *, known: int) -> Event | None:
    if not known:
        return None
    change, days = (wish.change, wish.days) if isinstance(wish, Late) else (wish, 0)
    name, on = NAMES[change.which % known], lived.today - DAY * days
    of = lived.history.account.currency
    event = asked_of(change, name, today=lived.today, offers=offers_of(lived.life), of=of)
    if not days or event is None:
        return event
    return EnteredLate(event, on) if _may_be_late(lived, change, name, on=on) else None


def _may_be_late(lived: Lived, change: SimpleChange, name: str, *, on: date) -> bool:
    """Whether it can be said by hand what a late entry means: nothing that it leans on has happened since."""
    book = lived.day_books.get(name)
    if book is None:
        return False
    book.wakes(lived.today)
    if not book.counts or book.is_in_trial or on < book.start:
        return False
    if book.over and not (isinstance(change, Total) and book.end and on < book.end.on):
        return False
    last = max([book.now.day, *(day for rest in book.rests for day in rest if day)])
    return isinstance(change, Total) or last <= on


def _purchase(lived: Lived, wish: Buy, *, known: int) -> Subscribe:
    plan = core_plan(wish.offer, name=name_of(lived.life, wish.offer), of=lived.history.account.currency)
    return Subscribe(NAMES[known], plan, wish.terms, licences=wish.licences, anchor=wish.anchor, profile=wish.profile)


def _payment(lived: Lived, document: int | None, tenths: int) -> Pay:
    still_open = [s for s in lived.history.open_documents() if document in {None, s.document}]
    owed = sum(s.left.minor for s in still_open)
    return Pay(document, None if tenths == 10 else Amount(owed * tenths // 10, lived.history.account.currency))


def _tell(lived: Lived, wish: Wish) -> None:  # noqa: C901 - one line for each verb
    """Tell the second bookkeepers what was granted."""
    match wish:
        case AtOnce(wishes):
            for one in wishes:
                _tell(lived, one)
        case Buy() | Afterwards(Buy()):
            if len(lived.books) < len(lived.history.subscriptions):
                lived.told.bought(wish, lived.today)
        case Mode():
            lived.told.paid(wish)
        case Dearer() | Afterwards(Dearer()):
            lived.told.dearer(wish, lived.today)
        case Run() | Gift() | Return():
            lived.quiet |= isinstance(wish, Run)
            lived.by_hand |= not isinstance(wish, Run)
        case Money() | Wait() | Off() | Afterwards():
            pass
        case _:
            lived.told.changed(wish, lived.today)


def charged_by_item(lived: Lived, subscription: int) -> dict[date, dict[Name, int]]:
    """How many of what stand charged on each day, of a subscription."""
    days: dict[date, dict[Name, int]] = defaultdict(lambda: defaultdict(int))
    for line in lived.lines(subscription):
        by_hand = line.corrects and line.days is None
        if line.kind not in {"recurring", "flat", "credit"} or by_hand:
            continue
        item = line.item
        what = item.plan, item.version, item.phase, item.step, item.flat
        count = (1 if item.flat else line.licences or 0) * (-1 if line.corrects else 1)
        for i in range(line.period.days):
            days[line.period.start + DAY * i][what] += count
    return {day: {what: n for what, n in found.items() if n} for day, found in days.items()}


def charged_days(lived: Lived, subscription: int) -> dict[date, int]:
    """How many licences of a subscription stand charged on each day."""
    return seats_by_day(lived.lines(subscription))


def seats_by_day(lines: Iterable[Line]) -> dict[date, int]:
    """Every line put on its days, every credit taken off them; days without a seat are left out."""
    days: dict[date, int] = defaultdict(int)
    for line in lines:
        if line.licences is None or line.kind not in {"recurring", "credit"}:
            continue
        sign = -1 if line.kind == "credit" else 1
        for i in range(line.period.days):
            days[line.period.start + DAY * i] += sign * line.licences
    return {day: licences for day, licences in days.items() if licences}
