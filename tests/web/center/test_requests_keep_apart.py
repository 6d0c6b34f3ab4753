"""Many people of several accounts at once, while connections are being killed: each sees their own account alone."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from support.databases import Database
from web.center.bills_ground import NAME, Account, Shop, open_shop

NAMES = ("Bakkerij De Korenbloem", "Officina Rossi", "Zeilmakerij Noord", "Molino Verdi")
PAGES = ("/", "/products", f"/products/{NAME}", "/bills", "/audit", "/members", "/bills/2026-000001", "/nothing")
REQUESTS = 160


@pytest.fixture(scope="module")
def shop(database: Database) -> Iterator[Shop]:
    with open_shop(database) as found:
        yield found


@pytest.fixture(scope="module")
def accounts(shop: Shop) -> list[Account]:
    opened = [shop.account(on="2026-01-15", name=name) for name in NAMES]
    for account in opened:
        account.buy(2)
    return opened


def _kill_somebody(shop: Shop) -> None:
    with shop.services.database.app() as conn:
        statement = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = session_user
            ORDER BY random() LIMIT 1
        """
        conn.execute(text(statement))


def test_each_request_sees_its_own_account_whatever_becomes_of_connections(shop: Shop, accounts: list[Account]) -> None:
    statuses: Counter[tuple[str, bool, int]] = Counter()
    own_pages: list[str] = []

    def ask(place: int) -> list[str]:
        own, path = place % len(NAMES), PAGES[place // len(NAMES) % len(PAGES)]
        if place % 9 == 0:
            _kill_somebody(shop)
        with shop.visitor(accounts[own]) as browser:
            answer = browser.get(path)
        statuses[path, own == 0, answer.status_code] += 1
        # Where a connection is lost while the frame of a page is read, the page comes without it.
        own_pages.extend([path] if answer.status_code == 200 and NAMES[own] in answer.text else [])
        return [f"{NAMES[own]} saw {name} at {path}" for name in NAMES if name != NAMES[own] and name in answer.text]

    with ThreadPoolExecutor(8) as threads:
        strange = [one for found in threads.map(ask, range(REQUESTS)) for one in found]
    assert strange == []
    assert {status for _, _, status in statuses} <= {200, 303, 404, 503}
    # The first account's bill has this number: to the others it is as if there were none.
    assert not any(statuses["/bills/2026-000001", False, status] for status in (200, 403))
    assert set(own_pages) == set(PAGES) - {"/nothing"}
    assert len(own_pages) > REQUESTS / 2
