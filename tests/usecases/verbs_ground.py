"""What tests of verbs stand on: plans beside the shop's, an account that bought one, and the vendor's people."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from prorata.core.calendar import every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement, Terms
from prorata.core.money import Money, money, unit_price
from prorata.core.subscriptions.model import Subscription
from prorata.store import audit, catalogue, subscriptions
from prorata.store.audit import AuditEntry
from prorata.usecases.act import Request, act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.permissions import staff_actor
from prorata.usecases.run_account import advance_clock
from support.shop import EUR, Shop, admin

AT_ONCE = replace(CLASSIC, invoice_changes="now")
VENDOR = staff_actor("Eva", "owner", proved=True)


@dataclass(frozen=True, slots=True)
class Plans:
    """The ids of plans that the shop sells beside its own."""

    premium: int
    yearly: int
    trial: int


def plan(name: str, price: str, *, each: str = "month", trial: str | None = None) -> Plan:
    return Plan(name, every(each), Price(1, unit_price(price, EUR)), trial=every(trial) if trial else None)


def sold(shop: Shop, what: Plan, *, terms: Terms = CLASSIC) -> int:
    """Put a plan on sale; returns its id."""
    with shop.services.database.owner() as conn:
        agreement = catalogue.create_agreement(
            conn, seller_id=shop.seller, name=f"terms of {what.name}", agreement=Agreement(terms)
        )
        product = catalogue.create_product(
            conn, seller_id=shop.seller, code=what.name, names={"en": what.name}, descriptions={}
        )
        return catalogue.create_plan(
            conn,
            seller_id=shop.seller,
            product_id=product,
            agreement_id=agreement,
            plans=(what,),
            valid_from=date(2025, 1, 1),
        )


def plans_of(shop: Shop) -> Plans:
    """Premium: 20.00 a month; yearly: 120.00 a year; trial: 20.00 a month after 30 days free."""
    return Plans(
        premium=sold(shop, plan("premium", "20.00"), terms=AT_ONCE),
        yearly=sold(shop, plan("yearly", "120.00", each="year"), terms=AT_ONCE),
        trial=sold(shop, plan("tried", "20.00", trial="30 days")),
    )


def bought(shop: Shop, *, plan_id: int | None = None, licences: int = 10, to: date | None = None) -> int:
    """An account that bought licences as `a` on 15 January 2026 and lived on to a day."""
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(plan_id or shop.plan, licences, "a"))
    if to:
        advance_clock(shop.services, admin(account), to=to)
    return account


def vendor(account: int, *, seen: str | None = None, at: datetime | None = None) -> Request:
    """Somebody of the vendor who enters something."""
    return Request(account, VENDOR, at, seen)


def subscription(shop: Shop, account: int) -> Subscription:
    with shop.services.database.account(account) as conn:
        return subscriptions.by_name(conn, account, name="a")


def audited(shop: Shop, account: int) -> tuple[AuditEntry, ...]:
    """Newest first."""
    with shop.services.database.account(account) as conn:
        return audit.page(conn, account)


def eur(text: str) -> Money:
    return money(text, EUR)
