"""What others hold while a run is going on: for long, in the other order, or one after the other by acting."""

from contextlib import suppress
from random import Random
from threading import Event, Thread

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from faults.attacks import must_be_whole, work_on
from faults.records import Records, differences
from faults.site import Ground, Site, eventually
from faults.workers import working
from prorata.core.errors import DomainError
from prorata.store.errors import Busy
from prorata.usecases.act import Request, act
from prorata.usecases.buy_subscription import BuySubscription
from prorata.usecases.cancel_subscription import CancelSubscription
from prorata.usecases.change_licences import ChangeLicences
from prorata.usecases.command import Command
from prorata.usecases.pay_document import PayDocument
from prorata.usecases.permissions import operator
from prorata.usecases.run_billing import run_billing
from support.shop import admin

_HOLD = text("SELECT FROM accounts WHERE account_id = :account FOR UPDATE")
_HOLD_NUMBERS = text("SELECT FROM number_ranges FOR UPDATE")
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
_BUSY = "Somebody else is changing the same thing"
_WAITING = """
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def test_a_run_waits_for_an_account_that_somebody_holds_and_bills_it_then(ground: Ground, site: Site):
    account = site.accounts()[30]
    with site.database.owner() as conn:
        conn.execute(_HOLD, {"account": account})
        with working(work_on(site, wait=1)) as (worker,):
            # It has waited for a second, twice, and tries again.
            eventually(lambda: worker.said.count(_BUSY) >= 2)
            conn.commit()
            assert worker.ended() == 0, worker.said
    must_be_whole(site, ground, numbers=False)


def test_who_is_held_alone_does_not_keep_the_others_from_being_billed(ground: Ground, site: Site):
    account = site.accounts()[30]
    with site.database.owner() as conn:
        conn.execute(_HOLD, {"account": account})
        with working(work_on(site, wait=1, patience=(0.0, 0.0))) as (worker,):
            assert worker.ended() == 2
            *_, last = worker.said.splitlines()
        assert last == "Somebody else is changing the same thing: try again."
    # All batches but the one of that account.
    assert site.sql("SELECT count(*) FROM run_batches WHERE done_at IS NULL") == [(1,)]
    run_billing(site.services, seller=site.seller)
    must_be_whole(site, ground, numbers=False)


def test_a_deadlock_ends_one_of_the_two_and_the_run_goes_on(ground: Ground, site: Site):
    # A batch holds its accounts before it takes numbers. Another session takes numbers, and then wants an account.
    with site.database.owner() as conn:
        conn.execute(_HOLD_NUMBERS)
        with working(work_on(site)) as (worker,):
            eventually(lambda: len(site.sql(_WAITING)) == 1)
            with suppress(DBAPIError):
                conn.execute(_HOLD, {"account": site.accounts()[0]})
            conn.rollback()
            assert worker.ended() == 0, worker.said
    eventually(lambda: site.sql(_DEADLOCKS) == [(1,)])
    must_be_whole(site, ground, numbers=False)


def _spoil_the_first(site: Site) -> int:
    """What is written for the first account collides with what it has: its batch is done again account by account."""
    first, *_ = site.accounts()
    site.sql("UPDATE accounts SET next_document = 1 WHERE account_id = :a", a=first)
    return first


def test_a_batch_that_is_done_account_by_account_parks_nobody_for_what_somebody_holds(site: Site):
    bad = _spoil_the_first(site)
    # The batch as a whole fails before it takes numbers: so it is an account by itself that waits for them.
    with site.database.owner() as conn:
        conn.execute(_HOLD_NUMBERS)
        with working(work_on(site, wait=1)) as (worker,):
            eventually(lambda: worker.said.count(_BUSY) >= 2)
            assert "account by account" in worker.said
            conn.commit()
            assert worker.ended() == 0, worker.said
    assert set(site.sql("SELECT account_id FROM parked")) == {(bad,)}


def test_a_connection_lost_while_a_batch_is_done_account_by_account_parks_nobody(site: Site):
    bad = _spoil_the_first(site)
    with site.database.owner() as conn:
        conn.execute(_HOLD_NUMBERS)
        with working(work_on(site)) as (worker,):
            for lost in (1, 2):
                eventually(lambda: len(site.sql(_WAITING)) == 1)
                site.sql(f"SELECT pg_terminate_backend(pid) FROM ({_WAITING}) AS waiting")
                eventually(lambda lost=lost: worker.said.count("The database does not answer") >= lost)
            assert "account by account" in worker.said
            conn.commit()
            assert worker.ended() == 0, worker.said
    assert set(site.sql("SELECT account_id FROM parked")) == {(bad,)}


def test_customers_may_act_while_a_run_is_going_on(ground: Ground, site: Site):
    dice = Random(6)  # noqa: S311 - a reproducible draw
    accounts = site.accounts()
    plans = [int(str(row[0])) for row in site.sql("SELECT id FROM plans WHERE code LIKE '%-month'")]
    ended, acted = Event(), set[int]()

    def act_on() -> None:
        while not ended.is_set():
            account = dice.choice(accounts)
            acted.add(account)
            try:
                _ask(site, account, _wish(dice, site, account=account, plans=plans))
            except (DomainError, Busy):
                continue

    customers = [Thread(target=act_on) for _ in range(2)]
    for customer in customers:
        customer.start()
    with working(work_on(site), work_on(site)) as workers:
        codes = [worker.ended() for worker in workers]
    ended.set()
    for customer in customers:
        customer.join()
    assert codes == [0, 0], [worker.said for worker in workers]
    # What a customer asked for on the day itself waits for the run of the day, started once more.
    run_billing(site.services, seller=site.seller)
    assert site.faults() == []
    assert len(acted) > 5
    untouched = [account for account in accounts if account not in acted]
    assert (
        differences(_of(site.records(numbers=False), untouched), _of(ground.expected_without_numbers, untouched)) == []
    )


def _ask(site: Site, account: int, command: Command) -> None:
    """What has arrived by transfer the vendor's people enter; everything else the account's own people ask for."""
    who = Request(account, operator("Vendor")) if isinstance(command, PayDocument) else admin(account)
    act(site.services, who, command)


def _of(records: Records, accounts: list[int]) -> Records:
    """Lines of documents of some accounts: rows that begin with the account."""
    begins = tuple(f"({account}, " for account in accounts)
    return {"document_lines": [row for row in records["document_lines"] if row.startswith(begins)]}


def _wish(dice: Random, site: Site, *, account: int, plans: list[int]) -> Command:
    names = [str(row[0]) for row in site.sql("SELECT name FROM subscriptions WHERE account_id = :a", a=account)]
    name, licences = dice.choice(names), dice.randint(1, 60)
    return dice.choice(
        (
            ChangeLicences(name, licences),
            BuySubscription(dice.choice(plans), licences, f"new-{dice.randrange(10**6)}"),
            CancelSubscription(name),
            PayDocument(),
        )
    )
