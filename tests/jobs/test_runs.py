"""The daily run as a job: it stops between two batches when its worker does, and the next one goes on."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import text

from jobs.workplace import Workplace, eventually
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.metrics import read_metrics
from support.shop import admin

A_MONTH_AGO = datetime(2025, 12, 15, 12, tzinfo=UTC)
ACCOUNTS = 40


def count(workplace: Workplace, query: str) -> int:
    with workplace.shop.services.database.owner() as conn:
        return conn.scalar(text(query)) or 0


def test_a_run_that_is_stopped_half_way_is_gone_on_with_and_bills_each_account_once(workplace: Workplace):
    shop = workplace.shop
    for _ in range(ACCOUNTS):
        account = shop.account(clock=None, members_too=0)
        act(shop.services, admin(account, at=A_MONTH_AGO), BuySubscription(shop.plan, 10, "a"))
    one_by_one = Workplace(replace(shop, services=replace(shop.services, batch_size=1)), workplace.owner_url)

    with one_by_one.worker() as worker:
        stopped = one_by_one.defer("daily_run", timestamp=1)
        eventually(lambda: count(workplace, "SELECT count(done_at) FROM run_batches") >= 1)
        assert worker.stop()
    assert one_by_one.job(stopped)[0] == "aborted"
    assert 1 <= count(workplace, "SELECT count(done_at) FROM run_batches") < ACCOUNTS
    assert count(workplace, "SELECT count(*) FROM runs WHERE state = 'open'") == 1

    with one_by_one.worker():
        resumed, again = (one_by_one.defer("daily_run", timestamp=timestamp) for timestamp in (2, 3))
        eventually(lambda: one_by_one.job(resumed)[0] == one_by_one.job(again)[0] == "succeeded")
        eventually(lambda: one_by_one.jobs("check_batch") == {"succeeded": ACCOUNTS})
    assert count(workplace, "SELECT count(*) FROM runs WHERE state = 'finished'") == 1
    # One bill when it was bought, one today.
    assert count(workplace, "SELECT count(*) FROM documents") == ACCOUNTS * 2
    assert count(workplace, "SELECT max(id) FROM documents") == 2

    metrics = read_metrics(shop.services)
    assert metrics.runs == {(shop.seller, "finished"): 1}
    (latest,) = metrics.latest
    assert (latest.batches, latest.waiting, latest.billed) == (ACCOUNTS, 0, ACCOUNTS)
    (finished,) = metrics.finished
    assert (finished.seller, finished.as_of, finished.finished_at) == (
        shop.seller,
        date(2026, 1, 15),
        datetime(2026, 1, 15, 12, tzinfo=UTC),
    )
    assert metrics.issued == {(shop.seller, ""): ACCOUNTS * 2}
    assert metrics.jobs["daily_run", "aborted"] == 1
    assert metrics.parked == {}
