"""A database of the version before goes forward: what it issued still verifies, and what it sold is still billed."""

import json
from collections.abc import Generator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from prorata.core.calendar import Grid, Period, every
from prorata.core.catalog.plans import Plan, Price
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.read_terms import agreement, with_terms
from prorata.core.licences.ledger import Forfeit
from prorata.core.money import UnitPrice
from prorata.core.subscriptions.ledgers import PlanChange
from prorata.core.subscriptions.model import Turn
from prorata.store import accounts, catalogue, codec, documents, schema, subscriptions
from prorata.store.embedded import APP, OWNER, EmbeddedServer
from prorata.store.engine import Database
from prorata.store.verify import verify_account
from store.ground import EUR, Ground, euros, noon
from store.tampering import codes, tampered

ROWS = Path(__file__).parent / "kept" / "before_0007.json"
"""Every row of a database as 0006 left it, written by the program of that day: one account that pays 21 % on top.

On 15 January `first` is bought (10, then 12 from the 20th, cancelled on 3 March, deleted on 1 June) and `kept` (4, then
3 from the 20th and 2 from 4 June, which give nothing back); on 1 June `second` (2, 1 from July), on 3 June `third`,
which is cancelled the day after for account credit. Each at 12.50 a month; from 1 September new sales cost 14.00.
"""

ACCOUNT = 1


@pytest.fixture(scope="module")
def ground(server: EmbeddedServer) -> Generator[Ground]:
    """The database of the version before, brought up to date."""
    server.ensure_database("before")
    url = server.url("before", user=OWNER)
    schema.migrate(url, to="0006")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        kept = ROWS.read_text()
        for table in json.loads(kept):
            rows = f"json_populate_recordset(NULL::{table}, CAST(:kept AS json) -> '{table}')".replace("::", "\\:\\:")
            statement = f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {rows}"
            conn.execute(text(statement), {"kept": kept})
    schema.migrate(url)
    database = Database(url, server.url("before", user=APP))
    yield Ground(database, seller=1)
    database.dispose()
    server.drop_database("before")


def test_what_was_issued_verifies_and_what_was_sold_is_billed(ground: Ground):
    with ground.db.owner(read_only=True) as conn:
        assert verify_account(conn, ACCOUNT, at=noon("2026-06-05")) == ()
        assert [kept.form for kept in documents.all_of(conn, ACCOUNT)] == [1] * 10
    # 2 × 12.50 = 25.00, and 5.25 of tax: the third licence was given up on 4 June, and stayed charged until now.
    (issued,) = ground.run(ACCOUNT, on="2026-06-15")
    assert issued.document.total == euros(3025)
    # The licence that was to go goes: 12.50, and 2.63 of tax.
    (issued,) = ground.run(ACCOUNT, on="2026-07-01")
    assert issued.document.total == euros(1513)
    with ground.db.owner(read_only=True) as conn:
        assert verify_account(conn, ACCOUNT, at=noon("2026-07-02")) == ()
        assert [kept.form for kept in documents.all_of(conn, ACCOUNT)] == [1] * 10 + [2] * 2


def test_what_was_issued_before_can_be_tampered_with_no_more_than_what_is_issued_now(ground: Ground):
    change = "UPDATE document_lines SET cause_by = 'vendor' WHERE document_id = 1"
    with tampered(ground, change, only=f"account_id = {ACCOUNT}") as conn:
        assert "content_changed" in codes(verify_account(conn, ACCOUNT))


def test_documents_of_before_are_hashed_in_their_own_form(ground: Ground):
    with ground.db.owner(read_only=True) as conn:
        for kept in documents.all_of(conn, ACCOUNT)[:10]:
            said = {
                "seller": codec.SELLER.text(kept.face.seller),
                "customer": codec.CUSTOMER.text(kept.face.customer),
                "language": json.dumps(kept.face.language),
                "number": json.dumps(kept.issued.number),
                "document": codec.document_text(kept.issued.document, form=kept.form),
            }
            assert codec.hash_of_texts(said) == kept.content_hash


def test_subscriptions_keep_what_they_are_and_have_been(ground: Ground):
    with ground.db.owner(read_only=True) as conn:
        first, kept, _, third = subscriptions.all_of(conn, ACCOUNT)
    monthly = Plan("team-monthly", every("month"), Price(1, UnitPrice(Decimal("12.50"), EUR)))
    begun = Grid(date(2026, 1, 15), every("month"), 15)
    at = noon("2026-01-15")
    assert first.plans == (PlanChange(at, date(2026, 1, 15), monthly, begun, date(2026, 1, 15), "admin", "purchase"),)
    assert (first.plan, first.grid) == (monthly, begun)
    # 90 days after the end its data were deleted.
    assert [(turn.on, turn.state) for turn in first.turns] == [
        (date(2026, 1, 15), "active"),
        (date(2026, 3, 3), "disabled"),
        (date(2026, 6, 1), "deleted"),
    ]
    assert [turn.state for turn in third.turns] == ["active", "disabled"]
    assert third.ending is not None
    assert third.ending.why == "cancelled"
    assert kept.turns == (Turn(date(2026, 1, 15), "active", at),)
    assert kept.terms == with_terms(CLASSIC, {"refund": {"end": "none", "change": "none"}})
    assert Forfeit(Period(date(2026, 1, 20), date(2026, 2, 15)), 1) in kept.forfeits


def test_what_is_sold_stays_on_sale(ground: Ground):
    with ground.db.account(ACCOUNT) as conn:
        account = accounts.find(conn, ACCOUNT)
        now, later = (catalogue.offers(conn, account, on=day) for day in (date(2026, 8, 31), date(2026, 9, 1)))
    assert [offer.plan for offer in now] == [
        Plan("team-monthly", every("month"), Price(1, UnitPrice(Decimal("12.50"), EUR))),
        Plan("team-30", every("30 days"), Price(1, UnitPrice(Decimal("9.995"), EUR))),
    ]
    assert later[0].plan.price == Price(2, UnitPrice(Decimal("14.00"), EUR))
    assert now[0].agreement == agreement({"preset": "classic", "by_country": {"NL": {"payment_terms": 14}}})
