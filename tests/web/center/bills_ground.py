"""An account in the admin center as its people use it: over HTTP, on its own clock, on a real database."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import httpx
from itsdangerous import URLSafeSerializer

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement, Terms
from prorata.core.events import PaymentMode
from prorata.core.money import UnitPrice, currency
from prorata.store import accounts, catalogue, members, profiles, sellers
from prorata.store.engine import Database
from prorata.usecases.act import Done, Request, Services, act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.command import Command
from prorata.usecases.pay_document import SetPaymentMode
from prorata.usecases.permissions import Role, member_actor
from prorata.usecases.run_account import advance_clock
from prorata.web.demo.choice import COOKIE
from prorata.web.demo.door import DemoDoor
from prorata.web.site import site
from support.databases import Database as TestDatabase
from support.serving import NO_TLS, serving

SECRET = "for tests alone"
EUR = currency("EUR")
UTC_ZONE = ZoneInfo("UTC")
NAME = "business"
OWNER = member_actor("Marieke de Wit", "owner", member=1, proved=True)


class RealTime:
    """A clock for accounts that have none of their own; those of these tests have."""

    def now(self) -> datetime:
        return datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """A seller with one plan on sale: €12.50 per licence and month. `address` is where the center answers."""

    services: Services
    address: str
    seller: int
    plan: int

    def visitor(self, account: Account, *, member: int = 1, language: str = "en") -> httpx.Client:
        """The browser of a member; the first is the owner."""
        cookie = URLSafeSerializer(SECRET, salt="person").dumps([account.id, member])
        assert isinstance(cookie, str)
        return httpx.Client(
            base_url=self.address,
            headers={"sec-fetch-site": "same-origin"},
            cookies={COOKIE: cookie, "language": language},
            timeout=100,
            verify=NO_TLS,
        )

    def account(
        self, *, on: str, name: str = "Bakkerij De Korenbloem", mode: PaymentMode = "automatic", tax: int | None = None
    ) -> Account:
        """Open a test account whose clock stands at noon of a day; its only person is the owner."""
        with self.services.database.app() as conn:
            account = accounts.create(
                conn,
                seller_id=self.seller,
                name=name,
                country="NL",
                currency=EUR,
                zone=UTC_ZONE,
                tax_rate=Fraction(tax) if tax else None,
                payment_mode=mode,
                test=True,
                clock_at=datetime.combine(date.fromisoformat(on), datetime.min.time(), UTC).replace(hour=12),
            )
            profiles.create(conn, account, name=name, address="Twijnstraat 8\n3511 ZK Utrecht", language="nl")
        found = Account(self, account)
        found.add("Marieke de Wit", "owner")
        return found


@dataclass(frozen=True)
class Account:
    """An account of the shop, and what is done to it behind the screens."""

    shop: Shop
    id: int

    def add(self, name: str, role: Role = "member") -> int:
        with self.shop.services.database.account(self.id) as conn:
            mail = f"{name.lower().replace(' ', '.')}@example.com"
            return members.create(conn, self.id, name=name, email=mail, role=role, language="en")

    def buy(self, count: int) -> Done:
        return self.act(BuySubscription(self.shop.plan, count, NAME))

    def change(self, count: int) -> Done:
        return self.act(ChangeLicences(NAME, count))

    def assign(self, *ids: int) -> Done:
        return self.act(AssignLicences(NAME, add=frozenset(ids)))

    def unassign(self, *ids: int) -> Done:
        return self.act(AssignLicences(NAME, remove=frozenset(ids)))

    def pays_by(self, mode: PaymentMode) -> Done:
        return self.act(SetPaymentMode(mode))

    def act(self, *commands: Command) -> Done:
        return act(self.shop.services, Request(self.id, OWNER), *commands)

    def until(self, day: str) -> None:
        advance_clock(self.shop.services, Request(self.id, OWNER), to=date.fromisoformat(day))


@contextmanager
def open_shop(database: TestDatabase, *, terms: Terms = CLASSIC) -> Generator[Shop]:
    connected = Database(database.owner_url, database.app_url)
    services = Services(connected, RealTime())
    with connected.owner() as conn:
        seller = sellers.create(
            conn,
            name="Kadans Software B.V.",
            address="Oude Vest 41\n2312 XS Leiden",
            country="NL",
            zone=UTC_ZONE,
            tax_ids=["NL001234567B01"],
            test=True,
        )
        agreement = catalogue.create_agreement(conn, seller_id=seller, name="terms", agreement=Agreement(terms))
        product = catalogue.create_product(
            conn, seller_id=seller, code="team", names={"en": "Kadans Team"}, descriptions={"en": "Mail and files."}
        )
        plan = catalogue.create_plan(
            conn,
            seller_id=seller,
            product_id=product,
            agreement_id=agreement,
            plans=[Plan(NAME, every("month"), Price(1, UnitPrice(Decimal("12.50"), EUR)))],
            valid_from=date(2020, 1, 1),
        )
    with serving(site(services, secret=SECRET, door=DemoDoor(services))) as address:
        yield Shop(services, address, seller, plan)
    connected.dispose()


def in_march(shop: Shop) -> Account:
    """Ten licences from 15 January, no method from 1 February, twelve from 20 February; it is 3 March now.

    Open: the bill of 15 February over 125.00. Cancelled today: 125.00 × 160/280 seat-days = 71.43 kept, 53.57 back;
    the two added, 12.50 × 2 × 11/28 = 9.82, were never billed; 9.82 − 53.57 = −43.75; 125.00 − 43.75 = 81.25.
    """
    account = shop.account(on="2026-01-15")
    account.buy(10)
    account.until("2026-02-01")
    account.pays_by("none")
    account.until("2026-02-20")
    account.change(12)
    account.until("2026-03-03")
    return account
