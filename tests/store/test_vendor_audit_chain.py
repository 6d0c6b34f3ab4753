"""The vendor's own audit hangs together as an account's does, and is written by one after the other."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, text

from prorata.clock import SystemClock
from prorata.store import audit
from prorata.store.audit import AuditEntry
from prorata.store.audit_chain import Said, hash_of
from prorata.store.embedded import EmbeddedServer
from prorata.store.engine import Database
from prorata.store.errors import RoleRefused
from prorata.store.screens import audit as screen
from prorata.store.screens.audit import Chosen, Who
from prorata.store.verifying.chain import check_vendors_chain
from prorata.usecases.act import Services
from prorata.usecases.verify import verify
from store.ground import Ground, noon
from support import databases

CHANGED = "it is not what was written, or does not follow the one before it"
GONE = "it was written once, and is not there any more"


@pytest.fixture(scope="module")
def db(ground: Ground) -> Database:
    """Five entries of the vendor's own, and beside them an account with one."""
    account = ground.open_account()
    with ground.db.account(account) as conn:
        audit.write(conn, account, entry=replace(_entry(1), actor_kind="admin", actor_id=1))
    for n in range(1, 6):
        with ground.db.door() as conn:
            assert audit.write_of_vendor(conn, entry=_entry(n)) == n
    return ground.db


@pytest.fixture
def fresh(server: EmbeddedServer, template: str) -> Iterator[Database]:
    made = databases.new_database(server, template=template)
    opened = Database(made.owner_url, app_url=made.app_url)
    yield opened
    opened.dispose()
    server.drop_database(made.name)


def _entry(n: int) -> AuditEntry:
    return AuditEntry(
        at=noon("2026-01-15") + timedelta(minutes=n),
        actor_kind="vendor",
        actor_name="Eva",
        action="staff.create",
        subject="tom@kadans.example as support",
        actor_id=3_000_000_000,
        detail={"name": "Tom", "to": n},
        address="203.0.113.7",
        way="web",
    )


def cut(last: int) -> tuple[str, str]:
    return "vendor audit", f"it ends with entry {last}, which is not the last that was written"


def entry(number: str) -> str:
    return f"vendor audit entry {number}"


def test_an_entry_is_hashed_as_those_of_accounts_are_for_the_account_that_is_none(db: Database):
    with db.owner() as conn:
        hashes = conn.scalars(text("SELECT hash FROM vendor_audit ORDER BY id")).all()
        head = conn.execute(text("SELECT next, hash FROM vendor_audit_head")).one()
        first = screen.page(conn, audit.THE_VENDORS, chosen=Chosen(), limit=9, offset=0)[-1]
    assert tuple(head) == (6, hashes[-1])
    assert len(set(hashes)) == 5
    assert first == replace(_entry(1), id=1)
    expected = Said(
        0, 1, noon("2026-01-15") + timedelta(minutes=1), "vendor", 3_000_000_000, "Eva", None, "staff.create",
        "tom@kadans.example as support", '{"to": 1, "name": "Tom"}', "203.0.113.7", "web",
    )  # fmt: skip
    assert hashes[0] == hash_of(expected, previous=None)


TAMPERINGS: list[tuple[str, list[str], list[tuple[str, str]]]] = [
    ("nothing", [], []),
    *(
        (f"{column} changed", [f"UPDATE vendor_audit SET {column} = {value} WHERE id = 3"], [(entry("3"), CHANGED)])
        for column, value in (
            ("at", "at + interval '1 microsecond'"),
            ("actor_kind", "'system'"),
            ("actor_id", "2"),
            ("actor_id", "NULL"),
            ("actor_name", "'Tom'"),
            ("on_behalf", "''"),
            ("action", "'staff.end'"),
            ("subject", "'ada@kadans.example as owner'"),
            ("detail", "'{}'"),
            ("address", "'203.0.113.8'"),
            ("way", "''"),
        )
    ),
    (
        "a hash changed",
        ["UPDATE vendor_audit SET hash = sha256('') WHERE id = 3"],
        [(entry("3"), CHANGED), (entry("4"), CHANGED)],
    ),
    ("removed", ["DELETE FROM vendor_audit WHERE id = 3"], [(entry("3"), GONE)]),
    ("several removed", ["DELETE FROM vendor_audit WHERE id IN (2, 3)"], [(entry("2 to 3"), GONE)]),
    ("the first removed", ["DELETE FROM vendor_audit WHERE id = 1"], [(entry("1"), GONE)]),
    (
        "removed, and those after it moved up",
        [
            "DELETE FROM vendor_audit WHERE id = 3",
            "UPDATE vendor_audit SET id = 3 WHERE id = 4",
            "UPDATE vendor_audit SET id = 4 WHERE id = 5",
            "UPDATE vendor_audit_head SET next = 5",
        ],
        [(entry("3"), CHANGED), (entry("4"), CHANGED)],
    ),
    (
        "one put in from an account",
        [
            """INSERT INTO vendor_audit SELECT 6, at, 'vendor', actor_id, actor_name, on_behalf, action, subject,
                      detail, address, way, hash FROM audit WHERE id = 1""",
            "UPDATE vendor_audit_head SET next = 7",
        ],
        [(entry("6"), CHANGED), cut(6)],
    ),
    (
        "the last ones cut off",
        ["DELETE FROM vendor_audit WHERE id > 3", "UPDATE vendor_audit_head SET next = 4"],
        [cut(3)],
    ),
    ("all cut off", ["DELETE FROM vendor_audit", "UPDATE vendor_audit_head SET next = 1"], [cut(0)]),
    ("the end forgotten", ["UPDATE vendor_audit_head SET hash = NULL"], [cut(5)]),
    ("another end", ["UPDATE vendor_audit_head SET hash = sha256('')"], [cut(5)]),
    ("the end removed", ["DELETE FROM vendor_audit_head"], [cut(5)]),
]


