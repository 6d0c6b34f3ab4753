"""Connections: whose they are, what they forget, and how their failures are named."""

import pytest
from psycopg import errors
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from prorata.store import engine
from prorata.store.engine import Database
from prorata.store.errors import Busy, DatabaseUnreachable
from prorata.store.tables.accounts import ACCOUNTS
from store.ground import Ground
from support.databases import Database as Made


def test_the_application_works_as_its_role_whoever_logs_in(database: Made):
    query = text("SELECT current_user || ' for ' || session_user")
    for app_url, login in ((None, "prorata_owner"), (database.app_url, "prorata_app")):
        db = Database(database.owner_url, app_url)
        with db.account(1) as conn:
            assert conn.scalar(query) == f"prorata_app for {login}"
        with db.owner() as conn:
            assert conn.scalar(query) == "prorata_owner for prorata_owner"
        db.dispose()


def test_who_logs_in_as_the_owner_is_held_to_the_application_s_rows(database: Made, ground: Ground):
    account = ground.open_account()
    db = Database(database.owner_url)
    with db.account(account) as conn:
        assert conn.scalars(select(ACCOUNTS.c.account_id)).all() == [account]
    db.dispose()


def test_a_connection_forgets_the_account_with_its_transaction(ground: Ground):
    account = ground.open_account()
    for _ in range(20):
        with ground.db.account(account) as conn:
            assert conn.scalars(select(ACCOUNTS.c.account_id)).all() == [account]
        with ground.db.app() as conn:
            assert conn.scalars(select(ACCOUNTS.c.account_id)).all() == []


def test_an_exception_rolls_everything_back(ground: Ground):
    account = ground.open_account(name="Before")

    def rename_and_fail() -> None:
        with ground.db.account(account) as conn:
            conn.execute(ACCOUNTS.update().values(name="After"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        rename_and_fail()
    with ground.db.account(account) as conn:
        assert conn.scalar(select(ACCOUNTS.c.name)) == "Before"


def test_who_only_reads_sees_one_moment_and_writes_nothing(ground: Ground):
    account = ground.open_account(name="Before")
    with ground.db.account(account, read_only=True) as conn:
        assert conn.scalar(select(ACCOUNTS.c.name)) == "Before"
        with ground.db.account(account) as other:
            other.execute(ACCOUNTS.update().values(name="After"))
        assert conn.scalar(select(ACCOUNTS.c.name)) == "Before"
    with pytest.raises(DBAPIError) as error, ground.db.account(account, read_only=True) as conn:
        conn.execute(ACCOUNTS.update().values(name="Never"))
    assert isinstance(error.value.orig, errors.ReadOnlySqlTransaction)
    # The connection goes back to the pool as it was.
    with ground.db.account(account) as conn:
        conn.execute(ACCOUNTS.update().values(name="Now"))


def test_time_is_told_in_utc(ground: Ground):
    with ground.db.app() as conn:
        assert conn.scalar(text("SHOW timezone")) == "UTC"


def test_waiting_for_somebody_else_has_an_end(ground: Ground):
    account = ground.open_account()

    def rename_impatiently() -> None:
        with ground.db.account(account) as conn:
            conn.execute(text("SET LOCAL lock_timeout = '50ms'"))
            conn.execute(ACCOUNTS.update().values(name="Ours"))

    with ground.db.account(account) as conn:
        conn.execute(ACCOUNTS.update().values(name="Mine"))
        with pytest.raises(Busy, match="try again"):
            rename_impatiently()


def test_waiting_for_a_connection_has_an_end_with_a_name(database: Made, monkeypatch: pytest.MonkeyPatch):
    for name, value in (("POOL_SIZE", 1), ("POOL_OVERFLOW", 0), ("WAIT_SECONDS", 1)):
        monkeypatch.setattr(engine, name, value)
    db = Database(database.owner_url)
    with db.owner(), pytest.raises(DatabaseUnreachable, match="at work"), db.owner():
        pass
    db.dispose()


def test_a_question_that_takes_too_long_is_named(ground: Ground):
    def ask_impatiently() -> None:
        with ground.db.app() as conn:
            conn.execute(text("SET LOCAL statement_timeout = '50ms'"))
            conn.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(DatabaseUnreachable, match="does not answer"):
        ask_impatiently()


def test_a_failure_does_not_repeat_what_was_asked_with(ground: Ground):
    with pytest.raises(DBAPIError) as error, ground.db.app() as conn:
        conn.execute(text("SELECT :email, 1 / 0"), {"email": "anna@example.test"})
    assert "anna@example.test" not in str(error.value)


def test_a_database_that_does_not_answer_is_named(tmp_path_factory: pytest.TempPathFactory):
    nowhere = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path_factory.mktemp('none')}")
    with pytest.raises(DatabaseUnreachable, match="does not answer"), nowhere.owner():
        pass
    nowhere.dispose()
