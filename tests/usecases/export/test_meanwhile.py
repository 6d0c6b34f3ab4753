"""What is being made of an export while somebody in it is erased, or its account is closed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import text

from prorata.store import exports
from prorata.store.engine import Connection
from prorata.store.errors import Busy
from prorata.usecases.close_account import Closed
from support.shop import Shop
from usecases.closing_ground import leaving
from usecases.export.ground import asked, row_of

T = TypeVar("T")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def overtaken(
    shop: Shop,
    held: AbstractContextManager[Connection],
    *,
    first: Callable[[Connection], object],
    second: Callable[[], T],
) -> T:
    """What comes of `second`, which begins while `first` is not committed, and waits for it."""
    with ThreadPoolExecutor(1) as pool:
        with held as conn:
            first(conn)
            found = pool.submit(second)
            while not found.done() and not waits(shop):
                pass
        return found.result()


def waits(shop: Shop) -> bool:
    """Whether anybody waits for somebody."""
    with shop.services.database.owner() as conn:
        return conn.scalar(text(WAITING)) > 0


def begin_at_once(shop: Shop, account: int, *, export: int) -> None:
    """Begin, and wait for nobody."""
    with shop.services.database.account(account) as conn:
        conn.execute(text("SET LOCAL lock_timeout = '20ms'"))
        exports.begin(conn, account, export=export)


def test_nobody_begins_to_read_while_somebody_is_erased(shop: Shop):
    account = shop.account()
    export = asked(shop, account)
    with shop.services.database.account(account) as erasing:
        exports.withdraw(erasing, account)
        with pytest.raises(Busy):
            begin_at_once(shop, account, export=export)
    # Asked for and not begun: it is made of what is left.
    assert row_of(shop, account, export).state == "waiting"


def test_what_becomes_ready_while_somebody_is_erased_is_gone_too(shop: Shop):
    account = shop.account()
    export = asked(shop, account)
    database = shop.services.database
    with database.account(account) as conn:
        made = exports.begin(conn, account, export=export)
        assert made
        exports.add_piece(conn, account, made=made, place=1, data=b"PK")

    def end(conn: Connection) -> None:
        exports.ready(conn, account, made=made, sha256=b"x", at=NOON, expires_at=NOON + timedelta(days=7))

    def withdraw() -> None:
        with database.account(account) as conn:
            exports.withdraw(conn, account)

    overtaken(shop, database.account(account), first=end, second=withdraw)
    assert row_of(shop, account, export).state == "gone"


def test_an_account_is_closed_while_a_piece_is_written(shop: Shop):
    here = leaving(shop)
    shop = replace(shop, services=here.services)
    export = asked(shop, here.account)
    with here.services.database.account(here.account) as conn:
        made = exports.begin(conn, here.account, export=export)
        assert made

    def piece(conn: Connection) -> None:
        exports.add_piece(conn, here.account, made=made, place=1, data=b"PK")

    closed = overtaken(shop, here.services.database.account(here.account), first=piece, second=here.close)
    assert isinstance(closed, Closed)
    for table in ("exports", "export_pieces"):
        assert here.rows(f"SELECT 1 FROM {table} WHERE account_id = :account") == []
