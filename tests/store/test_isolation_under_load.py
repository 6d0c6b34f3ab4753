"""Connections of a pool never carry an account over to who takes them next, whatever became of who had them.

Many threads share few connections, and every transaction ends in another way: well, by a mistake of the program, of the
statement or of the role, refused at the commit, cancelled, killed by itself or by somebody else.
"""

from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import pytest
from psycopg import Connection as Driver
from psycopg import OperationalError
from sqlalchemy import Connection, event, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import Pool

from prorata.store import audit, engine
from prorata.store.audit import AuditEntry
from prorata.store.engine import APP_ROLE, DOOR_ROLE, Database
from prorata.store.errors import StoreError
from prorata.store.tables.members import MEMBERS
from prorata.store.verifying.chain import check_chain
from store.ground import Ground, new_seller, noon
from support.databases import Database as Made

ACCOUNTS: Final = 7
THREADS: Final = 12
ROUNDS: Final = 6


class Mistake(Exception):
    """The program's own, in the middle of a transaction."""


def _sealed(name: str) -> dict[str, bytes]:
    """The columns of somebody whom nobody has to read."""
    return {"sealed_name": name.encode(), "sealed_email": b"x", "email_key": name.encode()}


def _well(_: Connection) -> None:
    pass


def _mistake(_: Connection) -> None:
    raise Mistake


def _wrong_statement(conn: Connection) -> None:
    conn.execute(text("SELECT 1 / 0"))


def _not_ours(conn: Connection) -> None:
    conn.execute(insert(MEMBERS).values(account_id=0, id=99, **_sealed("x"), role="member", language="en"))


def _refused_at_commit(conn: Connection) -> None:
    # Its document is not there, and that is looked at when the transaction ends.
    conn.execute(
        text("""
        INSERT INTO standings (account_id, document_id, total, credit_used, paid, "left")
        SELECT account_id, 999, 0, 0, 0, 0 FROM accounts
    """)
    )


def _cancelled(conn: Connection) -> None:
    conn.execute(text("SELECT pg_cancel_backend(pg_backend_pid())"))
    conn.execute(text("SELECT pg_sleep(60)"))


def _out_of_time(conn: Connection) -> None:
    conn.execute(text("SET LOCAL statement_timeout = '1ms'"))
    conn.execute(text("SELECT pg_sleep(60)"))


def _killed(conn: Connection) -> None:
    conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


ENDS: Final[tuple[Callable[[Connection], None], ...]] = (
    _well,
    _mistake,
    _wrong_statement,
    _not_ours,
    _refused_at_commit,
    _cancelled,
    _out_of_time,
    _killed,
)


@dataclass
class Seen:
    """What was seen that nobody should see, by whom; how often connections were taken, and how transactions ended."""

    strange: list[str] = field(default_factory=list[str])
    taken: Counter[str] = field(default_factory=Counter[str])
    ended: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])


@contextmanager
def _watched(seen: Seen) -> Generator[None]:
    """Look at every connection at the moment when somebody takes it from a pool."""

    def look(connection: Driver[tuple[str | None, str, str]], *_: object) -> None:
        with suppress(OperationalError):  # Somebody has just ended it.
            query = "SELECT current_setting('prorata.account_id', true), current_user, current_setting('timezone')"
            account, role, zone = connection.execute(query).fetchone() or (None, "", "")
            rows = 0
            if role in {APP_ROLE, DOOR_ROLE}:
                rows = len(connection.execute("SELECT FROM accounts UNION ALL SELECT FROM members").fetchall())
            connection.rollback()
            seen.taken[role] += 1
            if account or rows or zone != "UTC":
                seen.strange.append(f"{role} was given a connection of account {account}, with {rows} rows")

    event.listen(Pool, "checkout", look)
    try:
        yield
    finally:
        event.remove(Pool, "checkout", look)


