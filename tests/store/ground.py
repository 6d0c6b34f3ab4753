"""Accounts to stand on: opened at a seller of their own, and acted on as a use case does."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Terms
from prorata.core.documents.numbers import Issued
from prorata.core.events import DayRun, Event, Late, PaymentMode, Subscribe
from prorata.core.money import Money, UnitPrice, currency
from prorata.core.step import step
from prorata.store import accounts, history, profiles, sellers
from prorata.store.engine import Database

EUR = currency("EUR")
UTC_ZONE = ZoneInfo("UTC")
MONTHLY = Plan("team-monthly", every("month"), Price(1, UnitPrice(Decimal("12.50"), EUR)))


def noon(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC).replace(hour=12)


def euros(minor: int) -> Money:
    return Money(minor, EUR)


def purchase(name: str = "team", *, licences: int = 10, terms: Terms = CLASSIC, plan: Plan = MONTHLY) -> Subscribe:
    return Subscribe(name, plan, terms, licences=licences)


@dataclass(frozen=True)
class Ground:
    """A database with one seller."""

    db: Database
    seller: int

    def open_account(
        self,
        *,
        name: str = "Bakkerij De Korenbloem",
        mode: PaymentMode = "automatic",
        tax_rate: Fraction | None = None,
        test: bool = False,
        clock_at: datetime | None = None,
        seller: int | None = None,
    ) -> int:
        with self.db.app() as conn:
            account = accounts.create(
                conn,
                seller_id=seller or self.seller,
                name=name,
                country="NL",
                currency=EUR,
                zone=UTC_ZONE,
                tax_rate=tax_rate,
                payment_mode=mode,
                test=test,
                clock_at=clock_at,
            )
            profiles.create(conn, account, name=name, address="Twijnstraat 8\n3511 ZK Utrecht", language="nl")
        return account

    def act(self, account: int, event: Event, *, on: str) -> tuple[Issued, ...]:
        """Load, decide and save in one transaction, at noon."""
        at = noon(on)
        counts_from = event.effective if isinstance(event, Late) else at.date()
        with self.db.account(account) as conn:
            row = accounts.locked(conn, account)
            decision = step(history.load(conn, account, on=counts_from, lock=True), event, at)
            return history.save(conn, row, decision=decision)

    def run(self, account: int, *, on: str) -> tuple[Issued, ...]:
        return self.act(account, DayRun(), on=on)


def new_seller(db: Database, *, test: bool = False) -> int:
    with db.owner() as conn:
        return sellers.create(
            conn,
            name="Kadans Software B.V.",
            address="Oude Vest 41\n2312 XS Leiden",
            country="NL",
            zone=UTC_ZONE,
            tax_ids=["NL001234567B01"],
            test=test,
        )
