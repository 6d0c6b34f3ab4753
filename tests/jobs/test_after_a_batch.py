"""Each batch of a run leaves a job behind that reads back what the batch has written."""

import logging
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from jobs.workplace import Workplace, eventually
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.check_batch import BatchUnsound, UnknownBatch, check_batch
from prorata.usecases.run_billing import run_billing
from support.shop import Shop, admin

A_MONTH_AGO = datetime(2025, 12, 15, 12, tzinfo=UTC)


def owner_does(shop: Shop, statement: str, **asked: int) -> int:
    with shop.services.database.owner() as conn:
        return conn.execute(text(statement), asked).rowcount


def checks(workplace: Workplace) -> list[tuple[int, int, int]]:
    """The jobs that check batches: their ids, runs and batches."""
    query = """
        SELECT id, args ->> 'run' AS run, args ->> 'batch' AS batch
        FROM procrastinate.procrastinate_jobs WHERE task_name = 'check_batch' AND status = 'todo' ORDER BY id
    """
    with workplace.shop.services.database.owner() as conn:
        return [(row.id, int(row.run), int(row.batch)) for row in conn.execute(text(query))]


@pytest.fixture(scope="module")
def billed(workplace: Workplace) -> tuple[Workplace, list[int]]:
    """Three accounts that bought ten licences a month ago, billed today in batches of two."""
    shop = workplace.shop
    accounts = [shop.account(clock=None) for _ in range(3)]
    for account in accounts:
        act(shop.services, admin(account, at=A_MONTH_AGO), BuySubscription(shop.plan, 10, "a"))
    run_billing(shop.services, seller=shop.seller, batch_size=2)
    return workplace, accounts


def test_a_batch_that_is_sound_is_checked_once(billed: tuple[Workplace, list[int]]):
    workplace, _ = billed
    found = checks(workplace)
    assert [batch for _, _, batch in found] == [1, 2]
    # Of the first batch two accounts have a bill of today, of the second one. The first bills are older.
    services = workplace.shop.services
    assert [check_batch(services, run=run, batch=batch) for _, run, batch in found] == [2, 1]
    with workplace.worker():
        eventually(lambda: all(workplace.job(job) == ("succeeded", 1) for job, _, _ in found))


@pytest.mark.parametrize(
    ("change", "back", "code"),
    [
        (
            "UPDATE documents SET net = net + 1, total = total + 1 WHERE account_id = :a AND id = 2",
            "UPDATE documents SET net = net - 1, total = total - 1 WHERE account_id = :a AND id = 2",
            "content_changed",
        ),
        (
            "UPDATE document_lines SET licences = 11 WHERE account_id = :a AND document_id = 2",
            "UPDATE document_lines SET licences = 10 WHERE account_id = :a AND document_id = 2",
            "proof_of_another_line",
        ),
        (
            "UPDATE transfers SET amount = amount + 1 WHERE account_id = :a AND document_id = 2 AND line = 1",
            "UPDATE transfers SET amount = amount - 1 WHERE account_id = :a AND document_id = 2 AND line = 1",
            "ledger_differs",
        ),
    ],
)
def test_what_was_changed_afterwards_is_found_said_and_stays_seen(
    billed: tuple[Workplace, list[int]], caplog: pytest.LogCaptureFixture, *, change: str, back: str, code: str
):
    workplace, accounts = billed
    shop = workplace.shop
    run = workplace.run_of(accounts[0])
    assert owner_does(shop, change, a=accounts[0]) == 1
    try:
        with pytest.raises(BatchUnsound):
            check_batch(shop.services, run=run, batch=1)
        assert any(
            record.levelno == logging.ERROR and f"account {accounts[0]}" in record.message and code in record.message
            for record in caplog.records
        )
        # As a job it fails at once: it would find the same again.
        with workplace.worker():
            job = workplace.defer("check_batch", run=run, batch=1)
            eventually(lambda: workplace.job(job) == ("failed", 1))
    finally:
        assert owner_does(shop, back, a=accounts[0]) == 1
    assert check_batch(shop.services, run=run, batch=1) == 2


def test_a_document_of_another_day_is_left_to_the_night(billed: tuple[Workplace, list[int]]):
    workplace, accounts = billed
    shop = workplace.shop
    older = "UPDATE documents SET due_on = due_on + :by WHERE account_id = :a AND id = 1"
    assert owner_does(shop, older, a=accounts[0], by=1) == 1
    try:
        assert check_batch(shop.services, run=workplace.run_of(accounts[0]), batch=1) == 2
    finally:
        owner_does(shop, older, a=accounts[0], by=-1)


def test_a_batch_that_is_none_is_not_asked_for_again(workplace: Workplace):
    with pytest.raises(UnknownBatch):
        check_batch(workplace.shop.services, run=999, batch=1)
    with workplace.worker():
        job = workplace.defer("check_batch", run=999, batch=1)
        eventually(lambda: workplace.job(job) == ("failed", 1))
