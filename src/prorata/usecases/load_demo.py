"""Loading the demo: the vendor, its catalogue, and accounts that have lived through their data day by day.

At the end there was a run of the vendor's, which had something to bill and something to park.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from prorata.core.billing.contradictions import LedgerIncomplete
from prorata.core.calendar import every
from prorata.core.catalog.check_plans import PlanDraft, StepDraft, TiersDraft, checked
from prorata.core.catalog.plans import Plan
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement
from prorata.core.decision import Decision
from prorata.core.money import currency, unit_price
from prorata.core.planning import parked_for
from prorata.core.subscriptions.ledgers import entered
from prorata.store import accounts, catalogue, history, members, parked, profiles, sellers
from prorata.store.engine import Connection
from prorata.usecases.act import Request, Services, act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.command import Command
from prorata.usecases.demo_data import (
    ACCOUNTS,
    FIRST_NAMES,
    LAST_NAMES,
    PRODUCTS,
    SELLER_ADDRESS,
    SELLER_NAME,
    SELLER_ZONE,
    DemoAccount,
    DemoDeed,
    DemoPlan,
    DemoPurchase,
)
from prorata.usecases.pause_subscription import PauseSubscription
from prorata.usecases.pay_document import PayDocument
from prorata.usecases.permissions import member_actor
from prorata.usecases.run_account import advance_clock, noon
from prorata.usecases.run_billing import run_billing
from prorata.usecases.set_renewal import SetRenewal

_EUR = currency("EUR")
_OTHER = currency("GBP")
_ON_SALE_FROM = date(2025, 1, 1)
_RATES: dict[str, Fraction | None] = {"NL": Fraction(21)}


def load_demo(services: Services) -> bool:
    """Fill an empty database with the demo; leaves one that has a seller as it is, and says so with False."""
    with services.database.owner() as conn:
        if sellers.listed(conn):
            return False
        seller, plans = _sell(conn)
    for account in ACCOUNTS:
        _live(services, account, account_id=_open(services, account, seller=seller), plans=plans)
    run_billing(services, seller=seller)
    return True


def _sell(conn: Connection) -> tuple[int, dict[str, int]]:
    """The seller with its catalogue; the ids of the plans by their codes."""
    address = "\n".join(SELLER_ADDRESS)
    seller = sellers.create(
        conn, name=SELLER_NAME, address=address, country="NL", zone=ZoneInfo(SELLER_ZONE), test=True
    )
    classic = catalogue.create_agreement(conn, seller_id=seller, name="classic", agreement=Agreement(CLASSIC))
    plans: dict[str, int] = {}
    for product in PRODUCTS:
        names = dict.fromkeys(product.description, product.name)
        product_id = catalogue.create_product(
            conn, seller_id=seller, code=product.code, names=names, descriptions=product.description
        )
        for plan in product.plans:
            plans[plan.code] = catalogue.create_plan(
                conn,
                seller_id=seller,
                product_id=product_id,
                agreement_id=classic,
                plans=(_plan(plan),),
                valid_from=_ON_SALE_FROM,
            )
    return seller, plans


def _plan(plan: DemoPlan) -> Plan:
    steps = tuple(StepDraft(up_to, unit_price(price, _EUR)) for up_to, price in plan.steps)
    return checked(
        PlanDraft(
            name=plan.code,
            every=every(plan.every),
            currency=_EUR,
            price=unit_price(plan.price, _EUR) if plan.price else None,
            flat=unit_price(plan.flat, _EUR) if plan.flat else None,
            tiers=TiersDraft("graduated", steps) if steps else None,
            trial=every(plan.trial) if plan.trial else None,
        )
    )


def _open(services: Services, account: DemoAccount, *, seller: int) -> int:
    """An account with its people, on the day of its first purchase."""
    zone = ZoneInfo(SELLER_ZONE)
    with services.database.app() as conn:
        account_id = accounts.create(
            conn,
            seller_id=seller,
            name=account.name,
            country=account.country,
            currency=_EUR,
            zone=zone,
            tax_rate=_RATES.get(account.country),
            payment_mode="none" if account.by_transfer else "automatic",
            test=True,
            clock_at=noon(min(purchase.on for purchase in account.purchases), zone),
        )
        owner = account.people[0]
        profiles.create(
            conn,
            account_id,
            name=account.name,
            address="\n".join(account.address),
            email=_address(owner.name, account_id),
            language=owner.language,
        )
        for person in account.people:
            members.create(
                conn,
                account_id,
                name=person.name,
                email=_address(person.name, account_id),
                role=person.role,
                language=person.language,
            )
        for place in range(account.colleagues):
            name = f"{FIRST_NAMES[place % len(FIRST_NAMES)]} {LAST_NAMES[place % len(LAST_NAMES)]}"
            members.create(
                conn,
                account_id,
                name=name,
                email=_address(name, account_id),
                role="member",
                language=owner.language,
            )
    return account_id


def _address(name: str, account_id: int) -> str:
    """An address in a domain that never exists (RFC 2606)."""
    plain = "".join(letter if letter.isascii() and letter.isalpha() else "-" for letter in name.lower())
    return f"{plain}@account-{account_id}.example"


@dataclass(frozen=True, slots=True)
class _Day:
    """What an account does on a day: buys something, pays a bill, or does something to a subscription."""

    on: date
    purchase: DemoPurchase | None = None
    pays: int | None = None
    does: Command | None = None


def _live(services: Services, account: DemoAccount, *, account_id: int, plans: dict[str, int]) -> None:
    """Let the account do what its data say, each on its day, up to today; or up to the run of today, if it waits."""
    owner = account.people[0]
    request = Request(account_id, member_actor(owner.name, owner.role, member=1, proved=True))
    days = [_Day(p.on, purchase=p) for p in account.purchases] + [_Day(on, pays=bill) for on, bill in account.paid]
    days += [_Day(d.on, does=_command(d)) for d in account.deeds]
    for day in sorted(days, key=lambda day: day.on):
        advance_clock(services, request, to=day.on)
        if day.purchase:
            _buy(services, request, purchase=day.purchase, plan=plans[day.purchase.plan])
        if day.pays:
            act(services, request, PayDocument(day.pays))
        if day.does:
            act(services, request, day.does)
    if not account.waits:
        advance_clock(services, request, to=account.today)
        return
    advance_clock(services, request, to=account.today - timedelta(days=1))
    at = noon(account.today, ZoneInfo(SELLER_ZONE))
    for purchase in account.purchases:
        _trouble(services, purchase, account_id=account_id, at=at)
    with services.database.account(account_id) as conn:
        accounts.set_clock(conn, account_id, at=at)


def _command(deed: DemoDeed) -> Command:
    match deed.deed:
        case "pause":
            return PauseSubscription(deed.plan)
        case "renewal off":
            return SetRenewal(deed.plan, renews=False)
        case "cancel":
            return CancelSubscription(deed.plan, "now", reason="not_used")


def _trouble(services: Services, purchase: DemoPurchase, *, account_id: int, at: datetime) -> None:
    """Let a subscription get into what the run of a day will stumble on, or has stumbled on."""
    with services.database.account(account_id) as conn:
        row = accounts.locked(conn, account_id)
        before = history.load(conn, account_id, on=at.date(), lock=True)
        was = before.subscription(purchase.plan)
        if purchase.trouble == "other price":
            price = replace(was.plan.price, amount=replace(was.plan.price.amount, currency=_OTHER))
            sold = replace(was.plans[-1], at=at, effective=at.date(), plan=replace(was.plan, price=price), why="price")
            now = replace(was, plans=entered(was.plans, sold), version=was.version + 1)
            found = tuple(now if one is was else one for one in before.subscriptions)
            history.save(conn, row, decision=Decision(before, replace(before, subscriptions=found), at))
        if purchase.trouble == "mended since":
            gap = LedgerIncomplete(subscription=was.name, day=at.date().isoformat())
            why = parked_for(was.id, gap)
            parked.write(conn, account_id, parked=[why], as_of=at.date(), at=at, run_id=None)


def _buy(services: Services, request: Request, *, purchase: DemoPurchase, plan: int) -> None:
    act(services, request, BuySubscription(plan, purchase.licences, purchase.plan))
    act(services, request, AssignLicences(purchase.plan, add=frozenset(range(1, purchase.assigned + 1))))
