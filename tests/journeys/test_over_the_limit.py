"""An account with more assigned licences than can be cancelled online: it takes some away on the page, and cancels."""

import pytest

from prorata.store import assignments, members, subscriptions
from prorata.usecases.act import act
from prorata.usecases.assign_licences import AssignLicences
from prorata.usecases.buy_subscription import BuySubscription
from prorata.web.center.routes import center
from prorata.web.demo.door import DemoDoor
from support import databases
from support.browsing import OpenPage, accessibility_faults
from support.serving import serving
from support.shop import admin, opened_shop


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_forty_assigned_licences_are_brought_down_and_cancelled(
    scripts: bool,  # noqa: FBT001 -- a parameter of the test
    database: databases.Database,
    open_page: OpenPage,
):
    with opened_shop(database) as shop:
        account = shop.account(members_too=40)
        with shop.services.database.account(account) as conn:
            members.create(conn, account, name="Daan", email="daan@x.example", role="owner", language="en")
        act(shop.services, admin(account), BuySubscription(shop.plan, 40, "team"))
        act(shop.services, admin(account), AssignLicences("team", add=frozenset(range(1, 41))))
        with serving(center(shop.services, secret="a test's secret", door=DemoDoor(shop.services))) as address:
            page = open_page(scripts=scripts)
            page.goto(f"{address}/people")
            page.locator(f"button[name=person][value^='{account}']").click()
            page.goto(f"{address}/products/team/cancel")
            # 40 are assigned, 25 may be: 15 must go.
            assert "15" in page.locator("main").inner_text()
            assert accessibility_faults(page) == [] if scripts else True

            boxes = page.locator("main input[type=checkbox]")
            assert boxes.count() == 40
            for place in range(14):
                boxes.nth(place).check()
            page.locator("main form button").first.click()
            page.wait_for_load_state()
            with shop.services.database.account(account) as conn:
                assert len(assignments.holders(conn, account, subscription="team")) == 40  # one too few: nothing done

            boxes = page.locator("main input[type=checkbox]")
            assert boxes.nth(13).is_checked()  # what was picked is still picked
            boxes.nth(20).check()
            page.locator("main form button").first.click()
            page.wait_for_url("**/cancel?**")
            page.locator("#confirm").click()
            page.wait_for_load_state()
            # Bought and cancelled on one day: 40 × €12.50 = €500.00 comes back.
            assert "€500.00" in page.locator("main").inner_text()
        with shop.services.database.account(account) as conn:
            assert subscriptions.by_name(conn, account, name="team").state == "disabled"
            gone = set(range(1, 41)) - assignments.holders(conn, account, subscription="team")
        assert len(gone) == 15
