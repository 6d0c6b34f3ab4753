"""Plans put into the catalogue, for accounts that have bought them already."""

from dataclasses import replace
from decimal import Decimal

from prorata.core.calendar import FIRST_DAY, every
from prorata.core.catalog.plans import NewPrice, Plan
from prorata.core.catalog.presets import CLASSIC
from prorata.core.catalog.terms import Agreement
from prorata.core.money import UnitPrice
from prorata.store import catalogue
from prorata.store.engine import Connection
from store.ground import Ground


def put_on_sale(ground: Ground, conn: Connection, *, new: NewPrice) -> int:
    """A plan as it was sold before its first new price."""
    plan = Plan(new.plan, every("month"), replace(new.price, amount=UnitPrice(Decimal(1), new.price.amount.currency)))
    return catalogue.create_plan(
        conn,
        seller_id=ground.seller,
        product_id=catalogue.create_product(conn, seller_id=ground.seller, code=new.plan, names={}, descriptions={}),
        agreement_id=catalogue.create_agreement(
            conn, seller_id=ground.seller, name=new.plan, agreement=Agreement(CLASSIC)
        ),
        plans=(plan,),
        valid_from=FIRST_DAY,
    )
