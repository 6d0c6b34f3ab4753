"""Verifying beside those who work: what is half done is never seen, and so never found."""

from collections.abc import Callable
from threading import Event as Signal
from threading import Thread

from prorata.clock import SystemClock
from prorata.core.events import ChangeLicences, Pay
from prorata.store.engine import Database
from prorata.usecases.act import Services
from prorata.usecases.verify import verify
from store.ground import Ground, new_seller, purchase
from support import databases
from support.billing import billing_on
from support.shop import opened_shop


def _verified_while(services: Services, work: Callable[[], object]) -> tuple[int, list[object]]:
    """How often everything could be verified while somebody worked, and all that was found, once after it too."""
    ended = Signal()

    def do() -> None:
        try:
            work()
        finally:
            ended.set()

    worker = Thread(target=do)
    worker.start()
    times, found = 0, list[object]()
    try:
        while not ended.is_set():
            found += verify(services).findings
            times += 1
    finally:
        worker.join()
    return times, [*found, *verify(services).findings]


def test_nothing_is_found_while_customers_buy_change_and_pay(db: Database):
    ground = Ground(db, new_seller(db))
    accounts = [ground.open_account() for _ in range(3)]
    for account in accounts:
        ground.act(account, purchase(), on="2026-01-15")

    def work() -> None:
        for day in range(16, 29):
            for account in accounts:
                ground.act(account, ChangeLicences("team", day), on=f"2026-01-{day}")
                ground.act(account, purchase(f"team-{day}", licences=day), on=f"2026-01-{day}")
                ground.act(account, Pay(), on=f"2026-01-{day}")

    times, found = _verified_while(Services(db, SystemClock()), work)
    assert found == []
    assert times > 1


def test_nothing_is_found_while_a_run_goes_on(database: databases.Database):
    with opened_shop(database) as shop:
        billing = billing_on(shop, "2026-01-15")
        customers = [billing.customer(licences=n) for n in range(1, 31)]
        billing.clock.set("2026-02-15")
        times, found = _verified_while(billing.shop.services, lambda: billing.run(batch_size=2))
        assert found == []
        assert times > 1
        assert [len(billing.issued(account)) for account in customers] == [2] * 30
