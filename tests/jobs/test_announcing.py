"""The night's announcements: made by a job, once, and a failure of one account is seen and tried again."""

from datetime import date

from sqlalchemy import text

from jobs.workplace import Workplace, eventually
from prorata.store import members
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from support.shop import admin


def test_the_job_announces_to_all_and_fails_where_one_account_cannot_be_told(workplace: Workplace):
    shop = workplace.shop
    good, bad = shop.account(), shop.account()
    for account in (good, bad):
        with shop.services.database.account(account) as conn:
            members.set_role(conn, account, member=1, role="owner")
        act(shop.services, admin(account), BuySubscription(shop.plan, 10, "a"))
        act(shop.services, admin(account), CancelSubscription("a", date(2026, 1, 22)))
    count = "SELECT account_id FROM outbox WHERE kind = 'disabled' ORDER BY id"
    with shop.services.database.owner() as conn:
        kept = conn.scalar(text("SELECT sealed_email FROM members WHERE account_id = :a AND id = 1"), {"a": bad})
        conn.execute(text("UPDATE members SET sealed_email = '\\x00' WHERE account_id = :a AND id = 1"), {"a": bad})
    with workplace.worker():
        job = workplace.defer("announce", timestamp=0)
        eventually(lambda: workplace.job(job) == ("failed", 3))
    with shop.services.database.owner() as conn:
        assert list(conn.scalars(text(count))) == [good]
        restored = "UPDATE members SET sealed_email = :kept WHERE account_id = :a AND id = 1"
        conn.execute(text(restored), {"kept": kept, "a": bad})
    with workplace.worker():
        job = workplace.defer("announce", timestamp=1)
        eventually(lambda: workplace.job(job) == ("succeeded", 1))
    with shop.services.database.owner() as conn:
        assert list(conn.scalars(text(count))) == [good, bad]
