"""Lives of made-up accounts: what they buy and change up to a day, lived in memory through the rules.

Nothing here is stored. A life is the same for every account that shares it, since ids are counted within an account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from random import Random
from typing import Final, Literal
from zoneinfo import ZoneInfo

from prorata.core.billing.due import due_on
from prorata.core.calendar import add_months, every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.decision import Decision
from prorata.core.events import ChangeLicences, DayRun, Event, Pay, PaymentMode, Subscribe
from prorata.core.history import Account, History
from prorata.core.money import UnitPrice, currency, unit_price
from prorata.core.step import step
from prorata.core.stories.tail import open_tail
from prorata.store.snapshots import Language

Anchoring = Literal["renewal", "mixed"]
Length = Literal["month", "quarter", "year"]

_ACTS_AT, _RUN_AT = time(12, tzinfo=UTC), time(18, tzinfo=UTC)
"""Both lie within the same business day in every zone below."""
_PAYS_AFTER = timedelta(days=14)
_MONTHS: Final[Mapping[Length, int]] = {"month": 1, "quarter": 3, "year": 12}
_MOST_LICENCES = 60


@dataclass(frozen=True, slots=True)
class Market:
    """Where customers are: what is said of an account there."""

    country: str
    zone: ZoneInfo
    currency: str
    tax_rate: int
    language: Language
    address: str


MARKETS: Final = (
    Market("NL", ZoneInfo("Europe/Amsterdam"), "EUR", 21, "nl", "Twijnstraat 8\n3511 ZK Utrecht\nNederland"),
    Market("IT", ZoneInfo("Europe/Rome"), "EUR", 22, "it", "Via San Vitale 27\n40125 Bologna BO\nItalia"),
    Market("DE", ZoneInfo("Europe/Berlin"), "EUR", 19, "en", "Lindenallee 5\n50968 Köln\nDeutschland"),
    Market("GB", ZoneInfo("Europe/London"), "GBP", 20, "en", "12 Harbour Street\nWhitby YO22 4AA\nUnited Kingdom"),
    Market("US", ZoneInfo("America/New_York"), "USD", 0, "en", "400 Elm Street\nIthaca, NY 14850\nUSA"),
)
PRICES: Final[Mapping[Length, Mapping[str, str]]] = {
    "month": {"EUR": "12.50", "GBP": "10.80", "USD": "13.995"},
    "quarter": {"EUR": "36.00", "GBP": "31.10", "USD": "39.99"},
    "year": {"EUR": "135.00", "GBP": "117.45", "USD": "149.90"},
}
PRODUCTS: Final = ("mail", "projects", "sign")


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeOptions:
    """How accounts live up to the day `on`, on which each of them has something due.

    `months`: how long ago the first purchase was, at least; each plan is bought whole periods before `on`.
    `anchoring`: `renewal`: everything renews on that day; `mixed`: only the first subscription of each account does.
    `lengths`: the plans that are sold, drawn evenly. `subscriptions`: the most that an account has; `several`: percent
    of accounts with more than one. `changes`: percent of months in which the licences of a subscription change.
    `taxed`: percent of accounts with tax. `modes`: how accounts pay, drawn evenly; without a method they pay two weeks
    after each bill. `lives`: how many different lives there are. `seed`: the same gives the same.
    """

    on: date = date(2026, 6, 15)
    months: int = 2
    anchoring: Anchoring = "renewal"
    lengths: tuple[Length, ...] = ("month", "month", "month", "month", "quarter", "year")
    subscriptions: int = 3
    several: int = 20
    changes: int = 5
    taxed: int = 80
    modes: tuple[PaymentMode, ...] = ("automatic", "automatic", "automatic", "none", "declining")
    lives: int = 100
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the account did, and what followed."""

    action: str
    subject: str
    decision: Decision


@dataclass(slots=True)
class Day:
    """A day of a life: what was done, then the run where one was due; `due`: the next one, seen from its end."""

    acts: list[Act] = field(default_factory=list[Act])
    run: Decision | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Where an account is, its tax rate in percent, how it pays, and its days in order."""

    market: Market
    tax_rate: Fraction | None
    mode: PaymentMode
    days: Mapping[date, Day]


def price_of(length: Length, code: str) -> UnitPrice:
    """What a licence costs for a period."""
    return unit_price(PRICES[length][code], currency(code))


def plan_code(product: str, length: Length) -> str:
    """The plan's code in the catalogue."""
    return f"{product}-{length}"