@pytest.fixture
def few(database: Made, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Generator[Database]:
    """Three connections for all; `ground` is asked for first, so that its own pool is as large as ever."""
    assert ground.seller
    for name, value in (("POOL_SIZE", 3), ("POOL_OVERFLOW", 0), ("WAIT_SECONDS", 30)):
        monkeypatch.setattr(engine, name, value)
    opened = Database(database.owner_url, database.app_url)
    yield opened
    opened.dispose()


def _work(db: Database, account: int, *, way: int, seen: Seen) -> None:
    """Be somebody of an account for one transaction, and nobody's before and after it; it ends in one of the ways."""
    end = ENDS[way % len(ENDS)]
    _nobodys(db, seen)
    try:
        with db.account(account, read_only=way % 5 == 4) as conn:
            _look(conn, account, seen)
            if way % 5 != 4:
                audit.write(conn, account, entry=_entry(account))
            end(conn)
            _look(conn, account, seen)
    except (Mistake, StoreError, DBAPIError) as error:
        seen.ended[end.__name__, type(error).__name__] += 1
    else:
        seen.ended[end.__name__, "committed"] += 1
    _nobodys(db, seen)


def _nobodys(db: Database, seen: Seen) -> None:
    for opened in (db.app, db.door):
        try:
            with opened() as conn:
                found = conn.scalars(text("SELECT account_id FROM accounts")).all()
        except StoreError:
            seen.ended["nobody", "lost"] += 1  # Somebody ended this connection.
        else:
            if found:
                seen.strange.append(f"without an account those of {found} were seen")


def _look(conn: Connection, account: int, seen: Seen) -> None:
    members = "SELECT account_id, convert_from(sealed_name, 'UTF8') FROM members"
    rows = conn.execute(text(f"SELECT account_id, name FROM accounts UNION ALL {members}"))
    found = {(row.account_id, row.name) for row in rows}
    entries = set(conn.scalars(text("SELECT subject FROM audit")))
    if found != {(account, f"Account {account}"), (account, f"Member {account}")} or not entries <= {str(account)}:
        seen.strange.append(f"account {account} saw {found} and {entries}")


def _entry(account: int) -> AuditEntry:
    return AuditEntry(
        at=noon("2026-01-15"), actor_kind="admin", actor_name="Anna", action="licences.change", subject=str(account)
    )


def _kill_somebody(db: Database) -> None:
    """End a connection of the pool, in whatever somebody is doing with it: even if it is to end another."""
    with suppress(StoreError), db.app() as conn:
        conn.execute(
            text("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = session_user
            ORDER BY random() LIMIT 1
        """)
        )


def _people_of(db: Database) -> list[int]:
    ground = Ground(db, new_seller(db))
    opened: list[int] = []
    for _ in range(ACCOUNTS):
        account = ground.open_account(name="to come")
        with db.owner() as conn:
            named = text("UPDATE accounts SET name = 'Account ' || account_id, next_member = 2 WHERE account_id = :a")
            conn.execute(named, {"a": account})
            row = {"account_id": account, "id": 1, **_sealed(f"Member {account}")}
            conn.execute(insert(MEMBERS).values(**row, role="owner", language="nl"))
        opened.append(account)
    return opened


def test_a_connection_just_taken_is_nobodys_and_each_transaction_sees_its_own_account(ground: Ground, few: Database):
    accounts = _people_of(ground.db)
    seen = Seen()

    def work(place: int) -> None:
        _work(few, accounts[place % ACCOUNTS], way=place, seen=seen)
        if place % 10 == 0:
            _kill_somebody(ground.db)

    with _watched(seen), ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(ROUNDS * ACCOUNTS * len(ENDS))))
    assert seen.strange == []
    assert seen.taken[APP_ROLE] > ROUNDS * ACCOUNTS * len(ENDS)
    assert seen.taken[DOOR_ROLE] > ROUNDS * ACCOUNTS * len(ENDS)
    # Whoever meant to end badly did.
    assert {name for name, how in seen.ended if how == "committed"} == {"_well"}
    assert {name for name, how in seen.ended if how != "committed"} > {end.__name__ for end in ENDS[1:]}
    with ground.db.owner(read_only=True) as conn:
        strangers = text("SELECT count(*) FROM audit WHERE subject <> CAST(account_id AS text)")
        assert conn.scalar(strangers) == 0
        assert list(check_chain(conn, accounts)) == []
