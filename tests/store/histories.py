"""Long, busy histories: months of changes on few subscriptions that share their documents.

What `properties.wishes` makes up is short and wide. Here the past gets deep: lines taken back in parts over several
documents, money that went through account credit, subscriptions that fall to nothing and rise again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TypeVar

from prorata.core.calendar import every, start_of_day
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import with_terms
from prorata.core.events import Assign, Cancel, ChangeLicences, DayRun, Event, Pay, SetPayment, Subscribe, Undo
from prorata.core.history import Account, History
from prorata.core.insights.forecast import end_of_day, next_run
from prorata.core.money import UnitPrice, currency
from store.ground import EUR, UTC_ZONE

_T = TypeVar("_T")

DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)
YEN = currency("JPY")


@dataclass(frozen=True)
class Past:
    """What a busy history begins with, and the chances it takes."""

    random: Random
    history: History

    def event(self, history: History) -> Event | None:
        """What somebody asks for next; None where it would be about nothing."""
        known = [s.name for s in history.subscriptions if s.state == "active"]
        if not known or (len(history.subscriptions) < 4 and self.random.random() < 0.08):
            return self._purchase(history)
        name = self.random.choice(known)
        wishes: tuple[tuple[int, Callable[[], Event]], ...] = (
            (10, lambda: ChangeLicences(name, self.random.choice((0, 0, 1, 2, 3, 5, 8)))),
            (2, lambda: Assign(name, self.random.randint(0, 2))),
            (1, lambda: Cancel(name, when=self.random.choice(("now", "period_end")))),
            (1, lambda: Undo(name)),
            (2, Pay),
            (2, lambda: SetPayment(self.random.choice(("automatic", "automatic", "none")))),
        )
        make = self.random.choices([w for _, w in wishes], [n for n, _ in wishes])[0]
        return make()

    def _purchase(self, history: History) -> Subscribe:
        changes = {
            "licences": {"min": 0},
            "refund": {"end": self._one("to_method", "credit"), "change": self._one("to_method", "credit", "none")},
            "invoice_changes": self._one("now", "next"),
            "billed": self._one("advance", "advance", "arrears"),
            "disabled_days": self._one(5, 90),
            "final_document": self._one("now", "next_billing_date"),
            "remove_licences": self._one("credit", "credit", "window"),
            "window_days": self._one(7, 50),
        }
        of = history.account.currency
        amount = Decimal(self._one("3.33", "12.50", "0.77")) if of == EUR else Decimal(self._one("333", "77"))
        plan = Plan(
            "plan", every(self._one("month", "month", "week", "30 days", "quarter")), Price(1, UnitPrice(amount, of))
        )
        name = f"s{len(history.subscriptions) + 1}"
        return Subscribe(name, plan, with_terms(CLASSIC, changes), licences=self.random.randint(0, 6))

    def _one(self, *of: _T) -> _T:
        return self.random.choice(of)


def past(seed: int) -> Past:
    """The beginning of the busy history of that number."""
    random = Random(seed)  # noqa: S311 - made up, and made up again the same
    account = Account(
        zone=UTC_ZONE,
        currency=random.choice((EUR, EUR, YEN)),
        tax_rate=random.choice((None, Fraction(21), Fraction("5.5"))),
    )
    return Past(random, History(account))


def live(begun: Past, *, days: int, decide: Callable[[History, Event, datetime], History]) -> tuple[History, date]:
    """Live a busy history, each day with its events and its run; `decide` says what becomes of each."""
    history, today = begun.history, FIRST
    for _ in range(days):
        for hour in range(begun.random.choice((0, 0, 0, 0, 1, 1, 2))):
            event = begun.event(history)
            if event is not None:
                history = decide(history, event, start_of_day(today, UTC_ZONE) + timedelta(hours=hour + 1))
        foretold = next_run(history, today - DAY)
        if foretold is not None and foretold <= today:
            history = decide(history, DayRun(), end_of_day(today, history))
            # Something late in the day, after its run, and a run for it.
            if begun.random.random() < 0.2 and (late := begun.event(history)) is not None:
                history = decide(history, late, end_of_day(today, history))
                history = decide(history, DayRun(), end_of_day(today, history))
        today += DAY
    return history, today