def lives(options: LifeOptions) -> tuple[Life, ...]:
    """So many lives, each with something due on the day."""
    return tuple(_life(options, Random(f"{options.seed}/{place}")) for place in range(options.lives))  # noqa: S311 - a reproducible draw


def _life(options: LifeOptions, dice: Random) -> Life:
    market = dice.choice(MARKETS)
    taxed = market.tax_rate and dice.randrange(100) < options.taxed
    tax_rate = Fraction(market.tax_rate) if taxed else None
    mode = dice.choice(options.modes)
    account = Account(market.zone, currency(market.currency), tax_rate, country=market.country)
    days = _live(History(account, mode), _agenda(options, dice, market=market), until=options.on)
    return Life(market, tax_rate, mode, days)


def _agenda(options: LifeOptions, dice: Random, *, market: Market) -> dict[date, list[Event]]:
    """What an account will do, by day: its purchases and the changes of its licences.

    Changes have dice of their own: what is bought is the same after any number of months.
    """
    of_changes = Random(dice.random())  # noqa: S311 - a reproducible draw
    agenda: dict[date, list[Event]] = defaultdict(list)
    count = 1 if dice.randrange(100) >= options.several else dice.randint(2, max(2, options.subscriptions))
    for place in range(min(count, options.subscriptions)):
        length, product = dice.choice(options.lengths), PRODUCTS[place % len(PRODUCTS)]
        bought = _first_day(options, length)
        if place and options.anchoring == "mixed":
            bought += timedelta(days=dice.randint(1, 27))
        if bought >= options.on:
            continue
        plan = Plan(plan_code(product, length), every(length), Price(1, price_of(length, market.currency)))
        name = plan.name if place < len(PRODUCTS) else f"{plan.name}-{place}"
        licences = dice.randint(1, _MOST_LICENCES)
        terms = COMMIT if dice.randrange(4) == 0 else CLASSIC
        agenda[bought].append(Subscribe(name, plan, terms, licences))
        for on, total in _changes(options, of_changes, bought=bought):
            agenda[on].append(ChangeLicences(name, total))
    return agenda


def _first_day(options: LifeOptions, length: Length) -> date:
    """Whole periods before the day, at least so many months."""
    months = -(-options.months // _MONTHS[length]) * _MONTHS[length]
    return add_months(options.on.year, options.on.month, months=-months, day=options.on.day)


def _changes(options: LifeOptions, dice: Random, *, bought: date) -> list[tuple[date, int]]:
    found: list[tuple[date, int]] = []
    day = bought + timedelta(days=1)
    while day + timedelta(days=30) <= options.on:
        if dice.randrange(100) < options.changes:
            found.append((day + timedelta(days=dice.randrange(28)), dice.randint(1, _MOST_LICENCES)))
        day += timedelta(days=30)
    return found


def _live(history: History, agenda: dict[date, list[Event]], *, until: date) -> dict[date, Day]:
    """Live the agenda and every run that comes of it, up to the day before `until`."""
    days: dict[date, Day] = {}
    due: date | None = None
    while (on := min((*agenda, *((due,) if due else ())), default=until)) < until:
        day = days[on] = Day()
        for event in agenda.pop(on, ()):
            decision = step(history, event, datetime.combine(on, _ACTS_AT))
            day.acts.append(Act(*_said(event), decision))
            history = _after(decision, agenda, mode=history.mode)
        due = due_on(history, on)
        if due is not None and due <= on:
            decision = step(history, DayRun(on), datetime.combine(on, _RUN_AT))
            day.run = None if decision.after is decision.before else decision
            history = _after(decision, agenda, mode=history.mode)
            due = due_on(history, on)
        day.due = due
        history = open_tail(history, on)
    return days


def _said(event: Event) -> tuple[str, str]:
    match event:
        case Subscribe(name):
            return "subscription.buy", name
        case ChangeLicences(name):
            return "licences.change", name
        case _:
            return "document.pay", "all"


def _after(decision: Decision, agenda: dict[date, list[Event]], *, mode: PaymentMode) -> History:
    """The history afterwards; who has no method that works pays what is open two weeks later."""
    if mode != "automatic" and any(document.kind == "invoice" for document in decision.documents):
        pay = agenda[decision.today + _PAYS_AFTER]
        if not pay:
            pay.append(Pay())
    return decision.after


def acts_at(on: date) -> datetime:
    """The instant of a day at which accounts act."""
    return datetime.combine(on, _ACTS_AT)


def run_at(on: date) -> datetime:
    """The instant of a day's run."""
    return datetime.combine(on, _RUN_AT)
