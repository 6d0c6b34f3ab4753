"""What is sold: kept as it was written, offered at the price of the day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from prorata.core.calendar import every
from prorata.core.catalog.check_plans import StepsDoNotRise, WindowWithoutDays
from prorata.core.catalog.plans import Plan, Price, Step, Tiers
from prorata.core.catalog.read_terms import agreement
from prorata.core.money import Currency, UnitPrice, currency
from prorata.core.subscriptions.model import Subscription
from prorata.store import accounts, catalogue, sellers, subscriptions
from prorata.store.accounts import AccountRow
from prorata.store.catalogue import UnknownPlan
from prorata.store.engine import Database
from store.ground import EUR, Ground, new_seller, purchase

USD = currency("USD")
TERMS = agreement({"preset": "classic", "by_country": {"NL": {"payment_terms": 14}}})
NAMES = {"en": "Team", "nl": "Team", "it": "Squadra"}


def _plan(amount: str, of: Currency) -> Plan:
    return Plan("team-monthly", every("month"), Price(1, UnitPrice(Decimal(amount), of)))


def _price(amount: str) -> UnitPrice:
    return UnitPrice(Decimal(amount), EUR)


@pytest.fixture
def shop(db: Database) -> tuple[Ground, int]:
    """A seller with one plan, monthly, at 12.50 EUR and 13.90 USD from 1 January, 14.00 EUR from 1 March."""
    ground = Ground(db, new_seller(db))
    with db.owner() as conn:
        product = catalogue.create_product(
            conn, seller_id=ground.seller, code="team", names=NAMES, descriptions={"en": "Mail and files."}
        )
        terms = catalogue.create_agreement(conn, seller_id=ground.seller, name="classic", agreement=TERMS)
        plan = catalogue.create_plan(
            conn,
            seller_id=ground.seller,
            product_id=product,
            agreement_id=terms,
            plans=[_plan("12.50", EUR), _plan("13.90", USD)],
            valid_from=date(2026, 1, 1),
        )
        catalogue.add_price(conn, plan, price=UnitPrice(Decimal("14.00"), EUR), valid_from=date(2026, 3, 1))
        assert catalogue.find_agreement(conn, terms) == TERMS
    return ground, plan


def _account(ground: Ground) -> AccountRow:
    account = ground.open_account()
    with ground.db.account(account) as conn:
        return accounts.find(conn, account)


@pytest.mark.parametrize(
    ("on", "version", "price"),
    [
        (date(2026, 1, 1), 1, "12.50"),
        (date(2026, 2, 28), 1, "12.50"),
        (date(2026, 3, 1), 2, "14.00"),
        (None, 2, "14.00"),
    ],
)
def test_a_plan_is_offered_at_the_price_of_the_day(shop: tuple[Ground, int], on: date | None, version: int, price: str):
    ground, plan = shop
    account = _account(ground)
    with ground.db.account(account.account_id) as conn:
        offer = catalogue.offer(conn, account, plan_id=plan, on=on)
    assert (offer.plan.name, offer.plan.every, offer.product) == ("team-monthly", every("month"), "team")
    assert (offer.plan.price.version, str(offer.plan.price.amount)) == (version, price)
    assert (offer.names["it"], offer.descriptions["en"]) == ("Squadra", "Mail and files.")
    assert offer.agreement == TERMS
    assert offer.agreement.for_customer(country="NL", kind="business").payment_terms == 14


def test_nothing_is_offered_before_its_first_price(shop: tuple[Ground, int]):
    ground, plan = shop
    account = _account(ground)
    with ground.db.account(account.account_id) as conn:
        assert catalogue.offers(conn, account, on=date(2025, 12, 31)) == ()
        with pytest.raises(UnknownPlan):
            catalogue.offer(conn, account, plan_id=plan, on=date(2025, 12, 31))


def test_a_plan_of_another_seller_is_not_offered(shop: tuple[Ground, int]):
    ground, plan = shop
    stranger = _account(Ground(ground.db, new_seller(ground.db)))
    with ground.db.account(stranger.account_id) as conn, pytest.raises(UnknownPlan):
        catalogue.offer(conn, stranger, plan_id=plan)


def test_a_subscription_knows_its_product(shop: tuple[Ground, int]):
    ground, plan = shop
    account = _account(ground)
    with ground.db.account(account.account_id) as conn:
        offer = catalogue.offer(conn, account, plan_id=plan)
    ground.act(account.account_id, purchase("bought", plan=offer.plan), on="2026-03-01")
    ground.act(account.account_id, purchase("elsewhere", licences=2), on="2026-03-01")
    with ground.db.account(account.account_id) as conn:
        assert subscriptions.product_names(conn, account.account_id) == {1: NAMES, 2: NAMES}
        found: Subscription = subscriptions.by_name(conn, account.account_id, name="bought")
    assert found.plan == offer.plan


def test_names_of_subscriptions_are_counted_on(shop: tuple[Ground, int]):
    ground, _ = shop
    account = ground.open_account()
    for expected in ("team-monthly", "team-monthly-2", "team-monthly-3"):
        with ground.db.account(account) as conn:
            name = catalogue.free_name(conn, account, plan="team-monthly")
        assert name == expected
        ground.act(account, purchase(name), on="2026-03-01")


def test_a_plan_that_contradicts_itself_is_not_saved(shop: tuple[Ground, int]):
    ground, _ = shop
    falling = Tiers("volume", (Step(10, _price("10.00")), Step(5, _price("8.00")), Step(None, _price("5.00"))))
    plan = replace(_plan("0.00", EUR), price=Price(1, _price("0.00"), tiers=falling))
    with ground.db.owner() as conn:
        terms = catalogue.create_agreement(conn, seller_id=ground.seller, name="of its own", agreement=TERMS)
        product = catalogue.create_product(conn, seller_id=ground.seller, code="odd", names=NAMES, descriptions={})
        save = partial(
            catalogue.create_plan, conn, seller_id=ground.seller, product_id=product, agreement_id=terms,
            valid_from=date(2026, 1, 1),
        )  # fmt: skip
        with pytest.raises(StepsDoNotRise) as found:
            save(plans=[plan])
    assert found.value.parameters["key"] == "tiers.steps.2.up_to"


def test_terms_with_a_window_that_is_never_open_are_not_saved(shop: tuple[Ground, int]):
    ground, _ = shop
    never = agreement({"preset": "commit", "window_days": 0})
    with pytest.raises(WindowWithoutDays), ground.db.owner() as conn:
        catalogue.create_agreement(conn, seller_id=ground.seller, name="never", agreement=never)


def test_a_seller_is_kept_as_written(db: Database):
    with db.owner() as conn:
        made = sellers.create(
            conn,
            name="Kadans",
            address="Leiden",
            country="NL",
            zone=ZoneInfo("Europe/Amsterdam"),
            tax_ids=["NL1", "NL2"],
            test=True,
        )
    with db.app() as conn:
        found = sellers.find(conn, made)
        assert found in sellers.listed(conn)
    assert (found.name, found.zone, found.tax_ids, found.test) == (
        "Kadans",
        ZoneInfo("Europe/Amsterdam"),
        ("NL1", "NL2"),
        True,
    )
