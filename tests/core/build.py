"""Words to tell a test in: an account, its plans, its days, and what was written for it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from prorata.core.actors import Side
from prorata.core.calendar import Anchor, every, start_of_day
from prorata.core.catalog.plans import Phase, Plan, Price, Step, Tiers
from prorata.core.catalog.presets import CLASSIC, COMMIT
from prorata.core.catalog.read_terms import with_terms
from prorata.core.catalog.terms import Refund, Terms, When
from prorata.core.decision import Decision
from prorata.core.documents.model import Document, Standing
from prorata.core.events import (
    Assign,
    Bill,
    Cancel,
    ChangeLicences,
    Event,
    Pay,
    PaymentMode,
    SetPayment,
    Subscribe,
    Together,
    Undo,
)
from prorata.core.history import Account, History
from prorata.core.ledger.transfers import Transfer
from prorata.core.money import currency, money, total, unit_price
from prorata.core.step import step
from prorata.core.subscriptions.model import Subscription
from support.nights import run


def day(text: str) -> date:
    """A day as people write it: `2026-01-15`."""
    return date.fromisoformat(text)


def classic(**keys: object) -> Terms:
    """The classic terms with some keys laid over them."""
    return with_terms(CLASSIC, keys)


def commit(**keys: object) -> Terms:
    """The commit terms with some keys laid over them."""
    return with_terms(COMMIT, keys)


@dataclass
class Life:
    """An account that lives day by day. Whatever is asked for happens in the morning of the day named."""

    history: History
    today: date
    at: datetime
    documents: list[Document] = field(default_factory=list[Document])
    transfers: list[Transfer] = field(default_factory=list[Transfer])

    def days(self, until: str) -> None:
        """Let the days pass up to the morning of `until`: each evening has its run."""
        while self.today < day(until):
            self._keep(run(self.history, self.today))
            self.today += timedelta(days=1)
            self.at = start_of_day(self.today, self.history.account.zone) + timedelta(hours=9)

    def evening(self) -> None:
        """The run of the day; nothing else happens on it any more."""
        self.days((self.today + timedelta(days=1)).isoformat())

    def preview(self, event: Event) -> Decision:
        """What would happen."""
        return step(self.history, event, self.at)

    def ask(self, *events: Event) -> Decision:
        """Ask for something; several things at once are of one instant."""
        self.at += timedelta(minutes=1)
        decision = self.preview(events[0] if len(events) == 1 else Together(events))
        self._keep(decision)
        return decision

    def _keep(self, decision: Decision) -> None:
        self.history = decision.after
        self.documents += decision.documents
        self.transfers += decision.transfers

    def buy(
        self, name: str, plan: Plan, *, licences: int = 1, terms: Terms = CLASSIC, anchor: Anchor | None = None
    ) -> None:
        """Buy licences."""
        self.ask(Subscribe(name, plan, terms, licences=licences, anchor=anchor))

    def licences(self, name: str, licences: int, *, when: When | None = None) -> None:
        """Set a new total."""
        self.ask(ChangeLicences(name, licences, when=when))

    def assign(self, name: str, members: int) -> None:
        """So many members hold a licence."""
        self.ask(Assign(name, members))

    def cancel(
        self,
        name: str,
        when: Literal["now", "period_end"] | date | None = None,
        *,
        refund: Refund | None = None,
        by: Side = "admin",
    ) -> None:
        """Cancel."""
        self.ask(Cancel(name, when=when, refund=refund, by=by))

    def undo(self, name: str) -> None:
        """Take back what is pending."""
        self.ask(Undo(name))

    def pay(self, document: int | None = None, amount: str | None = None) -> None:
        """Pay a document, or everything, or a part."""
        self.ask(Pay(document, money(amount, self.history.account.currency) if amount else None))

    def payment(self, mode: PaymentMode) -> None:
        """From here on documents are paid in this way."""
        self.ask(SetPayment(mode))

    def bill(self) -> None:
        """A bill by hand."""
        self.ask(Bill())

    def subscription(self, name: str) -> Subscription:
        """A subscription as it is now."""
        return self.history.subscription(name)

    def standing(self, document: int) -> Standing:
        """What has become of a document."""
        return next(s for s in self.history.standings if s.document == document)

    @property
    def totals(self) -> list[str]:
        """What each document comes to."""
        return [str(document.total) for document in self.documents]

    @property
    def credit(self) -> str:
        """Account credit that is left."""
        return str(total((lot.left for lot in self.history.lots), self.history.account.currency))

    @property
    def received(self) -> list[str]:
        """What is left of each payment: received and not given back."""
        return [str(payment.left) for payment in self.history.payments]

    def settled(self, document: int) -> tuple[str, str, str]:
        """Of a document: credit used, paid, left."""
        standing = self.standing(document)
        return str(standing.credit_used), str(standing.paid), str(standing.left)


def an_account(
    first_day: str,
    *,
    in_currency: str = "EUR",
    tax: str | None = None,
    payment: PaymentMode = "automatic",
    billing: Literal["daily", "manual"] = "daily",
    kind: Literal["business", "consumer"] = "business",
    zone: str = "Europe/Amsterdam",
) -> Life:
    """An account on the morning of its first day."""
    account = Account(
        zone=ZoneInfo(zone),
        currency=currency(in_currency),
        tax_rate=Fraction(tax) if tax else None,
        billing=billing,
        kind=kind,
    )
    today = day(first_day)
    return Life(History(account, mode=payment), today, start_of_day(today, account.zone) + timedelta(hours=9))


def a_plan(
    price: str,
    length: str,
    *,
    in_currency: str = "EUR",
    name: str = "plan",
    flat: str | None = None,
    setup: str | None = None,
    trial: str | None = None,
    term: str | None = None,
    tiers: Tiers | None = None,
    phases: tuple[tuple[str | None, str], ...] = (),
) -> Plan:
    """A plan: so much for each licence and period, and what else is named. A phase: for how long, at which price."""
    of = currency(in_currency)
    return Plan(
        name,
        every(length),
        Price(1, unit_price(price, of), unit_price(flat, of) if flat else None, tiers),
        setup=money(setup, of) if setup else None,
        trial=every(trial) if trial else None,
        phases=tuple(Phase(every(long) if long else None, unit_price(cost, of)) for long, cost in phases),
        term=every(term) if term else None,
    )


def steps(kind: Literal["volume", "graduated"], *sold: tuple[int | None, str]) -> Tiers:
    """Tiers in euros: up to so many licences (None: all that come after), at which price."""
    of = currency("EUR")
    return Tiers(kind, tuple(Step(up_to, unit_price(price, of)) for up_to, price in sold))


def lines(document: Document) -> list[tuple[str, str, str, int | None, str]]:
    """The lines of a document: kind, first day, day after the last, licences, amount."""
    return [
        (line.kind, line.period.start.isoformat(), line.period.end.isoformat(), line.licences, str(line.amount))
        for line in document.lines
    ]


def taxes(document: Document) -> list[str]:
    """Each line's share of the tax."""
    return [str(line.tax) for line in document.lines]
