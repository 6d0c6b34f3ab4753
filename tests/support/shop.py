"""A seller with one plan, and accounts that buy it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement, Terms
from prorata.core.money import currency, unit_price
from prorata.store import accounts, catalogue, members, profiles, sellers
from prorata.store.engine import Database
from prorata.usecases.act import Request, Services
from prorata.usecases.permissions import Role, member_actor
from support import databases

ZONE = ZoneInfo("Europe/Amsterdam")
EUR = currency("EUR")


class StandingClock:
    """A real clock that stands still: noon of 15 January 2026, in UTC."""

    def now(self) -> datetime:
        return datetime(2026, 1, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shop:
    """Somebody who sells `plan` (12.50 a month) on classic terms."""

    services: Services
    seller: int
    plan: int

    def account(self, *, clock: date | None = date(2026, 1, 15), members_too: int = 3) -> int:
        """An account with members; its own clock stands at noon of a day, or it lives in real time."""
        with self.services.database.app() as conn:
            account = accounts.create(
                conn,
                seller_id=self.seller,
                name="De Korenbloem",
                country="NL",
                currency=EUR,
                zone=ZONE,
                test=clock is not None,
                clock_at=datetime(clock.year, clock.month, clock.day, 12, tzinfo=ZONE) if clock else None,
            )
            profiles.create(conn, account, name="De Korenbloem", address="Twijnstraat 8")
            for place in range(1, members_too + 1):
                members.create(
                    conn, account, name=f"M {place}", email=f"m{place}@x.example", role="member", language="nl"
                )
        return account


def admin(account: int, *, role: Role = "owner", at: datetime | None = None, seen: str | None = None) -> Request:
    """Somebody of the account who asks for something."""
    return Request(account, member_actor("Daan", role, member=1, proved=True), at, seen)


def another_plan(shop: Shop, plan: Plan, *, terms: Terms = CLASSIC) -> int:
    """One more plan that the shop sells, on terms of its own."""
    with shop.services.database.owner() as conn:
        agreement = catalogue.create_agreement(conn, seller_id=shop.seller, name=plan.name, agreement=Agreement(terms))
        product = catalogue.create_product(
            conn, seller_id=shop.seller, code=plan.name, names={"en": "Another"}, descriptions={}
        )
        return catalogue.create_plan(
            conn,
            seller_id=shop.seller,
            product_id=product,
            agreement_id=agreement,
            plans=(plan,),
            valid_from=date(2025, 1, 1),
        )


@contextmanager
def opened_shop(database: databases.Database) -> Generator[Shop]:
    """The shop on a migrated database."""
    opened = Database(database.owner_url, app_url=database.app_url)
    services = Services(opened, StandingClock())
    with opened.owner() as conn:
        seller = sellers.create(conn, name="Kadans", address="Oude Vest 41", country="NL", zone=ZONE, test=True)
        terms = catalogue.create_agreement(conn, seller_id=seller, name="classic", agreement=Agreement(CLASSIC))
        product = catalogue.create_product(conn, seller_id=seller, code="team", names={"en": "Team"}, descriptions={})
        plan = catalogue.create_plan(
            conn,
            seller_id=seller,
            product_id=product,
            agreement_id=terms,
            plans=(Plan("team-monthly", every("month"), Price(1, unit_price("12.50", EUR))),),
            valid_from=date(2025, 1, 1),
        )
    yield Shop(services, seller, plan)
    opened.dispose()
