"""What the night's verification finds is recorded and stays seen: its job has failed."""

import logging

import pytest

from jobs.test_after_a_batch import owner_does
from jobs.workplace import Workplace, eventually
from prorata.usecases.act import act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.verify import last_verified
from support.shop import admin


def test_a_verification_with_findings_is_recorded_and_fails_at_once(
    workplace: Workplace, caplog: pytest.LogCaptureFixture
):
    shop = workplace.shop
    account = shop.account()
    act(shop.services, admin(account), BuySubscription(shop.plan, 10, "team"))
    later = "UPDATE documents SET due_on = due_on + :by WHERE account_id = :a AND id = 1"
    assert owner_does(shop, later, a=account, by=1) == 1
    try:
        with workplace.worker():
            job = workplace.defer("nightly_verify", timestamp=0)
            eventually(lambda: workplace.job(job) == ("failed", 1))
    finally:
        owner_does(shop, later, a=account, by=-1)
    last = last_verified(shop.services)
    assert last is not None
    assert [(whose, found.code) for whose, found in last.first] == [(account, "content_changed")]
    assert any(
        record.levelno == logging.ERROR
        and f"account {account}" in record.message
        and "content_changed" in record.message
        for record in caplog.records
    )
    # The next night finds nothing, and says so.
    with workplace.worker():
        job = workplace.defer("nightly_verify", timestamp=1)
        eventually(lambda: workplace.job(job) == ("succeeded", 1))
    last = last_verified(shop.services)
    assert last is not None
    assert last.findings == 0
