"""Numbers of documents: none missing, none given twice, whatever is rolled back and whoever comes at once."""

from dataclasses import replace
from threading import Barrier, Thread
from threading import Event as Signal

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from prorata.core.events import Cancel, Together
from prorata.core.step import step
from prorata.store import accounts, history, numbers, profiles
from prorata.store.engine import Database
from prorata.store.tables.numbers import NUMBERS_TAKEN
from prorata.store.verify import verify_numbers
from store.ground import Ground, new_seller, noon, purchase

DAMAGES = "ranges of numbers are written by hand"


@pytest.fixture
def seller(db: Database) -> Ground:
    """A seller of the test's own, so that its numbers begin with 1."""
    return Ground(db, new_seller(db))


def _issued(ground: Ground) -> list[str]:
    query = "SELECT number FROM documents WHERE seller_id = :seller ORDER BY series, year, place"
    with ground.db.owner() as conn:
        return list(conn.scalars(text(query), {"seller": ground.seller}))


def test_each_kind_and_year_counts_from_one(seller: Ground):
    one, two = seller.open_account(), seller.open_account()
    assert [i.number for i in seller.act(one, purchase(), on="2025-12-31")] == ["2025-000001"]
    assert [i.number for i in seller.act(two, purchase(), on="2026-01-01")] == ["2026-000001"]
    assert [i.number for i in seller.act(two, Cancel("team", when="now"), on="2026-01-02")] == ["C2026-000001"]
    assert [i.number for i in seller.act(two, purchase("again"), on="2026-01-02")] == ["2026-000002"]


def test_a_test_account_of_a_real_seller_is_counted_apart(seller: Ground):
    real, test = seller.open_account(), seller.open_account(test=True)
    assert [i.number for i in seller.act(test, purchase(), on="2026-01-01")] == ["T2026-000001"]
    assert [i.number for i in seller.act(real, purchase(), on="2026-01-01")] == ["2026-000001"]
    assert [i.number for i in seller.act(test, Cancel("team", when="now"), on="2026-01-01")] == ["TC2026-000001"]


def test_a_test_account_of_a_test_seller_is_not(db: Database):
    ground = Ground(db, new_seller(db, test=True))
    assert [i.number for i in ground.act(ground.open_account(test=True), purchase(), on="2026-01-01")] == [
        "2026-000001"
    ]


def test_the_next_number_is_known_without_taking_it(seller: Ground):
    with seller.db.app() as conn:
        assert numbers.next_place(conn, seller.seller, series="", year=2026) == 1
    seller.act(seller.open_account(), purchase(), on="2026-01-01")
    with seller.db.app() as conn:
        assert numbers.next_place(conn, seller.seller, series="", year=2026) == 2
        assert numbers.next_place(conn, seller.seller, series="C", year=2026) == 1


def test_a_number_comes_back_when_its_transaction_is_rolled_back(seller: Ground):
    account = seller.open_account()

    def buy_and_fail() -> None:
        with seller.db.account(account) as conn:
            decision = step(history.load(conn, account, on=noon("2026-01-01").date()), purchase(), noon("2026-01-01"))
            history.save(conn, accounts.find(conn, account), decision=decision)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        buy_and_fail()
    assert [i.number for i in seller.act(account, purchase(), on="2026-01-01")] == ["2026-000001"]


def test_of_two_at_once_the_second_waits_and_gets_the_number_that_the_first_gave_back(seller: Ground):
    one, two = seller.open_account(), seller.open_account()
    saved, go_on = Signal(), Signal()

    def first() -> None:
        with seller.db.account(one) as conn:
            decision = step(history.load(conn, one, on=noon("2026-01-01").date()), purchase(), noon("2026-01-01"))
            history.save(conn, accounts.find(conn, one), decision=decision)
            saved.set()
            go_on.wait(10)
            conn.rollback()

    found: list[str] = []
    threads = [
        Thread(target=first),
        Thread(target=lambda: found.extend(i.number for i in seller.act(two, purchase(), on="2026-01-01"))),
    ]
    threads[0].start()
    assert saved.wait(10)
    threads[1].start()
    with seller.db.owner() as watching:
        while not watching.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            threads[1].join(0.01)
    assert found == []
    go_on.set()
    for thread in threads:
        thread.join()
    assert found == ["2026-000001"]
    assert [i.number for i in seller.act(one, purchase(), on="2026-01-01")] == ["2026-000002"]


def test_many_at_once_leave_no_gap(seller: Ground):
    opened = [seller.open_account() for _ in range(8)]

    def live(account: int) -> None:
        for n in range(5):
            # Both series in one account after the other: taken in one order, nobody waits for ever.
            seller.act(account, purchase(f"s{n}"), on="2026-01-01")
            seller.act(account, Cancel(f"s{n}", when="now"), on="2026-01-01")

    threads = [Thread(target=live, args=[account]) for account in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _issued(seller) == [f"{series}2026-{n:06}" for series in ("", "C") for n in range(1, 41)]
    with seller.db.owner() as conn:
        assert verify_numbers(conn) == ()


def test_who_takes_from_several_series_at_once_never_waits_for_ever(seller: Ground):
    together = Barrier(2)
    failed: list[BaseException] = []

    def live(ends: int, begins: int) -> None:
        """In each round one profile gets a credit note and the other an invoice, in the order of the profiles."""
        account = seller.open_account()
        with seller.db.account(account) as conn:
            profiles.create(conn, account, name="Second", address="")
        seller.act(account, replace(purchase("s0"), profile=ends), on="2026-01-01")
        for n in range(10):
            swap = (Cancel(f"s{n}", when="now"), replace(purchase(f"s{n + 1}"), profile=begins))
            together.wait(30)
            seller.act(account, Together(swap), on="2026-01-01")
            ends, begins = begins, ends

    def noted(*profiles_: int) -> None:
        try:
            live(*profiles_)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is reported below
            failed.append(error)
            together.abort()

    threads = [Thread(target=noted, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert _issued(seller)[-1] == "C2026-000020"


@pytest.mark.parametrize(
    ("first", "last", "previous"),
    [
        (1, 1, None),  # once more from the beginning
        (2, 3, 1),  # begins in the middle of a range
        (5, 5, 4),  # leaves a gap: nothing ends at 4
        (5, 5, 3),  # says that it begins elsewhere than it does
        (5, 5, None),
        (4, 3, 3),  # ends before it begins
    ],
)
def test_a_range_begins_right_after_another_or_the_database_refuses_it(
    seller: Ground, first: int, last: int, previous: int | None
):
    key = {"seller_id": seller.seller, "series": "", "year": 2026, "account_id": 1, "at": noon("2026-01-01")}
    with seller.db.owner() as conn:
        conn.execute(insert(NUMBERS_TAKEN).values(**key, first=1, last=3, previous=None))
    with pytest.raises(IntegrityError), seller.db.owner() as conn:
        conn.execute(insert(NUMBERS_TAKEN).values(**key, first=first, last=last, previous=previous))
