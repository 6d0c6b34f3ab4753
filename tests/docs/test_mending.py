"""What the guide to mending says to do in the database mends what it is said to mend."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from prorata.usecases.mend_parked import mend
from prorata.usecases.permissions import staff_actor
from support import databases
from support.billing import Billing, billing_on
from support.shop import opened_shop
from support.spoiling import NO_CALENDAR, NO_LEDGER, OTHER_CURRENCY, OTHER_VERSION, TOO_DEAR, two_subscriptions
from support.tree import ROOT

DAMAGES = "some subscriptions stay as contradictory as the tests made them"
GUIDE = (ROOT / "docs" / "howto" / "mend-what-is-parked.md").read_text(encoding="utf-8")
# 200 years: the first period ends after the calendar does.
TOO_LONG = NO_CALENDAR.replace("900000", "2400")


@pytest.fixture
def billing(database: databases.Database) -> Iterator[Billing]:
    with opened_shop(database) as shop:
        yield billing_on(shop, "2026-01-15")


def statements(heading: str, *, account: int) -> list[str]:
    """The SQL below a heading, about this account's subscription `bad`."""
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    block = section.partition("```sql\n")[2].partition("```")[0]
    told = block.replace("account_id = 12", f"account_id = {account}").replace("'team'", "'bad'")
    return [one for one in told.split(";") if one.strip()]


@pytest.mark.parametrize(
    ("code", "damage"),
    [
        ("other_currency", OTHER_CURRENCY),
        ("ledger_incomplete", NO_LEDGER),
        ("outside_the_calendar", TOO_LONG),
        ("amount_too_large", TOO_DEAR),
        ("unreadable", OTHER_VERSION),
    ],
)
def test_what_the_guide_says_mends_it(billing: Billing, code: str, damage: str) -> None:
    account = two_subscriptions(billing)
    billing.sql(damage, a=account)
    (found,) = billing.run("2026-02-15").parked
    assert found.why.code == code
    (correction,) = statements(f"`{code}`", account=account)
    billing.sql(correction)
    (document,) = mend(
        billing.shop.services, staff_actor("Eva", "finance"), account=account, subscription="bad"
    ).documents
    # 4 × 12.50
    assert str(document.total) == "50.00"


def test_what_the_guide_looks_at_is_there(billing: Billing) -> None:
    account = two_subscriptions(billing)
    with billing.shop.services.database.owner(read_only=True) as conn:
        looked = [conn.execute(text(one)).all() for one in statements("Look", account=account)]
    assert [len(rows) for rows in looked] == [1, 1, 0]
