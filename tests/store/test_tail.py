"""Which part of an account is loaded: what can still matter, and what an event names."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import text

from prorata.core.calendar import every
from prorata.core.catalog.plans import NewPrice, Price
from prorata.core.errors import DomainError
from prorata.core.events import Cancel, ChangeLicences, GiveDiscount, Late
from prorata.core.money import UnitPrice
from prorata.store import catalogue, history, told
from prorata.store.engine import Database
from store.ground import EUR, Ground, euros, new_seller, purchase
from store.selling import put_on_sale


def test_only_the_open_tail_is_loaded(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2025-01-15")
    for month in range(2, 13):
        ground.run(account, on=f"2025-{month:02}-15")
    with ground.db.account(account, read_only=True) as conn:
        tail = history.load(conn, account, on=date(2025, 12, 20))
    # The period that runs, and the one before it, whose seats say up to where was billed.
    assert [charge.ref.document for charge in tail.charges] == [11, 12]
    assert [standing.document for standing in tail.standings] == [11, 12]
    assert len(tail.subscriptions) == 1
    assert tail.next.document == 13


def test_what_is_entered_late_is_added_and_stands_in_its_place(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2026-01-15")
    ground.act(account, ChangeLicences("team", 12), on="2026-02-20")
    ground.act(account, Late(ChangeLicences("team", 11), date(2026, 2, 18)), on="2026-02-25")
    with ground.db.account(account, read_only=True) as conn:
        query = "SELECT effective FROM licence_changes WHERE account_id = :account ORDER BY place"
        entered = conn.scalars(text(query), {"account": account}).all()
        tail = history.load(conn, account, on=date(2026, 2, 26))
    assert entered == [date(2026, 1, 15), date(2026, 2, 20), date(2026, 2, 18)]
    (team,) = tail.subscriptions
    # From 18 February 11, from the 20th on 12 as before.
    assert [(change.effective.day, change.licences) for change in team.changes] == [(15, 10), (18, 11), (20, 12)]
    assert team.licences == 12


def test_a_document_that_is_named_is_loaded_however_old_it_is(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2025-01-15")
    for month in range(2, 13):
        ground.run(account, on=f"2025-{month:02}-15")
    with ground.db.account(account, read_only=True) as conn:
        tail = history.load(conn, account, on=date(2025, 12, 20), documents=[2])
    assert [charge.ref.document for charge in tail.charges] == [2, 11, 12]
    assert [payment.document for payment in tail.payments] == [2, 11, 12]


def test_discounts_that_are_over_are_not_loaded(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2025-01-15")
    ground.act(account, GiveDiscount("team", percent=Fraction("12.5"), long=every("month")), on="2025-01-20")
    ground.act(account, GiveDiscount(None, amount=euros(500)), on="2025-01-21")
    for month in range(2, 5):
        ground.run(account, on=f"2025-{month:02}-15")
    with ground.db.account(account, read_only=True) as conn:
        tail = history.load(conn, account, on=date(2025, 4, 16))
    # The first was given until 20 February.
    assert [(one.id, one.amount, one.until) for one in tail.discounts] == [(2, euros(500), None)]
    assert tail.next.discount == 3
    # Each month 125.00 less 5.00; in February 12.5 % as well: 15.625, half-up 15.63.
    with ground.db.account(account, read_only=True) as conn:
        issued = told.told(conn, account, on=date(2025, 4, 16)).documents
    assert [one.document.total.minor for one in issued] == [12500, 10437, 12000, 12000]


def test_newer_prices_of_what_is_sold_come_from_the_catalogue(db: Database):
    ground = Ground(db, new_seller(db))
    account = ground.open_account()
    ground.act(account, purchase(), on="2026-01-15")
    dearer = UnitPrice(Decimal("14.00"), EUR)
    new = NewPrice("team-monthly", Price(2, dearer), date(2026, 3, 1))
    with db.owner() as conn:
        plan = put_on_sale(ground, conn, new=new)
        assert catalogue.add_price(conn, plan, price=dearer, valid_from=date(2026, 3, 1)) == new.price
    with db.account(account, read_only=True) as conn:
        assert history.load(conn, account, on=date(2026, 2, 1)).prices == (new,)
    # The notice of 30 days is over on 31 March: from the renewal after it on 10 × 14.00.
    totals = [ground.run(account, on=f"2026-{month:02}-15")[0].document.total for month in (2, 3, 4)]
    assert totals == [euros(12500), euros(12500), euros(14000)]
    with db.account(account, read_only=True) as conn:
        tail = history.load(conn, account, on=date(2026, 4, 16))
    assert [entry.why for entry in tail.subscriptions[0].plans] == ["purchase", "price"]
    assert tail.prices == ()


def test_a_deleted_subscription_keeps_its_name_and_nothing_else(ground: Ground):
    account = ground.open_account()
    ground.act(account, purchase(), on="2026-01-15")
    ground.act(account, Cancel("team", when="now"), on="2026-01-20")
    ground.run(account, on="2026-04-20")
    with ground.db.account(account, read_only=True) as conn:
        tail = history.load(conn, account, on=date(2026, 4, 21))
    assert [(s.name, s.state, s.licences) for s in tail.subscriptions] == [("team", "deleted", 10)]
    assert tail.charges == ()
    with pytest.raises(DomainError, match="name_taken"):
        ground.act(account, purchase(), on="2026-04-21")