@pytest.mark.parametrize(("statements", "found"), [one[1:] for one in TAMPERINGS], ids=[one[0] for one in TAMPERINGS])
def test_what_was_done_to_it_is_found_and_named(
    db: Database, *, statements: Sequence[str], found: Sequence[tuple[str, str]]
):
    def tamper(conn: Connection) -> None:
        for statement in statements:
            assert conn.execute(text(statement)).rowcount > 0

    assert _after(db, tamper) == list(found)


def test_what_is_rolled_back_leaves_the_chain_as_it_was(db: Database):
    def write(conn: Connection) -> None:
        kept = conn.begin_nested()
        assert audit.write_of_vendor(conn, entry=_entry(6)) == 6
        kept.rollback()

    assert _after(db, write) == []


def test_the_verification_of_everything_looks_at_it(db: Database):
    there = "UPDATE vendor_audit SET subject = 'ada@kadans.example as owner' WHERE id = 2"
    back = "UPDATE vendor_audit SET subject = 'tom@kadans.example as support' WHERE id = 2"
    with db.owner() as conn:
        conn.execute(text(there))
    found = verify(Services(db, SystemClock())).findings
    with db.owner() as conn:
        conn.execute(text(back))
    assert [(whose, one.code, one.where) for whose, one in found] == [(None, "audit_chain_broken", entry("2"))]
    assert verify(Services(db, SystemClock())).findings == ()


def test_those_who_write_at_once_come_one_after_the_other(fresh: Database):
    together = Barrier(8)

    def write(n: int) -> int:
        together.wait()
        with fresh.door() as conn:
            return audit.write_of_vendor(conn, entry=_entry(n))

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(write, range(8))) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert _after(fresh, lambda _: None) == []


def test_an_audit_without_an_entry_is_sound(fresh: Database):
    assert _after(fresh, lambda _: None) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE vendor_audit SET way = ''", "DELETE FROM vendor_audit", "SELECT FROM vendor_audit"]
)
def test_the_door_writes_it_and_neither_reads_nor_changes_it(db: Database, statement: str):
    with pytest.raises(RoleRefused), db.door() as conn:
        conn.execute(text(statement))


@pytest.mark.parametrize("table", ["vendor_audit", "vendor_audit_head"])
def test_the_pages_of_accounts_have_nothing_to_do_with_it(db: Database, table: str):
    for statement in (f"SELECT FROM {table}", f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
        with pytest.raises(RoleRefused), db.app() as conn:
            conn.execute(text(statement))


def test_somebody_is_chosen_by_who_they_are_at_the_door(db: Database):
    with db.owner() as conn:
        kept = conn.begin_nested()
        by_name = replace(_entry(6), actor_id=None, actor_name="Operator")
        audit.write_of_vendor(conn, entry=by_name)
        audit.write_of_vendor(conn, entry=replace(_entry(7), actor_name="Eva Lindhout", action="price.set"))
        people = screen.people(conn, audit.THE_VENDORS)
        who = Who("vendor", 3_000_000_000, "")
        assert people == (Who("vendor", 3_000_000_000, "Eva Lindhout"), Who("vendor", None, "Operator"))
        assert screen.count(conn, audit.THE_VENDORS, chosen=Chosen(who)) == 6
        assert screen.count(conn, audit.THE_VENDORS, chosen=Chosen(who, ("price.",))) == 1
        assert screen.count(conn, audit.THE_VENDORS, chosen=Chosen(Who("vendor", None, "Operator"))) == 1
        kept.rollback()


def _after(db: Database, tamper: Callable[[Connection], None]) -> list[tuple[str, str]]:
    """What is found after rows were changed, in a transaction that is never kept."""
    with db.owner() as conn:
        kept = conn.begin_nested()
        tamper(conn)
        found = list(check_vendors_chain(conn))
        kept.rollback()
    assert {one.code for one in found} <= {"audit_chain_broken"}
    return [(one.where, one.detail) for one in found]
