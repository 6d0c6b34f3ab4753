"""A seller whose accounts live in real time, on a clock that the test moves, and what was issued to them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import text

from prorata.core.documents.numbers import Issued
from prorata.store import accounts, documents
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.run_billing import run_billing
from prorata.usecases.run_summary import RunSummary
from prorata.usecases.verify import verify
from support.clocks import TestClock
from support.shop import Shop, admin


@dataclass(frozen=True)
class Billing:
    """A shop with a clock of the test's."""

    shop: Shop
    clock: TestClock

    def customer(self, *, licences: int = 10, name: str = "team", clock: date | None = None) -> int:
        """An account that has bought licences (12.50 a month each) just now; `clock`: a test account's own."""
        account = self.shop.account(clock=clock)
        act(self.shop.services, admin(account), BuySubscription(self.shop.plan, licences, name))
        return account

    def run(self, day: str | None = None, *, batch_size: int | None = None) -> RunSummary:
        """The run of a day, begun at noon of that day."""
        if day:
            self.clock.set(day)
        (summary,) = run_billing(self.shop.services, seller=self.shop.seller, batch_size=batch_size)
        return summary

    def bills(self, account: int) -> list[str]:
        """Each document of an account: its day and its total."""
        return [f"{one.document.date} {one.document.total}" for one in self.issued(account)]

    def issued(self, account: int) -> tuple[Issued, ...]:
        with self.shop.services.database.account(account) as conn:
            return tuple(kept.issued for kept in documents.all_of(conn, account))

    def due(self, account: int) -> date | None:
        with self.shop.services.database.account(account) as conn:
            return accounts.find(conn, account).due_on

    def sql(self, statement: str, **values: object) -> None:
        """Change something behind the product's back."""
        with self.shop.services.database.owner() as conn:
            conn.execute(text(statement), values)

    def findings(self, *accounts: int) -> list[str]:
        """What a verification finds: of these accounts, or of everything."""
        found = [verify(self.shop.services, account=account) for account in accounts or (None,)]
        return [str(finding) for one in found for _, finding in one.findings]


def billing_on(shop: Shop, day: str) -> Billing:
    """The shop, on that day."""
    clock = TestClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.set(day)
    return Billing(replace(shop, services=replace(shop.services, clock=clock)), clock)
